"""Look the store over: is it whole, is its log unbroken, can it be written, is it backed up?

Reads only, through SQLite itself, so that it also speaks about a store that cannot be opened.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from app.models.errors import StoreTrouble
from app.models.log import Link, first_break
from app.services.changes_evidence import copy_of
from app.services.changes_evidence_copies import FOLDER as EVIDENCE
from app.services.changes_evidence_copies import files_of, is_right, named_in
from app.services.clock import SystemClock
from app.services.database_place import is_served
from app.services.database_sqlite import connect
from app.services.folder import FILE_NAME
from app.services.ports import Clock
from app.services.schema import HEAD, schema_of
from app.services.settings.backups import EVERY, KEEP, backups, open_to_read, restore_command
from app.services.settings.rows_check import strange_rows
from app.services.working import UNWATCHED, Work

ROOM = 200 * 1024 * 1024
YOUNG = timedelta(hours=1)
STALE_BACKUP = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at, and how it is; a `sentence` that is not `ok` says what to do."""

    ok: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class Head:
    """Number and hash of a log entry, as printed on a packet, a backup or a report. `hash` may
    be the first characters only."""

    number: int
    hash: str


def examine(
    folder: Path,
    clock: Clock | None = None,
    head: Head | None = None,
    work: Work = UNWATCHED,
) -> list[Finding]:
    """Every finding; with `head`, also whether the log still leads up to it unchanged. Raises
    Stopped."""
    path = folder / FILE_NAME
    if is_served(folder):
        return [Finding(True, "The store is in a database server: `database check` looks it over.")]
    if not path.is_file():
        return [Finding(False, f"There is no store in {folder} yet.")]
    if _is_unbegun(path) and not backups(folder):
        return [Finding(True, "The store is still empty: its first start was broken off.")]
    now = (clock or SystemClock()).now()
    found = _inside(path, head, work)
    found += _evidence(folder, work)
    found.append(_room(folder))
    found.append(_backups(folder, now))
    if sys.platform != "win32":  # there, rights are not modes
        found.append(_modes(folder, path))
    return found


def _is_unbegun(path: Path) -> bool:
    """Cut off before its tables were made, all of which come in one transaction."""
    try:
        return schema_of(path) is None
    except (sqlite3.Error, StoreTrouble):
        return False


def _inside(path: Path, head: Head | None, work: Work) -> list[Finding]:
    looks: list[Callable[[sqlite3.Connection], Finding]] = [
        lambda connection: _integrity(connection, path.parent),
        _foreign_keys,
        _revision,
        _log_whole,
        _log_says_what_its_text_says,
        _rows_as_logged,
        lambda _connection: _settings(path),
    ]
    if head is not None:
        looks.append(lambda connection: _leads_to(connection, head))
    found: list[Finding] = []
    try:
        with closing(_open(path)) as connection:
            connection.set_progress_handler(work.stop.is_set, EVERY)
            for done, look in enumerate(looks):
                work.at(done, len(looks))
                found.append(look(connection))
    except (sqlite3.Error, ValueError) as error:
        work.at()  # a query is broken off by an error
        found.append(
            Finding(
                False,
                f"The store is damaged: {error}. It was left as it is. Restore a backup "
                f"({restore_command(path.parent)}).",
            )
        )
    return found


def _open(path: Path) -> sqlite3.Connection:
    """To read only; `mode=ro` sees a window's newest changes, but not in a read-only folder."""
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=5.0)
    try:
        connection.execute("SELECT 1 FROM sqlite_master").fetchone()
    except sqlite3.OperationalError:
        connection.close()
        return open_to_read(path)
    return connection


def _integrity(connection: sqlite3.Connection, folder: Path) -> Finding:
    said = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(3)")]
    if said == ["ok"]:
        return Finding(True, "The store is whole (integrity check).")
    return Finding(
        False,
        f"The store is damaged: {'; '.join(said)}. Restore a backup ({restore_command(folder)}).",
    )


def _foreign_keys(connection: sqlite3.Connection) -> Finding:
    broken = connection.execute("PRAGMA foreign_key_check").fetchall()
    if not broken:
        return Finding(True, "Every row finds the rows it belongs to.")
    tables = ", ".join(sorted({str(row[0]) for row in broken}))
    return Finding(
        False, f"{len(broken)} rows belong to rows that are not there (in {tables}). Restore."
    )


def _revision(connection: sqlite3.Connection) -> Finding:
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    revision = str(row[0]) if row else "none"
    if revision == HEAD:
        return Finding(True, f"The schema is of this console (revision {HEAD}).")
    return Finding(
        False,
        f"The schema is of revision {revision}; this console has {HEAD}. An older store is "
        "upgraded when it is opened; a newer one needs a newer console.",
    )


def _settings(path: Path) -> Finding:
    try:
        with closing(connect(path)) as connection:
            synchronous = connection.execute("PRAGMA synchronous").fetchone()[0]
            journal = connection.execute("PRAGMA journal_mode").fetchone()[0]
    except sqlite3.OperationalError as error:
        return Finding(False, f"The store can be read but not written ({error}).")
    if synchronous == 2 and journal == "wal":
        return Finding(True, "A change is on disk before it is acknowledged.")
    return Finding(
        False, f"A change may be lost in a power cut: journal {journal}, synchronous {synchronous}."
    )


def _organisations(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    rows = connection.execute("SELECT id, name FROM organisation ORDER BY id")
    return [(str(row[0]), str(row[1])) for row in rows]


def _links(connection: sqlite3.Connection, organisation_id: str) -> Iterator[Link]:
    rows = connection.execute(
        "SELECT number, text, previous_hash, hash FROM log_entry"
        " WHERE organisation_id = ? ORDER BY number",
        (organisation_id,),
    )
    for number, text, previous, digest in rows:
        yield Link(number, text, previous, digest)


def _log_whole(connection: sqlite3.Connection) -> Finding:
    heads = []
    for organisation_id, name in _organisations(connection):
        last = Link(0, "", "", "")

        def links(of: str = organisation_id) -> Iterator[Link]:
            nonlocal last
            for link in _links(connection, of):
                last = link
                yield link

        broken = first_break(links())
        if broken is None:
            row = connection.execute(
                "SELECT number, hash FROM chain_head WHERE organisation_id = ?",
                (organisation_id,),
            ).fetchone()
            if (last.number, last.hash) != (row or (0, "")):
                broken = last.number + 1
        if broken is not None:
            return Finding(
                False,
                f"The log of {name} is broken at entry {broken}: it was changed or taken away "
                "outside the console. What stands before it is as it was written.",
            )
        heads.append(f"{name}: {last.number} entries, head {last.hash[:16] or 'none'}")
    return Finding(True, f"The log is whole. {'; '.join(heads) or 'It is empty'}.")


_TOLD = ("number", "who", "via", "what", "kind", "strikes")


def _log_says_what_its_text_says(connection: sqlite3.Connection) -> Finding:
    """The hash covers an entry's text; what screens show are columns, which must agree."""
    rows = connection.execute(
        f"SELECT {', '.join(_TOLD)}, at, about_type, about_id, outage_id, text FROM log_entry"
    )
    for *told, at, about_type, about_id, outage_id, text in rows:
        entry: dict[str, Any] = json.loads(text)
        shown = (*told, _moment(at), [about_type, about_id], outage_id)
        sealed = (
            *(entry[name] for name in _TOLD),
            datetime.fromisoformat(entry["at"]).replace(tzinfo=None),
            entry["about"],
            entry["outage"],
        )
        if shown != sealed:
            return Finding(
                False,
                f"Entry {told[0]} of the log shows something else than was written: "
                "it was changed outside the console.",
            )
    return Finding(True, "Every entry of the log shows what was written.")


def _rows_as_logged(connection: sqlite3.Connection) -> Finding:
    strange = list(islice(strange_rows(connection), 6))
    if not strange:
        return Finding(True, "Every row is as the log last left it.")
    more = " and more" if len(strange) > 5 else ""
    return Finding(
        False,
        f"Changed outside the console: {'; '.join(map(str, strange[:5]))}{more}. The log still "
        "says how they were.",
    )


def _moment(stored: str) -> datetime:
    return datetime.fromisoformat(stored).replace(tzinfo=None)


def _leads_to(connection: sqlite3.Connection, head: Head) -> Finding:
    for organisation_id, _name in _organisations(connection):
        row = connection.execute(
            "SELECT hash FROM log_entry WHERE organisation_id = ? AND number = ?",
            (organisation_id, head.number),
        ).fetchone()
        if row and head.hash and str(row[0]).startswith(head.hash.strip().casefold()):
            return Finding(True, f"Nothing changed up to entry {head.number}, as it was printed.")
    return Finding(
        False,
        f"Entry {head.number} is not the one that was printed ({head.hash}): this is another "
        "store, an older backup, or the log was made anew.",
    )


def _evidence(folder: Path, work: Work) -> Iterator[Finding]:
    """Every file of evidence here, and every one that a change record names; nothing is said when
    there is none."""
    try:
        named = tuple(named_in(folder / FILE_NAME))
    except sqlite3.Error:
        named = ()  # the store is damaged, which is said already
    every = tuple(dict.fromkeys((*files_of(folder / EVIDENCE).values(), *named)))
    wrong = []
    for done, kept in enumerate(every):
        work.at(done, len(every))
        if not is_right(folder / EVIDENCE / kept.file_name, kept):
            wrong.append(kept)
    if every and not wrong:
        yield Finding(True, f"Evidence lies here as it was added ({len(every)} files).")
    for kept in wrong:
        copy = copy_of(folder, kept)
        way = (
            f"A copy is in {copy.parent}; opening it under Changes brings it back."
            if copy
            else f"No copy is known. Look for {kept.file_name} beside older backups."
        )
        yield Finding(False, f"The evidence {kept.name} is gone or was changed. {way}")


def _room(folder: Path) -> Finding:
    free = shutil.disk_usage(folder).free
    amount = f"{free / 1024**3:.1f} GB" if free >= 1024**3 else f"{free // 1024**2} MB"
    if free >= ROOM:
        return Finding(True, f"There is room on the disk ({amount}).")
    return Finding(False, f"Only {amount} are free on the disk of {folder}. Free some space.")


def _backups(folder: Path, now: datetime) -> Finding:
    kept = backups(folder)
    if not kept:
        # the first comes when the window opens or the first command ends: a young store has none
        young = datetime.fromtimestamp((folder / FILE_NAME).stat().st_ctime, UTC) > now - YOUNG
        return Finding(young, "There is no backup yet. Opening the console makes one a day.")
    newest = kept[0].made_at
    said = f"{len(kept)} of {KEEP} backups, the newest of {newest:%Y-%m-%d %H:%M} UTC"
    if now - newest > STALE_BACKUP:
        return Finding(False, f"{said}: that is old. Make one with `backup FILE`.")
    return Finding(True, f"{said}.")


def _modes(folder: Path, path: Path) -> Finding:
    open_to_others = [
        each.name or str(each)
        for each in (folder, *folder.glob(f"{path.name}*"))
        if stat.S_IMODE(each.stat().st_mode) & 0o077
    ]
    if not open_to_others:
        return Finding(True, "Only you can read the store.")
    return Finding(
        False,
        f"Others on this machine can look into {', '.join(open_to_others)}. "
        "Take their rights away (chmod go-rwx).",
    )
