"""Verified copies of the store: before a migration, once a day, and on demand."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app.models.errors import BadInput, StoreTrouble
from app.services.changes_evidence_copies import FOLDER as EVIDENCE
from app.services.changes_evidence_copies import Copied, beside, copy_evidence
from app.services.database_place import require_file
from app.services.folder import folder_trouble
from app.services.working import UNWATCHED, Work

KEEP = 14
FOLDER = "backups"
PAGES = 8_192
"""Copied in one go, 32 MB: another writer makes the copy begin anew, so the goes are few."""
EVERY = 100_000
"""SQLite's own steps between two looks at whether to stop: a few milliseconds."""


@dataclass(frozen=True, slots=True)
class Backup:
    path: Path
    made_at: datetime
    size: int


def backups(folder: Path) -> list[Backup]:
    """The kept copies in a data folder, newest first."""
    found = []
    for path in (folder / FOLDER).glob("flight-console-*.sqlite"):
        stamp = path.stem.removeprefix("flight-console-")
        try:
            made = datetime.strptime(stamp, "%Y%m%dT%H%M%S%z")
        except ValueError:
            continue
        found.append(Backup(path, made, path.stat().st_size))
    return sorted(found, key=lambda backup: backup.made_at, reverse=True)


def restore_command(folder: Path) -> str:
    """What to type to put the newest copy back, in backticks; with the folder, as it need not be
    the one that a command takes by itself."""
    kept = backups(folder)
    file = _typed(kept[0].path) if kept else "FILE"
    return f"`restore {file} --data {_typed(folder)}`"


def _typed(path: Path) -> str:
    return f'"{path}"' if " " in str(path) else str(path)


def make_backup(store: Path, now: datetime, work: Work = UNWATCHED) -> Path:
    """The store in its backups folder, with its evidence beside it. Raises StoreTrouble, also when
    the store is copied and a file of evidence is not, and NotAllowed where the store is no file."""
    require_file(store.parent, "a copy in the backups folder")
    target = back_up_store(store, now, work.part(0.0, 0.6))
    copied = copy_with_evidence(store, target, work.part(0.6, 1.0))
    if copied.refused:
        raise StoreTrouble(f"The store is backed up, but {copied.sentence}", trouble=EVIDENCE)
    return target


def copy_with_evidence(store: Path, copy: Path, work: Work = UNWATCHED) -> Copied:
    """The evidence of a store whose copy is made. Files are only ever added to a backup's."""
    return copy_evidence(store.parent / EVIDENCE, beside(copy), work)


def back_up_store(store: Path, now: datetime, work: Work = UNWATCHED) -> Path:
    """Copy the store alone into its backups folder, check the copy, keep the newest 14.

    A copy dated later than `now` was made while the clock was wrong: it goes before the others,
    or it would stand in the way of new ones for years.
    """
    folder = store.parent / FOLDER
    try:
        folder.mkdir(exist_ok=True, mode=0o700)
    except OSError as error:
        raise folder_trouble(folder, error) from error
    target = folder / f"flight-console-{now:%Y%m%dT%H%M%S}Z.sqlite"
    copy_verified(store, target, work)
    kept = sorted(backups(store.parent), key=lambda each: (each.made_at <= now, each.made_at))
    for old in kept[:-KEEP]:
        old.path.unlink(missing_ok=True)
    return target


def backup_if_due(store: Path, now: datetime) -> Path | None:
    """The daily copy: made when there is none of this day (UTC) yet."""
    if any(kept.made_at.date() == now.date() for kept in backups(store.parent)):
        return None
    return make_backup(store, now)


def copy_verified(source: Path, target: Path, work: Work = UNWATCHED) -> None:
    """An exact copy through SQLite's backup API, verified before it takes its name.

    One file of its own, without a write-ahead log beside it, so that it can be carried away.
    Raises StoreTrouble when the copy is not whole, and Stopped; then no file of that name is made
    or changed.
    """
    if not source.is_file():
        raise StoreTrouble(f"There is no store {source} to copy yet.", trouble="folder")
    part = target.with_name(target.name + ".part")
    try:
        verdict = _copy(source, part, work)
        work.at()
        if verdict == "ok":
            part.replace(target)
    except (sqlite3.Error, OSError) as error:
        work.at()  # the check of the copy is broken off by an error
        if _is_damage(error):
            raise _damaged(source, str(error)) from error
        why = error.strerror if isinstance(error, OSError) else error
        raise StoreTrouble(
            f"The copy {target.name} could not be made ({why}); the store itself is untouched. "
            "Choose a folder that can be written and has room.",
            trouble="copy",
        ) from error
    finally:
        for left in (part, part.with_name(part.name + "-journal")):
            with suppress(OSError):
                left.unlink(missing_ok=True)
    if verdict != "ok":
        raise _damaged(source, verdict)


def _copy(source: Path, part: Path, work: Work) -> str:
    """Returns what the integrity check says of the copy."""
    part.unlink(missing_ok=True)
    part.touch(mode=0o600)
    with (
        closing(sqlite3.connect(source, timeout=5.0)) as reader,
        closing(sqlite3.connect(part)) as writer,
    ):
        reader.backup(
            writer, pages=PAGES, progress=lambda _, left, total: work.at(total - left, total)
        )
        writer.set_progress_handler(work.stop.is_set, EVERY)
        verdict = str(writer.execute("PRAGMA integrity_check(1)").fetchone()[0])
        if verdict == "ok":
            writer.execute("PRAGMA journal_mode=DELETE")
    part.chmod(0o600)  # the backup does not keep it on every system
    with part.open("rb+") as written:
        os.fsync(written.fileno())
    return verdict


def _is_damage(error: Exception) -> bool:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def _damaged(source: Path, verdict: str) -> StoreTrouble:
    return StoreTrouble(
        f"The store {source.name} is damaged ({verdict.splitlines()[-1]}), so no copy was made. "
        f"It was left as it is. Restore an older backup ({restore_command(source.parent)}).",
        trouble="damaged",
    )


def require_backup(path: Path, work: Work = UNWATCHED) -> str:
    """The schema's revision. Raises BadInput unless `path` is a whole store of ours, and
    Stopped."""
    if not path.is_file():
        raise BadInput(f"There is no file {path}; nothing was changed.")
    try:
        with closing(open_to_read(path)) as connection:
            connection.set_progress_handler(work.stop.is_set, EVERY)
            verdict = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error as error:
        work.at()  # it is broken off by an error
        raise BadInput(
            f"{path.name} is not a whole store ({error}); nothing was changed. Choose another."
        ) from error
    if verdict != "ok" or row is None:
        raise BadInput(f"{path.name} is damaged ({verdict}); nothing was changed. Choose another.")
    return str(row[0])


def open_to_read(path: Path) -> sqlite3.Connection:
    """A connection that writes nothing, also where nothing can be written."""
    alone = not path.with_name(path.name + "-wal").exists()
    mode = "immutable=1" if alone else "mode=ro"
    return sqlite3.connect(f"{path.resolve().as_uri()}?{mode}", uri=True, timeout=5.0)
