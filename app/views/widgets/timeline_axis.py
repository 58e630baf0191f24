"""Moments to pixels: which part of the flight a timeline shows, and its ticks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from PySide6.QtCore import QRectF

from app.models.outages.lifecycle import CLOSED, State
from app.models.runbook import Slack, slack_class
from app.models.times import to_utc, to_wall
from app.services.runbook.timeline import Bar
from app.views.theme import Token

EARLIEST = timedelta(hours=2)
"""What was done longer before the window is only pointed at, or it would press the rest flat."""
LATEST = timedelta(hours=3)
CLOSEST = 32.0
_TICKS = (5, 10, 15, 30, 60, 120, 240, 720, 1440)


class Course(Protocol):
    """What a timeline needs to know of a flight; Live's rows have it too."""

    @property
    def state(self) -> State: ...
    @property
    def zone(self) -> str: ...
    @property
    def start(self) -> datetime: ...
    @property
    def promised_end(self) -> datetime: ...
    @property
    def way_back(self) -> datetime | None: ...
    @property
    def anything_to_undo(self) -> bool: ...
    @property
    def bars(self) -> tuple[Bar, ...]: ...


@dataclass(frozen=True, slots=True)
class Axis:
    """`left` and `width` are the room in pixels; at `zoom` 1 everything fits, `offset` is how
    many pixels are scrolled away."""

    first: datetime
    last: datetime
    left: int
    width: int
    zoom: float = 1.0
    offset: int = 0

    @property
    def content(self) -> int:
        """The width of it all, in pixels."""
        return round(self.width * self.zoom)

    def x(self, moment: datetime) -> float:
        whole = max(1.0, (self.last - self.first).total_seconds())
        gone = (moment - self.first).total_seconds()
        return self.left + gone * self.content / whole - self.offset

    def moment(self, x: float) -> datetime:
        part = (x - self.left + self.offset) / max(1, self.content)
        return self.first + (self.last - self.first) * part

    def shows(self, moment: datetime) -> bool:
        return self.left <= self.x(moment) <= self.left + self.width

    def span(self, start: datetime, end: datetime, top: float, height: int, least: int) -> QRectF:
        """Never so short that it cannot be seen. Kept near the room: painters dislike miles."""
        far = 2.0 * self.width
        left = min(max(self.x(start), self.left - far), self.left + self.width + far)
        right = min(max(self.x(end), self.left - far), self.left + self.width + far)
        return QRectF(left, top, max(float(least), right - left), height)

    def ticks(self, zone: str, apart: int) -> Iterator[datetime]:
        """Round wall times at least `apart` pixels from each other, within sight."""
        minutes = (self.last - self.first).total_seconds() / 60 * apart / max(1, self.content)
        step = next((each for each in _TICKS if each >= minutes), _TICKS[-1])
        wall = to_wall(self.moment(self.left), zone).replace(second=0, microsecond=0)
        past = (wall.hour * 60 + wall.minute) % step
        wall -= timedelta(minutes=past)
        while True:
            moment = to_utc(wall, zone)
            if self.x(moment) > self.left + self.width:
                return
            if self.x(moment) >= self.left:
                yield moment
            wall += timedelta(minutes=step)


def span_of(course: Course, now: datetime) -> tuple[datetime, datetime]:
    """From the first bar of interest to a little after the last line."""
    starts = [m for b in course.bars for m in (b.planned_start, b.expected_start, b.started_at)]
    ends = [m for b in course.bars for m in (b.planned_end, b.expected_end, b.ended_at)]
    earliest = course.start - EARLIEST
    latest = course.promised_end + LATEST
    first = min([course.start, *(m for m in starts if m is not None and m >= earliest)])
    last = max([course.promised_end, *(m for m in ends if m is not None and m <= latest)])
    if course.state not in CLOSED and earliest <= now <= latest:
        first, last = min(first, now), max(last, now)
    margin = max(timedelta(minutes=2), (last - first) / 60)
    return first - margin, last + margin


def open_way_back(course: Course) -> datetime | None:
    """Where there is something to undo that can be undone, and it can still be decided."""
    flying = course.state in (State.IN_PROGRESS, State.VERIFYING)
    return course.way_back if flying and course.anything_to_undo else None


def lines_of(course: Course, now: datetime) -> Sequence[tuple[datetime, Token, int]]:
    """The moments that matter, with their ink and width: way back, window end, now."""
    made: list[tuple[datetime, Token, int]] = []
    if (back := open_way_back(course)) is not None:
        made.append((back, back_ink(back, now), 1))
    made.append((course.promised_end, Token.BAD, 1))
    if course.state not in CLOSED:
        made.append((now, Token.ACCENT, 2))
    return made


def back_ink(way_back: datetime, now: datetime) -> Token:
    inks = {Slack.OK: Token.OK, Slack.WARN: Token.WARN, Slack.BAD: Token.BAD}
    return inks[slack_class(way_back, now)]
