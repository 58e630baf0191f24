"""The days of a week and their entries as the items of one painted view: where each is. What is
done with them is in `week_view`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from PySide6.QtCore import QModelIndex, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.models.calendar.clocks import clock_change
from app.models.calendar.entries import Layer
from app.models.times import to_wall
from app.views.calendar.carrying import CarryItems
from app.views.calendar.items import Index, Shown
from app.views.calendar.rows import CalendarModel, row_key, rows_of, turns_of
from app.views.calendar.week_layout import WeekLayout
from app.views.calendar.week_paint import Ground, WeekPainter
from app.views.theme import Token, color, look_key, px


class WeekItems(CarryItems):
    def __init__(
        self,
        model: CalendarModel,
        now: Callable[[], datetime],
        beside: str,
        parent: QWidget | None = None,
    ) -> None:
        """`beside` is the zone whose hours stand on the left as well; empty: none."""
        super().__init__(model, "Week", parent)
        self._now = now
        self._beside = beside
        self._layout: WeekLayout | None = None
        self._ground: Ground | None = None
        self._painter = WeekPainter("UTC")
        self._scrolled_for: date | None = None
        self._duty: dict[date, str] = {}

    @property
    def beside(self) -> str:
        return self._beside

    def show_beside(self, zone: str) -> None:
        """The hours of that zone, too; empty: of none."""
        self._beside = zone
        self._ground = None
        self.relayout()

    def show_entries(self, shown: Shown) -> None:
        rows = rows_of(shown.rows, shown.entries, shown.span.first, shown.span.last)
        self._shown = shown
        if self.zone != self._painter.zone:
            self._painter = WeekPainter(self.zone)
        self._ground = None
        self._duty = turns_of(rows)
        self._rows.become(rows)
        self.relayout()
        if self._scrolled_for != shown.span.begins:
            self._scrolled_for = shown.span.begins
            self._scroll_to_work()

    def _scroll_to_work(self) -> None:
        """To the hour before the first outage, or to now."""
        layout, wall = self.layout_now(), to_wall(self._now(), self.zone)
        is_now = layout.monday <= wall.date() <= layout.sunday
        minutes = wall.hour * 60 if is_now else layout.earliest()
        self.verticalScrollBar().setValue(layout.y(max(0, minutes - 60)) - layout.head)

    # --- geometry -------------------------------------------------------------------------------

    @property
    def clocks(self) -> tuple[str, ...]:
        beside = (self._beside,) if self._beside and self._beside != self.zone else ()
        return (*beside, self.zone)

    def layout_now(self) -> WeekLayout:
        """The layout of the entries and size of this moment."""
        if self._painter.look != look_key():
            self._painter = WeekPainter(self._painter.zone)
            self._layout = None
        if self._layout is None:
            port = self.viewport()
            self._layout = WeekLayout.of(
                self._shown.span.begins if self._shown else date(2025, 1, 6),
                self._shown.entries if self._shown else (),
                self.zone,
                len(self.clocks),
                (port.width(), port.height()),
                self._painter.line,
            )
            self.head = self._layout.head / look_key()[1]
            self.set_content(QSize(port.width(), self._layout.height))
        return self._layout

    def forget_layout(self) -> None:
        self._layout = None

    def box_of(self, day: date, entry_key: str) -> QRect:
        return self.layout_now().part_box(day, entry_key)

    def hit(self, there: QPoint) -> tuple[date, str] | None:
        return self.layout_now().among_hours(there)

    def visualRect(self, index: Index) -> QRect:
        """What stays on top is where it is, however far the hours are scrolled."""
        if not index.isValid() or index.row() >= self._rows.rowCount():
            return QRect()
        row = self._rows.row(index.row())
        box = self.layout_now().stays(row.day, row.entry.key if row.entry else "")
        return box if not box.isNull() else super().visualRect(index)

    def indexAt(self, point: QPoint) -> QModelIndex:
        layout = self.layout_now()
        if point.y() >= layout.head:
            return super().indexAt(point)
        found = layout.on_top(point)
        return self._rows.index_of(row_key(*found)) if found else QModelIndex()

    def scrollTo(self, index: Index, *args: object) -> None:
        """A day, and what stays on top, is always in sight."""
        row = self._rows.row(index.row()) if index.isValid() else None
        key = row.entry.key if row and row.entry else ""
        if row is not None and self.layout_now().stays(row.day, key).isNull():
            super().scrollTo(index)

    # --- painting -------------------------------------------------------------------------------

    def ground(self) -> Ground:
        row = self.current_row()
        layout = self.layout_now()
        chosen = row.day if row else layout.monday
        if self._ground is None or self._ground.chosen != chosen:
            rows = self._rows.rows()
            found = {row.day: clock_change(row.day, self.zone) for row in rows if not row.entry}
            self._ground = Ground(
                self._shown.rows.today if self._shown else date.min,
                chosen,
                self.clocks,
                frozenset(r.day for r in rows if r.entry and r.entry.layer is Layer.FREEZES),
                self._duty,
                {day: change for day, change in found.items() if change},
            )
        return self._ground

    def paintEvent(self, event: QPaintEvent) -> None:
        layout, ground = self.layout_now(), self.ground()
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        port = self.viewport().rect()
        painter.fillRect(port, color(Token.SURFACE))
        painter.save()
        painter.setClipRect(port.adjusted(0, layout.head, 0, 0))
        offset = self.verticalOffset()
        painter.translate(0, -offset)
        self._painter.paint_ground(painter, layout, ground)
        self._painter.paint_parts(painter, layout, port.translated(0, offset))
        wall = to_wall(self._now(), self.zone)
        if layout.monday <= wall.date() <= layout.sunday:
            self._painter.paint_now(painter, layout, wall)
        self._frame_current(painter, layout, among_hours=True)
        self.paint_over(painter, layout)
        painter.restore()
        self._painter.paint_top(painter, layout, ground)
        self._frame_current(painter, layout, among_hours=False)

    def _frame_current(self, painter: QPainter, layout: WeekLayout, *, among_hours: bool) -> None:
        row = self.current_row()
        if row is None:
            return
        key = row.entry.key if row.entry else ""
        stays = layout.stays(row.day, key)
        box = layout.part_box(row.day, key) if among_hours else stays
        edge = color(Token.ACCENT if self.hasFocus() else Token.MUTED)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if not box.isNull() and among_hours == stays.isNull():
            painter.setPen(QPen(edge, 2))
            painter.drawRoundedRect(QRectF(box).adjusted(0, 0.5, 0, -0.5), px(4), px(4))
        if among_hours:
            painter.setPen(QPen(edge, 1))
            column = layout.column_of(row.day)
            painter.drawLine(column.topLeft(), column.bottomLeft())
            painter.drawLine(column.topRight(), column.bottomRight())

    def paint_over(self, painter: QPainter, layout: WeekLayout) -> None:
        """What lies over the hours; nothing here."""
