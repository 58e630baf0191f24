"""The calendar on paper, black on white: a month across the page, or its agenda down it. One
path for PDF, printer and preview.

Lengths are in twentieths of a point (1,440 to the inch), as everything that is printed here: fine
enough that whole units keep the proportions of the fonts on every device.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from PySide6.QtCore import QMarginsF, QRectF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QFontMetricsF,
    QPagedPaintDevice,
    QPageLayout,
    QPageSize,
    QPainter,
    QPen,
)

from app.models.calendar.entries import Entry, Layer, kind_words
from app.models.calendar.month import DAYS, Bar, Month, bars_of, fitting
from app.models.errors import StoreTrouble
from app.models.outages.lifecycle import State
from app.models.reports.packet import Paper
from app.models.times import MONTHS, WEEKDAYS, speak_date
from app.services.calendar.month import CalendarRows
from app.views.calendar.stacking import lines_of, stack

UNITS_PER_INCH = 1440
POINT = UNITS_PER_INCH / 72
SIDE, TOP, FOOT = 30 * POINT, 28 * POINT, 34 * POINT
HEAD = 34 * POINT
LANE, MORE = 11.5 * POINT, 9 * POINT
INK, GREY = QColor(0x11, 0x11, 0x11), QColor(0x55, 0x55, 0x55)
PALE = QColor(0xE4, 0xE4, 0xE4)
SIZES = {
    Paper.A4: QPageSize(QPageSize.PageSizeId.A4),
    Paper.LETTER: QPageSize(QPageSize.PageSizeId.Letter),
}
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_WRAP = Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap


@dataclass(frozen=True, slots=True)
class CalendarPaper:
    """What is printed: `entries` are those of the layers shown, `left_out` the other layers,
    `printed` the moment in words."""

    rows: CalendarRows
    month: Month
    entries: tuple[Entry, ...]
    left_out: tuple[Layer, ...]
    agenda: bool
    printed: str

    @property
    def name(self) -> str:
        return f"{'Agenda' if self.agenda else 'Calendar'} {self.month.words}"

    @property
    def orientation(self) -> QPageLayout.Orientation:
        way = QPageLayout.Orientation
        return way.Portrait if self.agenda else way.Landscape


def page_layout(paper: CalendarPaper, size: QPageSize) -> QPageLayout:
    """Without margins: the pages keep their own."""
    return QPageLayout(size, paper.orientation, QMarginsF())


def render(paper: CalendarPaper, device: QPagedPaintDevice) -> int:
    """Draws every page on a device whose origin is the paper's corner; returns how many.
    Raises StoreTrouble when the device refuses."""
    inches = device.pageLayout().fullRect(QPageLayout.Unit.Inch)
    box = QRectF(0, 0, inches.width() * UNITS_PER_INCH, inches.height() * UNITS_PER_INCH)
    pages = _agenda_pages(paper, box) if paper.agenda else [[]]
    painter = QPainter()
    if not painter.begin(device):
        raise StoreTrouble(
            "The printer did not accept the calendar; nothing was printed. "
            "Check the printer, or save it as a PDF."
        )
    try:
        scale = device.logicalDpiX() / UNITS_PER_INCH
        painter.scale(scale, device.logicalDpiY() / UNITS_PER_INCH)
        for number, lines in enumerate(pages):
            if number and not device.newPage():
                raise StoreTrouble(
                    f"The printer stopped before page {number + 1}; the pages before it are good."
                )
            _draw_frame(painter, paper, box, number + 1, len(pages))
            if paper.agenda:
                for line in lines:
                    line.draw(painter)
            else:
                _MonthSheet(painter, paper, box).draw()
    finally:
        painter.end()
    return len(pages)


def _font(points: float, *, bold: bool = False) -> QFont:
    made = QFont()
    made.setPixelSize(round(points * POINT))
    made.setBold(bold)
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return made


def _draw_frame(
    painter: QPainter, paper: CalendarPaper, box: QRectF, page: int, count: int
) -> None:
    """Title and foot, the same on every page."""
    room = QRectF(SIDE, TOP, box.width() - 2 * SIDE, HEAD - 8 * POINT)
    painter.setPen(INK)
    painter.setFont(_font(16, bold=True))
    painter.drawText(room, _LEFT, paper.month.words)
    painter.setFont(_font(8))
    left = [layer.words.lower() for layer in paper.left_out]
    zone = f"times in {paper.rows.zone}"
    painter.setPen(GREY)
    painter.drawText(room, _RIGHT, f"{zone} · without {', '.join(left)}" if left else zone)
    foot = QRectF(SIDE, box.height() - FOOT, box.width() - 2 * SIDE, 14 * POINT)
    painter.setFont(_font(7.5))
    painter.drawText(foot, _LEFT, f"{paper.name} · printed {paper.printed}")
    painter.drawText(foot, _RIGHT, f"page {page} of {count}")


class _MonthSheet:
    """The month in a grid. What a day cannot hold is counted there, and is in the agenda."""

    def __init__(self, painter: QPainter, paper: CalendarPaper, box: QRectF) -> None:
        self.painter = painter
        self.paper = paper
        self.left, self.top = SIDE, TOP + HEAD
        self.column = (box.width() - 2 * SIDE) / DAYS
        self.weeks = paper.month.weeks()
        self.names = 14 * POINT
        self.row = (box.height() - self.top - FOOT - 6 * POINT - self.names) / len(self.weeks)
        self.small = _font(7.5)
        self.metrics = QFontMetricsF(self.small)
        self.duty = {
            entry.first: entry.title for entry in paper.entries if entry.layer is Layer.ROTA
        }

    def draw(self) -> None:
        painter = self.painter
        painter.setFont(_font(8.5, bold=True))
        painter.setPen(INK)
        for column, name in enumerate(WEEKDAYS):
            box = QRectF(self.left + column * self.column, self.top, self.column, self.names)
            painter.drawText(box.adjusted(4 * POINT, 0, 0, 0), _LEFT, name)
        for number, monday in enumerate(self.weeks):
            self._week(monday, self.top + self.names + number * self.row)

    def _week(self, monday: date, top: float) -> None:
        bars = bars_of(monday, self.paper.entries)
        room = self.row - 16 * POINT
        shown, left = fitting(bars, [int(room / LANE)] * DAYS)
        shown = tuple(sorted(shown, key=lambda each: each.lane))
        rooms = [room - LANE * (count > 0) for count in left]
        lines = lines_of(shown, rooms, (LANE, MORE), lambda bar: 1 + min(2, self._more_lines(bar)))
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
        metrics = QFontMetricsF(_font(7.5, bold=bar.entry.layer is Layer.OUTAGES))
        width = (bar.last - bar.first + 1) * self.column - 12 * POINT
        room = QRectF(0, 0, width, 1_000 * POINT)
        high = metrics.boundingRect(room, int(_WRAP), self._words(bar)).height()
        return max(0, round(high / metrics.height()) - 1)

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
        inside = Month.of(day) == self.paper.month
        head = QRectF(cell.left() + 4 * POINT, cell.top(), cell.width() - 8 * POINT, 14 * POINT)
        painter.setFont(_font(9, bold=inside))
        painter.setPen(INK if inside else GREY)
        words = str(day.day) if inside else f"{day.day} {MONTHS[day.month - 1]}"
        painter.drawText(head, _LEFT, words)
        painter.setFont(self.small)
        painter.setPen(GREY)
        if day in self.duty:
            painter.drawText(head, _RIGHT, self._elided(self.duty[day], head.width() * 0.75))
        if left_out:
            place = QRectF(head.left(), cell.top() + below, head.width(), LANE)
            painter.drawText(place, _LEFT, f"+{left_out} more")

    def _bar(self, bar: Bar, top: float, height: float) -> None:
        painter, entry, inset = self.painter, bar.entry, 3 * POINT
        left = self.left + bar.first * self.column + (inset if bar.begins else 0)
        right = self.left + (bar.last + 1) * self.column - (inset if bar.ends else 0)
        box = QRectF(left, top, right - left, height - 1.4 * POINT)
        painter.setPen(Qt.PenStyle.NoPen)
        if entry.layer is Layer.FREEZES:
            painter.fillRect(box, PALE)
        elif entry.layer is Layer.OUTAGES:
            painter.setPen(QPen(INK, 0.8 * POINT))
            painter.setBrush(QBrush(Qt.GlobalColor.white))
            painter.drawRect(box)
        if entry.layer is not Layer.OUTAGES:
            edge = 1.5 * POINT
            if bar.begins:
                painter.fillRect(QRectF(left, top, edge, box.height()), INK)
            if entry.days > 1:  # a line along all its days
                painter.fillRect(QRectF(left, box.bottom() - edge / 2, box.width(), edge / 2), INK)
                if bar.ends:
                    painter.fillRect(QRectF(right - edge, top, edge, box.height()), INK)
        face = QFont(self.small)
        face.setBold(entry.layer is Layer.OUTAGES)
        face.setItalic(entry.layer is Layer.HOLIDAYS)
        face.setStrikeOut(entry.state is State.CANCELLED)
        painter.setFont(face)
        painter.setPen(INK)
        room = box.adjusted(3.5 * POINT, 0, -2 * POINT, 0)
        words, metrics = self._words(bar), QFontMetricsF(face)
        more = round((height - LANE) / MORE)
        if 0 < self._more_lines(bar) <= more:
            painter.drawText(room, int(_WRAP | Qt.AlignmentFlag.AlignVCenter), words)
        elif more:  # as many as there is room for; the last is cut
            painter.save()
            painter.setClipRect(box)
            painter.drawText(room, int(_WRAP), words)
            painter.restore()
        else:
            shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, _LEFT, shown)

    def _elided(self, words: str, width: float) -> str:
        return self.metrics.elidedText(words, Qt.TextElideMode.ElideRight, width)


@dataclass(frozen=True, slots=True)
class _Line:
    """One entry of the agenda, whole on its page. `day` is empty where it is the one above."""

    day: str
    time: str
    title: str
    sub: str
    top: float
    height: float
    width: float
    struck: bool

    def draw(self, painter: QPainter) -> None:
        if self.day:
            painter.setPen(QPen(GREY, 0.6 * POINT))
            painter.drawLine(
                round(SIDE), round(self.top), round(SIDE + self.width), round(self.top)
            )
        painter.setPen(INK)
        first = self.top + 4 * POINT
        painter.setFont(_font(9, bold=True))
        painter.drawText(QRectF(SIDE, first, _DAY, 13 * POINT), _LEFT, self.day)
        painter.setFont(_font(9))
        time = QRectF(SIDE + _DAY, first, _TIME - 6 * POINT, self.height)
        painter.drawText(time, int(_WRAP), self.time)
        face = _font(9, bold=True)
        face.setStrikeOut(self.struck)
        painter.setFont(face)
        left, room = SIDE + _DAY + _TIME, self.width - _DAY - _TIME
        title = QRectF(left, first, room, self.height)
        used = painter.boundingRect(title, int(_WRAP), self.title)
        painter.drawText(title, int(_WRAP), self.title)
        painter.setPen(GREY)
        painter.setFont(_font(8))
        sub = QRectF(left, first + used.height(), room, self.height - used.height())
        painter.drawText(sub, int(_WRAP), self.sub)


_DAY, _TIME = 76 * POINT, 112 * POINT


def _agenda_pages(paper: CalendarPaper, box: QRectF) -> list[list[_Line]]:
    """Every entry of the month once, on its first day in it; none split over two pages."""
    month, width = paper.month, box.width() - 2 * SIDE
    bottom = box.height() - FOOT - 6 * POINT
    pages: list[list[_Line]] = [[]]
    top, before = TOP + HEAD, date.min
    for day, entry in _in_month(paper.entries, month):
        sub = _sub(entry, paper.rows.zone)
        height = _height(entry.title, sub, width - _DAY - _TIME)
        if top + height > bottom and pages[-1]:
            pages.append([])
            top, before = TOP + HEAD, date.min
        pages[-1].append(
            _Line(
                speak_date(day) if day != before else "",
                entry.times_on(day, paper.rows.zone),
                entry.title,
                sub,
                top,
                height,
                width,
                entry.state is State.CANCELLED,
            )
        )
        top, before = top + height, day
    return pages


def _in_month(entries: Sequence[Entry], month: Month) -> list[tuple[date, Entry]]:
    found = [
        (max(entry.first, month.first), entry)
        for entry in entries
        if entry.first <= month.last and entry.last >= month.first
    ]
    return sorted(found, key=lambda pair: pair[0])


def _sub(entry: Entry, zone: str) -> str:
    kind = kind_words(entry)
    until = f"until {speak_date(entry.last)}" if entry.days > 1 else ""
    others = entry.told_in(zone)[1:] if entry.start is not None else ()
    parts = (kind[:1].upper() + kind[1:], entry.source, until, *others)
    return " · ".join(part for part in parts if part)


def _height(title: str, sub: str, width: float) -> float:
    room = QRectF(0, 0, width, 10_000 * POINT)
    high = sum(
        QFontMetricsF(face).boundingRect(room, int(_WRAP), words).height()
        for face, words in ((_font(9, bold=True), title), (_font(8), sub))
    )
    return high + 8 * POINT
