"""A year on one screen: twelve months of small days. The pointer or the chosen day tells what lies
on it; Enter goes to its month."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from app.models.calendar.entries import Entry, Layer, kind_words
from app.models.calendar.marks import Marks
from app.views.calendar.items import DayItems, Shown
from app.views.calendar.rows import CalendarModel, CalendarRow, day_words, rows_of
from app.views.calendar.year_layout import HEAD, YearLayout
from app.views.calendar.year_paint import YearPainter
from app.views.theme import Token, color, look_key, px

TOLD = 10
"""So many entries of a day are named; the rest is counted."""


class YearModel(CalendarModel):
    """Days alone: five thousand entries are walked day by day, in the list beside the year."""

    def spoken(self, row: CalendarRow) -> str:
        return ", ".join((super().spoken(row), *told_of(row)))


class YearView(DayItems):
    """`monthWanted(day)`: Enter on a day, or its month's name was pressed."""

    head = HEAD
    monthWanted = Signal(object)

    def __init__(self, model: YearModel, parent: QWidget | None = None) -> None:
        super().__init__(model, "Year", parent)
        self._painter = YearPainter()
        self._layout: YearLayout | None = None
        self._marks: dict[date, Marks] = {}
        self._picture: QPixmap | None = None

    def show_entries(self, shown: Shown) -> None:
        rows = rows_of(shown.rows, shown.entries, shown.span.first, shown.span.last, apart=False)
        self._shown = shown
        self._marks = {row.day: Marks.of(row.holds) for row in rows if row.holds}
        self._rows.become(rows)
        self.relayout()

    # --- geometry -------------------------------------------------------------------------------

    def layout_now(self) -> YearLayout:
        """The layout of the year and size of this moment."""
        if self._painter.look != look_key():
            self._painter = YearPainter()
            self._layout = self._picture = None
        if self._layout is None:
            port = self.viewport()
            months = self._shown.span.months if self._shown else ()
            self._layout = YearLayout.of(months, (port.width(), port.height()))
            self.set_content(QSize(port.width(), self._layout.height))
        return self._layout

    def box_of(self, day: date, entry_key: str) -> QRect:
        return self.layout_now().cells.get(day, QRect())

    def hit(self, there: QPoint) -> tuple[date, str] | None:
        day = self.layout_now().day_at(there)
        return (day, "") if day is not None else None

    def forget_layout(self) -> None:
        self._layout = self._picture = None

    # --- doing ----------------------------------------------------------------------------------

    def tip(self, row: CalendarRow) -> str:
        today = " · today" if row.today else ""
        duty = (f"{row.duty} on duty",) if row.duty else ()
        said = told_of(row) or ("Nothing on this day",)
        return "\n".join((f"{day_words(row.day)}{today}", *said, *duty))

    def enter(self, row: CalendarRow) -> None:
        self.monthWanted.emit(row.day)

    def double_clicked(self, row: CalendarRow) -> None:
        self.monthWanted.emit(row.day)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        there = event.position().toPoint() + QPoint(0, self.verticalOffset())
        month = self.layout_now().month_at(there)
        if month is not None and event.button() == Qt.MouseButton.LeftButton:
            self.monthWanted.emit(month.first)

    # --- painting -------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        layout = self.layout_now()
        if self._picture is None:
            self._picture = self._painted(layout)
        painter = QPainter(self.viewport())
        offset = self.verticalOffset()
        painter.drawPixmap(0, -offset, self._picture)
        row = self.current_row()
        if row is not None and row.day in layout.cells:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            edge = color(Token.ACCENT if self.hasFocus() else Token.MUTED)
            painter.setPen(QPen(edge, 2))
            box = QRectF(layout.cells[row.day].translated(0, -offset)).adjusted(1, 1, -1, -1)
            painter.drawRoundedRect(box, px(4), px(4))
        if offset:
            self._painter.paint_legend(painter, layout.width)

    def _painted(self, layout: YearLayout) -> QPixmap:
        """The whole year once; scrolling and choosing paint it as it is."""
        ratio = self.devicePixelRatioF()
        made = QPixmap(QSize(round(layout.width * ratio), round(layout.height * ratio)))
        made.setDevicePixelRatio(ratio)
        made.fill(color(Token.SURFACE))
        painter = QPainter(made)
        today = self._shown.rows.today if self._shown else date.min
        self._painter.paint(painter, layout, self._marks, today)
        self._painter.paint_legend(painter, layout.width)
        painter.end()
        return made


def told_of(row: CalendarRow) -> tuple[str, ...]:
    """What lies on the day, outages first: `19:00–22:00 Core switch · Planned`."""
    entries = sorted(row.holds, key=lambda entry: list(Layer).index(entry.layer))
    named = tuple(_told(entry, row) for entry in entries[:TOLD])
    left = len(entries) - len(named)
    return (*named, f"and {left} more") if left else named


def _told(entry: Entry, row: CalendarRow) -> str:
    when = entry.times_on(row.day, row.zone)
    words = f"{entry.title} · {kind_words(entry)}"
    return words if when == "all day" else f"{when} {words}"
