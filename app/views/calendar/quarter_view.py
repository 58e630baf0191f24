"""A quarter as a planner: three months side by side, every day a line with what it holds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from PySide6.QtCore import QModelIndex, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.models.calendar.entries import Entry
from app.models.calendar.month import DAYS, Month
from app.models.calendar.shifting import Shift
from app.views.calendar.carrying import CarryItems, Grip
from app.views.calendar.items import Move, Shown
from app.views.calendar.quarter_layout import HEAD, QuarterLayout
from app.views.calendar.quarter_paint import QuarterPainter
from app.views.calendar.rows import CalendarModel, on_days, rows_of
from app.views.theme import Token, color, look_key, px

EDGE = 5
"""Of a chip: by so much (design pixels) of its top or bottom it is made longer or shorter."""
_STEPS = {
    Qt.Key.Key_Left: -DAYS,
    Qt.Key.Key_Right: DAYS,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Down: 1,
}


class QuarterView(CarryItems):
    """Up and down go from day to day, left and right to the same day of the month beside. An
    outage is carried by days up and down, by weeks left and right; so are its ends."""

    head = HEAD
    edge_cursor = Qt.CursorShape.SizeVerCursor
    steps: Mapping[Move, int] = {Move.MoveUp: -1, Move.MoveDown: 1}

    def __init__(self, model: CalendarModel, parent: QWidget | None = None) -> None:
        super().__init__(model, "Quarter", parent)
        self._painter = QuarterPainter("UTC")
        self._layout: QuarterLayout | None = None
        self._on: dict[date, list[Entry]] = {}

    def show_entries(self, shown: Shown) -> None:
        self._shown = shown
        if self.zone != self._painter.zone:
            self._painter = QuarterPainter(self.zone)
        self._on, _ = on_days(shown.entries, shown.span.begins, shown.span.ends)
        self._rows.become(rows_of(shown.rows, shown.entries, shown.span.begins, shown.span.ends))
        self.relayout()

    # --- geometry -------------------------------------------------------------------------------

    def layout_now(self) -> QuarterLayout:
        """The layout of the entries and size of this moment."""
        if self._painter.look != look_key():
            self._painter = QuarterPainter(self._painter.zone)
            self._layout = None
        if self._layout is None:
            port = self.viewport()
            months = self._shown.span.months if self._shown else ()
            self._layout = QuarterLayout.of(
                months, self._on, (port.width(), port.height()), self._painter.chip_width
            )
            self.set_content(QSize(port.width(), self._layout.height))
        return self._layout

    def box_of(self, day: date, entry_key: str) -> QRect:
        return self.layout_now().box_of(day, entry_key)

    def hit(self, there: QPoint) -> tuple[date, str] | None:
        layout = self.layout_now()
        day, chip = layout.day_at(there), layout.chip_at(there)
        return (day, chip[1].key if chip else "") if day is not None else None

    def forget_layout(self) -> None:
        self._layout = None

    def moveCursor(self, action: Move, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        row = self.current_row()
        by = {Move.MoveLeft: -1, Move.MoveRight: 1}.get(action)
        if row is not None and by is not None:
            return self.day_beside(Month.of(row.day).by(by).same_day(row.day))
        return super().moveCursor(action, modifiers)

    # --- carrying -------------------------------------------------------------------------------

    def key_shift(self, key: Qt.Key) -> Shift:
        return Shift.whole(days=_STEPS[key])

    def grip_at(self, there: QPoint, entry: Entry) -> Grip:
        """The top of its first chip is its start, the bottom of its last its end."""
        chip = self.layout_now().chip_at(there)
        if chip is None or chip[1].key != entry.key:
            return Grip.WHOLE
        day, _, box = chip
        edge = min(px(EDGE), box.height() // 4)
        if day == entry.last and box.bottom() - there.y() < edge:
            return Grip.END
        if day == entry.first and there.y() - box.top() < edge:
            return Grip.START
        return Grip.WHOLE

    def shift_between(self, start: QPoint, there: QPoint, entry: Entry, grip: Grip) -> Shift | None:
        layout = self.layout_now()
        first, day = layout.day_at(start), layout.day_at(there)
        return Shift.whole(days=(day - first).days) if first and day else None

    def may_carry(self, entry: Entry, shift: Shift) -> bool:
        """It begins within the quarter, unless only its end goes elsewhere."""
        first = entry.first + shift.start
        inside = not shift.start or first in self.layout_now().lines
        return inside and entry.left_of(shift)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        more = self.layout_now().more_at(self._there(event))
        if event.button() == Qt.MouseButton.LeftButton and more is not None:
            self.dayOpened.emit(more)

    # --- painting -------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        layout = self.layout_now()
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        port = self.viewport().rect()
        painter.fillRect(port, color(Token.SURFACE))
        if self._shown is None:
            return
        painter.save()
        painter.setClipRect(port.adjusted(0, px(HEAD), 0, 0))
        offset = self.verticalOffset()
        painter.translate(0, -offset)
        today = self._shown.rows.today
        self._painter.paint_days(painter, layout, self._on, today)
        self._painter.paint_chips(
            painter, layout, port.translated(0, offset), self.devicePixelRatioF()
        )
        self._paint_current(painter, layout)
        if self._carry is not None and self._carry.shift:
            words = self._carry.entry.headline(self._painter.zone)
            self._painter.paint_ghost(painter, self._ghost(layout), words)
        painter.restore()
        self._painter.paint_names(painter, layout)

    def _ghost(self, layout: QuarterLayout) -> list[QRect]:
        assert self._carry is not None
        entry, shift = self._carry.entry, self._carry.shift
        first, last = entry.first + shift.start, entry.last + shift.end
        days = (first + timedelta(days=n) for n in range((last - first).days + 1))
        return [layout.lines[day] for day in days if day in layout.lines]

    def _paint_current(self, painter: QPainter, layout: QuarterLayout) -> None:
        row = self.current_row()
        if row is None:
            return
        edge = color(Token.ACCENT if self.hasFocus() else Token.MUTED)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(edge, 1 if row.entry else 2))
        painter.drawRect(layout.box_of(row.day, "").adjusted(1, 0, -1, -1))
        if row.entry is not None:
            painter.setPen(QPen(edge, 2))
            box = QRectF(layout.box_of(row.day, row.entry.key))
            painter.drawRoundedRect(box, px(4), px(4))
