"""The ground of every calendar view: days and their entries as the items of one painted view.
Which one is chosen, how keys and Tab walk them, what is told of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QToolTip, QWidget

from app.models.calendar.entries import Entry
from app.models.calendar.month import DAYS
from app.models.calendar.slot import Slot
from app.models.calendar.spans import Span
from app.services.calendar.month import CalendarRows
from app.views.calendar.looks import tip_of
from app.views.calendar.rows import CalendarModel, CalendarRow, row_key
from app.views.theme import px
from app.views.widgets.labels import plain_tip
from app.views.widgets.painted import PaintedItems

Index = QModelIndex | QPersistentModelIndex
Move = QAbstractItemView.CursorAction


@dataclass(frozen=True, slots=True)
class Shown:
    """What a view shows: the span, what was read of it, and the entries of the layers shown."""

    span: Span
    rows: CalendarRows
    entries: tuple[Entry, ...]


class DayItems(PaintedItems):
    """Keys: arrows move the day, Tab walks its entries, Enter opens the entry or the day.

    `chosen(day, entry key)` follows the selection; `dayWanted(day)`: one that is not shown;
    `opened(entry key)` · `planRequested(Slot)` · `dayOpened(day)`.
    """

    chosen = Signal(object, str)
    dayWanted = Signal(object)
    opened = Signal(str)
    planRequested = Signal(object)
    dayOpened = Signal(object)

    steps: Mapping[Move, int] = {
        Move.MoveLeft: -1,
        Move.MoveRight: 1,
        Move.MoveUp: -DAYS,
        Move.MoveDown: DAYS,
    }
    """How many days further each arrow goes."""

    def __init__(self, model: CalendarModel, name: str, parent: QWidget | None = None) -> None:
        super().__init__(model, name, parent)
        self._rows = model
        self._shown: Shown | None = None
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    # --- for the subclass -----------------------------------------------------------------------

    def show_entries(self, shown: Shown) -> None:
        """Choose a day afterwards: another span has none chosen."""
        raise NotImplementedError

    def box_of(self, day: date, entry_key: str) -> QRect:
        """Of a day, or of the part of an entry on it; from the top left of everything."""
        raise NotImplementedError

    def hit(self, there: QPoint) -> tuple[date, str] | None:
        """The day there, and the entry or an empty key; from the top left of everything."""
        raise NotImplementedError

    # --- what the page asks ---------------------------------------------------------------------

    @property
    def zone(self) -> str:
        return self._shown.rows.zone if self._shown else "UTC"

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

    # --- geometry, as QAbstractItemView wants it ------------------------------------------------

    def horizontalOffset(self) -> int:
        return 0

    def visualRect(self, index: Index) -> QRect:
        if not index.isValid() or index.row() >= self._rows.rowCount():
            return QRect()
        row = self._rows.row(index.row())
        box = self.box_of(row.day, row.entry.key if row.entry else "")
        return box.translated(0, -self.verticalOffset())

    def indexAt(self, point: QPoint) -> QModelIndex:
        if point.y() < px(self.head):
            return QModelIndex()
        found = self.hit(point + QPoint(0, self.verticalOffset()))
        return self._rows.index_of(row_key(*found)) if found else QModelIndex()

    def moveCursor(self, action: Move, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        row = self.current_row()
        if row is None or self._shown is None:
            return self._rows.index_of(row_key(self._begin_with()))
        day = row.day
        if action in self.steps:
            day += timedelta(days=self.steps[action])
        elif action is Move.MoveHome:
            day -= timedelta(days=day.weekday())
        elif action is Move.MoveEnd:
            day += timedelta(days=DAYS - 1 - day.weekday())
        elif action in (Move.MovePageUp, Move.MovePageDown):
            by = -1 if action is Move.MovePageUp else 1
            self.dayWanted.emit(self._shown.span.by(by, day))
            return self.currentIndex()
        return self.day_beside(day)

    def day_beside(self, day: date) -> QModelIndex:
        """The day, which is asked for when it is not shown."""
        index = self._rows.index_of(row_key(day))
        if index.isValid():
            return index
        self.dayWanted.emit(day)
        return self.currentIndex()

    def focusNextPrevChild(self, next: bool) -> bool:
        """Tab walks the entries of the day, and leaves the view behind the last."""
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

    def _begin_with(self) -> date:
        if self._shown is None:
            return date.min
        today, span = self._shown.rows.today, self._shown.span
        return today if span.begins <= today <= span.ends else span.begins

    # --- doing ----------------------------------------------------------------------------------

    def tip(self, row: CalendarRow) -> str:
        """What the pointer is told over the item; plain text."""
        return tip_of(row.entry, self.zone) if row.entry else ""

    def enter(self, row: CalendarRow) -> None:
        """Enter was pressed on it."""
        if row.entry is not None:
            self.opened.emit(row.entry.key)
        elif row.count:
            self.dayOpened.emit(row.day)
        else:
            self.planRequested.emit(Slot(row.day))

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            index = self.indexAt(event.pos())
            row = self._rows.row(index.row()) if index.isValid() else None
            words = self.tip(row) if row else ""
            box = self.visualRect(index)
            QToolTip.showText(event.globalPos(), plain_tip(words), self.viewport(), box)
            return True
        return super().viewportEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.current_row()
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not control and row is not None:
            self.enter(row)
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if not index.isValid() or event.button() != Qt.MouseButton.LeftButton:
            return
        self.double_clicked(self._rows.row(index.row()))

    def double_clicked(self, row: CalendarRow) -> None:
        if row.entry is not None:
            self.opened.emit(row.entry.key)
        else:
            self.planRequested.emit(Slot(row.day))
