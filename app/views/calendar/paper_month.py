"""A month across a page."""

from __future__ import annotations

from datetime import date, timedelta

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QFont, QFontMetricsF, QPainter, QPen

from app.models.calendar.entries import Entry, Layer, kind_words
from app.models.calendar.month import DAYS, Bar, Month, bars_of, fitting
from app.models.outages.lifecycle import State
from app.models.times import MONTHS, WEEKDAYS
from app.views.calendar.paper_ink import (
    FOOT,
    GREY,
    HEAD,
    INK,
    LEFT,
    PALE,
    POINT,
    RIGHT,
    SIDE,
    TOP,
    broken,
    paper_font,
)
from app.views.calendar.paper_sheet import Printable
from app.views.calendar.stacking import lines_of, stack

LANE, MORE = 11.5 * POINT, 9 * POINT
MOST_LINES = 6


class MonthSheet:
    """The month in a grid. What a day cannot hold is counted there, and is in the agenda."""

    def __init__(self, painter: QPainter, paper: Printable, month: Month, box: QRectF) -> None:
        self.painter = painter
        self.paper = paper
        self.month = month
        self.left, self.top = SIDE, TOP + HEAD
        self.column = (box.width() - 2 * SIDE) / DAYS
        self.weeks = month.weeks()
        self.names = 14 * POINT
        self.row = (box.height() - self.top - FOOT - 6 * POINT - self.names) / len(self.weeks)
        self.small = paper_font(7.5)
        self.metrics = QFontMetricsF(self.small)
        self.duty = {
            entry.first: entry.title for entry in paper.entries if entry.layer is Layer.ROTA
        }

    def draw(self) -> None:
        painter = self.painter
        painter.setFont(paper_font(8.5, bold=True))
        painter.setPen(INK)
        for column, name in enumerate(WEEKDAYS):
            box = QRectF(self.left + column * self.column, self.top, self.column, self.names)
            painter.drawText(box.adjusted(4 * POINT, 0, 0, 0), LEFT, name)
        for number, monday in enumerate(self.weeks):
            self._week(monday, self.top + self.names + number * self.row)

    def _week(self, monday: date, top: float) -> None:
        bars = bars_of(monday, self.paper.entries)
        room = self.row - 16 * POINT
        shown, left = fitting(bars, [int(room / LANE)] * DAYS)
        shown = tuple(sorted(shown, key=lambda each: each.lane))
        rooms = [room - LANE * (count > 0) for count in left]
        lines = lines_of(shown, rooms, (LANE, MORE), lambda bar: 1 + self._more_lines(bar))
        bottoms = [0.0] * DAYS
        tops = [
            stack(bar, LANE + MORE * (count - 1), bottoms)
            for bar, count in zip(shown, lines, strict=True)
        ]
        for column in range(DAYS):
            cell = QRectF(self.left + column * self.column, top, self.column, self.row)
            below = 14 * POINT + bottoms[column]
            self._cell(monday + timedelta(days=column), cell, left[column], below)
        for bar, down, count in zip(shown, tops, lines, strict=True):
            self._bar(bar, top + 14 * POINT + down, LANE + MORE * (count - 1))

    def _more_lines(self, bar: Bar) -> int:
        """How many its words need beyond the first."""
        metrics = QFontMetricsF(self._face(bar.entry))
        room = _room(self._box(bar, 0, LANE))
        return len(broken(self._words(bar), metrics, room.width(), MOST_LINES)) - 1

    def _words(self, bar: Bar) -> str:
        """What it is stands with it in words: paper has no colours."""
        entry = bar.entry
        kind = kind_words(entry).lower() if entry.layer in (Layer.OUTAGES, Layer.FREEZES) else ""
        words = entry.headline(self.paper.rows.zone, begins=bar.begins)
        return f"{words} · {kind}" if kind else words

    def _cell(self, day: date, cell: QRectF, left_out: int, below: float) -> None:
        painter = self.painter
        painter.setPen(QPen(GREY, 0.6 * POINT))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(cell)
        inside = Month.of(day) == self.month
        head = QRectF(cell.left() + 4 * POINT, cell.top(), cell.width() - 8 * POINT, 14 * POINT)
        painter.setFont(paper_font(9, bold=inside))
        painter.setPen(INK if inside else GREY)
        words = str(day.day) if inside else f"{day.day} {MONTHS[day.month - 1]}"
        painter.drawText(head, LEFT, words)
        painter.setFont(self.small)
        painter.setPen(GREY)
        if day in self.duty:
            painter.drawText(head, RIGHT, self._elided(self.duty[day], head.width() * 0.75))
        if left_out:
            place = QRectF(head.left(), cell.top() + below, head.width(), LANE)
            painter.drawText(place, LEFT, f"+{left_out} more")

    def _bar(self, bar: Bar, top: float, height: float) -> None:
        painter, entry = self.painter, bar.entry
        box = self._box(bar, top, height)
        left, right = box.left(), box.right()
        painter.setPen(Qt.PenStyle.NoPen)
        if entry.layer is Layer.FREEZES:
            painter.fillRect(box, PALE)
        elif entry.layer is Layer.OUTAGES:
            painter.setPen(QPen(INK, 0.8 * POINT))
            painter.setBrush(QBrush(Qt.GlobalColor.white))
            painter.drawRect(box)
        elif entry.days > 1:
            painter.fillRect(box, Qt.GlobalColor.white)  # no line between days through its words
        if entry.layer is not Layer.OUTAGES:
            edge = 1.5 * POINT
            if bar.begins:
                painter.fillRect(QRectF(left, top, edge, box.height()), INK)
            if entry.days > 1:  # a line along all its days
                painter.fillRect(QRectF(left, box.bottom() - edge / 2, box.width(), edge / 2), INK)
                if bar.ends:
                    painter.fillRect(QRectF(right - edge, top, edge, box.height()), INK)
        face = self._face(entry)
        painter.setFont(face)
        painter.setPen(INK)
        room = _room(box)
        most = 1 + round((height - LANE) / MORE)
        lines = broken(self._words(bar), QFontMetricsF(face), room.width(), most)
        place = QRectF(room.left(), 0, room.width(), MORE)
        place.moveTop(room.center().y() - len(lines) * MORE / 2)
        for line in lines:
            painter.drawText(place, LEFT, line)
            place.translate(0, MORE)

    def _box(self, bar: Bar, top: float, height: float) -> QRectF:
        inset = 3 * POINT
        left = self.left + bar.first * self.column + (inset if bar.begins else 0)
        right = self.left + (bar.last + 1) * self.column - (inset if bar.ends else 0)
        return QRectF(left, top, right - left, height - 1.4 * POINT)

    def _face(self, entry: Entry) -> QFont:
        face = QFont(self.small)
        face.setBold(entry.layer is Layer.OUTAGES)
        face.setItalic(entry.layer is Layer.HOLIDAYS)
        face.setStrikeOut(entry.state is State.CANCELLED)
        return face

    def _elided(self, words: str, width: float) -> str:
        return self.metrics.elidedText(words, Qt.TextElideMode.ElideRight, width)


def _room(box: QRectF) -> QRectF:
    """For the words of a bar."""
    return box.adjusted(3.5 * POINT, 0, -2 * POINT, 0)
