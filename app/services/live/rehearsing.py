"""Rehearse an outage on a copy of the store, in a data folder of its own with a clock of its own.

Nothing leaves it: notices go to files, and what waited in the outbox is held. What was learnt can
be carried back to the runbook of the real store.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlmodel import col

from app.models.account import Profile
from app.models.errors import BadInput, NotFound
from app.models.live.learnt import Lesson, lessons, proposal
from app.models.outages.lifecycle import BEFORE_START, FLYING, State
from app.models.runbook import RunbookTemplate, StepState
from app.models.runbook.comparing import changes_between
from app.models.tables.base import Record
from app.models.tables.bridge import Bridge
from app.models.tables.live import Criterion, Decision, RollCallAnswer
from app.models.tables.notices import Notice
from app.models.tables.outages import Outage
from app.models.tables.runbook import Step
from app.models.times import speak_moment
from app.services.account.settings import account_settings, save_account_settings
from app.services.clock import REHEARSAL, RehearsalClock, require_speed
from app.services.database import Store
from app.services.events import EventBus
from app.services.folder import FILE_NAME
from app.services.runbook.templates import keep_template, revisions_of, template_of
from app.services.settings.backups import copy_verified
from app.services.settings.restore import hold_items
from app.services.uow import Actor, Undo, UnitOfWork
from app.services.working import UNWATCHED, Work

FOLDER = "rehearsals"
AHEAD = timedelta(minutes=35)
"""Before the window's start, so that the bridge is opened first."""
_AGAIN = {
    "state": StepState.TODO, "started_at": None, "ended_at": None, "heard_at": None,
    "blocked_reason": "", "blocked_until": None, "result": "", "note": "", "by": "", "via": "",
    "before_value": "", "after_value": "",
}  # fmt: skip


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
            "nothing leaves it."
        )


@dataclass(frozen=True, slots=True)
class Learnt:
    """What a rehearsal taught, against the runbook as it is now (None: there is none yet)."""

    before: RunbookTemplate | None
    flown: RunbookTemplate
    lessons: tuple[Lesson, ...]


# --- making it -------------------------------------------------------------------------------


def rehearse(
    store: Store,
    outage_id: str,
    speed: float,
    work: Work = UNWATCHED,
    wall: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Rehearsal:
    """A copy of the store with the outage at its gate, a little before its window. An outage that
    is over, or under way, begins anew there. Raises BadInput, NotFound, StoreTrouble, Stopped."""
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
        copy_verified(store.path, folder / FILE_NAME, work)
        clock = RehearsalClock(made.start, begun, speed, lambda: begun)
        copy = Store(folder, clock, EventBus(), store.actor)
        try:
            copy.open()
            copy.organisation_id = store.organisation_id
            copy.run(_set_out, outage_id, speed)
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
    (made.folder / REHEARSAL).write_text(json.dumps(values, indent=1), encoding="utf-8")


def set_on(folder: Path, clock: RehearsalClock, moment: datetime) -> None:
    """Jump forward, in every process that opens the folder from now on."""
    clock.set_on(moment)
    values = json.loads((folder / REHEARSAL).read_text(encoding="utf-8"))
    values |= {"start": clock.start.isoformat(), "begun": clock.begun.isoformat()}
    (folder / REHEARSAL).write_text(json.dumps(values, indent=1), encoding="utf-8")


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


def _set_out(uow: UnitOfWork, outage_id: str, speed: float) -> None:
    """Nothing leaves, and the flight stands before its gate as if it had not been flown."""
    outage = uow.fetch(Outage, outage_id)
    settings = account_settings(uow)
    if settings.profile is not Profile.NONE:
        save_account_settings(uow, replace(settings, profile=Profile.NONE))
    held = hold_items(uow, "held: this is a rehearsal")
    if outage.state not in BEFORE_START:
        _begin_anew(uow, outage)
    for other in uow.all(Outage, col(Outage.state).in_((*FLYING, State.GO_NO_GO, State.HOLD))):
        if other.id != outage_id:
            uow.archive(other)  # of two flights at once only this one is rehearsed
    outage.state, outage.state_since = State.ANNOUNCED, uow.now
    uow.log(
        f"rehearsal of {outage.code} at {speed:g}×; {held} waiting held, nothing leaves",
        outage,
        kind="rehearsal",
    )


def _begin_anew(uow: UnitOfWork, outage: Outage) -> None:
    outage.started_at = outage.ended_at = outage.user_check_due = None
    outage.user_check = outage.data_loss = outage.ending_note = ""
    outage.waivers = []
    outage.promised_end_utc = outage.end_utc
    for step in uow.all(Step, col(Step.outage_id) == outage.id):
        for name, value in _AGAIN.items():
            setattr(step, name, value)
    for bridge in uow.all(Bridge, col(Bridge.outage_id) == outage.id):
        bridge.opened_at = bridge.closed_at = None
        bridge.opened_by = bridge.closed_by = bridge.proof = ""
        bridge.closing = []
    for notice in uow.all(Notice, col(Notice.outage_id) == outage.id):
        if notice.sent_at is not None and notice.sent_at > uow.now:
            uow.archive(notice)  # told while it was flown
    answered: Sequence[type[Record]] = (Criterion, RollCallAnswer, Decision)
    for table in answered:
        for row in uow.all(table, getattr(table, "outage_id") == outage.id):  # noqa: B009
            uow.archive(row)


# --- what was learnt -------------------------------------------------------------------------


def learnt(rehearsed: Store, outage_id: str, real: Store) -> Learnt:
    """What the rehearsal in one store taught the runbook of the other."""
    flown, took = rehearsed.read(_flown, outage_id)
    before = real.read(_latest, flown.name)
    return Learnt(before, flown, lessons(before, flown, took))


def _flown(uow: UnitOfWork, outage_id: str) -> tuple[RunbookTemplate, dict[str, timedelta]]:
    outage = uow.fetch(Outage, outage_id)
    took = {
        step.code: step.ended_at - step.started_at
        for step in uow.all(Step, col(Step.outage_id) == outage_id)
        if step.state is StepState.DONE and step.started_at and step.ended_at
        and step.ended_at > step.started_at
    }  # fmt: skip
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
        f"carried back from a rehearsal of {code} to the runbook “{saved.name}”, revision "
        f"{saved.revision}: {said}",
        saved,
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
