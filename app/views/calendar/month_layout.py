"""Where everything of a month stands: cells, bars, and what did not fit. Logical pixels from the
top left of the whole month."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from PySide6.QtCore import QPoint, QRect

from app.models.calendar.entries import Entry
from app.models.calendar.month import DAYS, Bar, Month, bars_of, fitting
from app.views.calendar.stacking import lines_of, stack
from app.views.theme import px

HEAD = 34
"""The weekdays above the first week (design pixels), as all sizes here."""
NUMBER = 24
LEAST_WEEK = 66
SIDE = 7
GAP = 3


@dataclass(frozen=True, slots=True)
class PlacedBar:
    bar: Bar
    box: QRect
    lines: int


@dataclass(slots=True)
class MonthLayout:
    """`cells` by day; `more` where a day says how many entries it left out."""

    mondays: tuple[date, ...]
    width: int
    height: int
    cells: dict[date, QRect] = field(default_factory=dict)
    bars: list[PlacedBar] = field(default_factory=list)
    more: dict[date, tuple[QRect, int]] = field(default_factory=dict)
    _by_day: dict[tuple[date, str], QRect] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        month: Month,
        entries: Sequence[Entry],
        size: tuple[int, int],
        line: int,
        width_of: Callable[[Bar], int],
    ) -> MonthLayout:
        """`line` is the height of a line of small print, `width_of` what a headline needs."""
        mondays = month.weeks()
        two = px(NUMBER) + px(GAP) + 2 * (line + px(4) + px(GAP))
        least = max(px(LEAST_WEEK), two)
        tall = max(size[1] - px(HEAD), len(mondays) * least)
        made = cls(mondays, size[0], px(HEAD) + tall)
        for number, monday in enumerate(mondays):
            top = px(HEAD) + tall * number // len(mondays)
            below = px(HEAD) + tall * (number + 1) // len(mondays)
            for column in range(DAYS):
                left, right = made.left(column), made.left(column + 1)
                made.cells[monday + timedelta(days=column)] = QRect(
                    left, top, right - left, below - top
                )
            made._place_week(monday, entries, line, width_of)
        return made

    @property
    def first(self) -> date:
        return self.mondays[0]

    @property
    def last(self) -> date:
        return self.mondays[-1] + timedelta(days=DAYS - 1)

    def left(self, column: int) -> int:
        return self.width * column // DAYS

    def day_at(self, point: QPoint) -> date | None:
        for day, cell in self.cells.items():
            if cell.contains(point):
                return day
        return None

    def bar_at(self, point: QPoint) -> PlacedBar | None:
        return next((placed for placed in self.bars if placed.box.contains(point)), None)

    def more_at(self, point: QPoint) -> date | None:
        return next((day for day, (box, _) in self.more.items() if box.contains(point)), None)

    def box_of(self, day: date, entry_key: str) -> QRect:
        """A day's cell, the part of a bar on that day, or the place that says it was left out."""
        cell = self.cells.get(day, QRect())
        if not entry_key:
            return cell
        bar = self._by_day.get((day, entry_key))
        if bar is not None:
            return bar.intersected(cell)
        return self.more[day][0] if day in self.more else cell

    def whole_box(self, day: date, entry_key: str) -> QRect:
        """The whole bar of the week."""
        return self._by_day.get((day, entry_key), QRect())

    def _place_week(
        self,
        monday: date,
        entries: Sequence[Entry],
        line: int,
        width_of: Callable[[Bar], int],
    ) -> None:
        bars = bars_of(monday, entries)
        cell = self.cells[monday]
        room = cell.height() - px(NUMBER) - px(GAP)
        one = line + px(4) + px(GAP)
        shown, left = fitting(bars, [room // one] * DAYS)
        shown = tuple(sorted(shown, key=lambda each: each.lane))
        rooms = [room - one * (count > 0) for count in left]
        lines = lines_of(
            shown, rooms, (one, line), lambda bar: 1 + (width_of(bar) > self._room(bar))
        )
        bottoms: list[float] = [0] * DAYS
        for bar, count in zip(shown, lines, strict=True):
            high = one + line * (count - 1)
            top = round(stack(bar, high, bottoms))
            box = self._box(bar, cell.top() + px(NUMBER) + top, high)
            self.bars.append(PlacedBar(bar, box, count))
            for column in range(bar.first, bar.last + 1):
                self._by_day[monday + timedelta(days=column), bar.entry.key] = box
        for column, count in enumerate(left):
            if count:
                top = cell.top() + px(NUMBER) + round(bottoms[column])
                top = min(top, cell.bottom() - line - px(2))
                day = monday + timedelta(days=column)
                box = self.cells[day]
                self.more[day] = (
                    QRect(box.left() + px(SIDE), top, box.width() - 2 * px(SIDE), line + px(2)),
                    count,
                )

    def _room(self, bar: Bar) -> int:
        """For the words of a bar."""
        return self.left(bar.last + 1) - self.left(bar.first) - 2 * px(SIDE) - px(12)

    def _box(self, bar: Bar, top: int, height: int) -> QRect:
        left = self.left(bar.first) + (px(SIDE) if bar.begins else 0)
        right = self.left(bar.last + 1) - (px(SIDE) if bar.ends else 0)
        return QRect(left, top, right - left, height - px(GAP))
