"""Outages on their way to another time: carried as a whole or by one end, by mouse or keys."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from app.models.calendar.entries import Entry
from app.models.calendar.shifting import HOME, Shift
from app.views.calendar.items import DayItems
from app.views.calendar.rows import CalendarModel, CalendarRow

_ARROWS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down)
_Mod = Qt.KeyboardModifier


class Grip(Enum):
    """By what it is held."""

    WHOLE = "whole"
    START = "start"
    END = "end"


def gripped(grip: Grip, by: Shift) -> Shift:
    """The shift of a whole window, for the ends that are held."""
    return Shift(
        by.start if grip is not Grip.END else HOME.start,
        by.end if grip is not Grip.START else HOME.end,
    )


@dataclass(slots=True)
class Carried:
    entry: Entry
    shift: Shift = HOME


class CarryItems(DayItems):
    """Alt (or Ctrl) and arrows carry the chosen outage, Shift and Alt its end, Shift and Ctrl its
    start; Enter puts it there, Esc takes it back. The mouse drags it, or one of its edges.

    `carried(entry key, shift)` is on the way, HOME at home again · `dropped(entry key, shift)`
    only asks.
    """

    carried = Signal(str, object)
    dropped = Signal(str, object)

    def __init__(self, model: CalendarModel, name: str, parent: QWidget | None = None) -> None:
        super().__init__(model, name, parent)
        self._pressed: tuple[Entry, Grip, QPoint] | None = None
        self._carry: Carried | None = None
        self.setMouseTracking(True)

    # --- for the subclass -----------------------------------------------------------------------

    def key_shift(self, key: Qt.Key) -> Shift:
        """How far an arrow carries a whole window."""
        raise NotImplementedError

    def grip_at(self, there: QPoint, entry: Entry) -> Grip:
        """By what the entry under the point is held."""
        raise NotImplementedError

    def shift_between(self, start: QPoint, there: QPoint, entry: Entry, grip: Grip) -> Shift | None:
        """How far a whole window dragged from one point to another goes; None: nowhere known."""
        raise NotImplementedError

    def may_carry(self, entry: Entry, shift: Shift) -> bool:
        """Whether it would still be shown, and something of it be left."""
        raise NotImplementedError

    # --- carrying -------------------------------------------------------------------------------

    def put_back(self) -> None:
        """Nothing is carried any more."""
        carried, self._carry, self._pressed = self._carry, None, None
        self._let_go()
        if carried is not None:
            self.carried.emit(carried.entry.key, HOME)

    def enter(self, row: CalendarRow) -> None:
        if self._carry is not None:
            self._drop()
        else:
            super().enter(row)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, mods = Qt.Key(event.key()), event.modifiers()
        row = self.current_row()
        grip = _grip_of(mods) if key in _ARROWS else None
        if key == Qt.Key.Key_Escape and self._carry is not None:
            self.put_back()
        elif grip is not None and row is not None:
            self._carry_by(row, gripped(grip, self.key_shift(key)))
        else:
            super().keyPressEvent(event)

    def _carry_by(self, row: CalendarRow, by: Shift) -> None:
        if self._carry is None:
            if row.entry is None or not row.entry.movable:
                return
            self._carry = Carried(row.entry)
        self._carry_to(self._carry.shift + by)

    def _carry_to(self, shift: Shift) -> None:
        assert self._carry is not None
        if shift != self._carry.shift and self.may_carry(self._carry.entry, shift):
            self._carry.shift = shift
            self.carried.emit(self._carry.entry.key, shift)
            self.viewport().update()

    def _drop(self) -> None:
        carried, self._carry, self._pressed = self._carry, None, None
        self._let_go()
        if carried is not None and carried.shift:
            self.dropped.emit(carried.entry.key, carried.shift)

    def _let_go(self) -> None:
        self.viewport().unsetCursor()
        self.viewport().update()

    # --- the mouse ------------------------------------------------------------------------------

    def _there(self, event: QMouseEvent) -> QPoint:
        return event.position().toPoint() + QPoint(0, self.verticalOffset())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        if event.button() != Qt.MouseButton.LeftButton:
            return
        under = self.indexAt(event.position().toPoint()).isValid()
        row = self.current_row() if under else None
        if row is not None and row.entry is not None and row.entry.movable:
            there = self._there(event)
            self._pressed = (row.entry, self.grip_at(there, row.entry), there)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if not event.buttons() & Qt.MouseButton.LeftButton:
            self._show_grip(event)
        elif self._pressed is not None:
            self._drag(*self._pressed, self._there(event))

    def _drag(self, entry: Entry, grip: Grip, start: QPoint, there: QPoint) -> None:
        far = (there - start).manhattanLength() >= QApplication.startDragDistance()
        if self._carry is None and far:
            self._carry = Carried(entry)
            if grip is Grip.WHOLE:
                self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
        if self._carry is not None:
            by = self.shift_between(start, there, entry, grip)
            if by is not None:
                self._carry_to(gripped(grip, by))

    def _show_grip(self, event: QMouseEvent) -> None:
        """The cursor says that an edge can be dragged."""
        index = self.indexAt(event.position().toPoint())
        row = self._rows.row(index.row()) if index.isValid() else None
        entry = row.entry if row else None
        if (
            entry is None
            or not entry.movable
            or self.grip_at(self._there(event), entry) is (Grip.WHOLE)
        ):
            self.viewport().unsetCursor()
        else:
            self.viewport().setCursor(self.edge_cursor)

    edge_cursor = Qt.CursorShape.SizeHorCursor

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if self._pressed is not None and self._carry is not None:
            self._drop()
        self._pressed = None


def _grip_of(mods: Qt.KeyboardModifier) -> Grip | None:
    shift, alt, control = (
        bool(mods & each) for each in (_Mod.ShiftModifier, _Mod.AltModifier, _Mod.ControlModifier)
    )
    if not alt and not control:
        return None
    if not shift:
        return Grip.WHOLE
    return Grip.END if alt else Grip.START
