"""Hand the whole store over in one sealed file, and open one.

The old copy turns read-only the moment the file is whole; in the new one nothing leaves until a
person releases it. Stopped at any moment, even by a power cut, it is either not handed over or it
is: the mark beside the store decides (`handed.py`), and the next start finishes what it says.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import socket
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from app.models.changes_evidence import kept_named
from app.models.errors import BadInput, NotAllowed, StoreTrouble
from app.models.log import iso
from app.services.changes_evidence_copies import BESIDE, files_of
from app.services.changes_evidence_copies import FOLDER as EVIDENCE
from app.services.clock import REHEARSAL, SystemClock
from app.services.database import Store, organisation
from app.services.database_place import require_file
from app.services.events import EventBus
from app.services.folder import FILE_NAME, folder_trouble
from app.services.folder_lock import LockHeld, locked
from app.services.log import chain_break
from app.services.ports import Clock
from app.services.schema import KNOWN
from app.services.settings.backups import copy_verified, require_backup
from app.services.settings.handed import (
    LOCK,
    PART,
    Handed,
    forget_handed,
    handed,
    heads_of,
    keep_handed,
    name_file,
    require_in_use,
)
from app.services.settings.restore import (
    Ready,
    Restored,
    hold_items,
    in_every_organisation,
    put_in_place,
    ready_beside,
    with_evidence,
    words_of_held,
)
from app.services.settings.sealed_file import Entry, Opened, require_passphrase, seal
from app.services.settings.second_folder import keep_place, place_of
from app.services.sync.lock import only_sender
from app.services.uow import Actor, UnitOfWork
from app.services.working import UNWATCHED, Work

ENDING = ".handover"
_COPYING = ".handing-"
_MANIFEST, _STORE, _EVIDENCE = "manifest.json", FILE_NAME, "evidence/"


@dataclass(frozen=True, slots=True)
class HandedOver:
    """`size` in bytes, `files` of evidence that went along."""

    file: Path
    to: str
    size: int
    files: int

    @property
    def sentence(self) -> str:
        evidence = f" and {self.files} file{'s' if self.files != 1 else ''} of evidence"
        return (
            f"Handed over to {self.to}: the whole store{evidence if self.files else ''} in "
            f"{self.file.name} ({self.size / 1_000_000:.1f} MB). This copy is for reading now. "
            "Give the file and, by another way, the passphrase."
        )


def hand_over(
    store: Store, file: Path, to: str, passphrase: str, work: Work = UNWATCHED
) -> HandedOver:
    """Everything into `file`; from then on nothing is changed here, and nothing leaves.

    Raises BadInput, NotAllowed (handed over already, a rehearsal), StoreTrouble (somebody sends
    just now, no room), Stopped. Then nothing was handed over, and there is no such file."""
    folder, to = store.folder, " ".join(to.split())
    require_file(folder, "handing it over as a sealed file")
    _require_fit(folder, file, to)
    require_passphrase(passphrase)
    require_in_use(folder)
    part = file.with_name(file.name + PART)
    try:
        with locked(folder / LOCK), only_sender(folder):
            try:
                return _hand_over(store, file, part, to, passphrase, work)
            except BaseException:
                found = handed(folder)
                if found is None or not found.done:
                    forget_handed(folder)
                    with suppress(OSError):
                        part.unlink(missing_ok=True)
                raise
    except LockHeld:
        raise StoreTrouble("Another window or command hands it over just now.") from None


def _hand_over(
    store: Store, file: Path, part: Path, to: str, passphrase: str, work: Work
) -> HandedOver:
    folder, who, now = store.folder, store.actor.name, store.clock.now()
    for left in folder.glob(f"{_COPYING}*"):  # by a power cut
        shutil.rmtree(left, ignore_errors=True)
    zone, name = store.run(_begin, to, file.name)
    mark = Handed(to, who, iso(now), str(file), zone, False, {})
    keep_handed(folder, mark)  # from here on no transaction ends
    try:
        with TemporaryDirectory(prefix=_COPYING, dir=folder) as place:
            copy = Path(place) / FILE_NAME
            _wait_for_writers(store.path)
            copy_verified(store.path, copy, work.part(0.0, 0.3))
            with closing(sqlite3.connect(copy)) as link:
                heads = heads_of(link)
            evidence = [folder / EVIDENCE / each for each in files_of(folder / EVIDENCE)]
            manifest: dict[str, Any] = {
                "from": who,
                "host": socket.gethostname(),
                "to": to,
                "at": iso(now),
                "organisation": name,
                "epoch": place_of(folder).epoch,
            }
            entries = (
                Entry(_MANIFEST, json.dumps(manifest).encode()),
                Entry(_STORE, copy),
                *(Entry(f"{_EVIDENCE}{path.name}", path) for path in evidence),
            )
            part.touch(mode=0o600)
            with part.open("wb") as target:
                seal(target, entries, passphrase, work.part(0.3, 0.8))
                target.flush()
                os.fsync(target.fileno())
            _prove(part, passphrase, work.part(0.8, 1.0))
    except OSError as error:
        raise _not_written(file, error) from error
    size = part.stat().st_size
    work.at()
    keep_handed(folder, replace(mark, done=True, heads=heads))
    name_file(file)
    return HandedOver(file, to, size, len(evidence))


def _not_written(file: Path, error: OSError) -> StoreTrouble:
    said = "there is no room" if error.errno == errno.ENOSPC else error.strerror or str(error)
    return StoreTrouble(
        f"{file} could not be written ({said}), so nothing was handed over; this store is in use "
        "as before.",
        trouble="copy",
    )


def _begin(uow: UnitOfWork, to: str, name: str) -> tuple[str, str]:
    """The zone and the name of the organisation."""
    home = organisation(uow)
    uow.log(f"hands the whole store over to {to}, in {name}", kind="restore")
    return home.zone, home.name


def _wait_for_writers(store: Path) -> None:
    """A transaction that saw no mark ends before the copy begins. Raises StoreTrouble."""
    try:
        with closing(sqlite3.connect(store, timeout=10.0, isolation_level=None)) as link:
            link.execute("BEGIN IMMEDIATE")
            link.execute("ROLLBACK")
    except sqlite3.OperationalError as error:
        raise StoreTrouble(
            f"The store is busy in another window or command ({error}), so nothing was handed "
            "over. Try again in a moment.",
            trouble="busy",
        ) from error


def _prove(part: Path, passphrase: str, work: Work) -> None:
    """What was written opens again, to its end."""
    opened = Opened(part, passphrase)
    try:
        for _ in opened.entries(work):
            pass
    finally:
        opened.close()


def _require_fit(folder: Path, file: Path, to: str) -> None:
    if not to:
        raise BadInput("Say to whom it is handed over. Nothing was changed.")
    if (folder / REHEARSAL).exists():
        raise NotAllowed("This is a rehearsal; only the real store is handed over.")
    if file.parent.resolve() == folder.resolve() or folder.resolve() in file.resolve().parents:
        raise BadInput(
            "That lies within the data folder; choose a place from which it can be carried away."
        )
    if file.exists():
        raise BadInput(f"There is a file {file.name} already; choose another name.")
    if not file.parent.is_dir():
        raise BadInput(
            f"{file.parent} is no folder; nothing was changed. Choose one that is there."
        )


def take_back(folder: Path, who: str, clock: Clock | None = None) -> str:
    """The hand-over came to nothing: this copy is in use again. Nobody may have the store open for
    writing. Returns what to say. Raises NotAllowed when it was not handed over, StoreTrouble."""
    found = handed(folder)
    if found is None:
        raise NotAllowed("The store here was not handed over; there is nothing to take back.")
    if not found.done:
        raise NotAllowed("It is being handed over just now; stop that instead.")
    store = Store(folder, clock or SystemClock(), EventBus(), Actor(who), may_change_handed=True)
    try:
        store.open()
        # the log goes on, so the mark speaks of another store from now on, whatever comes
        store.run(_taken_back, found)
    finally:
        store.close()
    forget_handed(folder)
    return (
        f"Taken back from {found.to}: this copy is in use again. Whatever is recorded with "
        f"{Path(found.file).name} is not here: tell {found.to} not to go on with it."
    )


def _taken_back(uow: UnitOfWork, found: Handed) -> None:
    uow.log(f"took the store back, which was handed over to {found.to}", kind="restore")


# --- the other end ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ReadyToOpen:
    """A hand-over made ready beside the store; `epoch` is the one it begins."""

    ready: Ready
    leaving: str
    organisation: str
    epoch: int

    def drop(self) -> None:
        self.ready.drop()


@dataclass(frozen=True, slots=True)
class OpenedHere:
    """What `open_here` put in place."""

    leaving: str
    restored: Restored

    @property
    def sentence(self) -> str:
        parts = [f"The store that {self.leaving} handed over is here."]
        held = self.restored.held
        if held:
            waits = "1 item" if held == 1 else f"{held} items"
            parts.append(f"{waits} to leave held in the Outbox until you release it.")
        else:
            parts.append("Nothing in it waits to leave.")
        if self.restored.kept is not None:
            parts.append(f"The store of before is kept as {self.restored.kept.name}.")
        return " ".join(parts)


def make_ready_to_open(
    data: Path,
    file: Path,
    passphrase: str,
    work: Work = UNWATCHED,
    *,
    clock: Clock | None = None,
    actor: Actor | None = None,
) -> ReadyToOpen:
    """The long half: opened, proven, its outbox held. Nothing is changed here but that files of
    evidence are added. Hold `only_window`. Raises Stopped, BadInput, StoreTrouble."""
    told: dict[str, Any] = {}
    by = actor or Actor("hand-over")

    def build(place: Path) -> int:
        told.update(_unpack(file, place, passphrase, work.part(0.0, 0.7)))
        revision = require_backup(place / FILE_NAME, work)
        if revision not in KNOWN:
            raise BadInput(
                f"{file.name} was written by a newer Flight Console; nothing was changed. Update "
                "this one first."
            )
        work.at()
        return in_every_organisation(place, clock or SystemClock(), by, _hold, told)

    ready = ready_beside(data, file.name, build, work.part(0.0, 0.9))
    ready = with_evidence(data, ready, (ready.place / BESIDE,), work.part(0.9, 1.0))
    epoch = 1 + max(int(told["epoch"]), place_of(data).epoch)
    return ReadyToOpen(ready, str(told["from"]), str(told["organisation"]), epoch)


def open_here(data: Path, made: ReadyToOpen, clock: Clock | None = None) -> OpenedHere:
    """The short half: it takes the store's place. Raises StoreTrouble; then nothing is changed."""
    keep_place(data, replace(place_of(data), epoch=made.epoch, lost_to=0))
    return OpenedHere(made.leaving, put_in_place(data, made.ready, clock))


def _hold(uow: UnitOfWork, told: dict[str, Any]) -> int:
    if (number := chain_break(uow)) is not None:
        raise StoreTrouble(
            f"The log of the copy is broken at entry {number}; nothing was changed.",
            trouble="damaged",
        )
    held = hold_items(uow, f"held: handed over by {told['from']}")
    uow.log(
        f"opened the store that {told['from']} handed over to {told['to']} on {told['host']}; "
        f"{words_of_held(held)}",
        kind="restore",
    )
    return held


def _unpack(file: Path, place: Path, passphrase: str, work: Work) -> dict[str, Any]:
    """The store and its evidence into `place`; what the other console told of itself. Only names
    that we write are followed. Raises BadInput."""
    opened = Opened(file, passphrase)
    told: dict[str, Any] = {}
    try:
        for name, size in opened.entries(work):
            if name == _MANIFEST:
                told = json.loads(b"".join(opened.pieces(work))) if size < 100_000 else {}
            elif name == _STORE:
                _write(place / FILE_NAME, opened, work)
            elif name.startswith(_EVIDENCE) and kept_named(name.removeprefix(_EVIDENCE)):
                (place / BESIDE).mkdir(mode=0o700, exist_ok=True)
                inner = Path(name.removeprefix(_EVIDENCE))
                if inner.name == str(inner):
                    _write(place / BESIDE / inner, opened, work)
    except OSError as error:
        raise folder_trouble(place.parent, error) from error
    finally:
        opened.close()
    if not {"from", "to", "host", "epoch", "organisation"} <= told.keys():
        raise BadInput(f"{file.name} holds no store; nothing was changed.")
    return told


def _write(path: Path, opened: Opened, work: Work) -> None:
    path.touch(mode=0o600)
    with path.open("wb") as target:
        for piece in opened.pieces(work):
            target.write(piece)
        target.flush()
        os.fsync(target.fileno())
