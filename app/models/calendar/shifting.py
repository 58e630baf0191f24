"""A window on its way to another place on the calendar: the whole of it, or one of its ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.models.times import Window, to_utc, to_wall


@dataclass(frozen=True, slots=True)
class Shift:
    """How far each end goes, on the window's own clocks. Without either it stays."""

    start: timedelta = timedelta()
    end: timedelta = timedelta()

    @classmethod
    def whole(cls, *, days: int = 0, minutes: int = 0) -> Shift:
        by = timedelta(days=days, minutes=minutes)
        return cls(by, by)

    def __bool__(self) -> bool:
        return bool(self.start or self.end)

    def __add__(self, other: Shift) -> Shift:
        return Shift(self.start + other.start, self.end + other.end)


HOME = Shift()


def shifted(window: Window, shift: Shift) -> Window:
    """On the same clocks, so that times stay where the clocks change between. Raises BadInput
    where they jump over one of the times, and when nothing of the window is left."""
    return Window.of(
        window.start + shift.start,
        window.end + shift.end,
        window.zone,
        window.start_fold,
        window.end_fold,
    )


def shift_to(window: Window, other: Window) -> Shift:
    """How far it goes to lie where `other` does, of the same zone."""
    return Shift(other.start - window.start, other.end - window.end)


def carried(start: datetime, end: datetime, zone: str, shift: Shift) -> tuple[datetime, datetime]:
    """The moments (UTC) of a window on the clocks of `zone` once it is shifted; where they jump
    over a time, the one they jump to."""
    return (
        to_utc(to_wall(start, zone) + shift.start, zone),
        to_utc(to_wall(end, zone) + shift.end, zone),
    )
