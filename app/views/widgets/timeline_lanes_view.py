"""The lanes as a view: the same steps as the lines, chosen by the same keys."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QWidget

from app.services.runbook.timeline import Bar
from app.views.theme import color, px
from app.views.widgets.keyed import KeyedRows
from app.views.widgets.painted import Index, PaintedItems
from app.views.widgets.timeline_axis import Axis, Course, lines_of
from app.views.widgets.timeline_lanes import Lane, box_of, lanes_of, paint_lane
from app.views.widgets.timeline_moving import Moved, wheeled, zoomed
from app.views.widgets.timeline_paint import ROW, paint_links

_Cursor = QAbstractItemView.CursorAction


class Around(Moved, Protocol):
    """The timeline a lanes view stands in."""

    course: Course | None
    few_links: int

    def now(self) -> datetime | None: ...
    def axis(self) -> Axis | None: ...
    def current(self) -> Bar | None: ...


class Lanes(PaintedItems):
    """`picked(step_id)` on Enter or double click. Left and right go along a lane, up and down to
    the step of the next person at about that time."""

    slack = 8
    picked = Signal(str)

    def __init__(self, around: Around, model: KeyedRows[Any], parent: QWidget) -> None:
        super().__init__(model, "Timeline, a lane for each person", parent)
        self._around = around
        self._lanes: tuple[Lane, ...] = ()
        self._tops: list[int] = []
        self._places: dict[str, tuple[int, int]] = {}
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    # --- layout ---------------------------------------------------------------------------------

    def _laid(self) -> None:
        if self._tops or self._around.course is None:
            return
        bars = [row.bar for row in self._items.rows()]
        self._lanes = lanes_of(bars)
        top = 0
        for number, lane in enumerate(self._lanes):
            self._tops.append(top)
            top += px(lane.height)
            for place, bar in enumerate(lane.bars):
                self._places[bar.step_id] = (number, place)
        self.set_content(QSize(0, top))

    def forget_layout(self) -> None:
        self._tops, self._places = [], {}

    def _lane_box(self, number: int) -> QRect:
        top = self._tops[number] - self.verticalOffset()
        return QRect(0, top, self.viewport().width(), px(self._lanes[number].height))

    def visualRect(self, index: Index) -> QRect:
        self._laid()
        axis = self._around.axis()
        if axis is None or not index.isValid():
            return QRect()
        return self._box(self._items.row(index.row()).bar.step_id, axis)

    def _box(self, step_id: str, axis: Axis) -> QRect:
        found = self._places.get(step_id)
        if found is None:
            return QRect()
        return box_of(self._lanes[found[0]], found[1], self._lane_box(found[0]), axis)

    def indexAt(self, point: QPoint) -> Any:
        self._laid()
        axis = self._around.axis()
        hit = "" if axis is None else self._at(point, axis)
        return self._items.index_of(hit)

    def _at(self, point: QPoint, axis: Axis) -> str:
        for step_id in self._places:
            box = self._box(step_id, axis)
            if box.adjusted(-px(2), -px(4), px(2), px(4)).contains(point):
                return step_id
        return ""

    def scrollTo(
        self,
        index: Index,
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        """Across it is the timeline that scrolls, for the clock above goes with it."""
        super().scrollTo(index, hint)
        axis, box = self._around.axis(), self.visualRect(index)
        if axis is None or box.isNull():
            return
        right = axis.left + axis.width
        if box.left() < axis.left:
            self._around.scroll_by(box.left() - axis.left - px(20))
        elif box.right() > right:
            self._around.scroll_by(min(box.right() - right + px(20), box.left() - axis.left))

    # --- keys and mouse -------------------------------------------------------------------------

    def moveCursor(self, action: _Cursor, modifiers: Qt.KeyboardModifier) -> Any:
        self._laid()
        current = self._around.current()
        if current is None or current.step_id not in self._places:
            return self._items.index(0)
        number, place = self._places[current.step_id]
        match action:
            case _Cursor.MoveLeft | _Cursor.MovePrevious:
                place -= 1
            case _Cursor.MoveRight | _Cursor.MoveNext:
                place += 1
            case _Cursor.MoveHome:
                place = 0
            case _Cursor.MoveEnd:
                place = len(self._lanes[number].bars) - 1
            case _Cursor.MoveUp | _Cursor.MovePageUp:
                return self._beside(number - 1, current)
            case _Cursor.MoveDown | _Cursor.MovePageDown:
                return self._beside(number + 1, current)
        bars = self._lanes[number].bars
        return self._items.index_of(bars[max(0, min(place, len(bars) - 1))].step_id)

    def _beside(self, number: int, current: Bar) -> Any:
        axis = self._around.axis()
        if axis is None or not 0 <= number < len(self._lanes):
            return self.currentIndex()
        here = self._box(current.step_id, axis).center().x()
        nearest = min(
            self._lanes[number].bars,
            key=lambda bar: abs(self._box(bar.step_id, axis).center().x() - here),
        )
        return self._items.index_of(nearest.step_id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self._pick()
        elif not zoomed(self._around, event):
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        if search not in ("+", "-", "=", "0"):  # they zoom
            super().keyboardSearch(search)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not wheeled(self._around, event):
            super().wheelEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        if self.indexAt(event.position().toPoint()).isValid():
            self._pick()

    def _pick(self) -> None:
        current = self._around.current()
        if current is not None:
            self.picked.emit(current.step_id)

    # --- painting -------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        self._laid()
        around, axis, now = self._around, self._around.axis(), self._around.now()
        if axis is None or around.course is None or now is None:
            return
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        current = around.current()
        chosen = current.step_id if current is not None else ""
        self._paint_links(painter, axis, chosen)
        for number, lane in enumerate(self._lanes):
            box = self._lane_box(number)
            if box.intersects(event.rect()):
                paint_lane(
                    painter, lane, box, axis, around.course, now, chosen, focused=self.hasFocus()
                )
        low = min(self.viewport().height(), self._lane_box(len(self._lanes) - 1).bottom() + 1)
        for moment, token, width in lines_of(around.course, now):
            if axis.shows(moment):
                painter.fillRect(round(axis.x(moment)), 0, width, low, color(token))

    def _paint_links(self, painter: QPainter, axis: Axis, chosen: str) -> None:
        """Between lanes those of the chosen step: all at once nobody could follow."""
        bars = {bar.step_id: bar for lane in self._lanes for bar in lane.bars}
        links = [
            (bars[before], bar, True)
            for bar in bars.values()
            for before in bar.after
            if before in bars and chosen in (before, bar.step_id)
        ]

        def middle(bar: Bar) -> QRect:
            box = self._box(bar.step_id, axis)
            return QRect(box.left(), 0, box.width(), box.center().y() + px(ROW) // 2)

        painter.save()
        painter.setClipRect(QRect(axis.left, 0, axis.width + px(8), self.viewport().height()))
        paint_links(painter, links, middle, axis)
        painter.restore()
