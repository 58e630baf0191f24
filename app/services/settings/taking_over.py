"""Take a flight over from another console's second folder: its copy becomes the store here.

The epoch rises, what waits to leave is held until a person releases it, and whatever the other
console records afterwards is listed to be typed in, never merged.
"""

from __future__ import annotations

import socket
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.models.errors import BadInput, StoreTrouble
from app.models.log import iso
from app.models.times import speak_moment, speak_span
from app.services.changes_evidence_copies import beside, said_missing
from app.services.clock import SystemClock
from app.services.database import organisation
from app.services.folder import FILE_NAME
from app.services.log import chain_break
from app.services.ports import Clock
from app.services.settings.backups import copy_verified
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
from app.services.settings.second_folder import (
    COPIES,
    Place,
    Taken,
    epochs_claimed,
    keep_place,
    place_of,
    taken_file,
)
from app.services.settings.second_reading import (
    Known,
    LaterEntry,
    apply_journal,
    look_into,
    recorded_later,
)
from app.services.uow import Actor, UnitOfWork
from app.services.working import UNWATCHED, Work

STILL_THERE = timedelta(minutes=2)
"""A console that wrote so lately may still be running."""


@dataclass(frozen=True, slots=True)
class ReadyToTake:
    """The copy made ready beside the store, and whose it is; `epoch` is the one it begins."""

    ready: Ready
    known: Known
    epoch: int

    def drop(self) -> None:
        self.ready.drop()


@dataclass(frozen=True, slots=True)
class TakenOver:
    """`alone`: the folder could not be written, so the other console will not know."""

    known: Known
    epoch: int
    restored: Restored
    alone: bool

    def sentence(self, zone_name: str) -> str:
        kept = self.restored.kept
        parts = [
            f"Taken over from {self.known.writer.host}: everything up to "
            f"{speak_moment(self.known.upto, zone_name)} is here (epoch {self.epoch})."
        ]
        if self.restored.held:
            waits = "1 item" if self.restored.held == 1 else f"{self.restored.held} items"
            parts.append(
                f"{waits} to leave held in the Outbox until you release what has not left."
            )
        if self.restored.lost:
            parts.append(said_missing(self.restored.lost))
        if self.alone:
            parts.append("The folder cannot be written: tell the other console not to go on.")
        if kept is not None:
            parts.append(f"The store of before is kept as {kept.name}.")
        return " ".join(parts)


def still_heard(known: Known, now: datetime) -> str:
    """A warning when the other console may be running; empty when it was not heard lately."""
    ago = now - known.upto
    if ago > STILL_THERE:
        return ""
    heard = speak_span(ago) if ago >= timedelta(minutes=1) else "moments"
    return (
        f"{known.writer.host} was heard {heard} ago and may still be running: close it first, or "
        "what it goes on to record must be typed in here."
    )


def make_ready_to_take(
    data: Path,
    folder: Path,
    work: Work = UNWATCHED,
    *,
    clock: Clock | None = None,
    actor: Actor | None = None,
) -> ReadyToTake:
    """The long half: base and journal put together, verified, its outbox held. Nothing is changed
    here or there. Hold `only_window`. Raises Stopped, BadInput, StoreTrouble."""
    known = look_into(folder)
    epoch = 1 + max(known.copy.epoch, *epochs_claimed(known.copy.folder), place_of(data).epoch)
    by = actor or Actor("takeover")

    def build(place: Path) -> int:
        copy_verified(known.copy.base, place / FILE_NAME, work.part(0.0, 0.8))
        try:
            apply_journal(place / FILE_NAME, known.journal, work.part(0.8, 1.0))
        except sqlite3.Error as error:
            raise BadInput(
                f"The journal does not fit its base copy ({error}); nothing was changed."
            ) from error
        return in_every_organisation(place, clock or SystemClock(), by, hold_for, known, epoch)

    ready = ready_beside(data, known.copy.base.name, build, work.part(0.0, 0.9))
    sources = (beside(known.copy.base),)
    return ReadyToTake(with_evidence(data, ready, sources, work.part(0.9, 1.0)), known, epoch)


def hold_for(uow: UnitOfWork, known: Known, epoch: int) -> int:
    """Hold what the other console would have sent, and log from where the flight comes. Raises
    StoreTrouble when the log is not whole."""
    if (number := chain_break(uow)) is not None:
        raise StoreTrouble(
            f"The log of the copy is broken at entry {number}; nothing was changed.",
            trouble="damaged",
        )
    held = hold_items(uow, f"held: taken over from {known.writer.host}")
    upto = speak_moment(known.upto, organisation(uow).zone)
    uow.log(
        f"took over from {known.writer.host} ({known.writer.who}): everything up to {upto} is "
        f"here, epoch {epoch}; {words_of_held(held)}",
        kind="restore",
    )
    return held


def take_over(data: Path, made: ReadyToTake, who: str, clock: Clock | None = None) -> TakenOver:
    """The short half: the epoch is claimed in the folder, and the copy takes the store's place.

    Raises StoreTrouble when another deputy was quicker, or the store is busy or full; then
    nothing is changed."""
    known, now = made.known, (clock or SystemClock()).now()
    said = f"{who} on {socket.gethostname()}, {now:%Y-%m-%d %H:%M} UTC"
    mark = taken_file(known.copy.folder, made.epoch)
    alone = not _claimed(mark, said, made)
    try:
        restored = put_in_place(data, made.ready, clock)
        _keep_where(data, made, alone)
    except StoreTrouble:
        if not alone:
            with suppress(OSError):
                mark.unlink(missing_ok=True)
        raise
    return TakenOver(known, made.epoch, restored, alone)


def _claimed(mark: Path, said: str, made: ReadyToTake) -> bool:
    """False when the folder cannot be written."""
    try:
        with mark.open("x", encoding="utf-8") as file:
            file.write(said)
    except FileExistsError:
        made.drop()
        raise StoreTrouble(
            "Another console took it over a moment ago; nothing was changed here. Look who flies.",
            trouble="taken",
        ) from None
    except OSError:
        return False
    return True


def _keep_where(data: Path, made: ReadyToTake, alone: bool) -> None:
    known = made.known
    taken = Taken(
        known.copy.epoch,
        known.writer.host,
        known.writer.who,
        iso(known.upto),
        dict(known.journal.heads),
    )
    folder = known.copy.folder
    chosen = folder.parent if folder.name == COPIES else folder
    keep_place(data, Place(None if alone else chosen, made.epoch, "", taken))


def take_over_now(
    data: Path,
    folder: Path,
    who: str,
    *,
    clock: Clock | None = None,
    wall: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> tuple[TakenOver, str]:
    """Both halves, for a terminal; with the warning when the other may still be running."""
    made = make_ready_to_take(data, folder, clock=clock, actor=Actor(who))
    return take_over(data, made, who, clock), still_heard(made.known, wall())


# --- what the other recorded later -----------------------------------------------------------


def later_entries(data: Path) -> list[LaterEntry]:
    """What the console taken over from recorded since, and nobody has said to be typed in. Raises
    BadInput when its folder cannot be read."""
    place = place_of(data)
    if place.taken is None or place.folder is None:
        return []
    heads = {
        key: (max(head[0], place.taken.typed.get(key, 0)), head[1])
        for key, head in place.taken.heads.items()
    }
    try:
        return recorded_later(place.copies, place.taken.epoch, heads)
    except (OSError, sqlite3.Error) as error:
        raise BadInput(f"{place.folder} cannot be read now ({error}).") from error


def say_typed_in(data: Path, entries: list[LaterEntry]) -> Place:
    """A person typed these in, or they do not matter: they are no longer listed."""
    place = place_of(data)
    if place.taken is None:
        return place
    typed = dict(place.taken.typed)
    for entry in entries:
        typed[entry.organisation_id] = max(typed.get(entry.organisation_id, 0), entry.number)
    return keep_place(data, replace(place, taken=replace(place.taken, typed=typed)))
