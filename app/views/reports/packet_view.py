"""The packet on paper: one path for PDF, printer and preview."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QBuffer, QIODevice, QLineF, QMarginsF
from PySide6.QtGui import QPagedPaintDevice, QPageLayout, QPageSize, QPainter, QPdfWriter, QPen

from app.models.errors import StoreTrouble
from app.models.reports.packet import PacketData, Paper
from app.services.reports.files import leave_file
from app.views.reports.blocks import FRAME
from app.views.reports.packet_layout import Item, PacketLayout
from app.views.reports.paginator import Placement, page_count, paginate
from app.views.reports.text import SMALL, UNITS_PER_INCH, Run, Text, elided, pt

SIDE, TOP, FOOT = pt(36), pt(33), pt(50)
PAGE_SIZES = {
    Paper.A3: QPageSize(QPageSize.PageSizeId.A3),
    Paper.A4: QPageSize(QPageSize.PageSizeId.A4),
    Paper.LETTER: QPageSize(QPageSize.PageSizeId.Letter),
}


@dataclass(frozen=True, slots=True)
class Pages:
    """A packet laid out for one paper; lengths in units (text.py), pages counted from 0."""

    data: PacketData
    items: Sequence[Item]
    placed: Sequence[Placement]
    width: float
    height: float

    @property
    def count(self) -> int:
        return page_count(self.placed)

    @property
    def notices_on(self) -> int | None:
        """The page, counted from 1, on which the notices begin."""
        starts = (p.page + 1 for p in self.placed if self.items[p.block].notice)
        return next(starts, None)

    @property
    def body(self) -> float:
        return self.height - TOP - FOOT

    def draw(self, painter: QPainter, page: int) -> None:
        """Page number `page` with its footer; the painter stands at the paper's corner."""
        for place in self.placed:
            if place.page == page:
                drawn = self.items[place.block].drawn
                drawn.draw(painter, SIDE, TOP + place.top, repeated=place.repeated)
        self._footer(painter, page)

    def _footer(self, painter: QPainter, page: int) -> None:
        data, width = self.data, self.width - 2 * SIDE
        notices = f" · notices on page {self.notices_on}" if self.notices_on else ""
        place = f"revision {data.revision} · page {page + 1} of {self.count}{notices}"
        right = Text([Run(place, SMALL)], width, right=True)
        printed = f" · printed {data.printed_words}"
        room = width - right.natural_width - pt(12)
        room -= Text([Run(printed, SMALL)], width).natural_width
        left = elided(f"{data.code} · {data.title}", SMALL, room) + printed
        y = self.height - FOOT + pt(13)
        painter.setPen(QPen(FRAME, pt(0.75)))
        painter.drawLine(QLineF(SIDE, y, SIDE + width, y))
        Text([Run(left, SMALL)], width).draw(painter, SIDE, y + pt(3))
        right.draw(painter, SIDE, y + pt(3))


def lay_out(data: PacketData, page_size: QPageSize) -> Pages:
    """The packet in portrait on that paper; needs a QGuiApplication for its fonts."""
    inches = page_size.size(QPageSize.Unit.Inch)
    width, height = inches.width() * UNITS_PER_INCH, inches.height() * UNITS_PER_INCH
    body = height - TOP - FOOT
    items = PacketLayout(data, width - 2 * SIDE, body).items
    return Pages(data, items, paginate([item.block for item in items], body), width, height)


def render_packet(
    data: PacketData,
    device: QPagedPaintDevice,
    page_size: QPageSize,
    pages: tuple[int, int] | None = None,
) -> Pages:
    """Draws the packet on a PDF writer or printer whose origin is the paper's corner; `pages`
    are the first and last wanted, from 1. Raises StoreTrouble when the device refuses."""
    laid = lay_out(data, page_size)
    draw_sheets(laid, device, pages)
    return laid


class Sheets(Protocol):
    """Pages ready to be drawn, whatever stands on them."""

    @property
    def count(self) -> int: ...

    def draw(self, painter: QPainter, page: int) -> None: ...


def draw_sheets(
    laid: Sheets, device: QPagedPaintDevice, pages: tuple[int, int] | None = None
) -> None:
    """As `render_packet`, for any document."""
    first, last = pages or (1, laid.count)
    painter = QPainter()
    if not painter.begin(device):
        raise StoreTrouble(
            "The printer did not accept the pages; nothing was printed. "
            "Check the printer, or save them as a PDF."
        )
    try:
        painter.scale(device.logicalDpiX() / UNITS_PER_INCH, device.logicalDpiY() / UNITS_PER_INCH)
        wanted = range(max(first, 1) - 1, min(last, laid.count))
        for page in wanted:
            if page != wanted[0] and not device.newPage():
                raise StoreTrouble(
                    f"The printer stopped before page {page + 1}; the pages before it are good. "
                    "Check the printer and print the rest."
                )
            laid.draw(painter, page)
    finally:
        painter.end()


def write_pdf(data: PacketData, path: Path, paper: Paper = Paper.A4) -> Pages:
    """The packet as a PDF at `path`, whole or not at all; errors as `leave_file`."""
    size = PAGE_SIZES[paper]
    pages = lay_out(data, size)
    leave_pdf(pages, f"{data.code} · {data.title} · revision {data.revision}", size, path)
    return pages


def leave_pdf(laid: Sheets, title: str, size: QPageSize, path: Path) -> None:
    """Any document as a PDF at `path`, whole or not at all; errors as `leave_file`."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle(title)
    writer.setCreator("Flight Console")
    writer.setResolution(UNITS_PER_INCH)
    writer.setPageLayout(QPageLayout(size, QPageLayout.Orientation.Portrait, QMarginsF()))
    draw_sheets(laid, writer)
    buffer.close()
    leave_file(path, _with_spaces(bytes(buffer.data().data())))


def _with_spaces(pdf: bytes) -> bytes:
    """The same PDF with its blanks readable as blanks.

    Fonts draw tab and space with one glyph and Qt's ToUnicode map names it a tab (seen with
    6.11), so that searching two words fails in some readers. The maps are plain text and the
    change keeps every offset. Drop this when the test passes without it.
    """
    return re.sub(
        rb"beginbfrange.*?endbfrange",
        lambda found: found[0].replace(b"<0009>", b"<0020>"),
        pdf,
        flags=re.DOTALL,
    )
