"""The hours of a week: which part of a window lies on which day, and what stands beside what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from app.models.calendar.entries import Entry, Layer
from app.models.times import to_wall

DAY = 24 * 60
LEAST = 30
"""Minutes: what is shorter, or lies in the hour that happens twice, takes that much room."""


@dataclass(frozen=True, slots=True)
class Part:
    """Of an entry on one day, in minutes of its wall clock; `begins` and `ends` say whether the
    entry itself does so here, else it crosses midnight."""

    entry: Entry
    start: int
    end: int
    begins: bool
    ends: bool


@dataclass(frozen=True, slots=True)
class Placed:
    """A part in the lane of its own, of so many that stand side by side."""

    part: Part
    lane: int
    lanes: int


def is_timed(entry: Entry) -> bool:
    """Among the hours; what lasts whole days and more lies above them, but an outage never does,
    as its hours are what counts."""
    if entry.start is None or entry.end is None:
        return False
    return entry.layer is Layer.OUTAGES or entry.end - entry.start < timedelta(days=1)


def parts_between(
    entry: Entry, start: datetime, end: datetime, zone: str, first: date, last: date
) -> list[tuple[date, Part]]:
    """The parts of a span (UTC) on the days from `first` to `last` in `zone`."""
    begins, ends = to_wall(start, zone), to_wall(end, zone)
    found = []
    day = max(first, begins.date())
    while day <= last:
        midnight = datetime.combine(day, time.min)
        if day > begins.date() and midnight >= ends:
            break
        top = max(0, _minutes(begins, midnight))
        bottom = min(DAY, max(_minutes(ends, midnight), top + (day == begins.date())))
        found.append((day, Part(entry, top, bottom, day == begins.date(), _ends(ends, midnight))))
        day += timedelta(days=1)
    return found


def side_by_side(parts: Sequence[Part], most: int) -> tuple[list[Placed], int]:
    """Each in the first lane that is free, outages before all others; and how many of the others
    there was no room for beside `most`. An outage is always there."""
    order = sorted(parts, key=lambda p: (p.entry.layer is not Layer.OUTAGES, p.start, -p.end))
    lanes: list[list[Part]] = []
    kept: list[tuple[Part, int]] = []
    left = 0
    for part in order:
        lane = next(
            (n for n, held in enumerate(lanes) if not any(_meet(part, one) for one in held)),
            len(lanes),
        )
        if lane >= most and part.entry.layer is not Layer.OUTAGES:
            left += 1
            continue
        if lane == len(lanes):
            lanes.append([])
        lanes[lane].append(part)
        kept.append((part, lane))
    return [Placed(part, lane, _abreast(part, kept)) for part, lane in kept], left


def _abreast(part: Part, kept: Sequence[tuple[Part, int]]) -> int:
    """How many lanes the group needs that hangs together with it."""
    group, found = [part], {id(part)}
    most = 0
    while group:
        one = group.pop()
        for other, lane in kept:
            if other is one or _meet(one, other):
                most = max(most, lane + 1)
                if id(other) not in found:
                    found.add(id(other))
                    group.append(other)
    return most


def _meet(one: Part, other: Part) -> bool:
    return one.start < _until(other) and other.start < _until(one)


def _until(part: Part) -> int:
    return max(part.end, part.start + LEAST)


def _minutes(wall: datetime, midnight: datetime) -> int:
    return int((wall - midnight).total_seconds() // 60)


def _ends(wall: datetime, midnight: datetime) -> bool:
    return wall <= midnight + timedelta(days=1)
