"""How many of those who use something are at work at a given time, each by their own clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.models.times import overlaps, to_wall

_AT_WORK = (7, 19)
"""Hours of a weekday in which most people use something, where a service does not say."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Users:
    """People, by the zone of their clocks; members of a list as far as its owner said how many
    they are."""

    by_zone: Mapping[str, int] = field(default_factory=dict)

    @property
    def all(self) -> int:
        return sum(self.by_zone.values())

    def at_work(self, start: datetime, end: datetime) -> int:
        """How many have a weekday’s working hours somewhere in the span (UTC, end exclusive)."""
        return sum(
            number
            for zone, number in self.by_zone.items()
            if in_working_hours(to_wall(start, zone), to_wall(end, zone))
        )


def in_working_hours(start: datetime, end: datetime) -> bool:
    """Two times of one clock, the end exclusive."""
    day = start.date()
    while day <= end.date():
        midnight = datetime.combine(day, datetime.min.time())
        opens, closes = (midnight + timedelta(hours=hour) for hour in _AT_WORK)
        if day.weekday() < 5 and overlaps(start, end, opens, closes):
            return True
        day += _DAY
    return False
