"""Charts a manager reads: columns over time, bars to compare; each says its numbers in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.views.theme import Token, color, font, px
from app.views.widgets.tone import Tone, ink

_MIDDLE = Qt.AlignmentFlag.AlignCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class Datum:
    """`share` is how long it is drawn, 0 to 1, None where there is nothing to draw; `words` stand
    at its end."""

    name: str
    share: float | None
    words: str
    tone: Tone = Tone.INFO


class _Chart(QWidget):
    def __init__(self, name: str) -> None:
        super().__init__()
        self._data: tuple[Datum, ...] = ()
        self.setAccessibleName(name)

    @property
    def data(self) -> tuple[Datum, ...]:
        return self._data

    def show_data(self, data: Sequence[Datum]) -> None:
        self._data = tuple(data)
        said = "; ".join(f"{datum.name}: {datum.words}" for datum in self._data)
        self.setAccessibleDescription(said)
        self.updateGeometry()
        self.update()

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.FontChange):
            self.updateGeometry()
            self.update()


class ColumnChart(_Chart):
    """Shares over time, 0 to 100 %: a column each, its words over it, its name under it."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(px(180), px(120) + 2 * QFontMetrics(font(11)).height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line = QFontMetrics(font(11)).height()
        top = px(8) + line + px(4)  # its words are clear of what stands over the chart
        foot = self.height() - line - px(4)
        painter.setFont(font(11))
        for share in (0.0, 0.5, 1.0):
            y = foot - (foot - top) * share + 0.5
            painter.setPen(QPen(color(Token.LINE), 1))
            painter.drawLine(QPointF(0, y), QPointF(self.width(), y))
        if not self._data:
            return
        room = self.width() / len(self._data)
        widest = max(QFontMetrics(font(11)).horizontalAdvance(d.name) for d in self._data)
        every = max(1, -(-(widest + px(6)) // max(1, int(room))))  # names never run together
        for at, datum in enumerate(self._data):
            self._column(painter, datum, QRectF(at * room, top, room, foot - top))
            if (len(self._data) - 1 - at) % every == 0:
                wide = room * every
                left = min(max(0.0, (at + 0.5) * room - wide / 2), self.width() - wide)
                painter.setPen(color(Token.MUTED))
                box = QRectF(left, foot + px(4), wide, line)
                painter.drawText(box, _MIDDLE, datum.name)

    def _column(self, painter: QPainter, datum: Datum, room: QRectF) -> None:
        width = min(px(34), room.width() * 0.62)
        left = room.center().x() - width / 2
        if datum.share is None:
            return
        high = max(px(2), room.height() * datum.share)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(ink(datum.tone)))
        painter.drawRoundedRect(QRectF(left, room.bottom() - high, width, high), px(2), px(2))
        metrics = QFontMetrics(font(11))
        if metrics.horizontalAdvance(datum.words) <= room.width():
            painter.setPen(color(Token.TEXT))
            over = QRectF(room.left(), room.bottom() - high - metrics.height() - px(2), 0, 0)
            over.setSize(QRectF(0, 0, room.width(), metrics.height()).size())
            painter.drawText(over, _MIDDLE, datum.words)


class BarChart(_Chart):
    """A bar each, its name before it and its words behind it. `mark` (0 to 1) draws an upright
    line where all of them should end."""

    def __init__(self, name: str, mark: float | None = None) -> None:
        super().__init__(name)
        self._mark = mark
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(px(260), max(1, len(self._data)) * self._row)

    @property
    def _row(self) -> int:
        return QFontMetrics(font()).height() + px(12)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self._data:
            return
        row, whole = self._row, self.width()
        small = QFontMetrics(font(12))
        words = max(small.horizontalAdvance(d.words) for d in self._data) + px(10)
        longest = max(QFontMetrics(font()).horizontalAdvance(d.name) for d in self._data) + px(16)
        names = min(longest, int(whole * 0.42))
        room = max(px(20), whole - names - words)
        for at, datum in enumerate(self._data):
            box = QRectF(0, at * row, whole, row)
            painter.setFont(font())
            painter.setPen(color(Token.TEXT))
            name = QFontMetrics(font()).elidedText(
                datum.name, Qt.TextElideMode.ElideRight, names - px(12)
            )
            painter.drawText(QRectF(0, box.top(), names, row), _LEFT, name)
            high = px(10)
            bar = QRectF(names, box.center().y() - high / 2, room * (datum.share or 0), high)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color(ink(datum.tone)))
            painter.drawRoundedRect(bar, px(2), px(2))
            painter.setFont(font(12))
            painter.setPen(color(Token.TEXT))
            painter.drawText(QRectF(names + room, box.top(), words, row), _RIGHT, datum.words)
        if self._mark is not None:
            painter.setPen(QPen(color(Token.MUTED), 1, Qt.PenStyle.DashLine))
            x = names + room * self._mark
            painter.drawLine(QPointF(x, 0), QPointF(x, row * len(self._data)))
