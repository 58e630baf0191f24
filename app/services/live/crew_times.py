"""When each of the crew is to be ready and free: what they know, and what is to be said now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from app.models.account import Profile
from app.models.live.crew_times import (
    MOVED_BY,
    Duty,
    Hours,
    Say,
    hours_of,
    to_say,
)
from app.models.outages.lifecycle import ENDINGS, FLYING, State
from app.models.runbook import SETTLED, StepState
from app.models.tables.directory import Person
from app.models.tables.outages import Outage
from app.services.account.settings import account_settings
from app.services.database import organisation
from app.services.live.crew_hours import window_of
from app.services.live.crew_rows import CrewTime, CrewTimes
from app.services.live.crew_told import Told, tellings, told_to
from app.services.live.look import Look
from app.services.uow import UnitOfWork

MOVED_SETTING = "crew_moved_minutes"
"""In the organisation's policy."""
_SAID = frozenset({State.PLANNED, State.ANNOUNCED, State.GO_NO_GO, State.HOLD}) | FLYING | ENDINGS


def crew_times(uow: UnitOfWork, outage_id: str) -> CrewTimes:
    """A query. Raises NotFound."""
    return times_of(Look(uow, uow.fetch(Outage, outage_id)))


def moved_by(uow: UnitOfWork) -> timedelta:
    """From so much on a moved time is said again."""
    kept = organisation(uow).policy.get(MOVED_SETTING)
    return timedelta(minutes=kept) if isinstance(kept, int) else MOVED_BY


def times_of(look: Look) -> CrewTimes:
    """Everybody with a step in play but the coordinator, who sits here; and whoever was told of
    a duty that is theirs no more."""
    uow, outage = look.uow, look.outage
    told = told_to(uow, outage.id)
    mine = {step.owner for step in look.playing if step.owner is not None} - {None}
    known = [uow.find(Person, each) for each in dict.fromkeys((*mine, *told))]
    by = moved_by(uow)
    sends = account_settings(uow).profile is not Profile.NONE
    people = [
        _one(look, person, told.get(person.id, ()), by)
        for person in known
        if person is not None and person.id != outage.coordinator_id
    ]
    people.sort(
        key=lambda one: (one.duty is None, one.duty.be_ready if one.duty else uow.now, one.name)
    )
    return CrewTimes(
        outage.id, outage.code, outage.title, outage.zone, uow.now, by, tuple(people), sends
    )


def _one(look: Look, person: Person, told: Sequence[Told], by: timedelta) -> CrewTime:
    own = [step for step in look.playing if step.owner == person.id]
    left = [step for step in own if step.state not in SETTLED]
    flown = look.outage.state in _SAID and look.outage.state is not State.CANCELLED
    times = look.expected.people.get(left[0].owner) if left and left[0].owner and flown else None
    duty = Duty(times.be_ready, times.release) if times is not None else None
    last = told[-1] if told else None
    say = Say.NOTHING
    if look.outage.state in _SAID:
        say = to_say(
            last.telling if last else None,
            duty,
            look.uow.now,
            moved_by=by,
            ended=look.outage.ended_at,
            undisturbed=any(
                step.do_not_disturb and step.state is StepState.RUNNING for step in own
            ),
        )
    return CrewTime(
        person_id=person.id,
        name=person.name,
        email=person.email,
        phone=person.phone,
        duty=duty,
        told=last,
        say=say,
        steps=tuple(step.label for step in left),
        hours=_hours(look, person, told, over=duty is None),
    )


def _hours(look: Look, person: Person, told: Sequence[Told], *, over: bool) -> Hours | None:
    window = window_of(look.outage, look.uow.now)
    if window is None:
        return None
    worked = [
        (row.started_at, row.ended_at or look.uow.now)
        for row in look.loaded.rows
        if row.owner_id == person.id and row.started_at is not None
    ]
    return hours_of(person.name, tellings(told), worked, window, over)
