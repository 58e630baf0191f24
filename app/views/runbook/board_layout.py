"""Where every card of the board lies: columns side by side, one scroll for all of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QPoint, QRect

from app.models.runbook.steps import Column
from app.views.theme import px

COLUMNS = tuple(Column)
GAP = 10
HEAD = 40
PAD = 9
BETWEEN = 8
NARROWEST = 124


@dataclass(slots=True)
class BoardLayout:
    """Rectangles in content coordinates (before scrolling), in logical pixels."""

    stride: float = 0.0
    """From one column's left edge to the next one's."""
    width: int = 0
    height: int = 0
    cards: list[QRect] = field(default_factory=list)
    """By model row."""
    rows: dict[Column, list[int]] = field(default_factory=lambda: {c: [] for c in COLUMNS})
    """The model rows of each column, from the top."""

    @classmethod
    def of(
        cls, columns: Sequence[Column], room: int, height_of: Callable[[int, int], int]
    ) -> BoardLayout:
        """Deal rows (`columns[row]`) into columns over `room` pixels.

        `height_of(row, width)` measures a card. Columns never get narrower than can be read:
        then `width` exceeds `room` and the view scrolls sideways.
        """
        made = cls()
        made.stride = max(float(px(NARROWEST + GAP)), (room + px(GAP)) / len(COLUMNS))
        made.width = round(made.stride * len(COLUMNS)) - px(GAP)
        pad, between = px(PAD), px(BETWEEN)
        lanes = {c: (made.left(c) + pad, made.column_width(c) - 2 * pad) for c in COLUMNS}
        ends = dict.fromkeys(COLUMNS, px(HEAD))
        for row, column in enumerate(columns):
            left, card = lanes[column]
            tall = height_of(row, card)
            made.cards.append(QRect(left, ends[column], card, tall))
            made.rows[column].append(row)
            ends[column] += tall + between
        made.height = max(ends.values()) - between + pad
        return made

    def left(self, column: Column) -> int:
        return round(COLUMNS.index(column) * self.stride)

    def column_width(self, column: Column) -> int:
        """Columns may differ by a pixel, so that together they fill the room."""
        return round((COLUMNS.index(column) + 1) * self.stride) - px(GAP) - self.left(column)

    def column_at(self, x: int) -> Column | None:
        """The column at content x; the gap belongs to the one at its left."""
        place = int(x // self.stride) if self.stride else -1
        return COLUMNS[place] if 0 <= place < len(COLUMNS) else None

    def row_at(self, point: QPoint) -> int | None:
        column = self.column_at(point.x())
        if column is None:
            return None
        return next((row for row in self.rows[column] if self.cards[row].contains(point)), None)

    def beside(self, row: int, column: Column, step: int) -> int | None:
        """The card nearest in height in the next column that has any, `step` being −1 or 1."""
        middle = self.cards[row].center().y()
        place = COLUMNS.index(column) + step
        while 0 <= place < len(COLUMNS):
            there = self.rows[COLUMNS[place]]
            if there:
                return min(there, key=lambda other: abs(self.cards[other].center().y() - middle))
            place += step
        return None
