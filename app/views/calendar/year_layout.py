"""Where the twelve months of a year stand, and their days. Logical pixels from the top left of the
whole year."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from PySide6.QtCore import QPoint, QRect

from app.models.calendar.month import DAYS, Month
from app.views.theme import px

HEAD = 28
"""The legend above the months (design pixels), as all sizes here."""
NAME, WEEKDAYS = 22, 14
LEAST_CELL = 18
SIDE, GAP, BELOW = 12, 16, 4
WEEKS = 6


@dataclass(slots=True)
class YearLayout:
    """`cells` by day, `names` and `weekdays` by month."""

    width: int
    height: int
    cell: tuple[int, int]
    cells: dict[date, QRect] = field(default_factory=dict)
    names: dict[Month, QRect] = field(default_factory=dict)
    weekdays: dict[Month, QRect] = field(default_factory=dict)

    @classmethod
    def of(cls, months: tuple[Month, ...], size: tuple[int, int]) -> YearLayout:
        """As many months abreast as leave each day the most room; rather all on one screen."""
        columns = max((2, 3, 4, 6), key=lambda n: _rank(n, size))
        wide, high = _cell(columns, size)
        high = max(high, px(LEAST_CELL))
        block = (DAYS * wide, px(NAME) + px(WEEKDAYS) + WEEKS * high)
        lines = len(months) // columns
        spare = size[0] - 2 * px(SIDE) - columns * block[0]
        gap = spare // max(1, columns - 1)
        whole = px(HEAD) + lines * (block[1] + px(BELOW)) + px(BELOW)
        made = cls(size[0], max(size[1], whole), (wide, high))
        for number, month in enumerate(months):
            left = px(SIDE) + number % columns * (block[0] + gap)
            top = px(HEAD) + number // columns * (block[1] + px(BELOW))
            made._place(month, left, top)
        return made

    def _place(self, month: Month, left: int, top: int) -> None:
        wide, high = self.cell
        self.names[month] = QRect(left, top, DAYS * wide, px(NAME))
        top += px(NAME)
        self.weekdays[month] = QRect(left, top, DAYS * wide, px(WEEKDAYS))
        top += px(WEEKDAYS)
        for week, monday in enumerate(month.weeks()):
            for column in range(DAYS):
                day = monday + timedelta(days=column)
                if Month.of(day) == month:
                    x, y = left + column * wide, top + week * high
                    self.cells[day] = QRect(x, y, wide, high)

    def day_at(self, point: QPoint) -> date | None:
        return next((day for day, cell in self.cells.items() if cell.contains(point)), None)

    def month_at(self, point: QPoint) -> Month | None:
        return next((month for month, box in self.names.items() if box.contains(point)), None)


def _cell(columns: int, size: tuple[int, int]) -> tuple[int, int]:
    """Width and height of a day, of whole pixels, when so many months stand abreast."""
    lines = 12 // columns
    wide = (size[0] - 2 * px(SIDE) - (columns - 1) * px(GAP)) // (columns * DAYS)
    high = (size[1] - px(HEAD) - px(BELOW)) // lines - px(NAME) - px(WEEKDAYS) - px(BELOW)
    return max(1, wide), high // WEEKS


def _rank(columns: int, size: tuple[int, int]) -> tuple[bool, int]:
    wide, high = _cell(columns, size)
    fits = high >= px(LEAST_CELL) and wide >= px(LEAST_CELL)
    return fits, min(wide, max(high, px(LEAST_CELL)))
