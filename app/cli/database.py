"""`database`: where the store is, whether it is whole, and its moves into PostgreSQL and back."""

from __future__ import annotations

import argparse
import getpass
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.printing import show
from app.models.errors import BadInput
from app.services.database_place import KEYRING, Place, require_url
from app.wiring import open_console, prepare

if TYPE_CHECKING:
    from app.services.changes_evidence_served import Held

BACK = ("file", "sqlite")


def database(folder: Path, asked: argparse.Namespace) -> int:
    prepare(folder)
    if asked.act == "check":
        return _check(folder, asked.json)
    if not asked.url:
        raise BadInput(f"Say where: `database {asked.act} URL`. Nothing was changed.")
    return _move(folder, asked) if asked.act == "move" else _use(folder, asked)


def _check(folder: Path, as_json: bool) -> int:
    """1 when a log is broken, or evidence is missing or was changed."""
    from app.services.database_check import check

    console = open_console(folder)
    try:
        found = check(console.store)
    finally:
        console.close()
    if as_json:
        show(
            {
                "place": found.place,
                "server": found.server,
                "revision": found.revision,
                "rows": found.contents.counts,
                "logs": [
                    {
                        "organisation": chain.organisation,
                        "entries": chain.entries,
                        "head": chain.head,
                        "broken": chain.broken,
                    }
                    for chain in found.contents.chains
                ],
                "evidence": _evidence(found.evidence),
            }
        )
    else:
        for line in found.lines:
            print(line)
    return 0 if found.is_whole else 1


def _evidence(held: Held | None) -> dict[str, object] | None:
    if held is None:
        return None
    return {
        "files": held.files,
        "bytes": held.size,
        "missing": [kept.file_name for kept in held.lost],
        "changed": [kept.file_name for kept in held.changed],
    }


def _move(folder: Path, asked: argparse.Namespace) -> int:
    from app.services.clock import clock_for
    from app.services.database_moving import move_to_file, move_to_server

    now = clock_for(folder).now()
    if asked.url in BACK:
        moved = move_to_file(folder, now)
    else:
        place = _place(asked)
        open_console(folder).close()  # brought up to date, and settled after a crash
        moved = move_to_server(folder, place, now)
    print(moved.sentence)
    return 0


def _use(folder: Path, asked: argparse.Namespace) -> int:
    from app.services.database_moving import use_store

    found = use_store(folder, _place(asked))
    print(f"This data folder now uses the store there: {found.sentence}")
    return 0


def _place(asked: argparse.Namespace) -> Place:
    """With the password in the keyring, when it is to be asked for. Raises BadInput."""
    require_url(asked.url)
    if not asked.ask_password:
        return Place(asked.url)
    from app.services.account.keyring_secrets import KeyringSecrets
    from app.services.database_postgres import keep_password

    secrets = KeyringSecrets(KEYRING)
    if not secrets.trusted:
        raise BadInput(
            f"There is no safe place for the password here ({secrets.place}). Put it into libpq’s "
            "passfile (~/.pgpass), and leave --ask-password out. Nothing was changed."
        )
    return keep_password(secrets, asked.url, getpass.getpass("Password of the database: "))
