"""What is done with a month: entries opened, days planned on, outages carried to another day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
)
from PySide6.QtWidgets import QAbstractItemView, QApplication, QToolTip, QWidget

from app.models.calendar.entries import Entry
from app.models.calendar.month import DAYS
from app.views.calendar.looks import tip_of
from app.views.calendar.month_items import MonthItems
from app.views.calendar.month_layout import MonthLayout
from app.views.calendar.rows import CalendarModel, CalendarRow
from app.views.widgets.labels import plain_tip

Index = QModelIndex | QPersistentModelIndex
_Move = QAbstractItemView.CursorAction
_CARRY = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Up: -DAYS,
    Qt.Key.Key_Down: DAYS,
}


@dataclass(slots=True)
class _Carried:
    """An outage on its way to another day, by mouse or keys."""

    entry: Entry
    days: int = 0


class MonthView(MonthItems):
    """Keys: arrows move the day, Tab walks its entries, Enter opens the entry or the day, Ctrl and
    arrows carry the chosen outage to another day (Enter puts it there, Esc back).

    `opened(entry key)` · `planRequested(day)` · `dayOpened(day)` · `carried(entry key, days)` is
    on the way, 0 at home again · `dropped(entry key, days)` only asks.
    """

    opened = Signal(str)
    planRequested = Signal(object)
    dayOpened = Signal(object)
    carried = Signal(str, int)
    dropped = Signal(str, int)

    def __init__(self, model: CalendarModel, parent: QWidget | None = None) -> None:
        super().__init__(model, parent)
        self._pressed: tuple[Entry, date, QPoint] | None = None
        self._carry: _Carried | None = None

    def put_back(self) -> None:
        """Nothing is carried any more."""
        carried, self._carry, self._pressed = self._carry, None, None
        self.viewport().unsetCursor()
        self.viewport().update()
        if carried is not None:
            self.carried.emit(carried.entry.key, 0)

    def paint_over(self, painter: QPainter, layout: MonthLayout) -> None:
        if self._carry is not None and self._carry.days:
            words = self._carry.entry.headline(self._painter.zone)
            self._painter.paint_ghost(painter, self._ghost_boxes(layout), words)

    def _ghost_boxes(self, layout: MonthLayout) -> list[QRect]:
        assert self._carry is not None
        first = self._carry.entry.first + timedelta(days=self._carry.days)
        days = (first + timedelta(days=n) for n in range(self._carry.entry.days))
        return [layout.cells[day] for day in days if day in layout.cells]

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            index = self.indexAt(event.pos())
            row = self._rows.row(index.row()) if index.isValid() else None
            words = tip_of(row.entry, self._painter.zone) if row and row.entry else ""
            QToolTip.showText(event.globalPos(), plain_tip(words), self.viewport())
            return True
        return super().viewportEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        row = self.current_row()
        if key == Qt.Key.Key_Escape and self._carry is not None:
            self.put_back()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not control and row is not None:
            self._enter(row)
        elif control and key in _CARRY and row is not None:
            self._carry_by(row, _CARRY[key])
        else:
            super().keyPressEvent(event)

    def _enter(self, row: CalendarRow) -> None:
        if self._carry is not None:
            self._drop()
        elif row.entry is not None:
            self.opened.emit(row.entry.key)
        elif row.count:
            self.dayOpened.emit(row.day)
        else:
            self.planRequested.emit(row.day)

    def _carry_by(self, row: CalendarRow, days: int) -> None:
        if self._carry is None:
            if row.entry is None or not row.entry.movable:
                return
            self._carry = _Carried(row.entry)
        self._carry_to(self._carry.days + days)

    def _carry_to(self, days: int) -> None:
        """Within the weeks shown."""
        assert self._carry is not None
        layout = self.layout_now()
        first = self._carry.entry.first
        if not layout.first <= first + timedelta(days=days) <= layout.last:
            return
        if days != self._carry.days:
            self._carry.days = days
            self.carried.emit(self._carry.entry.key, days)
            self.viewport().update()

    def _drop(self) -> None:
        carried, self._carry, self._pressed = self._carry, None, None
        self.viewport().unsetCursor()
        self.viewport().update()
        if carried is not None and carried.days:
            self.dropped.emit(carried.entry.key, carried.days)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        if event.button() != Qt.MouseButton.LeftButton:
            return
        point = event.position().toPoint()
        row = self.current_row() if self.indexAt(point).isValid() else None
        there = point + QPoint(0, self.verticalOffset())
        if row is not None and row.entry is not None and row.entry.movable:
            self._pressed = (row.entry, row.day, point)
        more = self.layout_now().more_at(there)
        if more is not None and (row is None or row.entry is None):
            self.dayOpened.emit(more)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None or not event.buttons() & Qt.MouseButton.LeftButton:
            return
        entry, day, start = self._pressed
        point = event.position().toPoint()
        far = (point - start).manhattanLength() >= QApplication.startDragDistance()
        if self._carry is None and far:
            self._carry = _Carried(entry)
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
        if self._carry is not None:
            over = self.layout_now().day_at(point + QPoint(0, self.verticalOffset()))
            if over is not None:
                self._carry_to((over - day).days)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if self._pressed is not None and self._carry is not None:
            self._drop()
        self._pressed = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if not index.isValid() or event.button() != Qt.MouseButton.LeftButton:
            return
        row = self._rows.row(index.row())
        if row.entry is not None:
            self.opened.emit(row.entry.key)
        else:
            self.planRequested.emit(row.day)
