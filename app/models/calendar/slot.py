"""Where on the calendar a new outage shall lie: on a day, from a time on, or between two times."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Self

from app.models.times import Window, speak_date, speak_time

USUAL_START, USUAL_LENGTH = time(19), timedelta(hours=3)
_SPLIT = "/"


@dataclass(frozen=True, slots=True)
class Slot:
    """On wall clocks where the organisation is. Without a time the usual one is meant, without an
    end the usual length."""

    day: date
    at: time | None = None
    until: datetime | None = None

    @classmethod
    def between(cls, start: datetime, end: datetime | None = None) -> Self:
        return cls(start.date(), start.time(), end)

    @classmethod
    def of(cls, written: str) -> Self:
        """Raises ValueError for what `written` does not write."""
        start, _, end = written.partition(_SPLIT)
        if "T" not in start:
            return cls(date.fromisoformat(start))
        until = datetime.fromisoformat(end) if end else None
        return cls.between(datetime.fromisoformat(start), until)

    @property
    def written(self) -> str:
        """`2025-01-10`, `2025-01-10T22:00`, `2025-01-10T22:00/2025-01-11T04:00`."""
        if self.at is None:
            return self.day.isoformat()
        walls = (self.start, self.until) if self.until else (self.start,)
        return _SPLIT.join(wall.isoformat(timespec="minutes") for wall in walls)

    @property
    def start(self) -> datetime:
        return datetime.combine(self.day, self.at or USUAL_START)

    @property
    def end(self) -> datetime:
        return self.until or self.start + USUAL_LENGTH

    @property
    def words(self) -> str:
        """`22:00–04:00`; without an end `from 22:00`."""
        begins = speak_time(self.start)
        if self.until is None:
            return f"from {begins}"
        overnight = self.until - self.start <= timedelta(days=1)
        day = "" if overnight else f"{speak_date(self.until.date())} "
        return f"{begins}–{day}{speak_time(self.until)}"

    def on(self, day: date) -> Self:
        """The same hours on another day."""
        until = self.until + (day - self.day) if self.until else None
        return type(self)(day, self.at, until)

    def to_come(self, now: datetime) -> Self:
        """The same hours on the first day on which they still begin after `now`, a wall time."""
        if self.start > now:
            return self
        late = datetime.combine(now.date(), self.start.time()) <= now
        return self.on(now.date() + timedelta(days=late))

    def window(self, zone: str) -> Window:
        """Unchecked: whoever shows it says where the clocks jump over one of its times."""
        return Window(self.start, self.end, zone)
