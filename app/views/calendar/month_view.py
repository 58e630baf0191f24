"""What is done with a month: entries opened, days planned on, outages carried to another day."""

from __future__ import annotations

from datetime import date, timedelta

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QMouseEvent, QPainter

from app.models.calendar.entries import Entry
from app.models.calendar.month import DAYS
from app.models.calendar.shifting import Shift
from app.views.calendar.carrying import Grip
from app.views.calendar.month_items import MonthItems
from app.views.calendar.month_layout import MonthLayout
from app.views.theme import px

EDGE = 5
"""Of a bar: by so much (design pixels) of either end it is made longer or shorter."""
_STEPS = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Up: -DAYS,
    Qt.Key.Key_Down: DAYS,
}


class MonthView(MonthItems):
    """An outage is carried by whole days, and so are its ends."""

    def key_shift(self, key: Qt.Key) -> Shift:
        return Shift.whole(days=_STEPS[key])

    def grip_at(self, there: QPoint, entry: Entry) -> Grip:
        placed = self.layout_now().bar_at(there)
        if placed is None or placed.bar.entry.key != entry.key:
            return Grip.WHOLE
        if placed.bar.ends and placed.box.right() - there.x() < px(EDGE):
            return Grip.END
        if placed.bar.begins and there.x() - placed.box.left() < px(EDGE):
            return Grip.START
        return Grip.WHOLE

    def shift_between(self, start: QPoint, there: QPoint, entry: Entry, grip: Grip) -> Shift | None:
        layout = self.layout_now()
        first, day = layout.day_at(start), layout.day_at(there)
        return Shift.whole(days=(day - first).days) if first and day else None

    def may_carry(self, entry: Entry, shift: Shift) -> bool:
        """Within the weeks shown."""
        first, last = _days(entry, shift)
        layout = self.layout_now()
        inside = layout.first <= first <= layout.last and (
            shift.start == shift.end or last <= layout.last
        )
        return inside and entry.left_of(shift)

    def paint_over(self, painter: QPainter, layout: MonthLayout) -> None:
        if self._carry is not None and self._carry.shift:
            words = self._carry.entry.headline(self._painter.zone)
            self._painter.paint_ghost(painter, self._ghost_boxes(layout), words)

    def _ghost_boxes(self, layout: MonthLayout) -> list[QRect]:
        assert self._carry is not None
        first, last = _days(self._carry.entry, self._carry.shift)
        days = (first + timedelta(days=n) for n in range((last - first).days + 1))
        return [layout.cells[day] for day in days if day in layout.cells]

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        row = self.current_row()
        more = self.layout_now().more_at(self._there(event))
        if (
            event.button() == Qt.MouseButton.LeftButton
            and more is not None
            and (row is None or row.entry is None)
        ):
            self.dayOpened.emit(more)


def _days(entry: Entry, shift: Shift) -> tuple[date, date]:
    """The first and last day it would touch."""
    return entry.first + shift.start, entry.last + shift.end
