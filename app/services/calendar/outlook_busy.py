"""When the crew is busy, as Outlook says: away counts as leave, a meeting as double-booked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col

from app.models.calendar.facts import AWAY_IN_OUTLOOK, FROM_OUTLOOK, IN_OUTLOOK
from app.models.outages.lifecycle import BEFORE_START
from app.models.tables.directory import Leave, Person
from app.models.tables.outages import Outage
from app.models.tables.runbook import Step
from app.services.events import CalendarChanged
from app.services.ports.calendars import BusyKind, Schedule
from app.services.uow import UnitOfWork

AHEAD = timedelta(days=42)
"""So far the service tells in one question, and so far a crew is planned."""
KINDS = {BusyKind.OUT: AWAY_IN_OUTLOOK, BusyKind.BUSY: IN_OUTLOOK}


@dataclass(frozen=True, slots=True)
class Asking:
    """Whose free and busy are to be asked for, over which span (UTC)."""

    emails: tuple[str, ...]
    start: datetime
    end: datetime


def asking(uow: UnitOfWork) -> Asking | None:
    """A query: the crews of the flights of the next six weeks; None when there are none."""
    end = uow.now + AHEAD
    flights = uow.all(
        Outage,
        col(Outage.state).in_(list(BEFORE_START)),
        col(Outage.start_utc) < end,
        col(Outage.end_utc) > uow.now,
    )
    if not flights:
        return None
    steps = uow.all(Step, col(Step.outage_id).in_([f.id for f in flights]))
    ids = {s.owner_id for s in steps} | {f.coordinator_id for f in flights}
    people = uow.all(Person, col(Person.id).in_([i for i in ids if i]))
    emails = tuple(sorted(p.email for p in people if p.email))
    return Asking(emails, uow.now, end) if emails else None


def take_in_busy(uow: UnitOfWork, asked: Asking, schedules: Sequence[Schedule]) -> int:
    """What Outlook said replaces what it said before of the same span; of whom it could not
    tell, nothing is changed. How many rows are different."""
    told = [schedule.email.casefold() for schedule in schedules]
    people = {p.email_key: p for p in uow.all(Person, col(Person.email_key).in_(told))}
    changed = 0
    for schedule in schedules:
        person = people.get(schedule.email.casefold())
        if person is None or schedule.trouble:
            continue
        said = {
            (span.start, span.end, KINDS[span.kind]) for span in schedule.busy if span.kind in KINDS
        }
        known = uow.all(
            Leave,
            col(Leave.person_id) == person.id,
            col(Leave.kind).in_(FROM_OUTLOOK),
            col(Leave.end_utc) > asked.start,
            col(Leave.start_utc) < asked.end,
        )
        have = {(row.start_utc, row.end_utc, row.kind): row for row in known}
        for key, row in have.items():
            if key not in said:
                uow.archive(row)
                changed += 1
        for start, end, kind in sorted(said - have.keys()):
            uow.add(
                Leave(
                    organisation_id=uow.organisation_id,
                    person_id=person.id,
                    start_utc=start,
                    end_utc=end,
                    kind=kind,
                )
            )
            changed += 1
    if changed:
        uow.log(f"free and busy of the crew read from Outlook: {changed} changes")
        uow.emit(CalendarChanged())
    return changed
