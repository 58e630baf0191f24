"""Fields in one line; short of room they stand one under the other."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from app.views.theme import px


class Abreast(QWidget):
    """Parts of equal width. It asks for no more width than the widest part needs alone, so that
    nothing around it has to scroll sideways. With `fills` they are as high as it is."""

    def __init__(self, *parts: QWidget, gap: int = 12, fills: bool = False) -> None:
        super().__init__()
        self._parts = parts
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(px(gap))
        for part in parts:
            self._box.addWidget(part, 1)
            if not fills:
                self._box.setAlignment(part, Qt.AlignmentFlag.AlignTop)

    def minimumSizeHint(self) -> QSize:
        widest = max(part.minimumSizeHint().width() for part in self._parts)
        high = self._box.minimumSize().height()
        if self._box.hasHeightForWidth():  # words that are broken need more the narrower it is
            high = max(high, self._box.minimumHeightForWidth(self.width()))
        return QSize(widest, high)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._turn()
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._turn()

    def _turn(self) -> None:
        gaps = self._box.spacing() * (len(self._parts) - 1)
        needed = sum(part.minimumSizeHint().width() for part in self._parts) + gaps
        way = QBoxLayout.Direction
        direction = way.LeftToRight if needed <= self.width() else way.TopToBottom
        if direction != self._box.direction():
            self._box.setDirection(direction)
            self.updateGeometry()
