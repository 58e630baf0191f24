"""Where a notice may lie: over no control, and over a row only where nothing else is left."""

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

from app.views.page import Page
from app.views.theme import px

STEP = 24
"""Design pixels from one place that is tried to the next."""


def place_for(
    host: QWidget, notice: QWidget, sizes: Sequence[QSize], stays: bool
) -> tuple[QRect, bool] | None:
    """The place nearest to the lower right, of the first of `sizes` that has one in the lower
    third, and whether rows lie under it; None when there is none. What `stays` lies over no row,
    and nothing over the row that is chosen."""
    for over_rows in (False,) if stays else (False, True):
        place = _free_place(host, notice, sizes, over_rows=over_rows)
        if place is not None:
            return place, over_rows
    return None


def _free_place(
    host: QWidget, notice: QWidget, sizes: Sequence[QSize], *, over_rows: bool
) -> QRect | None:
    lower = QRect(0, host.height() // 2, host.width(), host.height())
    taken = list(_taken(host, notice, lower, over_rows=over_rows))
    edge, foot, step = px(22), px(16), px(STEP)
    for size in sizes:
        lowest = host.height() - size.height() - foot
        for top in range(lowest, max(lowest - host.height() // 3, 0), -step):
            for left in range(host.width() - size.width() - edge, edge - 1, -step):
                place = QRect(QPoint(left, top), size)
                if not any(place.intersects(each) for each in taken):
                    return place
    return None


def covers(host: QWidget, notice: QWidget, over_rows: bool) -> bool:
    """What it may not lie over came to lie under the notice."""
    place = notice.geometry()
    taken = _taken(host, notice, place, over_rows=over_rows)
    return any(place.intersects(each) for each in taken)


def _taken(host: QWidget, notice: QWidget, within: QRect, *, over_rows: bool) -> Iterator[QRect]:
    for each in host.findChildren(QWidget):
        if not each.isVisible() or notice is each or notice.isAncestorOf(each):
            continue
        if isinstance(each, QAbstractItemView) and over_rows:
            yield from _chosen(host, each, within)
        elif isinstance(each, QAbstractItemView):
            yield from _rows(host, each, within)
        elif _is_control(each):
            seen = each.visibleRegion().boundingRect()
            place = seen.translated(each.mapTo(host, QPoint(0, 0)))
            if place.intersects(within):
                yield place


def _is_control(widget: QWidget) -> bool:
    if isinstance(widget, QPlainTextEdit | QTextEdit | QLineEdit):
        return not widget.isReadOnly()
    if isinstance(widget, QAbstractScrollArea | Page):  # what takes the keys for its parts
        return False
    return widget.focusPolicy() != Qt.FocusPolicy.NoFocus and widget.isEnabled()


def _chosen(host: QWidget, view: QAbstractItemView, within: QRect) -> Iterator[QRect]:
    port = view.viewport()
    row = view.visualRect(view.currentIndex()) & port.visibleRegion().boundingRect()
    place = row.translated(port.mapTo(host, QPoint(0, 0)))
    if not row.isEmpty() and place.intersects(within):
        yield place


def _rows(host: QWidget, view: QAbstractItemView, within: QRect) -> Iterator[QRect]:
    """What of the view is painted with items, by looking at it here and there. In few large boxes:
    a month is items all over, and each place that is tried is held against every box."""
    port = view.viewport()
    origin = port.mapTo(host, QPoint(0, 0))
    seen = port.visibleRegion().boundingRect().translated(origin) & within
    wide, high = px(40), px(12)
    above: dict[tuple[int, int], QRect] = {}
    for top in range(seen.top(), seen.bottom() + 1, high):
        here: dict[tuple[int, int], QRect] = {}
        runs: list[tuple[int, int]] = []
        for left in range(seen.left(), seen.right() + 1, wide):
            if view.indexAt(QRect(left, top, wide, high).center() - origin).isValid():
                joins = runs and runs[-1][1] == left
                runs.append((runs.pop()[0] if joins else left, left + wide))
        for run in runs:
            line = QRect(run[0], top, run[1] - run[0], high)
            here[run] = above.pop(run, line) | line
        yield from above.values()
        above = here
    yield from above.values()
