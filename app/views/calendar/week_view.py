"""What is done with a week: outages carried by days and quarter hours, their edges too."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from PySide6.QtCore import QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QWidget

from app.models.calendar.entries import Entry
from app.models.calendar.shifting import Shift, carried
from app.models.calendar.week import parts_between
from app.models.times import speak_date, speak_time, to_wall
from app.views.calendar.carrying import Grip
from app.views.calendar.rows import CalendarModel
from app.views.calendar.week_layout import WeekLayout
from app.views.calendar.week_marking import SNAP, MarksHours
from app.views.theme import px

EDGE = 5
NEAR = 16
TICK_MS = 30_000


class WeekView(MarksHours):
    """Up and down on an entry walk those of the day. `zoneAsked()`: the clocks on the left were
    pressed."""

    zoneAsked = Signal()
    edge_cursor = Qt.CursorShape.SizeVerCursor

    def __init__(
        self,
        model: CalendarModel,
        now: Callable[[], datetime],
        beside: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(model, now, beside, parent)
        tick = QTimer(self)
        tick.setInterval(TICK_MS)
        tick.timeout.connect(self._on_tick)
        tick.start()

    def _on_tick(self) -> None:
        if self.isVisible():
            self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        row = self.current_row()
        if (
            event.modifiers() == Qt.KeyboardModifier.NoModifier
            and key in (Qt.Key.Key_Up, Qt.Key.Key_Down)
            and row is not None
            and row.entry is not None
        ):
            self._walk(1 if key == Qt.Key.Key_Down else -1)
        else:
            super().keyPressEvent(event)

    def _walk(self, by: int) -> None:
        """To the next entry of the day; behind the last the hours go on."""
        number = self.currentIndex().row() + by
        row = self.current_row()
        here = row is not None and 0 <= number < self._rows.rowCount()
        if row is not None and here and self._rows.row(number).day == row.day:
            self.setCurrentIndex(self._rows.index(number))
            return
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + by * round(self.layout_now().hour))

    # --- carrying -------------------------------------------------------------------------------

    def key_shift(self, key: Qt.Key) -> Shift:
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            return Shift.whole(days=1 if key == Qt.Key.Key_Right else -1)
        return Shift.whole(minutes=SNAP if key == Qt.Key.Key_Down else -SNAP)

    def grip_at(self, there: QPoint, entry: Entry) -> Grip:
        found = self.layout_now().part_at(there)
        if found is None or found[1].part.entry.key != entry.key:
            return Grip.WHOLE
        _, placed, box = found
        edge = min(px(EDGE), box.height() // 3)
        if placed.part.ends and box.bottom() - there.y() < edge:
            return Grip.END
        if placed.part.begins and there.y() - box.top() < edge:
            return Grip.START
        return Grip.WHOLE

    def shift_between(self, start: QPoint, there: QPoint, entry: Entry, grip: Grip) -> Shift | None:
        """The edge that is held comes to stand on a quarter of an hour."""
        layout = self.layout_now()
        first, day = layout.day_at(start.x()), layout.day_at(there.x())
        moment = entry.end if grip is Grip.END else entry.start
        if first is None or day is None or moment is None:
            return None
        held = to_wall(moment, entry.zone or self.zone).minute
        moved = (there.y() - start.y()) * 60 / layout.hour
        minutes = round((held + moved) / SNAP) * SNAP - held
        return Shift.whole(days=(day - first).days, minutes=minutes)

    def may_carry(self, entry: Entry, shift: Shift) -> bool:
        """It begins within the week, unless only its end goes elsewhere."""
        layout = self.layout_now()
        begins, _ = self._span(entry, shift)
        inside = not shift.start or layout.monday <= begins.date() <= layout.sunday
        return inside and entry.left_of(shift)

    def _span(self, entry: Entry, shift: Shift) -> tuple[datetime, datetime]:
        """Where it would lie on the clocks of the week."""
        assert entry.start is not None and entry.end is not None
        start, end = carried(entry.start, entry.end, entry.zone or self.zone, shift)
        return to_wall(start, self.zone), to_wall(end, self.zone)

    def paint_over(self, painter: QPainter, layout: WeekLayout) -> None:
        super().paint_over(painter, layout)
        carry = self._carry
        if carry is None or not carry.shift:
            return
        begins, ends = self._span(carry.entry, carry.shift)
        tail = speak_time(ends)
        tail = tail if ends.date() == begins.date() else f"{speak_date(ends.date())} {tail}"
        words = f"{speak_time(begins)}–{tail}"
        self._painter.paint_carried(painter, self._ghost(layout, carry.entry, carry.shift), words)

    def _ghost(self, layout: WeekLayout, entry: Entry, shift: Shift) -> list[QRect]:
        assert entry.start is not None and entry.end is not None
        start, end = carried(entry.start, entry.end, entry.zone or self.zone, shift)
        found = parts_between(entry, start, end, self.zone, layout.monday, layout.sunday)
        return [self._part_box(layout, day, part.start, part.end) for day, part in found]

    def _part_box(self, layout: WeekLayout, day: date, start: int, end: int) -> QRect:
        column = layout.column_of(day)
        return layout.span_box(start, end, column.left() + px(1), column.right() - px(1))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """A window that is carried to the edge takes the hours along, and so does a mark."""
        super().mouseMoveEvent(event)
        held = self._carry is not None or self.marking
        if not held or not event.buttons() & Qt.MouseButton.LeftButton:
            return
        y, near = event.position().y(), px(NEAR)
        down = y > self.viewport().height() - near
        if down or y < self.layout_now().head + near:
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + (1 if down else -1) * round(self.layout_now().hour / 4))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        if event.button() != Qt.MouseButton.LeftButton:
            return
        point, layout = event.position().toPoint(), self.layout_now()
        if point.x() < layout.gutter:
            self.zoneAsked.emit()
        elif point.y() < layout.head:
            found = layout.on_top(point)
            if found and not found[1] and layout.left_out.get(found[0]):
                self.dayOpened.emit(found[0])
