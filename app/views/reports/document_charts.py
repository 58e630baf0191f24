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
        self._scale = [Text([Run(f"{share} %", SMALL)], width) for share in (0, 50, 100)]
        self._line = self._scale[0].height
        self._left = max(text.natural_width for text in self._scale) + pt(5)
        self.height = pt(80) + 2 * self._line + pt(6)

    def draw(self, painter: QPainter, x: float, y: float, *, repeated: bool = False) -> None:
        top, foot = y + self._line + pt(2), y + self.height - self._line - pt(4)
        for place, text in enumerate(self._scale):
            at = foot - (foot - top) * place / 2
            painter.setPen(QPen(FRAME, pt(0.4)))  # words have a pen of their own
            painter.drawLine(QLineF(x + self._left, at, x + self._width, at))
            text.draw(painter, x + self._left - pt(5) - text.natural_width, at - self._line / 2)
        room = (self._width - self._left) / max(12, len(self._bars))
        names = [Text([Run(bar.name, SMALL)], self._width) for bar in self._bars]
        widest = max(name.natural_width for name in names)
        every = max(1, -int(-(widest + pt(4)) // room))  # names never run together
        for number, (bar, name) in enumerate(zip(self._bars, names, strict=True)):
            middle = x + self._left + (number + 0.5) * room
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
