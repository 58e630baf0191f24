"""What stands on a page: headings, table rows, fact boxes, lines to write on.

Every block knows its height in units (see text.py) for the paginator and draws itself at a
place; none knows pages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Protocol

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from app.views.reports.qr import MODULE, QUIET, QrCode
from app.views.reports.text import BODY, INK, SMALL, STRONG, Run, Style, Text, elided, pt

RULE = QColor(0xCC, 0xCC, 0xCC)
FRAME = QColor(0x99, 0x99, 0x99)
GREY = QColor(0xF2, 0xF2, 0xF2)
PAD_X = pt(3)
PAD_Y = pt(4.5)


class Drawable(Protocol):
    @property
    def height(self) -> float: ...

    def draw(self, painter: QPainter, x: float, y: float, *, repeated: bool = False) -> None:
        """`repeated`: this is a header standing on a further page of its table."""


@dataclass(frozen=True, slots=True)
class CheckBox:
    """An empty box for the pen, or one ticked before printing."""

    ticked: bool = False
    side: float = pt(11)

    @property
    def height(self) -> float:
        return self.side

    def draw(self, painter: QPainter, x: float, y: float) -> None:
        painter.setPen(QPen(INK, pt(1)))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(QRectF(x, y, self.side, self.side))
        if self.ticked:
            painter.setPen(QPen(INK, pt(1.6)))
            s = self.side
            low = QPointF(x + 0.42 * s, y + 0.76 * s)
            painter.drawLine(QLineF(QPointF(x + 0.18 * s, y + 0.52 * s), low))
            painter.drawLine(QLineF(low, QPointF(x + 0.84 * s, y + 0.22 * s)))


@dataclass(frozen=True, slots=True)
class WriteLine:
    """A line to write a time or initials on."""

    width: float

    @property
    def height(self) -> float:
        return pt(12.6)

    def draw(self, painter: QPainter, x: float, y: float) -> None:
        painter.setPen(QPen(FRAME, pt(0.75)))
        painter.drawLine(QLineF(x, y + pt(11.5), x + self.width, y + pt(11.5)))


Cell = Text | CheckBox | WriteLine | None


class TableRow:
    """Cells at the given left edges; grey for gates; a rule below; a bar in the margin when it is
    `marked` as changed."""

    def __init__(
        self,
        lefts: Sequence[float],
        cells: Sequence[Cell],
        width: float,
        *,
        grey: bool = False,
        strong_rule: bool = False,
        marked: bool = False,
    ) -> None:
        self._lefts, self._cells, self._width = tuple(lefts), tuple(cells), width
        self._grey, self._strong, self._marked = grey, strong_rule, marked
        self.height = max((c.height for c in cells if c), default=0.0) + 2 * PAD_Y

    def pieces(self, limit: float) -> list[TableRow]:
        """Itself, or rows ≤ `limit` high that go on with its texts: a row longer than a page."""
        if self.height <= limit:
            return [self]
        columns = [
            cell.pieces(limit - 2 * PAD_Y) if isinstance(cell, Text) else [cell]
            for cell in self._cells
        ]
        return [
            TableRow(self._lefts, cells, self._width, grey=self._grey, marked=self._marked)
            for cells in zip_longest(*columns)
        ]

    def draw(self, painter: QPainter, x: float, y: float, *, repeated: bool = False) -> None:
        if self._grey:
            below_rule = y + pt(0.4)
            painter.fillRect(QRectF(x, below_rule, self._width, self.height - pt(0.4)), GREY)
        for left, cell in zip(self._lefts, self._cells, strict=True):
            if cell:
                cell.draw(painter, x + left, y + PAD_Y)
        if self._marked:
            painter.fillRect(QRectF(x - pt(6), y + pt(2), pt(2.2), self.height - pt(4)), INK)
        painter.setPen(QPen(INK if self._strong else RULE, pt(0.75)))
        painter.drawLine(QLineF(x, y + self.height, x + self._width, y + self.height))


class TableHeader:
    """Column names; where they stand again the section's name stands with them."""

    def __init__(
        self, lefts: Sequence[float], names: Sequence[str], width: float, section: str, at: int
    ) -> None:
        self._first = self._row(lefts, names, width)
        again = list(names)
        room = [*lefts[1:], width][at] - lefts[at] - PAD_X
        whole = f"{names[at]} · {section}, continued"
        fits = elided(whole, SMALL, room) == whole
        again[at] = whole if fits else f"{names[at]}, continued"
        self._again = self._row(lefts, again, width)
        self.height = max(self._first.height, self._again.height)

    @staticmethod
    def _row(lefts: Sequence[float], names: Sequence[str], width: float) -> TableRow:
        rights = [*lefts[1:], width]
        cells = [
            Text([Run(elided(name, SMALL, right - left - PAD_X), SMALL)], right - left)
            for left, right, name in zip(lefts, rights, names, strict=True)
        ]
        return TableRow(lefts, cells, width, strong_rule=True)

    def draw(self, painter: QPainter, x: float, y: float, *, repeated: bool = False) -> None:
        row = self._again if repeated else self._first
        row.draw(painter, x, y + self.height - row.height)


class Heading:
    """A section's name, on one line, over a rule."""

    def __init__(self, text: str, width: float) -> None:
        style = Style(9.75, bold=True)
        self._text = Text([Run(elided(text, style, width), style)], width)
        self._width = width
        self.height = self._text.height + pt(2.5)

    def draw(self, painter: QPainter, x: float, y: float, *, repeated: bool = False) -> None:
        self._text.draw(painter, x, y)
        painter.setPen(QPen(INK, pt(1.1)))
        bottom = y + self.height
        painter.drawLine(QLineF(x, bottom, x + self._width, bottom))


class TitleRow:
    """The packet's name, and at its right the code that a telephone reads."""

    def __init__(self, text: Text, code: QrCode, width: float) -> None:
        self._text, self._code, self._width = text, code, width
        self.height = max(text.height, code.side)

    @staticmethod
    def room(width: float, code: QrCode) -> float:
        """For the text beside the code."""
        return width - code.side - pt(8)

    def draw(self, painter: QPainter, x: float, y: float, *, repeated: bool = False) -> None:
        self._text.draw(painter, x, y)
        edge = x + self._width + QUIET * MODULE  # its white edge may stand in the margin
        self._code.draw(painter, edge - self._code.side, y - QUIET * MODULE)


class Paragraph:
    """Text alone, indented by `left`."""

    def __init__(self, text: Text, left: float = 0.0) -> None:
        self._text, self._left = text, left
        self.height = text.height

    def pieces(self, limit: float) -> list[Paragraph]:
        return [Paragraph(piece, self._left) for piece in self._text.pieces(limit)]

    def draw(self, painter: QPainter, x: float, y: float, *, repeated: bool = False) -> None:
        self._text.draw(painter, x + self._left, y)


@dataclass(frozen=True, slots=True)
class Fact:
    """One framed fact: a small name, then lines; `share` is its part of the row's width."""

    name: str
    lines: tuple[Run, ...]
    share: int = 1


class FactRow:
    """Framed facts side by side, equally high."""

    gutter = pt(6)

    def __init__(self, facts: Sequence[Fact], width: float) -> None:
        shares = sum(fact.share for fact in facts)
        one = (width - self.gutter * (shares - 1)) / shares
        self._boxes: list[tuple[float, float, Text]] = []
        left = 0.0
        for fact in facts:
            own = one * fact.share + self.gutter * (fact.share - 1)
            runs = [Run(fact.name, SMALL)]
            for line in fact.lines:
                # the line end in the style before it, or it would stretch that line
                runs += [Run("\n", runs[-1].style), line]
            self._boxes.append((left, own, Text(runs, own - 2 * pt(6))))
            left += own + self.gutter
        self.height = max(text.height for *_, text in self._boxes) + 2 * PAD_Y

    def draw(self, painter: QPainter, x: float, y: float, *, repeated: bool = False) -> None:
        for left, width, text in self._boxes:
            painter.setPen(QPen(FRAME, pt(0.75)))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(x + left, y, width, self.height))
            text.draw(painter, x + left + pt(6), y + PAD_Y)


class FormLine:
    """Words with lines to write on between them, `New end ____ said by ____`."""

    height = pt(21)
    gap = pt(4)

    def __init__(
        self, words: Sequence[str], width: float, shares: Sequence[int] | None = None
    ) -> None:
        self._words = [Text([Run(word, BODY)], width) for word in words]
        taken = sum(text.natural_width for text in self._words)
        room = width - taken - self.gap * (2 * len(words) - 1)
        parts = shares or [1] * len(words)
        self._lines = [max(0.0, room) * part / sum(parts) for part in parts]

    def draw(self, painter: QPainter, x: float, y: float, *, repeated: bool = False) -> None:
        for text, line in zip(self._words, self._lines, strict=True):
            text.draw(painter, x, y + pt(6))
            x += text.natural_width + self.gap
            WriteLine(line).draw(painter, x, y + pt(6))
            x += line + self.gap


def label(text: str, width: float, *, strong: bool = False) -> Text:
    return Text([Run(text, STRONG if strong else BODY)], width)
