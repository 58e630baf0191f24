"""The calendar on paper, black on white. One path for PDF, printer and preview."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QMarginsF, QRectF
from PySide6.QtGui import QFontMetricsF, QPagedPaintDevice, QPageLayout, QPageSize, QPainter

from app.models.calendar.month import Month
from app.models.calendar.spans import Way
from app.models.errors import StoreTrouble
from app.models.reports.packet import Paper
from app.views.calendar.paper_agenda import AgendaLine, agenda_pages
from app.views.calendar.paper_ink import (
    FOOT,
    GREY,
    HEAD,
    INK,
    LEFT,
    POINT,
    RIGHT,
    SIDE,
    TOP,
    UNITS_PER_INCH,
    broken,
    paper_font,
)
from app.views.calendar.paper_month import MonthSheet
from app.views.calendar.paper_sheet import Printable
from app.views.calendar.paper_year import YearSheet

SIZES = {
    Paper.A3: QPageSize(QPageSize.PageSizeId.A3),
    Paper.A4: QPageSize(QPageSize.PageSizeId.A4),
    Paper.LETTER: QPageSize(QPageSize.PageSizeId.Letter),
}
HEAD_LINES = 2
"""What is shown and what is not may take so many, beside the title."""
_Page = tuple[str, Callable[[QPainter], object]]


def page_layout(paper: Printable, size: QPageSize) -> QPageLayout:
    """Without margins: the pages keep their own."""
    return QPageLayout(size, paper.orientation, QMarginsF())


def render(paper: Printable, device: QPagedPaintDevice) -> int:
    """Draws every page on a device whose origin is the paper's corner; returns how many.
    Raises StoreTrouble when the device refuses."""
    inches = device.pageLayout().fullRect(QPageLayout.Unit.Inch)
    box = QRectF(0, 0, inches.width() * UNITS_PER_INCH, inches.height() * UNITS_PER_INCH)
    pages = _pages(paper, box)
    painter = QPainter()
    if not painter.begin(device):
        raise StoreTrouble(
            "The printer did not accept the calendar; nothing was printed. "
            "Check the printer, or save it as a PDF."
        )
    try:
        scale = device.logicalDpiX() / UNITS_PER_INCH
        painter.scale(scale, device.logicalDpiY() / UNITS_PER_INCH)
        for number, (title, draw) in enumerate(pages):
            if number and not device.newPage():
                raise StoreTrouble(
                    f"The printer stopped before page {number + 1}; the pages before it are good."
                )
            _draw_frame(painter, paper, title, box, f"page {number + 1} of {len(pages)}")
            draw(painter)
    finally:
        painter.end()
    return len(pages)


def _pages(paper: Printable, box: QRectF) -> list[_Page]:
    """The title of each, and what draws it."""
    if paper.listed:
        return [(paper.span.words, partial(_draw_lines, p)) for p in agenda_pages(paper, box)]
    if paper.span.way is Way.YEAR:
        return [(paper.span.words, partial(_draw_year, paper, box))]
    return [(month.words, partial(_draw_month, paper, month, box)) for month in paper.span.months]


def _draw_year(paper: Printable, box: QRectF, painter: QPainter) -> None:
    YearSheet(painter, paper, box).draw()


def _draw_month(paper: Printable, month: Month, box: QRectF, painter: QPainter) -> None:
    MonthSheet(painter, paper, month, box).draw()


def _draw_lines(lines: list[AgendaLine], painter: QPainter) -> None:
    for line in lines:
        line.draw(painter)


def _draw_frame(painter: QPainter, paper: Printable, title: str, box: QRectF, page: str) -> None:
    """Title and foot, the same on every page."""
    room = QRectF(SIDE, TOP, box.width() - 2 * SIDE, HEAD - 8 * POINT)
    painter.setPen(INK)
    face = paper_font(16, bold=True)
    painter.setFont(face)
    painter.drawText(room, LEFT, title)
    used = QFontMetricsF(face).horizontalAdvance(title) + 16 * POINT
    said = [f"times in {paper.rows.zone}"]
    if paper.rows.sieve:
        said.append(f"only {paper.rows.sieve.words}")
    if left := [layer.words.lower() for layer in paper.left_out]:
        said.append(f"without {', '.join(left)}")
    if drafts := paper.rows.drafts:
        said.append(f"{drafts} draft{'s' if drafts != 1 else ''} left out")
    painter.setPen(GREY)
    small = paper_font(8)
    painter.setFont(small)
    lines = broken(" · ".join(said), QFontMetricsF(small), room.width() - used, HEAD_LINES)
    high = room.height() / HEAD_LINES
    for number, line in enumerate(lines):
        top = room.center().y() + (number - len(lines) / 2) * high
        painter.drawText(QRectF(room.left(), top, room.width(), high), RIGHT, line)
    foot = QRectF(SIDE, box.height() - FOOT, box.width() - 2 * SIDE, 14 * POINT)
    painter.setFont(paper_font(7.5))
    painter.drawText(foot, LEFT, f"{paper.name} · printed {paper.printed}")
    painter.drawText(foot, RIGHT, page)
