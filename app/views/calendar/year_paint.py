"""How a year is painted: small days, each with marks whose shapes differ as their colours do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetrics, QPainter, QPen, QPolygonF

from app.models.calendar.entries import Layer
from app.models.calendar.marks import Marks
from app.models.calendar.month import DAYS
from app.models.times import WEEKDAYS
from app.views.calendar.looks import LAYER_TONES, entry_ink
from app.views.calendar.year_layout import HEAD, SIDE, YearLayout
from app.views.theme import Token, color, font, look_key, px, wash
from app.views.widgets.tone import ink

_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_MIDDLE = Qt.AlignmentFlag.AlignCenter
MARK = 5


class YearPainter:
    """Made anew when the look or size changes."""

    def __init__(self) -> None:
        self.look = look_key()
        self._small = font(11)
        self._number = font(11)
        self._bold = font(11, bold=True)
        self._name = font(bold=True)
        self._line = QFontMetrics(self._number).height()
        self._inks = {layer: color(ink(tone)) for layer, tone in LAYER_TONES.items()}
        self._frozen = wash(ink(LAYER_TONES[Layer.FREEZES]), 0.16, Token.SURFACE)
        self._weekend = color(Token.BG)
        hatch = QColor(self._inks[Layer.FREEZES])
        hatch.setAlphaF(0.45)
        self._hatch = QBrush(hatch, Qt.BrushStyle.BDiagPattern)

    def paint(
        self, painter: QPainter, layout: YearLayout, marks: Mapping[date, Marks], today: date
    ) -> None:
        """Everything but what is chosen."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_names(painter, layout)
        text, muted = color(Token.TEXT), color(Token.MUTED)
        nothing = Marks()
        for day, cell in layout.cells.items():
            mark = marks.get(day, nothing)
            self._paint_ground(painter, cell, mark, day.weekday() >= DAYS - 2)
            painter.setFont(self._bold if mark.holidays or day == today else self._number)
            painter.setPen(text if mark.outages or day == today else muted)
            if mark.holidays:
                painter.setPen(self._inks[Layer.HOLIDAYS])
                self._paint_corner(painter, cell)
            spare = cell.height() - px(MARK) - px(2) - self._line
            top = cell.top() + max(-px(1), min(px(3), spare // 2))
            room = QRect(cell.left(), top, cell.width(), self._line)
            painter.drawText(room, _MIDDLE, str(day.day))
            self._paint_marks(painter, cell, mark)
            if day == today:
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(color(Token.ACCENT), 1))
                box = QRectF(cell).adjusted(1.5, 1.5, -1.5, -1.5)
                painter.drawRoundedRect(box, px(4), px(4))

    def paint_legend(self, painter: QPainter, width: int) -> None:
        """Above the months; what the marks mean stands beside them."""
        painter.fillRect(QRect(0, 0, width, px(HEAD)), color(Token.SURFACE))
        painter.setFont(self._small)
        metrics = QFontMetrics(self._small)
        left, box = px(SIDE), px(16)
        for layer, words in (
            (Layer.OUTAGES, "outage"),
            (Layer.FREEZES, "freeze"),
            (Layer.HOLIDAYS, "holiday, closed"),
            (Layer.EVENTS, "business event"),
        ):
            sample = QRect(left, (px(HEAD) - box) // 2, box, box)
            room = metrics.horizontalAdvance(words)
            if left + box + px(6) + room > width:
                return
            self._paint_sample(painter, layer, sample)
            painter.setPen(color(Token.MUTED))
            painter.drawText(QRect(sample.right() + px(6), 0, room + px(4), px(HEAD)), _LEFT, words)
            left = sample.right() + px(6) + room + px(20)

    def _paint_sample(self, painter: QPainter, layer: Layer, box: QRect) -> None:
        mark = float(px(MARK))
        middle = QPointF(box.center()) + QPointF(0.5, 0.5)
        if layer is Layer.FREEZES:
            painter.fillRect(box, self._frozen)
            painter.fillRect(box, self._hatch)
        elif layer is Layer.HOLIDAYS:
            self._paint_corner(painter, box)
        elif layer is Layer.OUTAGES:
            self._square(painter, middle, mark, self._inks[layer])
        else:
            self._ring(painter, middle, mark)

    def _paint_names(self, painter: QPainter, layout: YearLayout) -> None:
        painter.setFont(self._name)
        painter.setPen(color(Token.TEXT))
        for month, box in layout.names.items():
            painter.drawText(box.adjusted(px(3), 0, 0, 0), _LEFT, month.name)
        painter.setFont(self._small)
        painter.setPen(color(Token.MUTED))
        wide = layout.cell[0]
        for box in layout.weekdays.values():
            for column, name in enumerate(WEEKDAYS):
                place = QRect(box.left() + column * wide, box.top(), wide, box.height())
                painter.drawText(place, _MIDDLE, name[:1])

    def _paint_ground(self, painter: QPainter, cell: QRect, mark: Marks, weekend: bool) -> None:
        if mark.freezes:
            painter.fillRect(cell, self._frozen)
            painter.fillRect(cell, self._hatch)
        elif weekend:
            painter.fillRect(cell, self._weekend)

    def _paint_corner(self, painter: QPainter, cell: QRect) -> None:
        side = px(6)
        right, top = cell.right() + 1, cell.top()
        painter.save()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._inks[Layer.HOLIDAYS])
        painter.drawPolygon(
            QPolygonF([QPointF(right - side, top), QPointF(right, top), QPointF(right, top + side)])
        )
        painter.restore()

    def _paint_marks(self, painter: QPainter, cell: QRect, mark: Marks) -> None:
        """Squares for outages and a ring for events in a line under the number; of many outages a
        bar. Whatever the room, a day with an outage says so."""
        side, gap = px(MARK), px(2)
        most = max(1, (cell.width() - 2 * gap) // (side + gap) - bool(mark.events))
        many = len(mark.outages) > most
        squares = [entry_ink(entry) for entry in mark.outages[:most]]
        count = len(squares) + bool(mark.events)
        if not count:
            return
        y = cell.bottom() - px(1) - side / 2
        whole = count * side + (count - 1) * gap
        x = cell.center().x() + 0.5 - whole / 2 + side / 2
        if many:
            bar = QRectF(x - side / 2, y - side / 2, most * (side + gap) - gap, side)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color(squares[0]))
            painter.drawRect(bar)
            x += most * (side + gap)
        else:
            for token in squares:
                self._square(painter, QPointF(x, y), side, color(token))
                x += side + gap
        if mark.events:
            self._ring(painter, QPointF(x, y), side)

    def _square(self, painter: QPainter, middle: QPointF, side: float, colour: QColor) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawRect(QRectF(middle.x() - side / 2, middle.y() - side / 2, side, side))

    def _ring(self, painter: QPainter, middle: QPointF, side: float) -> None:
        painter.setPen(QPen(self._inks[Layer.EVENTS], 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        radius = side / 2 - 0.5
        painter.drawEllipse(middle, radius, radius)
