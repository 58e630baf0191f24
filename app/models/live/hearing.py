"""Who has gone quiet, whom to call, and whom to let sleep. Silence shows to the coordinator, never
to the one who works; what is not to be disturbed is never nudged (product.md)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.models.ids import StepId

QUIET_AFTER = timedelta(minutes=10)
"""The commander's round: so long without a word shows."""
CALL_AFTER = timedelta(minutes=20)
OVER_TIME = timedelta(minutes=5)
"""So long past its time a step asks for a word, if there was none since."""
READY_AHEAD = timedelta(minutes=15)
"""So long before they are needed somebody is to be reached."""
AWAKE_FOR = timedelta(minutes=30)
"""Who was heard of so lately is up, and needs no call to get ready."""


class Hearing(StrEnum):
    CALL = "call"
    GET_READY = "get_ready"
    QUIET = "quiet"
    WORKING = "working"
    UNDISTURBED = "undisturbed"
    STAND_BY = "stand_by"
    RESTING = "resting"
    FREE = "free"


@dataclass(frozen=True, slots=True)
class Task:
    """A step in somebody's hands. `heard_at` is the last word on it, its start included."""

    label: str
    step_id: StepId
    started_at: datetime
    minutes: int
    heard_at: datetime
    do_not_disturb: bool = False

    @property
    def due(self) -> datetime:
        """When its time is over."""
        return self.started_at + timedelta(minutes=self.minutes)


@dataclass(frozen=True, slots=True)
class Crewman:
    """`tasks` are what they have in hand, `needed_at` is when the next step of theirs (`next_id`)
    is expected to start (None: none is left), `heard_at` their last word in the whole flight."""

    name: str
    phone: str
    tasks: tuple[Task, ...] = ()
    needed_at: datetime | None = None
    next_label: str = ""
    next_id: StepId | None = None
    heard_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """`since` is the last word on what they have in hand; None when they have nothing."""

    who: Crewman
    hearing: Hearing
    since: datetime | None
    task: Task | None

    def silent(self, now: datetime) -> int:
        """Whole minutes without a word, never negative."""
        return 0 if self.since is None else max(0, (now - self.since) // timedelta(minutes=1))


def hearing(who: Crewman, now: datetime) -> Heard:
    """How it stands with one of the crew."""
    if who.tasks:
        return _at_work(who, now)
    if who.needed_at is None:
        return Heard(who, Hearing.FREE, None, None)
    if who.needed_at - now > READY_AHEAD:
        return Heard(who, Hearing.RESTING, None, None)
    awake = who.heard_at is not None and now - who.heard_at <= AWAKE_FOR
    return Heard(who, Hearing.STAND_BY if awake else Hearing.GET_READY, None, None)


def _at_work(who: Crewman, now: datetime) -> Heard:
    """Whoever has one thing in hand that must not be disturbed is not disturbed for another."""
    since = max(task.heard_at for task in who.tasks)
    task = min(who.tasks, key=lambda each: (each.heard_at, each.label))
    if any(each.do_not_disturb for each in who.tasks):
        kept = next(each for each in who.tasks if each.do_not_disturb)
        return Heard(who, Hearing.UNDISTURBED, since, kept)
    late = [t for t in who.tasks if now - t.due >= OVER_TIME and since < t.due]
    if late or now - since >= CALL_AFTER:
        return Heard(who, Hearing.CALL, since, late[0] if late else task)
    if now - since >= QUIET_AFTER:
        return Heard(who, Hearing.QUIET, since, task)
    return Heard(who, Hearing.WORKING, since, task)


def to_hear(crew: Iterable[Crewman], now: datetime) -> Heard | None:
    """Whose word it is most likely, when one comes: of the one to call, else of the longest
    silent; None while nobody has anything in hand."""
    busy = [h for h in crew_now(crew, now) if h.task is not None]
    calls = [h for h in busy if h.hearing is Hearing.CALL]
    return min(calls or busy, key=lambda h: h.since or now, default=None)


def crew_now(crew: Iterable[Crewman], now: datetime) -> tuple[Heard, ...]:
    """Everybody, those to call first and of these the longest silent; who may sleep comes last."""
    order = {each: place for place, each in enumerate(Hearing)}
    found = (hearing(who, now) for who in crew)
    return tuple(sorted(found, key=lambda h: (order[h.hearing], h.since or h.who.needed_at or now)))
