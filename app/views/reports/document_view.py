"""A report on paper: placed by the packet's paginator, so that no row is cut by a page's edge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QPageSize, QPainter, QPen

from app.models.reports.document import Chapter, Document, Table
from app.models.reports.packet import Paper
from app.models.reports.timeline import LABELS, ROW, WIDTH, Picture, pictures
from app.views.reports.blocks import (
    FRAME,
    PAD_X,
    Drawable,
    FormLine,
    Heading,
    Paragraph,
    TableHeader,
    TableRow,
)
from app.views.reports.document_charts import ColumnsDrawn
from app.views.reports.packet_view import FOOT, PAGE_SIZES, SIDE, TOP, leave_pdf
from app.views.reports.paginator import Block, Placement, page_count, paginate
from app.views.reports.text import (
    BODY,
    INK,
    QUIET,
    SMALL,
    UNITS_PER_INCH,
    Run,
    Style,
    Text,
    elided,
    pt,
)

PLANNED, ACTUAL, LATE = QColor(0x77, 0x77, 0x77), QColor(0x55, 0x66, 0x77), QColor(0xB0, 0x40, 0x20)


@dataclass(frozen=True, slots=True)
class DocumentPages:
    """A document laid out for one paper; implements `packet_view.Sheets`."""

    document: Document
    blocks: Sequence[tuple[Block, Drawable]]
    placed: Sequence[Placement]
    width: float
    height: float

    @property
    def count(self) -> int:
        return page_count(self.placed)

    def draw(self, painter: QPainter, page: int) -> None:
        for place in self.placed:
            if place.page == page:
                drawn = self.blocks[place.block][1]
                drawn.draw(painter, SIDE, TOP + place.top, repeated=place.repeated)
        width = self.width - 2 * SIDE
        right = Text([Run(f"page {page + 1} of {self.count}", SMALL)], width, right=True)
        left = elided(self.document.footer, SMALL, width - right.natural_width - pt(12))
        y = self.height - FOOT + pt(13)
        painter.setPen(QPen(FRAME, pt(0.75)))
        painter.drawLine(QLineF(SIDE, y, SIDE + width, y))
        Text([Run(left, SMALL)], width).draw(painter, SIDE, y + pt(3))
        right.draw(painter, SIDE, y + pt(3))


def lay_out_document(document: Document, page_size: QPageSize) -> DocumentPages:
    """In portrait; needs a QGuiApplication for its fonts."""
    inches = page_size.size(QPageSize.Unit.Inch)
    width, height = inches.width() * UNITS_PER_INCH, inches.height() * UNITS_PER_INCH
    body = height - TOP - FOOT
    blocks = _Layout(document, width - 2 * SIDE, body).blocks
    return DocumentPages(document, blocks, paginate([b for b, _ in blocks], body), width, height)


def write_document(document: Document, path: Path, paper: Paper = Paper.A4) -> DocumentPages:
    """As a PDF at `path`, whole or not at all; errors as `leave_file`."""
    size = PAGE_SIZES[paper]
    pages = lay_out_document(document, size)
    leave_pdf(pages, f"{document.title} · {document.subtitle}", size, path)
    return pages


class _Layout:
    """The blocks in reading order; what is longer than a page goes on in a further block."""

    def __init__(self, document: Document, width: float, body: float) -> None:
        self._width, self._limit = width, body * 0.6
        self.blocks: list[tuple[Block, Drawable]] = []
        self._say(document.title, Style(15, bold=True))
        self._say(document.subtitle, QUIET)
        for at, (name, words) in enumerate(document.facts):
            self._fact(name, words, 9 if at == 0 else 0)
        for chapter in document.chapters:
            drawn = pictures(document.flight) if chapter.timeline and document.flight else []
            self._chapter(chapter, drawn)
        if document.proof:
            self._say(document.proof, SMALL, 14)

    def _add(
        self, drawn: Drawable, gap: float = 0.0, *, keep_next: bool = False,
        header: int | None = None,
    ) -> int:  # fmt: skip
        self.blocks.append((Block(drawn.height, pt(gap), keep_next, header=header), drawn))
        return len(self.blocks) - 1

    def _say(self, text: str, style: Style, gap: float = 0.0, *, keep_next: bool = False) -> None:
        for piece in Paragraph(Text([Run(text, style)], self._width)).pieces(self._limit):
            self._add(piece, gap, keep_next=keep_next)
            gap = 0.0

    def _fact(self, name: str, words: str, gap: float) -> None:
        lefts = [0.0, self._width * 0.3]
        cells = (Text([Run(name, QUIET)], lefts[1] - PAD_X), self._cell(words, self._width * 0.7))
        for piece in TableRow(lefts, cells, self._width).pieces(self._limit):
            self._add(piece, gap)
            gap = 0.0

    @staticmethod
    def _cell(words: str, width: float) -> Text:
        return Text([Run(words, BODY)], width)

    def _chapter(self, chapter: Chapter, drawn: Sequence[Picture]) -> None:
        self._add(Heading(chapter.heading, self._width), 14, keep_next=True)
        above = chapter.table is not None and not drawn  # it says what the table is
        for paragraph in chapter.paragraphs:
            self._say(paragraph, BODY, 4, keep_next=above)
        if chapter.quoted:
            self._say(f"“{chapter.quoted}”", Style(10), 4)
        for picture in drawn:
            self._add(_Timeline(picture, self._width), 4)
        if chapter.chart:
            self._add(ColumnsDrawn(chapter.chart, self._width), 4)
        elif chapter.table is not None:
            self._table(chapter.table, chapter.heading)
        for _ in range(chapter.pen):
            self._add(FormLine(("",), self._width))

    def _table(self, table: Table, heading: str) -> None:
        whole = sum(table.shares)
        edges = [self._width * sum(table.shares[:at]) / whole for at in range(len(table.shares))]
        lefts = [PAD_X + edge for edge in edges]
        rights = [*lefts[1:], self._width]
        widest = max(range(len(lefts)), key=lambda at: table.shares[at])
        header = self._add(
            TableHeader(lefts, table.columns, self._width, heading, widest), 4, keep_next=True
        )
        for row in table.rows:
            cells = [
                self._cell(words, right - left - 2 * PAD_X)
                for words, left, right in zip(row, lefts, rights, strict=True)
            ]
            for piece in TableRow(lefts, cells, self._width).pieces(self._limit):
                self._add(piece, header=header)


class _Timeline:
    """Planned (outlined) and actual (filled) bars on one scale of time, as in the web page."""

    def __init__(self, picture: Picture, width: float) -> None:
        self._picture, self._scale = picture, width / WIDTH
        self.height = picture.height * self._scale

    def draw(self, painter: QPainter, x: float, y: float, *, repeated: bool = False) -> None:
        scale = self._scale

        def across(length: float) -> float:
            return x + length * scale

        painter.setBrush(Qt.BrushStyle.NoBrush)
        for tick in self._picture.ticks:
            painter.setPen(QPen(FRAME, pt(0.4)))
            painter.drawLine(QLineF(across(tick.x), y + pt(11), across(tick.x), y + self.height))
            word = Text([Run(tick.label, SMALL)], pt(60))
            right_edge = across(WIDTH) - word.natural_width
            word.draw(painter, min(across(tick.x) + pt(1), right_edge), y)
        for row in self._picture.rows:
            top = y + row.y * scale
            label = elided(row.label, SMALL, (LABELS - 8) * scale)
            Text([Run(label, SMALL)], LABELS * scale).draw(painter, x, top + pt(1))
            if row.planned:
                painter.setPen(QPen(PLANNED, pt(0.75)))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(self._bar(x, row.planned.x, row.planned.width, top, 3, 9))
            if row.actual:
                colour = LATE if row.late else ACTUAL
                painter.fillRect(self._bar(x, row.actual.x, row.actual.width, top, 8, 9), colour)
            if row.note:
                note = Text([Run(row.note, SMALL)], pt(90), right=row.note_left)
                left = across(row.note_x) - (pt(90) if row.note_left else 0)
                note.draw(painter, left, top + pt(1))
        painter.setPen(QPen(INK, pt(0.75)))

    def _bar(
        self, x: float, left: float, width: float, top: float, down: float, high: float
    ) -> QRectF:
        s = self._scale
        return QRectF(x + left * s, top + down * s * ROW / 24, width * s, high * s)
