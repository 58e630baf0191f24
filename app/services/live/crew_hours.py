"""The hours that knowing their times spared the crews of many flights."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlmodel import col

from app.models.live.crew_times import Hours, Span, hours_of
from app.models.runbook import SETTLED
from app.models.tables.directory import Person
from app.models.tables.outages import Outage
from app.models.tables.runbook import Step
from app.services.live.crew_told import tellings, told_in
from app.services.uow import UnitOfWork


def window_of(outage: Outage, now: datetime) -> Span | None:
    """What staying up all the time would have been: from the window's start until the flight
    ended, or until now. None before it has begun, and of one that was never flown."""
    if outage.started_at is None:
        return None
    last = min(outage.ended_at or now, now)
    return (outage.start_utc, last) if last > outage.start_utc else None


def hours_in(uow: UnitOfWork, outages: Sequence[Outage]) -> Mapping[str, tuple[Hours, ...]]:
    """By the id of the outage: everybody who had a step of it in hand, or was told times, but
    the one who led it."""
    flown = {o.id: window for o in outages if (window := window_of(o, uow.now)) is not None}
    led = {outage.id: outage.coordinator_id for outage in outages}
    names = {person.id: person.name for person in uow.all(Person)}
    told = {i: found for i, found in told_in(uow, list(flown)).items() if found}
    worked: dict[tuple[str, str], list[Span]] = defaultdict(list)
    busy: set[tuple[str, str]] = set()
    columns = ("outage_id", "owner_id", "state", "started_at", "ended_at")
    had = (
        col(Step.organisation_id) == uow.organisation_id,
        col(Step.archived_at).is_(None),
        col(Step.owner_id).is_not(None),
        col(Step.started_at).is_not(None),
    )
    connection = uow.session.connection()
    query = select(*(getattr(Step, name) for name in columns)).where(
        *had, col(Step.outage_id).in_(list(told))
    )
    for outage_id, owner, state, started, ended in connection.execute(query):
        worked[outage_id, owner].append((started, ended or uow.now))
        if state not in SETTLED:
            busy.add((outage_id, owner))
    # where nobody was told of times all stayed, whenever their steps were
    stayed = select(col(Step.outage_id), col(Step.owner_id)).where(
        *had, col(Step.outage_id).in_(sorted(flown.keys() - told.keys()))
    )
    crew = {
        *worked,
        *((each, who) for each, found in told.items() for who in found),
        *((outage_id, owner or "") for outage_id, owner in connection.execute(stayed.distinct())),
    }
    made: dict[str, list[Hours]] = defaultdict(list)
    for outage_id, who in sorted(crew, key=lambda each: names.get(each[1], "")):
        if who == led[outage_id] or who not in names:
            continue
        said = tellings(told[outage_id].get(who, ())) if outage_id in told else ()
        over = (outage_id, who) not in busy
        spans = worked.get((outage_id, who), ())
        made[outage_id].append(hours_of(names[who], said, spans, flown[outage_id], over))
    return {outage_id: tuple(hours) for outage_id, hours in made.items()}
