"""Where the days of a quarter stand: a column a month, a line a day, its entries side by side.
Logical pixels from the top left of the whole quarter."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from PySide6.QtCore import QPoint, QRect

from app.models.calendar.entries import Entry
from app.models.calendar.month import Month
from app.models.calendar.planner import line_of
from app.views.theme import px

HEAD = 34
"""The names of the months (design pixels), as all sizes here."""
LINE = 19
DAY = 52
"""The room of a weekday and a number."""
LEAST = 64
"""A chip is at least so wide, or is counted instead."""
MORE = 30
GAP = 3
LINES = 31


@dataclass(slots=True)
class QuarterLayout:
    """`lines` by day; `chips` are the entries named; `more` where a day says how many it leaves
    out."""

    months: tuple[Month, ...]
    width: int
    height: int
    lines: dict[date, QRect] = field(default_factory=dict)
    chips: list[tuple[date, Entry, QRect]] = field(default_factory=list)
    more: dict[date, tuple[QRect, int]] = field(default_factory=dict)
    _by_day: dict[tuple[date, str], QRect] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        months: tuple[Month, ...],
        on: Mapping[date, Sequence[Entry]],
        size: tuple[int, int],
        width_of: Callable[[Entry, date], int],
    ) -> QuarterLayout:
        tall = max(size[1] - px(HEAD), LINES * px(LINE))
        made = cls(months, size[0], px(HEAD) + tall)
        for number, month in enumerate(months):
            left, right = made.left(number), made.left(number + 1)
            for day_number in range(month.last.day):
                day = date(month.year, month.number, day_number + 1)
                top = px(HEAD) + tall * day_number // LINES
                below = px(HEAD) + tall * (day_number + 1) // LINES
                made.lines[day] = QRect(left, top, right - left, below - top)
                entries = on.get(day, ())
                if entries:
                    made._place(day, line_of(day, entries, months[0].first), width_of)
        return made

    def _place(
        self,
        day: date,
        named: Sequence[Entry],
        width_of: Callable[[Entry, date], int],
    ) -> None:
        """As many chips as have room; the last of them takes what is left."""
        line = self.lines[day]
        left, right = line.left() + px(DAY), line.right() - px(4)
        shown: list[tuple[Entry, int]] = []
        room = right - left
        for number, entry in enumerate(named):
            rest = len(named) - number - 1
            kept = room - (px(MORE) if rest else 0)
            if shown and kept < px(LEAST):
                break
            wide = max(px(LEAST), min(width_of(entry, day), kept))
            shown.append((entry, wide))
            room -= wide + px(GAP)
        for entry, wide in shown:
            box = QRect(left, line.top() + 1, wide, line.height() - 2)
            self.chips.append((day, entry, box))
            self._by_day[day, entry.key] = box
            left += wide + px(GAP)
        count = len(named) - len(shown)
        if count:
            self.more[day] = (QRect(left, line.top(), right - left, line.height()), count)

    def left(self, column: int) -> int:
        return self.width * column // len(self.months)

    def day_at(self, point: QPoint) -> date | None:
        return next((day for day, line in self.lines.items() if line.contains(point)), None)

    def chip_at(self, point: QPoint) -> tuple[date, Entry, QRect] | None:
        return next((chip for chip in self.chips if chip[2].contains(point)), None)

    def more_at(self, point: QPoint) -> date | None:
        return next((day for day, (box, _) in self.more.items() if box.contains(point)), None)

    def box_of(self, day: date, entry_key: str) -> QRect:
        """A day's line, a chip on it, or the place that says it was left out."""
        line = self.lines.get(day, QRect())
        if not entry_key:
            return line
        chip = self._by_day.get((day, entry_key))
        if chip is not None:
            return chip
        return self.more[day][0] if day in self.more else line
