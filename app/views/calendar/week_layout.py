"""Where everything of a week stands. What stays on top (days, and what lasts whole days) in pixels
of the view; the hours from the top left of the whole week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from PySide6.QtCore import QPoint, QRect

from app.models.calendar.entries import Entry, Layer
from app.models.calendar.month import DAYS, bars_of, fitting
from app.models.calendar.week import DAY, LEAST, Part, Placed, is_timed, parts_between, side_by_side
from app.views.calendar.month_layout import GAP, PlacedBar
from app.views.theme import px

HEAD = 34
CLOCK = 46
"""The width of one clock's hours (design pixels), as all sizes here."""
HOUR = 28
LANE = 38
"""So wide a lane is at least."""
BAND = 4
"""So many lines may lie above the hours."""


@dataclass(slots=True)
class WeekLayout:
    """`head` is the height of what stays on top, `hour` that of an hour; `left_out` counts by day
    what found no room."""

    monday: date
    width: int
    gutter: int
    head: int
    hour: float
    bars: list[PlacedBar] = field(default_factory=list)
    parts: list[tuple[date, Placed, QRect]] = field(default_factory=list)
    left_out: dict[date, int] = field(default_factory=dict)
    _bar_of: dict[tuple[date, str], QRect] = field(default_factory=dict)
    _part_of: dict[tuple[date, str], QRect] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        monday: date,
        entries: Sequence[Entry],
        zone: str,
        clocks: int,
        size: tuple[int, int],
        line: int,
    ) -> WeekLayout:
        """`clocks` are those whose hours stand on the left, `line` the height of small print."""
        one = line + px(4) + px(GAP)
        whole = bars_of(monday, [e for e in entries if not is_timed(e)])
        most = BAND if size[1] > px(520) else BAND - 1
        shown, left = fitting(whole, [most] * DAYS)
        lanes = max((bar.lane + 1 for bar in shown), default=0)
        head = px(HEAD) + lanes * one + (px(GAP) if lanes else 0)
        hour = max(px(HOUR), (size[1] - head) / 24)
        made = cls(monday, size[0], clocks * px(CLOCK), head, hour)
        for column, count in enumerate(left):
            if count:
                made.left_out[monday + timedelta(days=column)] = count
        for bar in shown:
            begin = made.x(bar.first) + (px(2) if bar.begins else 0)
            end = made.x(bar.last + 1) - (px(3) if bar.ends else 0)
            box = QRect(begin, px(HEAD) + bar.lane * one, end - begin, one - px(GAP))
            made.bars.append(PlacedBar(bar, box, 1))
            for column in range(bar.first, bar.last + 1):
                made._bar_of[monday + timedelta(days=column), bar.entry.key] = box
        made._place_hours([e for e in entries if is_timed(e)], zone)
        return made

    def _place_hours(self, entries: Sequence[Entry], zone: str) -> None:
        found: dict[date, list[Part]] = {}
        for entry in entries:
            assert entry.start is not None and entry.end is not None
            for day, part in parts_between(
                entry, entry.start, entry.end, zone, self.monday, self.sunday
            ):
                found.setdefault(day, []).append(part)
        for day, parts in found.items():
            wide = self.x(1) - self.x(0)
            placed, left = side_by_side(parts, max(1, wide // px(LANE)))
            if left:
                self.left_out[day] = self.left_out.get(day, 0) + left
            for one in placed:
                box = self._box(day, one)
                self.parts.append((day, one, box))
                self._part_of[day, one.part.entry.key] = box

    def _box(self, day: date, placed: Placed) -> QRect:
        column = (day - self.monday).days
        left, right = self.x(column) + px(1), self.x(column + 1) - px(2)
        wide = right - left
        x = left + wide * placed.lane // placed.lanes
        until = left + wide * (placed.lane + 1) // placed.lanes - (px(1) if placed.lanes > 1 else 0)
        return self.span_box(placed.part.start, placed.part.end, x, until)

    def span_box(self, start: int, end: int, left: int, right: int) -> QRect:
        top = self.y(start)
        bottom = max(self.y(end), top + round(self.hour * LEAST / 60))
        bottom = min(bottom, self.height)
        return QRect(left, top, right - left, bottom - top - 1)

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=DAYS - 1)

    @property
    def height(self) -> int:
        return self.head + round(24 * self.hour)

    def x(self, column: int) -> int:
        return self.gutter + (self.width - self.gutter) * column // DAYS

    def y(self, minutes: int) -> int:
        return self.head + round(minutes * self.hour / 60)

    def minutes_at(self, y: int) -> int:
        return min(DAY, max(0, round((y - self.head) * 60 / self.hour)))

    def column_of(self, day: date) -> QRect:
        """Its hours."""
        column = (day - self.monday).days
        return QRect(self.x(column), self.head, self.x(column + 1) - self.x(column), self.height)

    def name_of(self, day: date) -> QRect:
        """Its place on top."""
        column = (day - self.monday).days
        return QRect(self.x(column), 0, self.x(column + 1) - self.x(column), px(HEAD))

    def day_at(self, x: int) -> date | None:
        if not self.gutter <= x < self.width:
            return None
        column = next((n for n in range(DAYS) if x < self.x(n + 1)), DAYS - 1)
        return self.monday + timedelta(days=column)

    def on_top(self, point: QPoint) -> tuple[date, str] | None:
        """Of what stays there."""
        day = self.day_at(point.x())
        if day is None:
            return None
        bar = next((placed for placed in self.bars if placed.box.contains(point)), None)
        return day, bar.bar.entry.key if bar else ""

    def among_hours(self, there: QPoint) -> tuple[date, str] | None:
        day = self.day_at(there.x())
        if day is None:
            return None
        part = self.part_at(there)
        return day, part[1].part.entry.key if part else ""

    def part_at(self, there: QPoint) -> tuple[date, Placed, QRect] | None:
        return next((each for each in reversed(self.parts) if each[2].contains(there)), None)

    def stays(self, day: date, entry_key: str) -> QRect:
        """The box on top; null for what lies among the hours."""
        if not entry_key:
            return self.name_of(day)
        bar = self._bar_of.get((day, entry_key))
        if bar is not None:
            return bar
        return QRect() if (day, entry_key) in self._part_of else self.name_of(day)

    def part_box(self, day: date, entry_key: str) -> QRect:
        return self._part_of.get((day, entry_key), QRect())

    def earliest(self) -> int:
        """Minutes at which an outage begins, the first of any day; noon without one."""
        return min(
            (
                placed.part.start
                for _, placed, _ in self.parts
                if placed.part.begins and placed.part.entry.layer is Layer.OUTAGES
            ),
            default=DAY // 2,
        )
