"""The ground of every view that paints its items itself: board, month, a CI's map.

A list by kind, because Qt shows screen readers the items of its own views only. Layout, scrolling
and painting are the subclass's; what all of them need is here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QRegion, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QWidget

from app.views.theme import px
from app.views.widgets.keyed import KeyedRows

Index = QModelIndex | QPersistentModelIndex
_LOOKS = (QEvent.Type.StyleChange, QEvent.Type.PaletteChange, QEvent.Type.FontChange)


class PaintedItems(QListView):
    """Says where each item is (`visualRect`, `indexAt`, `moveCursor`), paints, and calls
    `set_content` once it has laid itself out. `head` is what stays above the items, `slack` the
    room left around one that is scrolled to, in design pixels."""

    head: float = 0
    slack = 0

    def __init__(self, model: KeyedRows[Any], name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items = model
        self._content: QSize | None = None
        self.setAccessibleName(name)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setModel(model)
        model.rowsRemoved.connect(lambda *_: self.relayout())
        model.rowsMoved.connect(lambda *_: self.relayout())

    # --- for the subclass -----------------------------------------------------------------------

    def forget_layout(self) -> None:
        """The rows, the size or the look changed: lay out anew before the next paint."""

    def row_chosen(self, number: int) -> None:
        """The current item moved to this row."""

    def relayout(self) -> None:
        self._content = None
        self.forget_layout()
        self.viewport().update()

    def set_content(self, content: QSize) -> None:
        """How large everything together is, from which the scroll bars follow."""
        self._content = content
        room = self.viewport().size()
        for bar, whole, page in (
            (self.verticalScrollBar(), content.height(), room.height()),
            (self.horizontalScrollBar(), content.width(), room.width()),
        ):
            bar.setPageStep(page)
            bar.setSingleStep(px(40))
            bar.setRange(0, max(0, whole - page))

    def offset(self) -> QPoint:
        return QPoint(self.horizontalOffset(), self.verticalOffset())

    # --- what QAbstractItemView asks ------------------------------------------------------------

    def horizontalOffset(self) -> int:
        return self.horizontalScrollBar().value()

    def verticalOffset(self) -> int:
        return self.verticalScrollBar().value()

    def isIndexHidden(self, index: Index) -> bool:
        return False

    def scrollTo(
        self,
        index: Index,
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        box = self.visualRect(index)
        if box.isNull():
            return
        room, slack = self.viewport().size(), px(self.slack)
        for bar, low, high, top, end in (
            (self.verticalScrollBar(), box.top(), box.bottom(), px(self.head), room.height()),
            (self.horizontalScrollBar(), box.left(), box.right(), 0, room.width()),
        ):
            if low < top:
                bar.setValue(bar.value() + low - top - slack)
            elif high >= end:
                bar.setValue(bar.value() + high - end + slack + 1)

    def setSelection(self, rect: QRect, flags: QItemSelectionModel.SelectionFlag) -> None:
        index = self.indexAt(rect.center())
        self.selectionModel().select(
            QItemSelection(index, index) if index.isValid() else QItemSelection(), flags
        )

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        """All of it: what is chosen shows in more places than its own."""
        return QRegion(self.viewport().rect())

    # --- following the model, the size and the look ---------------------------------------------

    def dataChanged(self, top_left: Index, bottom_right: Index, roles: Sequence[int] = ()) -> None:
        super().dataChanged(top_left, bottom_right, roles)
        self.relayout()

    def rowsInserted(self, parent: Index, start: int, end: int) -> None:
        super().rowsInserted(parent, start, end)
        self.relayout()

    def reset(self) -> None:
        super().reset()
        self.relayout()

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self.viewport().update()
        if current.isValid():
            self.setAccessibleDescription(self._items.spoken(self._items.row(current.row())))
            self.row_chosen(current.row())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.relayout()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in _LOOKS:
            self.relayout()

    def doItemsLayout(self) -> None:
        QAbstractItemView.doItemsLayout(self)  # past the list's own layout
        self.relayout()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self.viewport().update()  # what stands still does not move with the items

    def updateGeometries(self) -> None:
        QAbstractItemView.updateGeometries(self)
        if self._content is not None:
            self.set_content(self._content)
