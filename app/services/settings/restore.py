"""Put a backup in the place of the store. The old file is kept; nothing leaves by itself after."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from contextlib import closing
from datetime import datetime
from pathlib import Path

from sqlmodel import col, select

from app.models.errors import BadInput, StoreTrouble
from app.models.outbox import ItemState
from app.models.tables.directory import Organisation
from app.models.tables.outbox import OutboxItem
from app.services.clock import SystemClock
from app.services.database import Store
from app.services.events import EventBus
from app.services.folder import FILE_NAME, folder_trouble, prepare_folder
from app.services.outbox.items import LOOK_FIRST
from app.services.ports import Clock
from app.services.schema import KNOWN
from app.services.settings.backups import copy_verified, require_backup
from app.services.uow import Actor, UnitOfWork

_SENT_BY_US = (ItemState.WAITING, ItemState.LEAVING, ItemState.ATTENTION)


def restore(
    folder: Path, backup: Path, clock: Clock | None = None, actor: Actor | None = None
) -> Path | None:
    """Make `backup` the store of `folder`; returns where the old store was kept (None: no old one).

    Nobody else may have the store open: hold `only_window` and close your own store first. The
    backup is verified, brought to today's schema and its outbox held before it takes the place
    of the store, so that a stop half-way leaves the old store as it was.

    Raises BadInput when `backup` is not a whole store of ours, StoreTrouble when the folder
    cannot be written, is full, or the store is busy. Then the store is untouched.
    """
    _require_known(require_backup(backup), backup)
    prepare_folder(folder)
    chosen = clock or SystemClock()
    try:
        with tempfile.TemporaryDirectory(prefix=".restoring-", dir=folder) as beside:
            ready = Path(beside) / FILE_NAME
            copy_verified(backup, ready)
            _hold_what_waits(Path(beside), backup.name, chosen, actor or Actor("restore"))
            kept = _keep_old(folder, chosen.now())
            for stale in _with_companions(folder / FILE_NAME)[1:]:
                stale.unlink(missing_ok=True)
            ready.replace(folder / FILE_NAME)
    except OSError as error:
        raise folder_trouble(folder, error) from error
    return kept


def _require_known(revision: str, backup: Path) -> None:
    if revision not in KNOWN:
        raise BadInput(
            f"{backup.name} was written by a newer Flight Console; nothing was changed. "
            "Update the console, or choose an older backup."
        )


def _hold_what_waits(folder: Path, name: str, clock: Clock, actor: Actor) -> None:
    """What was waiting when the backup was made may have left since: a person decides."""
    store = Store(folder, clock, EventBus(), actor)
    try:
        store.open()
        for organisation_id in store.read(_organisations):
            store.organisation_id = organisation_id
            store.run(hold_waiting, name)
    finally:
        store.close()


def _organisations(uow: UnitOfWork) -> list[str]:
    """Oldest first, so that the newest, which the console opens, is logged last."""
    return list(uow.session.exec(select(Organisation.id).order_by(Organisation.id)))


def hold_waiting(uow: UnitOfWork, backup: str) -> int:
    """Hold everything that the console would send, and say in the log that the store was restored.
    When released, the mailbox is looked at first: it may have left since the backup."""
    waiting = uow.all(OutboxItem, col(OutboxItem.state).in_(_SENT_BY_US))
    for item in waiting:
        item.state = ItemState.HELD
        item.last_answer = f"held: the store was restored from {backup}"
        item.payload = {**item.payload, LOOK_FIRST: True}
    held = f"{len(waiting)} waiting item{'s' if len(waiting) != 1 else ''} held"
    uow.log(f"restored from {backup}; {held if waiting else 'nothing was waiting'}", kind="restore")
    return len(waiting)


def _keep_old(folder: Path, now: datetime) -> Path | None:
    """Copy the old store aside, with its write-ahead log. It is copied, not moved: whenever
    this stops, the store is still there."""
    old = folder / FILE_NAME
    if not old.exists():
        return None
    kept = folder / f"flight-console-kept-{now:%Y%m%dT%H%M%S}Z.sqlite"
    again = 1
    while kept.exists():
        again += 1
        kept = kept.with_name(f"flight-console-kept-{now:%Y%m%dT%H%M%S}Z-{again}.sqlite")
    with closing(sqlite3.connect(old, timeout=1.0, isolation_level=None)) as connection:
        try:
            # holds writers off while the files are copied; a damaged store has none
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.Error as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY:
                raise StoreTrouble(
                    "The store is busy in another window or command, so nothing was restored. "
                    "Close it, then restore again.",
                    trouble="busy",
                ) from error
        for path, copy in zip(_with_companions(old), _with_companions(kept), strict=True):
            if path.exists():
                shutil.copyfile(path, copy)
                copy.chmod(0o600)
    return kept


def _with_companions(path: Path) -> tuple[Path, Path, Path]:
    """SQLite's write-ahead log and its index lie beside a store while it is open or crashed."""
    return path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")
