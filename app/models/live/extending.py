"""A later end: which one to propose, and what it does to people's rest and to the morning."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.models.calendar.facts import WeeklySpan
from app.models.live.margin import Margin
from app.models.times import to_utc, to_wall

ROUND = timedelta(minutes=5)
LEAST = timedelta(minutes=15)
MORNING = timedelta(hours=14)
"""So long after the end somebody's day is the morning after."""


def proposed_end(margin: Margin, now: datetime) -> datetime:
    """The end to promise: the one four of five such flights keep, to the next five minutes; at
    least a quarter of an hour later than promised, and than now where that has passed."""
    end = max(margin.high, margin.promised + LEAST, now + LEAST if now > margin.promised else now)
    past = (end - datetime.min.replace(tzinfo=UTC)) % ROUND
    return end if not past else end - past + ROUND


@dataclass(frozen=True, slots=True)
class Rested:
    """`free_at` is when the forecast lets somebody go; `by` is when they have rested enough."""

    name: str
    free_at: datetime
    by: datetime


def rest_after(
    free: Iterable[tuple[str, datetime]], end: datetime, rest: timedelta
) -> tuple[Rested, ...]:
    """Of those still needed, whoever may go last first. Nobody is promised to be free later than
    the new `end` unless the forecast says so itself."""
    made = [Rested(name, at, max(at, end) + rest) for name, at in free]
    return tuple(sorted(made, key=lambda each: (each.free_at, each.name), reverse=True))


def next_use(hours: Iterable[WeeklySpan], end: datetime, zone: str) -> datetime | None:
    """When people first use it again after `end` (UTC): `end` itself inside its hours; None
    without hours, or when the next morning is none of them."""
    spans = tuple(hours)
    if not spans:
        return None
    wall = to_wall(end, zone)
    midnight = wall.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    found: list[datetime] = []
    for days in (-1, 0, 1):
        day = midnight + timedelta(days=days)
        for span in spans:
            if span.weekday != day.weekday():
                continue
            first = to_utc(day + timedelta(minutes=span.start_minute), zone)
            last = to_utc(day + timedelta(minutes=span.end_minute), zone)
            if last > end:
                found.append(max(first, end))
    nearest = min(found, default=None)
    return nearest if nearest is not None and nearest - end <= MORNING else None
