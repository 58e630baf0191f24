"""A year on one page: a column a month, a line a day, as a planner on the wall."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPen

from app.models.calendar.entries import Entry, Layer
from app.models.calendar.marks import Marks
from app.models.calendar.month import DAYS, Month
from app.models.outages.lifecycle import State
from app.models.times import WEEKDAYS
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
from app.views.calendar.rows import on_days

LINES = 31
NAMES, LEGEND = 16 * POINT, 14 * POINT
MARK = 4.5 * POINT
NARROW = 80 * POINT
"""A column of less has narrower letters, so that a word more can be read."""
_WEEKEND = QColor(0xF1, 0xF1, 0xF1)
_OPEN = (State.DRAFT, State.CANCELLED)
_HATCH = QColor(0x8A, 0x8A, 0x8A)


class YearSheet:
    """Outages have a filled square (a draft an open one) and bold words, freezes are hatched,
    holidays in italics, events have a ring: none needs a colour. Of several things on a day the
    outages come first, and the rest is counted."""

    def __init__(self, painter: QPainter, paper: Printable, box: QRectF) -> None:
        self.painter = painter
        self.paper = paper
        self.left, self.top = SIDE, TOP + HEAD - 4 * POINT + NAMES
        self.column = (box.width() - 2 * SIDE) / 12
        self.bottom = box.height() - FOOT - LEGEND - 4 * POINT
        self.row = (self.bottom - self.top) / LINES
        self.size = min(8.5, max(5.8, self.row / POINT * 0.42))
        self.number = max(21, 3.1 * self.size) * POINT  # a weekday's letter and a number
        self.faces = {
            Layer.OUTAGES: paper_font(self.size, bold=True),
            Layer.FREEZES: paper_font(self.size, bold=True),
            Layer.HOLIDAYS: paper_font(self.size),
            Layer.EVENTS: paper_font(self.size),
        }
        self.faces[Layer.HOLIDAYS].setItalic(True)
        if self.column < NARROW:
            for face in self.faces.values():
                face.setStretch(QFont.Stretch.SemiCondensed)
        self.on, self.duty = on_days(paper.entries, paper.span.begins, paper.span.ends)

    def draw(self) -> None:
        for number, month in enumerate(self.paper.span.months):
            self._month(month, self.left + number * self.column)
        self._legend(self.bottom + 4 * POINT)

    def _month(self, month: Month, left: float) -> None:
        painter = self.painter
        painter.setFont(paper_font(8.5, bold=True))
        painter.setPen(INK)
        name = QRectF(left + 3 * POINT, self.top - NAMES, self.column - 3 * POINT, NAMES)
        painter.drawText(name, LEFT, month.name)
        for number in range(month.last.day):
            day = date(month.year, month.number, number + 1)
            cell = QRectF(left, self.top + number * self.row, self.column, self.row)
            self._day(day, cell)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(INK, 0.7 * POINT))
        high = month.last.day * self.row
        painter.drawRect(QRectF(left, self.top, self.column, high))

    def _day(self, day: date, cell: QRectF) -> None:
        painter, here = self.painter, self.on.get(day, [])
        marks = Marks.of(here)
        if day.weekday() >= DAYS - 2:
            painter.fillRect(cell, _WEEKEND)
        if marks.freezes:
            self._hatch(QRectF(cell.left(), cell.top(), self.number, cell.height()))
        painter.setPen(QPen(GREY, 0.3 * POINT))
        painter.drawLine(cell.bottomLeft(), cell.bottomRight())
        painter.setFont(paper_font(min(8, self.size + 0.7), bold=bool(marks.holidays)))
        painter.setPen(INK)
        place = QRectF(cell.left() + 2 * POINT, cell.top(), self.number - 4 * POINT, cell.height())
        if marks.freezes:
            room = place.adjusted(-0.5 * POINT, 2 * POINT, 0, -2 * POINT)
            painter.fillRect(room, Qt.GlobalColor.white)
        painter.drawText(place, LEFT, WEEKDAYS[day.weekday()][:1])
        painter.drawText(place, RIGHT, str(day.day))
        self._words(day, here, cell.adjusted(self.number + 1.5 * POINT, 0, -1.5 * POINT, 0))

    def _words(self, day: date, here: list[Entry], room: QRectF) -> None:
        """As many lines as there is room for; what begins earlier says its name once a month."""
        wanted = sorted((e for e in here if _is_told(e, day)), key=_rank)
        if not wanted:
            return
        high = QFontMetricsF(self.faces[Layer.OUTAGES]).height()
        lines = max(1, int((room.height() + 1.5 * POINT) / high))
        if len(wanted) == 1 and lines > 1:
            self._line(wanted[0], room, high, begins=wanted[0].first == day)
            return
        shown = wanted[:lines]
        left = len(wanted) - len(shown)
        top = room.top() + (room.height() - len(shown) * high) / 2
        for number, entry in enumerate(shown):
            line = QRectF(room.left(), top + number * high, room.width(), high)
            if left and number == len(shown) - 1:
                said = f"+{left}"
                self.painter.setFont(paper_font(self.size - 0.5))
                self.painter.setPen(INK)
                used = QFontMetricsF(self.painter.font()).horizontalAdvance(said)
                self.painter.drawText(line, RIGHT, said)
                line = line.adjusted(0, 0, -used - 1.5 * POINT, 0)
            self._line(entry, line, begins=entry.first == day)

    def _line(self, entry: Entry, line: QRectF, high: float = 0, *, begins: bool = True) -> None:
        """In one line, or with the height of one in two where it is alone on its day."""
        painter = self.painter
        face = QFont(self.faces[entry.layer])
        face.setStrikeOut(entry.state is State.CANCELLED)
        marked = entry.layer in (Layer.OUTAGES, Layer.EVENTS)
        room = line.adjusted(MARK + 2 * POINT, 0, 0, 0) if marked else line
        metrics = QFontMetricsF(face)
        said = [entry.title]
        if high and metrics.horizontalAdvance(entry.title) > room.width():
            said = broken(entry.title, metrics, room.width(), 2)
        top = line.center().y() - len(said) * (high or line.height()) / 2
        for number, words in enumerate(said):
            place = QRectF(room.left(), top, room.width(), high or line.height())
            place.translate(0, number * place.height())
            if marked and not number:
                left = QRectF(line.left(), top, line.width(), place.height())
                if begins:
                    self._mark(entry.layer, entry.state, left)
                else:
                    self._goes_on(left)
            painter.setFont(face)
            painter.setPen(INK)
            shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(place, LEFT, shown)

    def _goes_on(self, line: QRectF) -> None:
        """A bar where the square was the day before."""
        middle = QRectF(line.left(), line.center().y() - MARK / 8, MARK, MARK / 4)
        self.painter.fillRect(middle, INK)

    def _mark(self, layer: Layer, state: State | None, line: QRectF) -> None:
        painter = self.painter
        box = QRectF(line.left(), line.center().y() - MARK / 2, MARK, MARK)
        painter.setPen(QPen(INK, 0.7 * POINT))
        solid = layer is Layer.OUTAGES and state not in _OPEN
        painter.setBrush(QBrush(INK) if solid else QBrush(Qt.GlobalColor.white))
        if layer is Layer.OUTAGES:
            painter.drawRect(box.adjusted(0.3 * POINT, 0.3 * POINT, -0.3 * POINT, -0.3 * POINT))
        else:
            painter.drawEllipse(box)

    def _hatch(self, box: QRectF) -> None:
        """Lines of our own: a brush's would be of the device, too fine to see on paper."""
        painter = self.painter
        painter.save()
        painter.setClipRect(box)
        painter.fillRect(box, PALE)
        painter.setPen(QPen(_HATCH, 0.6 * POINT))
        step, high = 3.2 * POINT, box.height()
        x = box.left() - high
        while x < box.right():
            painter.drawLine(round(x), round(box.bottom()), round(x + high), round(box.top()))
            x += step
        painter.restore()

    def _legend(self, top: float) -> None:
        painter = self.painter
        x = self.left
        states = {entry.state for entry in self.paper.entries}
        for layer, state, words in (
            (Layer.OUTAGES, State.PLANNED, "outage"),
            (None, None, "goes on"),
            *((Layer.OUTAGES, one, one.words.lower()) for one in _OPEN if one in states),
            (Layer.FREEZES, None, "freeze"),
            (Layer.HOLIDAYS, None, "holiday, closed"),
            (Layer.EVENTS, None, "business event"),
        ):
            if (layer or Layer.OUTAGES) in self.paper.left_out:
                continue
            face = QFont(self.faces[layer or Layer.OUTAGES])
            face.setPixelSize(round(7.5 * POINT))
            face.setStrikeOut(state is State.CANCELLED)
            box = QRectF(x, top, 12 * POINT, LEGEND)
            if layer is None:
                self._goes_on(box.adjusted(3 * POINT, 0, 0, 0))
            elif layer is Layer.FREEZES:
                self._hatch(box.adjusted(0, 2 * POINT, 0, -2 * POINT))
            elif layer is not Layer.HOLIDAYS:
                self._mark(layer, state, box.adjusted(3 * POINT, 0, 0, 0))
            gap = 0.0 if layer is Layer.HOLIDAYS else 16 * POINT
            painter.setFont(face)
            painter.setPen(INK)
            used = QFontMetricsF(face).horizontalAdvance(words)
            painter.drawText(QRectF(x + gap, top, used + 4 * POINT, LEGEND), LEFT, words)
            x += gap + used + 18 * POINT


def _is_told(entry: Entry, day: date) -> bool:
    """On its first day, and on the first of a month."""
    return day == entry.first or day.day == 1 or entry.layer is Layer.OUTAGES


def _rank(entry: Entry) -> tuple[int, bool]:
    order = (Layer.OUTAGES, Layer.FREEZES, Layer.HOLIDAYS, Layer.EVENTS)
    return order.index(entry.layer), entry.state is State.CANCELLED
