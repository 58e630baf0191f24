"""The days and entries of a month as the items of one painted view: where each is, which one is
chosen, how all are painted. What is done with them is in `month_view`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QPainter,
    QPaintEvent,
    QPen,
    QRegion,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QWidget

from app.models.calendar.entries import Entry, Layer
from app.models.calendar.month import DAYS, Month
from app.views.calendar.month_layout import HEAD, MonthLayout
from app.views.calendar.month_paint import MonthPainter
from app.views.calendar.rows import CalendarModel, CalendarRow, row_key, turns_of
from app.views.theme import Token, color, look_key, px

Index = QModelIndex | QPersistentModelIndex
_Move = QAbstractItemView.CursorAction
_STEPS = {
    _Move.MoveLeft: -1,
    _Move.MoveRight: 1,
    _Move.MoveUp: -DAYS,
    _Move.MoveDown: DAYS,
}


class MonthItems(QListView):
    """A list by kind, because Qt shows screen readers the items of its own views only; layout,
    scrolling and painting are the month's. `dayWanted(day)`: one that is not shown;
    `chosen(day, entry key)` follows the selection."""

    chosen = Signal(object, str)
    dayWanted = Signal(object)

    def __init__(self, model: CalendarModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = model
        self._month = Month(2025, 1)
        self._entries: tuple[Entry, ...] = ()
        self._today = date.min
        self._frozen: frozenset[date] = frozenset()
        self._duty: dict[date, str] = {}
        self._layout: MonthLayout | None = None
        self._painter = MonthPainter("UTC")
        self.setAccessibleName("Month")
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(False)
        self.setModel(model)

    # what the page asks

    def show_month(
        self,
        month: Month,
        entries: Sequence[Entry],
        rows: Sequence[CalendarRow],
        today: date,
    ) -> None:
        """`rows` are the days of the month's weeks with their entries. Choose a day afterwards:
        another month has none chosen."""
        zone = rows[0].zone if rows else "UTC"
        if zone != self._painter.zone:
            self._painter = MonthPainter(zone)
        self._month, self._today = month, today
        self._entries = tuple(entries)
        self._frozen = frozenset(
            r.day for r in rows if r.entry is not None and r.entry.layer is Layer.FREEZES
        )
        self._duty = turns_of(rows)
        self._rows.become(rows)
        self._relayout()

    def current_row(self) -> CalendarRow | None:
        index = self.currentIndex()
        return self._rows.row(index.row()) if index.isValid() else None

    def choose(self, day: date, entry_key: str = "") -> None:
        """Select the entry on that day, or the day when the entry is not there."""
        for key in (row_key(day, entry_key), row_key(day)):
            index = self._rows.index_of(key)
            if index.isValid():
                self.setCurrentIndex(index)
                return

    # geometry, as QAbstractItemView wants it

    def layout_now(self) -> MonthLayout:
        """The layout of the entries and size of this moment."""
        if self._painter.look != look_key():
            self._painter = MonthPainter(self._painter.zone)
            self._layout = None
        if self._layout is None:
            port = self.viewport()
            self._layout = MonthLayout.of(
                self._month,
                self._entries,
                (port.width(), port.height()),
                self._painter.line,
                self._painter.width_of,
            )
            self._set_scroll_range(self._layout)
        return self._layout

    def horizontalOffset(self) -> int:
        return 0

    def verticalOffset(self) -> int:
        return self.verticalScrollBar().value()

    def visualRect(self, index: Index) -> QRect:
        if not index.isValid() or index.row() >= self._rows.rowCount():
            return QRect()
        row = self._rows.row(index.row())
        box = self.layout_now().box_of(row.day, row.entry.key if row.entry else "")
        return box.translated(0, -self.verticalOffset())

    def indexAt(self, point: QPoint) -> QModelIndex:
        there = point + QPoint(0, self.verticalOffset())
        layout = self.layout_now()
        day = layout.day_at(there) if point.y() >= px(HEAD) else None
        if day is None:
            return QModelIndex()
        bar = layout.bar_at(there)
        return self._rows.index_of(row_key(day, bar.bar.entry.key if bar else ""))

    def scrollTo(
        self,
        index: Index,
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        box = self.visualRect(index)
        bar = self.verticalScrollBar()
        if box.isNull():
            return
        if box.top() < px(HEAD):
            bar.setValue(bar.value() + box.top() - px(HEAD))
        elif box.bottom() > self.viewport().height():
            bar.setValue(bar.value() + box.bottom() - self.viewport().height() + 1)

    def isIndexHidden(self, index: Index) -> bool:
        return False

    def moveCursor(self, action: _Move, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        row = self.current_row()
        if row is None:
            return self._rows.index_of(row_key(self._begin_with()))
        day = row.day
        if action in _STEPS:
            day += timedelta(days=_STEPS[action])
        elif action is _Move.MoveHome:
            day -= timedelta(days=day.weekday())
        elif action is _Move.MoveEnd:
            day += timedelta(days=DAYS - 1 - day.weekday())
        elif action in (_Move.MovePageUp, _Move.MovePageDown):
            other = self._month.by(-1 if action is _Move.MovePageUp else 1)
            self.dayWanted.emit(other.same_day(day))
            return self.currentIndex()
        index = self._rows.index_of(row_key(day))
        if not index.isValid():
            self.dayWanted.emit(day)
            return self.currentIndex()
        return index

    def setSelection(self, rect: QRect, flags: QItemSelectionModel.SelectionFlag) -> None:
        index = self.indexAt(rect.center())
        self.selectionModel().select(
            QItemSelection(index, index) if index.isValid() else QItemSelection(), flags
        )

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        return QRegion(self.viewport().rect())

    def focusNextPrevChild(self, next: bool) -> bool:
        """Tab walks the entries of the day, and leaves the month behind the last."""
        row = self.current_row()
        if row is not None:
            number = self.currentIndex().row() + (1 if next else -1)
            if 0 <= number < self._rows.rowCount():
                beside = self._rows.row(number)
                if beside.day == row.day and (row.entry is not None or beside.entry is not None):
                    self.setCurrentIndex(self._rows.index(number))
                    return True
        return QWidget.focusNextPrevChild(self, next)

    # following the model

    def dataChanged(self, top_left: Index, bottom_right: Index, roles: Sequence[int] = ()) -> None:
        super().dataChanged(top_left, bottom_right, roles)
        self._relayout()

    def rowsInserted(self, parent: Index, start: int, end: int) -> None:
        super().rowsInserted(parent, start, end)
        self._relayout()

    def reset(self) -> None:
        super().reset()
        self._relayout()

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self.viewport().update()
        if current.isValid():
            row = self._rows.row(current.row())
            self.setAccessibleDescription(self._rows.spoken(row))
            self.chosen.emit(row.day, row.entry.key if row.entry else "")

    def _relayout(self) -> None:
        self._layout = None
        self.viewport().update()

    def _begin_with(self) -> date:
        layout = self.layout_now()
        return self._today if layout.first <= self._today <= layout.last else self._month.first

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._relayout()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (
            QEvent.Type.StyleChange,
            QEvent.Type.PaletteChange,
            QEvent.Type.FontChange,
        ):
            self._relayout()

    def doItemsLayout(self) -> None:
        QAbstractItemView.doItemsLayout(self)  # past the list's own layout
        self._relayout()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self.viewport().update()  # the weekdays stay while the weeks move under them

    def updateGeometries(self) -> None:
        QAbstractItemView.updateGeometries(self)
        if self._layout is not None:
            self._set_scroll_range(self._layout)

    def _set_scroll_range(self, layout: MonthLayout) -> None:
        bar = self.verticalScrollBar()
        bar.setPageStep(self.viewport().height())
        bar.setSingleStep(px(40))
        bar.setRange(0, max(0, layout.height - self.viewport().height()))

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        layout = self.layout_now()
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        port = self.viewport().rect()
        painter.fillRect(port, color(Token.SURFACE))
        painter.save()
        painter.setClipRect(port.adjusted(0, px(HEAD), 0, 0))
        offset = self.verticalOffset()
        painter.translate(0, -offset)
        self._painter.paint_grid(
            painter, layout, self._month, self._today, self._frozen, self._duty
        )
        self._painter.paint_bars(
            painter, layout, port.translated(0, offset), self.devicePixelRatioF()
        )
        self._paint_current(painter, layout)
        self.paint_over(painter, layout)
        painter.restore()
        self._painter.paint_weekdays(painter, layout)

    def _paint_current(self, painter: QPainter, layout: MonthLayout) -> None:
        row = self.current_row()
        if row is None:
            return
        edge = color(Token.ACCENT if self.hasFocus() else Token.MUTED)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(edge, 1 if row.entry else 2))
        painter.drawRect(layout.box_of(row.day, "").adjusted(1, 1, -1, -1))
        if row.entry is not None:
            box = layout.whole_box(row.day, row.entry.key)
            box = box if not box.isNull() else layout.box_of(row.day, row.entry.key)
            painter.setPen(QPen(edge, 2))
            painter.drawRoundedRect(QRectF(box), px(5), px(5))

    def paint_over(self, painter: QPainter, layout: MonthLayout) -> None:
        """What lies over the days; nothing here."""
