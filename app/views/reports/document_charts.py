"""Charts of a document, drawn for paper: black on white, readable in grey."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QLineF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen

from app.models.reports.document import Bar
from app.views.reports.blocks import FRAME
from app.views.reports.text import INK, SMALL, Run, Text, pt

FILL = QColor(0x55, 0x66, 0x77)


class ColumnsDrawn:
    """Shares from 0 to 100 %: a column each, its words over it and its name under it."""

    def __init__(self, bars: Sequence[Bar], width: float) -> None:
        self._bars = tuple(bars)
        self._width = width
        self._line = Text([Run("0", SMALL)], width).height
        self.height = pt(80) + 2 * self._line + pt(6)

    def draw(self, painter: QPainter, x: float, y: float, *, repeated: bool = False) -> None:
        top, foot = y + self._line + pt(2), y + self.height - self._line - pt(4)
        painter.setPen(QPen(FRAME, pt(0.4)))
        for share in (0.0, 0.5, 1.0):
            at = foot - (foot - top) * share
            painter.drawLine(QLineF(x, at, x + self._width, at))
        room = self._width / max(12, len(self._bars))
        names = [Text([Run(bar.name, SMALL)], self._width) for bar in self._bars]
        widest = max(name.natural_width for name in names)
        every = max(1, -int(-(widest + pt(4)) // room))  # names never run together
        for number, (bar, name) in enumerate(zip(self._bars, names, strict=True)):
            middle = x + (number + 0.5) * room
            high = (foot - top) * (bar.share or 0.0)
            width = min(pt(22), room * 0.62)
            painter.fillRect(QRectF(middle - width / 2, foot - high, width, high), FILL)
            words = Text([Run(bar.words, SMALL)], self._width)
            if words.natural_width <= room:
                words.draw(painter, middle - words.natural_width / 2, foot - high - self._line)
            if (len(self._bars) - 1 - number) % every == 0:
                left = max(x, middle - name.natural_width / 2)
                left = min(left, x + self._width - name.natural_width)
                name.draw(painter, left, foot + pt(3))
        painter.setPen(QPen(INK, pt(0.75)))
