"""The days and entries of a month as the items of one painted view: where each is and how all are
painted. What is done with them is in `month_view`."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.models.calendar.entries import Layer
from app.models.calendar.month import Month
from app.views.calendar.carrying import CarryItems
from app.views.calendar.items import Shown
from app.views.calendar.month_layout import HEAD, MonthLayout
from app.views.calendar.month_paint import MonthPainter
from app.views.calendar.rows import CalendarModel, rows_of, turns_of
from app.views.theme import Token, color, look_key, px


class MonthItems(CarryItems):
    head = HEAD

    def __init__(self, model: CalendarModel, parent: QWidget | None = None) -> None:
        super().__init__(model, "Month", parent)
        self._month = Month(2025, 1)
        self._today = date.min
        self._frozen: frozenset[date] = frozenset()
        self._duty: dict[date, str] = {}
        self._layout: MonthLayout | None = None
        self._painter = MonthPainter("UTC")

    # what the page asks

    def show_entries(self, shown: Shown) -> None:
        rows = rows_of(shown.rows, shown.entries, shown.span.first, shown.span.last)
        self._shown = shown
        if self.zone != self._painter.zone:
            self._painter = MonthPainter(self.zone)
        self._month, self._today = shown.span.month, shown.rows.today
        self._frozen = frozenset(
            r.day for r in rows if r.entry is not None and r.entry.layer is Layer.FREEZES
        )
        self._duty = turns_of(rows)
        self._rows.become(rows)
        self.relayout()

    # geometry

    def layout_now(self) -> MonthLayout:
        """The layout of the entries and size of this moment."""
        if self._painter.look != look_key():
            self._painter = MonthPainter(self._painter.zone)
            self._layout = None
        if self._layout is None:
            port = self.viewport()
            self._layout = MonthLayout.of(
                self._month,
                self._shown.entries if self._shown else (),
                (port.width(), port.height()),
                self._painter.line,
                self._painter.width_of,
            )
            self.set_content(QSize(port.width(), self._layout.height))
        return self._layout

    def box_of(self, day: date, entry_key: str) -> QRect:
        return self.layout_now().box_of(day, entry_key)

    def hit(self, there: QPoint) -> tuple[date, str] | None:
        layout = self.layout_now()
        day, bar = layout.day_at(there), layout.bar_at(there)
        return (day, bar.bar.entry.key if bar else "") if day is not None else None

    def forget_layout(self) -> None:
        self._layout = None

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
