"""A QR code on paper, which a telephone reads without any program of ours."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter

from app.views.reports.text import INK, pt
from app.views.widgets.qr import QUIET, modules_of

__all__ = ["MODULE", "QUIET", "QrCode"]

MODULE = pt(1.05)
"""0.37 mm, which a telephone still reads from a laser printer's page."""


class QrCode:
    """Dark squares in rows; `side` includes the white edge."""

    def __init__(self, text: str) -> None:
        self.matrix = modules_of(text)
        self.side = (len(self.matrix) + 2 * QUIET) * MODULE

    def draw(self, painter: QPainter, x: float, y: float) -> None:
        """Runs of dark modules as one bar each, without seams between them."""
        painter.save()
        painter.setPen(Qt.PenStyle.NoPen)
        for row, modules in enumerate(self.matrix):
            top = y + (QUIET + row) * MODULE
            start = None
            for at, dark in enumerate((*modules, False)):
                if dark and start is None:
                    start = at
                elif not dark and start is not None:
                    left, width = x + (QUIET + start) * MODULE, (at - start) * MODULE
                    painter.fillRect(QRectF(left, top, width, MODULE), INK)
                    start = None
        painter.restore()
