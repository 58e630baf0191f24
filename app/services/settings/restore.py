"""Put a backup in the place of the store. The old file is kept; nothing leaves by itself after."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Concatenate, ParamSpec

from sqlmodel import col, select

from app.models.changes_evidence import Kept
from app.models.errors import BadInput, StoreTrouble
from app.models.outbox import ItemState
from app.models.tables.directory import Organisation
from app.models.tables.outbox import OutboxItem
from app.services.changes_evidence_copies import bring_evidence, missing, near, said_missing
from app.services.clock import SystemClock
from app.services.crew.served_lock import nobody_serves
from app.services.database import Store
from app.services.database_place import require_file
from app.services.events import EventBus
from app.services.folder import FILE_NAME, folder_trouble, prepare_folder
from app.services.outbox.items import LOOK_FIRST
from app.services.ports import Clock
from app.services.schema import KNOWN
from app.services.settings.backups import copy_verified, require_backup
from app.services.settings.handed import require_in_use
from app.services.uow import Actor, UnitOfWork
from app.services.working import UNWATCHED, Work

P = ParamSpec("P")

_READY = ".restoring-"
_SENT_BY_US = (ItemState.WAITING, ItemState.LEAVING, ItemState.ATTENTION)


@dataclass(frozen=True, slots=True)
class Ready:
    """A backup made ready in a folder of its own beside the store; `held` were to leave, `lost`
    are files of evidence that it names and that could not be brought."""

    backup: str
    place: Path
    held: int
    lost: tuple[Kept, ...] = ()

    def drop(self) -> None:
        """It is not wanted any more."""
        shutil.rmtree(self.place, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class Restored:
    """`kept`: the store of before (None: there was none)."""

    backup: str
    kept: Path | None
    held: int
    lost: tuple[Kept, ...] = ()

    @property
    def sentence(self) -> str:
        waited = "1 item that waited to leave is"
        if self.held != 1:
            waited = f"{self.held} items that waited to leave are"
        held = (
            f"{waited} held in the Outbox until you release what has not left since."
            if self.held
            else "Nothing in it waits to leave."
        )
        kept = f" The store of before is kept as {self.kept.name}." if self.kept else ""
        lost = f" {said_missing(self.lost)}" if self.lost else ""
        return f"The store is as it was in {self.backup}. {held}{kept}{lost}"


def restore(
    folder: Path, backup: Path, clock: Clock | None = None, actor: Actor | None = None
) -> Restored:
    """Make `backup` the store of `folder`. Nobody else may have the store open: hold
    `only_window` and close your own store first. Raises what the two halves raise."""
    return put_in_place(folder, make_ready(folder, backup, clock=clock, actor=actor), clock)


def make_ready(
    folder: Path,
    backup: Path,
    work: Work = UNWATCHED,
    *,
    clock: Clock | None = None,
    actor: Actor | None = None,
) -> Ready:
    """The long half, while the store may be open: a copy of `backup` verified, brought to today's
    schema and its outbox held. The store is not touched. Hold `only_window`.

    Raises Stopped, BadInput when `backup` is not a whole store of ours, StoreTrouble when the
    folder cannot be written or is full, NotAllowed when the store was handed over: taking that
    back is a word of its own.
    """
    require_in_use(folder)
    _require_known(require_backup(backup, work), backup)

    def build(place: Path) -> int:
        copy_verified(backup, place / FILE_NAME, work.part(0.0, 0.9))
        work.at()
        return in_every_organisation(
            place, clock or SystemClock(), actor or Actor("restore"), hold_waiting, backup.name
        )

    return with_evidence(
        folder, ready_beside(folder, backup.name, build, work), near(backup), work.part(0.9, 1.0)
    )


def with_evidence(
    folder: Path, ready: Ready, sources: tuple[Path, ...], work: Work = UNWATCHED
) -> Ready:
    """Its files are brought into the data folder at once: they are added to those that lie there,
    whether the copy takes the store's place in the end or not. Raises Stopped."""
    try:
        bring_evidence(folder, sources, work)
        return replace(ready, lost=missing(ready.place / FILE_NAME, folder))
    except BaseException:
        ready.drop()
        raise


def ready_beside(
    folder: Path, name: str, build: Callable[[Path], int], work: Work = UNWATCHED
) -> Ready:
    """A store built in a folder of its own; `build` gets that folder and tells how many items it
    held. Nothing is left of one that was broken off. Raises NotAllowed where a store is no file."""
    require_file(folder, "putting another store in its place")
    prepare_folder(folder)
    try:
        for left in folder.glob(f"{_READY}*"):  # by a power cut
            shutil.rmtree(left, ignore_errors=True)
        place = Path(tempfile.mkdtemp(prefix=_READY, dir=folder))
    except OSError as error:
        raise folder_trouble(folder, error) from error
    try:
        held = build(place)
        work.at()
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise
    return Ready(name, place, held)


def put_in_place(folder: Path, ready: Ready, clock: Clock | None = None) -> Restored:
    """The short half: the old store is kept, the one made ready takes its place. A stop half-way
    leaves the old store as it was.

    Raises StoreTrouble when the folder is full, or the store is busy or served to phones. Then
    the store is untouched.
    """
    try:
        with nobody_serves(folder):
            kept = _keep_old(folder, (clock or SystemClock()).now())
            for stale in _with_companions(folder / FILE_NAME)[1:]:
                stale.unlink(missing_ok=True)
            (ready.place / FILE_NAME).replace(folder / FILE_NAME)
    except OSError as error:
        raise folder_trouble(folder, error) from error
    finally:
        ready.drop()
    return Restored(ready.backup, kept, ready.held, ready.lost)


def _require_known(revision: str, backup: Path) -> None:
    if revision not in KNOWN:
        raise BadInput(
            f"{backup.name} was written by a newer Flight Console; nothing was changed. "
            "Update the console, or choose an older backup."
        )


def in_every_organisation(
    folder: Path,
    clock: Clock,
    actor: Actor,
    hold: Callable[Concatenate[UnitOfWork, P], int],
    *args: P.args,
    **kwargs: P.kwargs,
) -> int:
    """Open the store in `folder` and hold what waits, as it may have left since: a person decides.
    Returns how many items."""
    store = Store(folder, clock, EventBus(), actor)
    held = 0
    try:
        store.open()
        for organisation_id in store.read(_organisations):
            store.organisation_id = organisation_id
            held += store.run(hold, *args, **kwargs)
    finally:
        store.close()
    return held


def _organisations(uow: UnitOfWork) -> list[str]:
    """Oldest first, so that the newest, which the console opens, is logged last."""
    return list(uow.session.exec(select(Organisation.id).order_by(Organisation.id)))


def hold_waiting(uow: UnitOfWork, backup: str) -> int:
    """Hold everything that the console would send, and say in the log that the store was restored.
    When released, the mailbox is looked at first: it may have left since the backup."""
    held = hold_items(uow, f"held: the store was restored from {backup}")
    uow.log(f"restored from {backup}; {words_of_held(held)}", kind="restore")
    return held


def hold_items(uow: UnitOfWork, why: str) -> int:
    """The caller logs it."""
    waiting = uow.all(OutboxItem, col(OutboxItem.state).in_(_SENT_BY_US))
    for item in waiting:
        item.state = ItemState.HELD
        item.last_answer = why
        item.payload = {**item.payload, LOOK_FIRST: True}
    return len(waiting)


def words_of_held(held: int) -> str:
    if not held:
        return "nothing was waiting"
    return f"{held} waiting item{'s' if held != 1 else ''} held"


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
