"""The day on which clocks change: which of its hours do not happen, or happen twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from app.models.times import to_utc, to_wall

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ClockChange:
    """On the wall from `start` to `end` (minutes of the day): `twice`, or never."""

    start: int
    end: int
    twice: bool

    @property
    def words(self) -> str:
        what = "happens twice" if self.twice else "does not happen"
        return f"{_clock(self.start)}–{_clock(self.end)} {what}"


def clock_change(day: date, zone: str) -> ClockChange | None:
    """What the clocks of a zone do on that day."""
    begins = datetime.combine(day, time.min)
    low, high = to_utc(begins, zone), to_utc(begins + _DAY, zone)
    if high - low == _DAY:
        return None
    offset = to_wall(low, zone) - low.replace(tzinfo=None)
    while high - low > timedelta(minutes=1):  # the moment of the change lies between
        middle = low + (high - low) / 2
        same = to_wall(middle, zone) - middle.replace(tzinfo=None) == offset
        low, high = (middle, high) if same else (low, middle)
    high = high.replace(second=0, microsecond=0)
    after = to_wall(high, zone)
    before = high.replace(tzinfo=None) + offset
    first, last = sorted((_minutes(before, day), _minutes(after, day)))
    return ClockChange(first, last, after < before)


def _minutes(wall: datetime, day: date) -> int:
    return int((wall - datetime.combine(day, time.min)).total_seconds() // 60)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
