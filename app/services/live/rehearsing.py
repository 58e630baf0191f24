"""Rehearse an outage on a copy of the store, in a data folder of its own with a clock of its own.

Nothing leaves this machine: notices go through the practice tenant, and what waited in the outbox
is held. What was learnt can be carried back to the runbook of the real store.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlmodel import col

from app.models.errors import BadInput, NotAllowed, NotFound
from app.models.live.learnt import Lesson, Took, in_one_go, lessons, proposal
from app.models.runbook import RunbookTemplate, StepState
from app.models.runbook.comparing import changes_between
from app.models.tables.outages import Outage
from app.models.tables.runbook import Step
from app.models.times import between, speak_moment
from app.services.clock import REHEARSAL, RehearsalClock, require_speed
from app.services.database import Store
from app.services.events import EventBus
from app.services.folder import FILE_NAME
from app.services.live.away import absences, away_within
from app.services.live.setting_out import Begin, set_out
from app.services.log_rows import kept_in_log
from app.services.runbook.templates import keep_template, revisions_of, template_of
from app.services.uow import Actor, Undo, UnitOfWork
from app.services.working import UNWATCHED, Work

FOLDER = "rehearsals"
AHEAD = timedelta(minutes=35)
"""Before the window's start, so that the bridge is opened first."""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A copy to fly on. `source` is the data folder it was made from; `now` its time at first."""

    folder: Path
    source: Path
    outage_id: str
    code: str
    title: str
    zone: str
    speed: float
    start: datetime
    organisation_id: str

    @property
    def sentence(self) -> str:
        at = speak_moment(self.start, self.zone)
        return (
            f"{self.code} {self.title} is rehearsed at {self.speed:g}×: it is {at} there, and "
            "nothing leaves this machine."
        )


@dataclass(frozen=True, slots=True)
class Learnt:
    """What was taught `on` a rehearsal or a flight, against the runbook as it is now (None: there
    is none yet)."""

    before: RunbookTemplate | None
    flown: RunbookTemplate
    lessons: tuple[Lesson, ...]
    on: str = "a rehearsal"
    code: str = ""
    outage_id: str = ""
    in_one_go: tuple[str, ...] = ()

    @property
    def sure(self) -> tuple[Lesson, ...]:
        """Those that need no second look."""
        return tuple(lesson for lesson in self.lessons if not lesson.doubt)

    @property
    def unknown_words(self) -> str:
        """Which steps taught nothing, and why; empty when there are none."""
        if not self.in_one_go:
            return ""
        return (
            f"Begun and done in the same minute, so how long they took is not known: "
            f"{', '.join(self.in_one_go)}."
        )


# --- making it -------------------------------------------------------------------------------


def rehearse(
    store: Store,
    outage_id: str,
    speed: float,
    work: Work = UNWATCHED,
    wall: Callable[[], datetime] = lambda: datetime.now(UTC),
    begin: Begin = Begin.GATE,
) -> Rehearsal:
    """A copy of the store a little before the outage's window. An outage that is over, or under
    way, begins anew there. Raises BadInput, NotFound, StoreTrouble, Stopped."""
    require_speed(speed)
    code, title, start, zone = store.read(_told, outage_id)
    begun = wall()
    folder = store.folder / FOLDER / f"{code}-{begun:%Y%m%dT%H%M%SZ}"
    made = Rehearsal(
        folder, store.folder, outage_id, code, title, zone, speed, start - AHEAD,
        store.organisation_id,
    )  # fmt: skip
    folder.mkdir(parents=True, exist_ok=False, mode=0o700)
    try:
        store.copy(folder / FILE_NAME, work)
        clock = RehearsalClock(made.start, begun, speed, lambda: begun)
        copy = Store(folder, clock, EventBus(), store.actor)
        try:
            copy.open()
            copy.organisation_id = store.organisation_id
            copy.run(set_out, outage_id, speed, begin)
        finally:
            copy.close()
        _keep(made, wall())
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return made


def _told(uow: UnitOfWork, outage_id: str) -> tuple[str, str, datetime, str]:
    outage = uow.fetch(Outage, outage_id)
    if not uow.all(Step, col(Step.outage_id) == outage_id):
        raise BadInput(f"{outage.code} has no steps yet, so there is nothing to rehearse.")
    return outage.code, outage.title, outage.start_utc, outage.zone


def _keep(made: Rehearsal, begun: datetime) -> None:
    values = {
        "outage_id": made.outage_id,
        "organisation_id": made.organisation_id,
        "code": made.code,
        "title": made.title,
        "zone": made.zone,
        "source": str(made.source),
        "speed": made.speed,
        "start": made.start.isoformat(),
        "begun": begun.isoformat(),
    }
    _write(made.folder, values)


def _write(folder: Path, values: dict[str, object]) -> None:
    """Whole or not at all: other processes ask it for the time."""
    fresh = folder / f"{REHEARSAL}.new"
    fresh.write_text(json.dumps(values, indent=1), encoding="utf-8")
    fresh.replace(folder / REHEARSAL)


def set_on(folder: Path, clock: RehearsalClock, moment: datetime) -> None:
    """Jump forward, in every process that opens the folder from now on."""
    clock.set_on(moment)
    values = json.loads((folder / REHEARSAL).read_text(encoding="utf-8"))
    values |= {"start": clock.start.isoformat(), "begun": clock.begun.isoformat()}
    _write(folder, values)


def rehearsal_of(folder: Path) -> Rehearsal | None:
    """What is rehearsed in a data folder, if it is one."""
    try:
        kept = json.loads((folder / REHEARSAL).read_text(encoding="utf-8"))
    except OSError:
        return None
    names = ("outage_id", "code", "title", "zone", "speed", "organisation_id")
    return Rehearsal(
        folder=folder,
        source=Path(kept["source"]),
        start=datetime.fromisoformat(kept["start"]),
        **{name: kept[name] for name in names},
    )


# --- what was learnt -------------------------------------------------------------------------


def learnt(rehearsed: Store, outage_id: str, real: Store) -> Learnt:
    """What the rehearsal in one store taught the runbook of the other."""
    flown, took = rehearsed.read(_flown, outage_id)
    before = real.read(_latest, flown.name)
    found = lessons(before, flown, took)
    return Learnt(before, flown, found, in_one_go=in_one_go(flown, took))


def learnt_on_flight(uow: UnitOfWork, outage_id: str) -> Learnt:
    """The same of a real flight, in its own store. Raises NotFound, NotAllowed before its end."""
    outage = uow.fetch(Outage, outage_id)
    if outage.ended_at is None:
        raise NotAllowed(f"{outage.code} has not ended; what it teaches is known afterwards.")
    flown, took = _flown(uow, outage_id)
    before = _latest(uow, flown.name)
    found, untold = lessons(before, flown, took), in_one_go(flown, took)
    return Learnt(before, flown, found, "the flight", outage.code, outage_id, untold)


def _flown(uow: UnitOfWork, outage_id: str) -> tuple[RunbookTemplate, dict[str, Took]]:
    outage = uow.fetch(Outage, outage_id)
    away = absences(kept_in_log(uow, outage_id))
    took = {
        step.code: Took(
            max(timedelta(), between(step.started_at, step.ended_at)),
            away_within(away, step.started_at, step.ended_at),
        )
        for step in uow.all(Step, col(Step.outage_id) == outage_id)
        if step.state is StepState.DONE and step.started_at and step.ended_at
    }
    return template_of(uow, outage), took


def _latest(uow: UnitOfWork, name: str) -> RunbookTemplate | None:
    found = revisions_of(uow, name)
    return found[-1] if found else None


def carry_back(uow: UnitOfWork, found: Learnt, taken: Sequence[Lesson], code: str) -> Undo:
    """What was chosen becomes the next revision of the runbook, in the real store. Raises
    BadInput when nothing was chosen, NotFound when the runbook changed since."""
    if not taken:
        raise BadInput("Nothing was chosen, so the runbook stays as it is.")
    latest = _latest(uow, found.flown.name)
    if (latest.revision if latest else 0) != (found.before.revision if found.before else 0):
        raise NotFound(
            f"The runbook “{found.flown.name}” has a newer revision since; look at what was "
            "learnt again. Nothing was changed."
        )
    made = proposal(found.before, found.flown, taken)
    changes = changes_between(found.before, made) if found.before else ()
    saved = keep_template(uow, replace(made, name=found.flown.name))
    said = "; ".join(change.sentence for change in changes) or "it is new"
    uow.log(
        f"carried back from {found.on} of {code} to the runbook “{saved.name}”, revision "
        f"{saved.revision}: {said}",
        saved,
        outage_id=found.outage_id,
    )
    return uow.undo(f"carrying back to “{saved.name}”")


def rehearsals(data: Path) -> list[Rehearsal]:
    """Those kept in a data folder, the newest first."""
    found = [rehearsal_of(folder) for folder in (data / FOLDER).glob("*") if folder.is_dir()]
    return sorted(
        (each for each in found if each is not None),
        key=lambda r: r.folder.name[-16:],
        reverse=True,
    )


def drop(made: Rehearsal) -> None:
    """It is not wanted any more. Only a folder that is a rehearsal's is taken away."""
    if (made.folder / REHEARSAL).exists():
        shutil.rmtree(made.folder, ignore_errors=True)


def open_copy(made: Rehearsal, actor: Actor) -> Store:
    """The rehearsal's store, to look at; close it."""
    store = Store(made.folder, RehearsalClock(made.start, made.start, 1.0), EventBus(), actor)
    store.open()
    store.organisation_id = made.organisation_id
    return store
