"""The whole timeline as a picture that leaves the window: PNG or SVG, light, every step on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Protocol

from PySide6.QtCore import QBuffer, QIODevice, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QImage, QPainter
from PySide6.QtSvg import QSvgGenerator

from app.views.theme import Token, color, font, on_paper, px
from app.views.widgets.forecast_line import Foreseen
from app.views.widgets.timeline_axis import Axis, Course, lines_of, span_of
from app.views.widgets.timeline_head import paint_ticks
from app.views.widgets.timeline_lanes import Lane, lanes_of, paint_lane
from app.views.widgets.timeline_paint import GROUP, ROW, BarRow, paint_links, paint_row

WIDTH = 1200
LABELS = 260
MARGIN = 24
HEAD = 24
TITLE = 64
FOOT = 36
SHARP = 2
"""Pixels of a PNG to one of the drawing, so that it can be read when printed."""
LARGEST = 30_000
"""Qt draws no picture that is higher."""


class Drawn(Course, Foreseen, Protocol):
    """What a picture tells of a flight."""

    @property
    def code(self) -> str: ...
    @property
    def title(self) -> str: ...


def draw_picture(
    ending: str,
    flight: Drawn,
    rows: Sequence[BarRow],
    now: datetime,
    legend: str,
    under: str,
    *,
    lanes: bool = False,
) -> Callable[[], bytes]:
    """By the file's ending, `.svg` or else PNG; a line a step, or a lane a person. `under` is the
    second line of its head, `legend` names the lines. Drawn at once; what is returned makes the
    file of it, which takes half a second of a long flight: call that on another thread."""
    kept = QBuffer()
    kept.open(QIODevice.OpenModeFlag.WriteOnly)
    with on_paper():
        by_person = lanes_of([row.bar for row in rows]) if lanes else ()
        drawing = _Drawing(flight, rows, by_person, now, legend, under)
        size = QSize(WIDTH, drawing.height)
        if ending.lower() == ".svg":
            made = QSvgGenerator()
            made.setOutputDevice(kept)
            made.setSize(size)
            made.setViewBox(QRect(0, 0, size.width(), size.height()))
            made.setTitle(f"{flight.code} {flight.title}")
            painter = QPainter(made)
            drawing.paint(painter, size)
            painter.end()
        else:
            sharp = SHARP if size.height() * SHARP <= LARGEST else 1
            image = QImage(size * sharp, QImage.Format.Format_RGB32)
            image.setDevicePixelRatio(sharp)
            painter = QPainter(image)
            drawing.paint(painter, size)
            painter.end()
            return partial(png, image)
    return lambda: bytes(kept.data().data())


def png(image: QImage) -> bytes:
    """Call it where the window does not wait for it."""
    kept = QBuffer()
    kept.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(kept, "PNG")  # type: ignore[call-overload]
    return bytes(kept.data().data())


@dataclass(frozen=True, slots=True)
class _Drawing:
    flight: Drawn
    rows: Sequence[BarRow]
    lanes: Sequence[Lane]
    now: datetime
    legend: str
    under: str

    @property
    def height(self) -> int:
        lines = [row_height(row) for row in self.rows]
        inner = sum(lane.height for lane in self.lanes) if self.lanes else sum(lines)
        return MARGIN + TITLE + HEAD + inner + FOOT + MARGIN

    def paint(self, painter: QPainter, size: QSize) -> None:
        flight = self.flight
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(QRect(0, 0, size.width(), size.height()), color(Token.SURFACE))
        inner = size.width() - 2 * MARGIN
        _words(painter, QRect(MARGIN, MARGIN, inner, 28), f"{flight.code} {flight.title}", 18, True)
        _words(painter, QRect(MARGIN, MARGIN + 30, inner, 20), self.under, 13, False)
        first, last = span_of(flight, self.now)
        left = MARGIN + LABELS + px(8)
        axis = Axis(first, last, left, size.width() - MARGIN - px(8) - left)
        top = MARGIN + TITLE
        painter.save()
        painter.translate(0, top)
        paint_ticks(painter, axis, flight.zone, QRect(0, 0, size.width(), HEAD))
        painter.restore()
        top += HEAD
        draw = self._lanes if self.lanes else self._lines
        low = draw(painter, axis, QRect(MARGIN, top, inner, 0))
        for moment, token, width in lines_of(flight, self.now):
            if axis.shows(moment):
                painter.fillRect(round(axis.x(moment)), top, width, low - top, color(token))
        _words(painter, QRect(MARGIN, low + 10, inner, 20), self.legend, 12, False)

    def _lanes(self, painter: QPainter, axis: Axis, place: QRect) -> int:
        """Down to where they end."""
        for lane in self.lanes:
            place.setHeight(lane.height)
            painter.save()
            paint_lane(painter, lane, place, axis, self.flight, self.now)
            painter.restore()
            place.moveTop(place.top() + lane.height)
        return place.top()

    def _lines(self, painter: QPainter, axis: Axis, place: QRect) -> int:
        boxes: dict[str, QRect] = {}
        y = place.top()
        for row in self.rows:
            boxes[row.bar.step_id] = QRect(place.left(), y, place.width(), row_height(row))
            y += row_height(row)
        links = [
            (other.bar, row.bar, False)
            for row in self.rows
            for other in self.rows
            if other.bar.step_id in row.bar.after
        ]
        if len(links) <= len(self.rows) * 2:
            painter.save()
            paint_links(painter, links, lambda bar: boxes[bar.step_id], axis)
            painter.restore()
        for row in self.rows:
            painter.save()
            paint_row(painter, row, boxes[row.bar.step_id], axis, self.flight, self.now)
            painter.restore()
        return y


def row_height(row: BarRow) -> int:
    return ROW + (GROUP if row.group else 0)


def _words(painter: QPainter, box: QRect, words: str, design: int, bold: bool) -> None:
    face = font(design, bold=bold)
    painter.setFont(face)
    painter.setPen(color(Token.TEXT if bold else Token.MUTED))
    shown = QFontMetrics(face).elidedText(words, Qt.TextElideMode.ElideRight, box.width())
    painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, shown)
