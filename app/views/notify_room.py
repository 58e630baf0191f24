"""Where a notice may lie: over no control and over no row of a list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractScrollArea,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

from app.views.theme import px

STEP = 24
"""Design pixels from one place that is tried to the next."""


def free_place(host: QWidget, notice: QWidget, sizes: Sequence[QSize]) -> QRect | None:
    """The place nearest to the lower right, of the first of `sizes` that has one in the lower
    third; None when a control or a row lies wherever it could."""
    taken = list(_taken(host, notice, QRect(0, host.height() // 2, host.width(), host.height())))
    edge, foot, step = px(22), px(16), px(STEP)
    for size in sizes:
        lowest = host.height() - size.height() - foot
        for top in range(lowest, max(lowest - host.height() // 3, 0), -step):
            for left in range(host.width() - size.width() - edge, edge - 1, -step):
                place = QRect(QPoint(left, top), size)
                if not any(place.intersects(each) for each in taken):
                    return place
    return None


def covers(host: QWidget, notice: QWidget) -> bool:
    """A control or a row came to lie under the notice."""
    place = notice.geometry()
    return any(place.intersects(each) for each in _taken(host, notice, place))


def _taken(host: QWidget, notice: QWidget, within: QRect) -> Iterator[QRect]:
    for each in host.findChildren(QWidget):
        if not each.isVisible() or notice is each or notice.isAncestorOf(each):
            continue
        if isinstance(each, QAbstractItemView):
            yield from _rows(host, each, within)
        elif _is_control(each):
            seen = each.visibleRegion().boundingRect()
            place = seen.translated(each.mapTo(host, QPoint(0, 0)))
            if place.intersects(within):
                yield place


def _is_control(widget: QWidget) -> bool:
    if isinstance(widget, QPlainTextEdit | QTextEdit | QLineEdit):
        return not widget.isReadOnly()
    if isinstance(widget, QAbstractScrollArea):
        return False
    return widget.focusPolicy() != Qt.FocusPolicy.NoFocus and widget.isEnabled()


def _rows(host: QWidget, view: QAbstractItemView, within: QRect) -> Iterator[QRect]:
    """What of the view is painted with items, by looking at it here and there."""
    port = view.viewport()
    origin = port.mapTo(host, QPoint(0, 0))
    seen = port.visibleRegion().boundingRect().translated(origin) & within
    wide, high = px(40), px(12)
    for top in range(seen.top(), seen.bottom() + 1, high):
        for left in range(seen.left(), seen.right() + 1, wide):
            cell = QRect(left, top, wide, high)
            if view.indexAt(cell.center() - origin).isValid():
                yield cell
