"""A business event as somebody types it, and the row that stands for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from app.models.calendar.asked import Asked
from app.models.calendar.events import ReadEvent, Stamp
from app.models.calendar.series import normal_rule
from app.models.errors import BadInput
from app.models.severity import Severity
from app.models.times import speak_date, to_utc

TITLE = 200
LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Noted:
    """What operations notes of an event, wherever it comes from: services and departments by id
    (none: as its layer), `severity` None as its layer."""

    asked: Asked = field(default_factory=Asked)
    services: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class TypedEvent:
    """`start` and `end` are wall times in the organisation's zone. Of whole days the clock does
    not count, and the day of `end` is its last one. `repeats`: an RRULE, or words for one."""

    title: str
    start: datetime
    end: datetime
    all_day: bool = True
    repeats: str = ""
    noted: Noted = field(default_factory=Noted)


def read_of(typed: TypedEvent, key: str, zone: str, sequence: int) -> ReadEvent:
    """As a calendar file would say it. Raises BadInput (`field`)."""
    title = " ".join(typed.title.split())
    if not title or len(title) > TITLE:
        raise BadInput("Give the event a title, such as “Payroll run”.", field="title")
    start, end = typed.start, typed.end
    if typed.all_day:
        start, end = (datetime.combine(each.date(), time.min) for each in (start, end))
        end += timedelta(days=1)
    if end <= start:
        raise BadInput(f"It ends before it begins ({speak_date(start.date())}).", field="end")
    if end - start > LONGEST:
        raise BadInput("That is longer than a year; is the year right?", field="end")
    if not typed.all_day:
        for each in (start, end):
            to_utc(each, zone)  # a time the clocks jump over is refused
    rules = (normal_rule(typed.repeats),) if typed.repeats.strip() else ()
    where = "" if typed.all_day else zone
    return ReadEvent(
        key,
        title,
        typed.all_day,
        Stamp(start, where),
        Stamp(end, where),
        line=0,
        rrules=rules,
        sequence=sequence,
    )
