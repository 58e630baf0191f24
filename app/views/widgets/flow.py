"""A layout that wraps: pills and buttons flow onto the next line like words."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QMargins, QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

from app.views.theme import px

LINE_GAP = 8
"""Between two lines, in design pixels, however far apart the things of a line stand."""


class FlowLayout(QLayout):
    """Left to right, then down; what shares a line stands centred in it. Heights follow the width,
    as Qt's flow layout example does."""

    def __init__(self, parent: QWidget | None = None, gap: int = 8) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._gap = gap
        self.setContentsMargins(QMargins(0, 0, 0, 0))

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._place(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._place(rect, move=True)

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        margins = self.contentsMargins()
        return size + QSize(margins.left() + margins.right(), margins.top() + margins.bottom())

    def _place(self, rect: QRect, *, move: bool) -> int:
        """The height used within `rect`'s width."""
        margins, gap = self.contentsMargins(), px(self._gap)
        room = rect.marginsRemoved(margins)
        y = room.y()
        for line in self._lines(room.width(), gap):
            high = max(wished.height() for _, wished in line)
            x = room.x()
            for item, wished in line:
                if move:
                    top = y + (high - wished.height()) // 2
                    size = QSize(min(wished.width(), room.width()), wished.height())
                    item.setGeometry(QRect(QPoint(x, top), size))
                x += wished.width() + gap
            y += high + min(gap, px(LINE_GAP))
        used = max(room.y(), y - min(gap, px(LINE_GAP)))
        return used - rect.y() + margins.bottom()

    def _lines(self, width: int, gap: int) -> list[list[tuple[QLayoutItem, QSize]]]:
        """What fits beside one another, with the size each wishes."""
        lines: list[list[tuple[QLayoutItem, QSize]]] = []
        left = -1
        for item in self._items:
            if item.isEmpty():
                continue
            wished = item.sizeHint()
            if not lines or wished.width() > left:
                lines.append([])
                left = width
            lines[-1].append((item, wished))
            left -= wished.width() + gap
        return lines


class Flowing(QWidget):
    """A flow that keeps the height of all its lines: a column that is short of height would take
    it from them."""

    def __init__(self, gap: int = 8) -> None:
        super().__init__()
        self.flow = FlowLayout(self, gap)

    def event(self, event: QEvent) -> bool:
        handled = super().event(event)
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):
            self.setMinimumHeight(self.flow.heightForWidth(self.width()))
        return handled
