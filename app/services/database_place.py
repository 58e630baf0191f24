"""Where the store is: a file in the data folder, or a database that `database.json` there names.

A store cannot name itself. No password is ever in that file: it is in the keyring of the machine,
or wherever libpq finds one by itself (its passfile, a certificate, the operating system).
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

from app.models.errors import BadInput, NotAllowed, StoreTrouble
from app.services.folder import folder_trouble

FILE_NAME = "database.json"
SCHEME = "postgresql+psycopg://"
KEYRING = "flight-console database"
"""Under which service name the keyring has the password; its account is the URL."""


@dataclass(frozen=True, slots=True)
class Place:
    """`url` is empty for a file. `in_keyring`: the password is to be asked for there."""

    url: str = ""
    in_keyring: bool = False


def place_of(folder: Path) -> Place:
    """Raises StoreTrouble when the file that says it cannot be read."""
    path = folder / FILE_NAME
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        url, in_keyring = str(kept["url"]), kept.get("password") == "keyring"
    except (FileNotFoundError, NotADirectoryError):
        return Place()
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise StoreTrouble(
            f"{path} does not say where the store is ({error}). Nothing was changed. It should "
            f'read {{"url": "{SCHEME}USER@HOST/DATABASE"}}; without the file, the store is the '
            "file in this folder.",
            trouble="folder",
        ) from error
    require_url(url)
    return Place(url, in_keyring)


def require_url(url: str) -> None:
    """Raises BadInput: another kind of database, or a password in it."""
    if not url.startswith(SCHEME) or len(url) == len(SCHEME):
        raise BadInput(
            f"A store is a file, or a PostgreSQL database named like {SCHEME}USER@HOST/DATABASE. "
            "Nothing was changed."
        )
    login = url[len(SCHEME) :].partition("/")[0].rpartition("@")[0]
    if ":" in login or "password=" in url.partition("?")[2]:
        raise BadInput(
            "The database’s address holds a password, which must not lie in a file. Take it out: "
            "`database move` and `database use` ask for one, or libpq’s passfile has it. Nothing "
            "was changed."
        )


def keep_place(folder: Path, place: Place) -> None:
    """On the medium when it returns; a file again when the URL is empty. Raises StoreTrouble."""
    path, part = folder / FILE_NAME, folder / f"{FILE_NAME}.part"
    try:
        if not place.url:
            path.unlink(missing_ok=True)
            return
        require_url(place.url)
        part.touch(mode=0o600)
        kept = {"url": place.url, **({"password": "keyring"} if place.in_keyring else {})}
        with part.open("w", encoding="utf-8") as file:
            json.dump(kept, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise folder_trouble(folder, error) from error


def is_served(folder: Path) -> bool:
    """Whether the store of this folder is in a database server."""
    return bool(place_of(folder).url)


def require_file(folder: Path, what: str) -> None:
    """`what` needs the store to be a file. Raises NotAllowed, saying what does it instead."""
    if is_served(folder):
        raise not_a_file(what)


def not_a_file(what: str) -> NotAllowed:
    return NotAllowed(
        f"The store is in a PostgreSQL database, so {what} is the job of the database server’s own "
        "backup there (pg_dump, or your administrator’s). A copy as a file: `backup FILE`; to "
        "make it a file again: `database move`. Nothing was changed."
    )
