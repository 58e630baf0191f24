"""The days that spans of time touch, for thousands of them at once."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import date, datetime, time, timedelta

from app.models.calendar.entries import days_of
from app.models.times import to_utc


class Midnights:
    """As `days_of` in one zone: the midnights from `first` to `last` are reckoned once, and each
    moment among them is looked up, which takes a tenth of the time of asking the zone."""

    def __init__(self, first: date, last: date, zone: str) -> None:
        self._zone = zone
        count = (last - first).days + 2
        self._days = [first + timedelta(days=n) for n in range(count)]
        self._moments = [to_utc(datetime.combine(day, time.min), zone) for day in self._days]

    def days_of(self, start: datetime, end: datetime) -> tuple[date, date]:
        """The first and last day (inclusive) a span in UTC touches."""
        if start < self._moments[0] or end >= self._moments[-1]:
            return days_of(start, end, self._zone)
        first = bisect_right(self._moments, start) - 1
        last = max(first, bisect_left(self._moments, end) - 1)
        return self._days[first], self._days[last]
