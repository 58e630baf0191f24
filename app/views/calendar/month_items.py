"""The days and entries of a month as the items of one painted view: where each is, which one is
chosen, how all are painted. What is done with them is in `month_view`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from PySide6.QtCore import (
    QModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QAbstractItemView, QWidget

from app.models.calendar.entries import Entry, Layer
from app.models.calendar.month import DAYS, Month
from app.views.calendar.month_layout import HEAD, MonthLayout
from app.views.calendar.month_paint import MonthPainter
from app.views.calendar.rows import CalendarModel, CalendarRow, row_key, turns_of
from app.views.theme import Token, color, look_key, px
from app.views.widgets.painted import Index, PaintedItems

_Move = QAbstractItemView.CursorAction
_STEPS = {
    _Move.MoveLeft: -1,
    _Move.MoveRight: 1,
    _Move.MoveUp: -DAYS,
    _Move.MoveDown: DAYS,
}


class MonthItems(PaintedItems):
    """`dayWanted(day)`: one that is not shown; `chosen(day, entry key)` follows the selection."""

    head = HEAD

    chosen = Signal(object, str)
    dayWanted = Signal(object)

    def __init__(self, model: CalendarModel, parent: QWidget | None = None) -> None:
        super().__init__(model, "Month", parent)
        self._rows = model
        self._month = Month(2025, 1)
        self._entries: tuple[Entry, ...] = ()
        self._today = date.min
        self._frozen: frozenset[date] = frozenset()
        self._duty: dict[date, str] = {}
        self._layout: MonthLayout | None = None
        self._painter = MonthPainter("UTC")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(False)

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
        self.relayout()

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
            self.set_content(QSize(port.width(), self._layout.height))
        return self._layout

    def horizontalOffset(self) -> int:
        return 0

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

    def row_chosen(self, number: int) -> None:
        row = self._rows.row(number)
        self.chosen.emit(row.day, row.entry.key if row.entry else "")

    def forget_layout(self) -> None:
        self._layout = None

    def _begin_with(self) -> date:
        layout = self.layout_now()
        return self._today if layout.first <= self._today <= layout.last else self._month.first

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
