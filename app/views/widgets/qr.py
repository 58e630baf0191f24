"""A QR code on the screen, which a phone's camera reads: dark on white in either look."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.views.theme import px

QUIET = 4
"""Modules left white around it, as the standard asks."""


@lru_cache(maxsize=32)
def modules_of(text: str) -> tuple[tuple[bool, ...], ...]:
    """Dark squares in rows, without the white edge."""
    import segno  # a tenth of a second, needed where a code is shown or printed

    code = segno.make(text, error="m", micro=False)
    return tuple(tuple(bool(module) for module in row) for row in code.matrix)


class QrPicture(QWidget):
    """`side` design pixels wide and high; its modules are whole pixels, so that they stay sharp."""

    def __init__(self, side: int) -> None:
        super().__init__()
        self._side = side
        self._text = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def text(self) -> str:
        """What a phone reads off it; empty: nothing is shown."""
        return self._text

    def show_text(self, text: str, spoken: str) -> None:
        self.setAccessibleName(spoken)
        if text != self._text:
            self._text = text
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(self._side), px(self._side))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._text:
            return
        rows = modules_of(self._text)
        step = max(1, min(self.width(), self.height()) // (len(rows) + 2 * QUIET))
        whole = step * (len(rows) + 2 * QUIET)
        left, top = (self.width() - whole) // 2, (self.height() - whole) // 2
        painter = QPainter(self)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(Qt.GlobalColor.white)
        painter.drawRoundedRect(QRectF(left, top, whole, whole), px(6), px(6))
        painter.setBrush(Qt.GlobalColor.black)
        for row, modules in enumerate(rows):
            for column, dark in enumerate(modules):
                if dark:
                    across, down = left + (QUIET + column) * step, top + (QUIET + row) * step
                    painter.drawRect(across, down, step, step)
        painter.end()
