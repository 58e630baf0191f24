"""The clock above the bars of a timeline."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFontMetrics, QPainter

from app.models.times import speak_time, to_wall
from app.views.theme import Token, color, font, px
from app.views.widgets.timeline_axis import Axis


def paint_ticks(painter: QPainter, axis: Axis, zone: str, box: QRect) -> None:
    """Round wall times over the room of `axis`, with a line under them as wide as `box`."""
    face = font(12, mono=True)
    painter.setFont(face)
    width = QFontMetrics(face).horizontalAdvance("00:00")
    painter.fillRect(box.left(), box.bottom(), box.width(), 1, color(Token.LINE))
    tick = box.bottom() + 1 - px(5)
    for moment in axis.ticks(zone, width * 2):
        x = round(axis.x(moment))
        painter.fillRect(x, tick, 1, px(5), color(Token.LINE))
        painter.setPen(color(Token.MUTED))
        place = QRect(x - width, box.top(), 2 * width, box.height() - px(5))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, speak_time(to_wall(moment, zone)))
