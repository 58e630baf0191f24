"""Read a second folder: what it knows, the store it makes, and what was recorded there later."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, create_engine, delete, insert
from sqlalchemy.pool import StaticPool
from sqlmodel import SQLModel

import app.models.tables  # noqa: F401  (registers every table)
from app.models.errors import BadInput
from app.models.settings_journal import Heads, Journal, Logged, Writer
from app.models.tables.log import ChainHead, LogEntry
from app.models.tables.settings import Setting
from app.services.calendar.occurrences import FORGETTABLE
from app.services.schema import KNOWN
from app.services.settings.backups import open_to_read
from app.services.settings.second_folder import (
    COPIES,
    Copy,
    copies_in,
    handed_file,
    read_file,
)
from app.services.working import UNWATCHED, Work

AT_ONCE = 400
_ABSENCE = "away"
"""Of nothing that was done."""
_EVENTS = ("business_event", "calendar_layer")


@dataclass(frozen=True, slots=True)
class Known:
    """The newest copy in a second folder. Everything acknowledged before `upto` is in it."""

    copy: Copy
    journal: Journal
    writer: Writer
    upto: datetime

    @property
    def entries(self) -> int:
        return len(self.journal.entries)


@dataclass(frozen=True, slots=True)
class LaterEntry:
    """What another console recorded after it was taken over from. `flight` is the outage's code;
    empty where it is about none, or one that was planned since."""

    organisation_id: str
    number: int
    at: datetime
    who: str
    what: str
    host: str = ""
    flight: str = ""


def look_into(folder: Path) -> Known:
    """What can be taken over from `folder`. Raises BadInput when there is nothing, when it was
    handed over, or when it cannot be read."""
    place = folder / COPIES if (folder / COPIES).is_dir() else folder
    try:
        for copy in copies_in(place):
            journal = read_file(copy.journal)
            if journal.writer is not None and journal.upto is not None and copy.base.is_file():
                _require_known(journal.writer)
                _require_not_handed(copy)
                return Known(copy, journal, journal.writer, journal.upto)
    except OSError as error:
        raise BadInput(
            f"{folder} cannot be read ({error.strerror}); nothing was changed."
        ) from error
    raise BadInput(
        f"No console keeps a copy in {folder}; nothing was changed. Choose the folder that was "
        "chosen there as its second folder."
    )


def _require_known(writer: Writer) -> None:
    if writer.revision not in KNOWN:
        raise BadInput(
            f"The console on {writer.host} is newer than this one; nothing was changed. Update "
            "this one, then take over."
        )


def _require_not_handed(copy: Copy) -> None:
    """Else there would be two stores in use."""
    mark = handed_file(copy.folder, copy.epoch)
    if mark.exists():
        raise BadInput(
            f"{mark.read_text(encoding='utf-8').strip()} Nothing was changed: go on with that file "
            "(Open a hand-over), or take over from the console where it was opened. Only if it is "
            f"lost, put {mark} away and take over here."
        )


def apply_journal(store: Path, journal: Journal, work: Work = UNWATCHED) -> None:
    """Bring a base copy to where its journal leads. Rows are put as the last entry that holds
    them left them, all at once, so that names that changed hands on the way do not clash."""
    final: dict[tuple[str, str], dict[str, Any]] = {}
    for done, entry in enumerate(journal.entries):
        work.at(done, len(journal.entries))
        for row in json.loads(entry.text)["rows"]:
            final[row["table"], row["id"]] = row
    with closing(sqlite3.connect(store, isolation_level=None)) as link:
        link.execute("PRAGMA foreign_keys=OFF")
        engine = create_engine("sqlite://", creator=lambda: link, poolclass=StaticPool)
        with engine.connect() as there:
            link.execute("BEGIN IMMEDIATE")
            _put_rows(there, final)
            _put_log(there, journal)
            _put_settings(there, journal, final)
            link.execute("COMMIT")
        lost = link.execute("PRAGMA foreign_key_check").fetchall()
    if lost:
        raise BadInput(
            "The copy and its journal do not belong together (rows are missing); nothing was "
            "changed. Choose another copy, or restore a backup."
        )


def _put_rows(there: Connection, final: dict[tuple[str, str], dict[str, Any]]) -> None:
    by_table: dict[str, list[dict[str, Any]]] = {}
    for (name, _id), row in final.items():
        by_table.setdefault(name, []).append(row)
    for name, rows in by_table.items():
        table = SQLModel.metadata.tables[name]
        listed = there.exec_driver_sql(f'PRAGMA table_info("{name}")')
        columns = {column[1] for column in listed}  # those that came later are not in the base
        values = [
            {
                key: _value(table, key, value)
                for key, value in row.items()
                if key in columns and key in table.columns
            }
            for row in rows
        ]
        for at in range(0, len(rows), AT_ONCE):
            some = [row["id"] for row in rows[at : at + AT_ONCE]]
            there.execute(delete(table).where(table.c.id.in_(some)))
        for value in values:
            there.execute(insert(table).values(value))


def _value(table: Table, name: str, value: Any) -> Any:
    """The inverse of `uow.as_json`."""
    if isinstance(value, str):
        kind = type(table.columns[name].type).__name__
        if kind == "Date":
            return date.fromisoformat(value)
        if "DateTime" in kind:
            return datetime.fromisoformat(value)
    return value


def _put_log(there: Connection, journal: Journal) -> None:
    for entry in journal.entries:
        there.execute(insert(LogEntry).values(_columns(entry)))
    for organisation_id, (number, digest) in journal.heads.items():
        there.execute(delete(ChainHead).where(_is(ChainHead, "organisation_id", organisation_id)))
        there.execute(
            insert(ChainHead).values(organisation_id=organisation_id, number=number, hash=digest)
        )


def _columns(entry: Logged) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(entry.text)
    return {
        "id": entry.id,
        "organisation_id": entry.organisation_id,
        "number": entry.number,
        "at": datetime.fromisoformat(told["at"]),
        **{name: told[name] for name in ("who", "via", "what", "kind", "strikes")},
        "about_type": told["about"][0],
        "about_id": told["about"][1],
        "outage_id": told["outage"],
        "text": entry.text,
        "previous_hash": entry.previous,
        "hash": entry.hash,
    }


def _put_settings(
    there: Connection, journal: Journal, final: dict[tuple[str, str], dict[str, Any]]
) -> None:
    if journal.settings is not None:
        there.execute(delete(Setting))
        for name, value in journal.settings.items():
            there.execute(insert(Setting).values(name=name, value=value))
    if any(table in _EVENTS for table, _id in final):  # their occurrences are worked out anew
        there.exec_driver_sql("DELETE FROM setting WHERE name LIKE ?", (f"{FORGETTABLE}%",))


def _is(table: type[SQLModel], name: str, value: object) -> Any:
    return getattr(table, name) == value


# --- what was recorded later ---------------------------------------------------------------


def recorded_later(folder: Path, epoch: int, heads: Heads) -> list[LaterEntry]:
    """What the console of `epoch` recorded behind `heads`, oldest first, as far as its second
    folder has it. Raises OSError."""
    found: list[LaterEntry] = []
    for copy in copies_in(folder):
        if copy.epoch != epoch:
            continue
        journal = read_file(copy.journal)
        if journal.writer is None:
            continue
        flights = _flights(copy.base)
        for entry in (*_in_base(copy.base, heads), *journal.entries):
            number = heads.get(entry.organisation_id, (0, ""))[0]
            told = json.loads(entry.text) if entry.number > number else {"kind": _ABSENCE}
            if told["kind"] != _ABSENCE:
                at = datetime.fromisoformat(told["at"])
                found.append(
                    LaterEntry(
                        entry.organisation_id,
                        entry.number,
                        at,
                        told["who"],
                        told["what"],
                        journal.writer.host,
                        flights.get(told["outage"] or "", ""),
                    )
                )
        break
    return found


def _flights(base: Path) -> dict[str, str]:
    """The codes of the outages in it, by their ids."""
    with closing(open_to_read(base)) as link:
        return dict(link.execute("SELECT id, code FROM outage").fetchall())


def _in_base(base: Path, heads: Heads) -> Iterator[Logged]:
    """A base made anew holds what stood in the journal before it."""
    with closing(open_to_read(base)) as link:
        for (organisation_id,) in link.execute("SELECT organisation_id FROM chain_head").fetchall():
            rows = link.execute(
                "SELECT id, organisation_id, number, text, previous_hash, hash FROM log_entry"
                " WHERE organisation_id = ? AND number > ? ORDER BY number",
                (organisation_id, heads.get(organisation_id, (0, ""))[0]),
            )
            yield from (Logged(*row) for row in rows)
