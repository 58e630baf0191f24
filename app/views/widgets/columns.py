"""Two columns side by side; short of room they stand one under the other."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from app.views.theme import px


class Columns(QWidget):
    """`left` and `right` are the layouts to fill; narrower than `below` (design px) they stack."""

    def __init__(self, left: int = 3, right: int = 2, below: int = 860, gap: int = 16) -> None:
        super().__init__()
        self._below = below
        self.box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self.box.setContentsMargins(0, 0, 0, 0)
        self.box.setSpacing(px(gap))
        self.left, self.right = QVBoxLayout(), QVBoxLayout()
        for column, stretch in ((self.left, left), (self.right, right)):
            column.setSpacing(px(gap))
            self.box.addLayout(column, stretch)

    @property
    def stacked(self) -> bool:
        return self.box.direction() == QBoxLayout.Direction.TopToBottom

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < px(self._below)
        if narrow != self.stacked:
            way = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
            self.box.setDirection(way)
