"""The whole timeline as a picture that leaves the window: PNG or SVG, light, every step on it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QBuffer, QIODevice, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QImage, QPainter
from PySide6.QtSvg import QSvgGenerator

from app.models.errors import BadInput
from app.views.theme import Token, color, font, on_paper, px
from app.views.widgets.forecast_line import Foreseen
from app.views.widgets.timeline_axis import Axis, Course, lines_of, span_of
from app.views.widgets.timeline_head import paint_ticks
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


def write_picture(
    path: Path, flight: Drawn, rows: Sequence[BarRow], now: datetime, legend: str, under: str
) -> None:
    """By the file's ending, `.svg` or else PNG. `under` is the second line of its head, `legend`
    names the lines. Raises BadInput when it cannot be written."""
    kept = QBuffer()
    kept.open(QIODevice.OpenModeFlag.WriteOnly)
    with on_paper():
        size = QSize(WIDTH, _height(rows))
        if path.suffix.lower() == ".svg":
            made = QSvgGenerator()
            made.setOutputDevice(kept)
            made.setSize(size)
            made.setViewBox(QRect(0, 0, size.width(), size.height()))
            made.setTitle(f"{flight.code} {flight.title}")
            painter = QPainter(made)
            _paint(painter, size, flight, rows, now, legend, under)
            painter.end()
        else:
            sharp = SHARP if size.height() * SHARP <= LARGEST else 1
            image = QImage(size * sharp, QImage.Format.Format_RGB32)
            image.setDevicePixelRatio(sharp)
            painter = QPainter(image)
            _paint(painter, size, flight, rows, now, legend, under)
            painter.end()
            image.save(kept, "PNG")  # type: ignore[call-overload]
    try:
        path.write_bytes(kept.data().data())
    except OSError as trouble:
        raise BadInput(
            f"{path} cannot be written ({trouble.strerror}); choose another place."
        ) from trouble


def _height(rows: Sequence[BarRow]) -> int:
    bars = sum(ROW + (GROUP if row.group else 0) for row in rows)
    return MARGIN + TITLE + HEAD + bars + FOOT + MARGIN


def _paint(
    painter: QPainter,
    size: QSize,
    flight: Drawn,
    rows: Sequence[BarRow],
    now: datetime,
    legend: str,
    under: str,
) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillRect(QRect(0, 0, size.width(), size.height()), color(Token.SURFACE))
    inner = size.width() - 2 * MARGIN
    _words(painter, QRect(MARGIN, MARGIN, inner, 28), f"{flight.code} {flight.title}", 18, True)
    _words(painter, QRect(MARGIN, MARGIN + 30, inner, 20), under, 13, False)
    first, last = span_of(flight, now)
    left = MARGIN + LABELS + px(8)
    axis = Axis(first, last, left, size.width() - MARGIN - px(8) - left)
    top = MARGIN + TITLE
    painter.save()
    painter.translate(0, top)
    paint_ticks(painter, axis, flight.zone, QRect(0, 0, size.width(), HEAD))
    painter.restore()
    top += HEAD
    boxes: dict[str, QRect] = {}
    y = top
    for row in rows:
        height = ROW + (GROUP if row.group else 0)
        boxes[row.bar.step_id] = QRect(MARGIN, y, inner, height)
        y += height
    links = [
        (other.bar, row.bar, False)
        for row in rows
        for other in rows
        if other.bar.step_id in row.bar.after
    ]
    if len(links) <= len(rows) * 2:
        painter.save()
        paint_links(painter, links, lambda bar: boxes[bar.step_id], axis)
        painter.restore()
    for row in rows:
        painter.save()
        paint_row(painter, row, boxes[row.bar.step_id], axis, flight, now)
        painter.restore()
    for moment, token, width in lines_of(flight, now):
        if axis.shows(moment):
            painter.fillRect(round(axis.x(moment)), top, width, y - top, color(token))
    _words(painter, QRect(MARGIN, y + 10, inner, 20), legend, 12, False)


def _words(painter: QPainter, box: QRect, words: str, design: int, bold: bool) -> None:
    face = font(design, bold=bold)
    painter.setFont(face)
    painter.setPen(color(Token.TEXT if bold else Token.MUTED))
    shown = QFontMetrics(face).elidedText(words, Qt.TextElideMode.ElideRight, box.width())
    painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, shown)
