"""How a quarter is painted: days in lines, freezes shaded along them, entries as chips."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from app.models.calendar.entries import Entry, Layer
from app.models.calendar.month import DAYS
from app.models.outages.lifecycle import State
from app.models.times import WEEKDAYS
from app.views.calendar.looks import entry_ink
from app.views.calendar.month_paint import MonthPainter
from app.views.calendar.quarter_layout import DAY, HEAD, QuarterLayout
from app.views.theme import Token, color, px

_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
MARK = 12


class QuarterPainter(MonthPainter):
    def chip_width(self, entry: Entry, day: date) -> int:
        """What its words need."""
        mark = px(MARK) + px(3) if entry.state else 0
        return self._width(self._chip_words(entry, day)) + mark + px(16)

    def paint_days(
        self,
        painter: QPainter,
        layout: QuarterLayout,
        on: Mapping[date, Sequence[Entry]],
        today: date,
    ) -> None:
        line, weekend = color(Token.LINE), color(Token.BG)
        frozen, lit = self._wash(Token.BAD, 0.10), self._wash(Token.ACCENT, 0.08)
        bad = color(Token.BAD)
        for day, box in layout.lines.items():
            if day.weekday() >= DAYS - 2:
                painter.fillRect(box, weekend)
            if any(entry.layer is Layer.FREEZES for entry in on.get(day, ())):
                painter.fillRect(box, frozen)
                painter.fillRect(box.left() + 1, box.top(), px(3), box.height(), bad)
            if day == today:
                painter.fillRect(box, lit)
            painter.setPen(QPen(line, 2 if day.weekday() == DAYS - 1 else 1))
            painter.drawLine(box.bottomLeft(), box.bottomRight())
        painter.setPen(QPen(line, 1))
        for column in range(1, len(layout.months)):
            x = layout.left(column)
            painter.drawLine(x, px(HEAD), x, layout.height)
        painter.setFont(self.small)
        for day, box in layout.lines.items():
            room = QRect(box.left() + px(8), box.top(), px(DAY) - px(14), box.height())
            painter.setPen(color(Token.TEXT if day == today or on.get(day) else Token.MUTED))
            painter.drawText(room, _LEFT, WEEKDAYS[day.weekday()][:2])
            painter.drawText(room, _RIGHT, str(day.day))

    def paint_names(self, painter: QPainter, layout: QuarterLayout) -> None:
        painter.setFont(self._bold)
        painter.setPen(color(Token.TEXT))
        for number, month in enumerate(layout.months):
            left = layout.left(number)
            box = QRect(left + px(8), 0, layout.left(number + 1) - left - px(8), px(HEAD))
            painter.drawText(box, _LEFT, month.name)

    def paint_chips(
        self, painter: QPainter, layout: QuarterLayout, port: QRect, ratio: float
    ) -> None:
        for day, entry, box in layout.chips:
            if box.intersects(port):
                self._paint_chip(painter, day, entry, box, ratio)
        painter.setFont(self.small)
        painter.setPen(color(Token.TEXT))
        for box, count in layout.more.values():
            painter.drawText(box, _LEFT, f"+{count}")

    def _paint_chip(
        self, painter: QPainter, day: date, entry: Entry, box: QRect, ratio: float
    ) -> None:
        token = entry_ink(entry)
        quiet = entry.state in (State.CANCELLED, State.FILED)
        fill = self._wash(token, 0.10 if quiet else 0.18)
        if entry.layer is Layer.OUTAGES:
            painter.setPen(QPen(color(token), 1))
            painter.setBrush(fill)
            painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), px(4), px(4))
        else:
            painter.fillRect(box, fill)
            painter.fillRect(box.left(), box.top(), px(3), box.height(), color(token))
        inner = box.adjusted(px(7), 0, -px(4), 0)
        if entry.state is not None:
            side = px(MARK)
            mark = self._mark(entry.state, token, ratio)
            painter.drawPixmap(inner.left() - px(2), box.center().y() - side // 2 + 1, mark)
            inner.setLeft(inner.left() + side + px(2))
        painter.setFont(self._struck if entry.state is State.CANCELLED else self.small)
        plain = Token.MUTED if quiet else Token.TEXT
        painter.setPen(color(plain if entry.layer is Layer.OUTAGES else token))
        room = inner.width() - (px(6) if entry.state is State.CANCELLED else 0)  # struck is wider
        words = self._wrapped(self._chip_words(entry, day), room, 1)[0]
        painter.drawText(inner, _LEFT, words)

    def _chip_words(self, entry: Entry, day: date) -> str:
        return entry.headline(self.zone, begins=day == entry.first)
