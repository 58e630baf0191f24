"""Verified copies of the store: before a migration, once a day, and on demand."""

from __future__ import annotations

import os
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app.models.errors import BadInput, StoreTrouble

KEEP = 14
FOLDER = "backups"


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


def make_backup(store: Path, now: datetime) -> Path:
    """Copy the store into its backups folder, check the copy, keep the newest 14."""
    folder = store.parent / FOLDER
    folder.mkdir(exist_ok=True, mode=0o700)
    target = folder / f"flight-console-{now:%Y%m%dT%H%M%S}Z.sqlite"
    copy_verified(store, target)
    for old in backups(store.parent)[KEEP:]:
        old.path.unlink(missing_ok=True)
    return target


def backup_if_due(store: Path, now: datetime) -> Path | None:
    """The daily copy: made when the newest one is of an earlier day (UTC)."""
    kept = backups(store.parent)
    if kept and kept[0].made_at.date() >= now.date():
        return None
    return make_backup(store, now)


def copy_verified(source: Path, target: Path) -> None:
    """An exact copy through SQLite's backup API, verified before it takes its name.

    Raises StoreTrouble when the copy is not whole; then no file of that name is made or changed.
    """
    part = target.with_name(target.name + ".part")
    try:
        part.unlink(missing_ok=True)
        reader = sqlite3.connect(source, timeout=5.0)
        writer = sqlite3.connect(part)
        try:
            reader.backup(writer)
            verdict = writer.execute("PRAGMA integrity_check").fetchone()[0]
        finally:
            writer.close()
            reader.close()
        if verdict != "ok":
            raise StoreTrouble(f"The copy is not whole ({verdict}); it was thrown away.")
        part.chmod(0o600)
        with part.open("rb+") as written:
            os.fsync(written.fileno())
        part.replace(target)
    except (sqlite3.Error, OSError) as error:
        part.unlink(missing_ok=True)
        raise StoreTrouble(
            f"The copy {target.name} could not be made ({error}); the store itself is untouched. "
            "Choose a folder that can be written and has room."
        ) from error


def require_backup(path: Path) -> None:
    """Raises BadInput unless `path` is a whole store of ours."""
    if not path.is_file():
        raise BadInput(f"There is no file {path}; nothing was changed.")
    try:
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
        try:
            verdict = connection.execute("PRAGMA integrity_check").fetchone()[0]
            connection.execute("SELECT version_num FROM alembic_version").fetchone()
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise BadInput(
            f"{path.name} is not a whole store ({error}); nothing was changed. Choose another."
        ) from error
    if verdict != "ok":
        raise BadInput(f"{path.name} is damaged ({verdict}); nothing was changed. Choose another.")
