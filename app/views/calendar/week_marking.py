"""Hours of a week marked to plan in: pressed or dragged over where they are empty, or by keys."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QApplication

from app.models.calendar.slot import USUAL_START, Slot
from app.models.calendar.week import DAY
from app.views.calendar.rows import CalendarRow, day_words
from app.views.calendar.week_items import WeekItems
from app.views.calendar.week_layout import WeekLayout
from app.views.theme import px

SNAP = 15
"""Minutes."""
STEP = timedelta(minutes=30)
SHOWN = timedelta(hours=1)
"""Of a mark that has no end yet."""


class MarksHours(WeekItems):
    """Up and down on a day move the mark, with Shift its end; Enter, a double click and the end of
    a drag plan there. It stays on its hours when another day is chosen, and the next begins with
    those that were planned in last."""

    _marked: Slot | None = None
    _last: Slot | None = None
    _anchor: tuple[datetime, QPoint] | None = None

    @property
    def marked(self) -> Slot | None:
        return self._marked

    @property
    def marking(self) -> bool:
        """The mouse is drawing one."""
        return self._anchor is not None

    def row_chosen(self, number: int) -> None:
        row = self._rows.row(number)
        if self._marked is not None:
            self._marked = None if row.entry is not None else self._marked.on(row.day)
        super().row_chosen(number)

    def enter(self, row: CalendarRow) -> None:
        if row.entry is None and self._marked is not None:
            self._plan_in(self._marked)
        else:
            super().enter(row)

    def double_clicked(self, row: CalendarRow) -> None:
        self._anchor = None
        if row.entry is None and self._marked is not None:
            self._plan_in(self._marked)
        else:
            super().double_clicked(row)

    def _plan_in(self, slot: Slot) -> None:
        self._last = slot
        self._mark(None)  # an outage is to lie there
        self.planRequested.emit(slot)

    def _mark(self, slot: Slot | None) -> None:
        self._marked = slot
        row = self.current_row()
        if slot is not None and row is not None:
            self.setAccessibleDescription(f"{day_words(slot.day)}, plan {slot.words}")
        self.viewport().update()

    # --- keys -----------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, row = event.key(), self.current_row()
        mods = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        longer = mods == Qt.KeyboardModifier.ShiftModifier
        if key == Qt.Key.Key_Escape and self._marked is not None:
            self._anchor = None
            self._mark(None)
        elif (
            key in (Qt.Key.Key_Up, Qt.Key.Key_Down)
            and (longer or mods == Qt.KeyboardModifier.NoModifier)
            and row is not None
            and row.entry is None
        ):
            self._mark_by(row.day, STEP if key == Qt.Key.Key_Down else -STEP, longer=longer)
        else:
            super().keyPressEvent(event)

    def _mark_by(self, day: date, by: timedelta, *, longer: bool) -> None:
        usual = self._last.on(day) if self._last else Slot(day, USUAL_START)
        was = self._marked or usual
        start, until = was.start, was.until
        if longer:
            until = max((until or start + SHOWN) + by, start + STEP)
        elif self._marked is not None:
            latest = datetime.combine(day, time.min) + timedelta(days=1) - STEP
            start = min(max(start + by, datetime.combine(day, time.min)), latest)
            until = until + (start - was.start) if until else None
        self._mark(Slot.between(start, until))
        layout = self.layout_now()
        boxes = self._mark_boxes(layout)
        if boxes:
            self._bring_into_sight(layout, boxes[-1 if longer else 0])

    def _bring_into_sight(self, layout: WeekLayout, box: QRect) -> None:
        bar, tall = self.verticalScrollBar(), self.viewport().height()
        if box.top() < bar.value() + layout.head:
            bar.setValue(box.top() - layout.head)
        elif box.bottom() > bar.value() + tall:
            bar.setValue(box.bottom() - tall + 1)

    # --- the mouse ------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        if event.button() != Qt.MouseButton.LeftButton:
            return
        layout, point, there = self.layout_now(), event.position().toPoint(), self._there(event)
        under = layout.among_hours(there) if point.y() >= layout.head else None
        self._anchor = None
        if under is None or under[1]:
            self._mark(None)
            return
        minutes = int((there.y() - layout.head) * 60 / layout.hour)
        half = min(max(minutes, 0), DAY - 1) // 30 * 30
        start = datetime.combine(under[0], time.min) + timedelta(minutes=half)
        self._anchor = (start, there)
        self._mark(Slot.between(start))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        if self._anchor is None or not event.buttons() & Qt.MouseButton.LeftButton:
            return
        (start, pressed), there = self._anchor, self._there(event)
        far = abs(there.y() - pressed.y()) >= QApplication.startDragDistance()
        day = self.layout_now().day_at(there.x())
        has_end = self._marked is not None and self._marked.until is not None
        if day is None or not (far or has_end):
            return
        minutes = round(self.layout_now().minutes_at(there.y()) / SNAP) * SNAP
        here = datetime.combine(day, time.min) + timedelta(minutes=minutes)
        if here > start:
            self._mark(Slot.between(start, here))
        else:
            self._mark(Slot.between(here, start + STEP))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        anchor, self._anchor = self._anchor, None
        if anchor is not None and self._marked is not None and self._marked.until is not None:
            self._plan_in(self._marked)

    # --- painting -------------------------------------------------------------------------------

    def paint_over(self, painter: QPainter, layout: WeekLayout) -> None:
        if self._marked is not None:
            words = f"Plan {self._marked.words}"
            self._painter.paint_carried(painter, self._mark_boxes(layout), words)

    def _mark_boxes(self, layout: WeekLayout) -> list[QRect]:
        slot, found = self._marked, []
        if slot is None:
            return []
        start, end = slot.start, slot.until or slot.start + SHOWN
        day = start.date()
        while day <= layout.sunday:
            midnight = datetime.combine(day, time.min)
            if midnight >= end:
                break
            if day >= layout.monday:
                top, bottom = (
                    int((wall - midnight).total_seconds() // 60) for wall in (start, end)
                )
                column = layout.column_of(day)
                left, right = column.left() + px(1), column.right() - px(1)
                found.append(layout.span_box(max(0, top), min(DAY, bottom), left, right))
            day += timedelta(days=1)
        return found
