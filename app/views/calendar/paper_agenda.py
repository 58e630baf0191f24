"""The agenda down a page: a month's, or a week's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from app.models.calendar.entries import Entry, kind_words
from app.models.calendar.spans import Span
from app.models.outages.lifecycle import State
from app.models.times import speak_date
from app.views.calendar.paper_ink import (
    FOOT,
    GREY,
    HEAD,
    INK,
    POINT,
    SIDE,
    TOP,
    WRAP,
    paper_font,
)
from app.views.calendar.paper_sheet import Printable


@dataclass(frozen=True, slots=True)
class AgendaLine:
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
        painter.setFont(paper_font(9, bold=True))
        painter.drawText(QRectF(SIDE, first, _DAY, self.height), int(WRAP), self.day)
        painter.setFont(paper_font(9))
        time = QRectF(SIDE + _DAY, first, _TIME - 6 * POINT, self.height)
        painter.drawText(time, int(WRAP), self.time)
        face = paper_font(9, bold=True)
        face.setStrikeOut(self.struck)
        painter.setFont(face)
        left, room = SIDE + _DAY + _TIME, self.width - _DAY - _TIME
        title = QRectF(left, first, room, self.height)
        used = painter.boundingRect(title, int(WRAP), self.title)
        painter.drawText(title, int(WRAP), self.title)
        painter.setPen(GREY)
        painter.setFont(paper_font(8))
        sub = QRectF(left, first + used.height(), room, self.height - used.height())
        painter.drawText(sub, int(WRAP), self.sub)


_DAY, _TIME = 76 * POINT, 112 * POINT


def agenda_pages(paper: Printable, box: QRectF) -> list[list[AgendaLine]]:
    """Every entry of the span once, on its first day in it; none split over two pages."""
    width = box.width() - 2 * SIDE
    bottom = box.height() - FOOT - 6 * POINT
    pages: list[list[AgendaLine]] = [[]]
    top, before = TOP + HEAD, date.min
    for day, entry in _in_span(paper.entries, paper.span):
        sub = _sub(entry, paper.rows.zone)
        height = _height(entry.title, sub, width - _DAY - _TIME)
        if top + height > bottom and pages[-1]:
            pages.append([])
            top, before = TOP + HEAD, date.min
        pages[-1].append(
            AgendaLine(
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


def _in_span(entries: Sequence[Entry], span: Span) -> list[tuple[date, Entry]]:
    found = [
        (max(entry.first, span.begins), entry)
        for entry in entries
        if entry.first <= span.ends and entry.last >= span.begins
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
        QFontMetricsF(face).boundingRect(room, int(WRAP), words).height()
        for face, words in ((paper_font(9, bold=True), title), (paper_font(8), sub))
    )
    return high + 8 * POINT
