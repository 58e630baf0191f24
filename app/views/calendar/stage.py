"""The calendar's views one behind the other: which is in front, and one way to speak to each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from app.models.calendar.shifting import Shift
from app.models.calendar.slot import Slot
from app.models.calendar.spans import Way
from app.views.calendar.agenda import agenda_key, agenda_rows, parts_of
from app.views.calendar.carrying import CarryItems
from app.views.calendar.items import DayItems, Shown
from app.views.calendar.month_view import MonthView
from app.views.calendar.quarter_view import QuarterView
from app.views.calendar.rows import CalendarModel
from app.views.calendar.week_view import WeekView
from app.views.calendar.year_view import YearModel, YearView
from app.views.widgets.listing import ListView
from app.views.widgets.panels import EmptyState, button


class Stage(QStackedWidget):
    """`chosen(day, entry key)` is what the user chose; `opened(entry key)`, `planRequested(Slot)`,
    `dayOpened(day)`, `dayWanted(day)`, `monthWanted(day)`, `carried` and `dropped` (entry key,
    shift) as the views say them."""

    chosen = Signal(object, str)
    opened = Signal(str)
    planRequested = Signal(object)
    dayOpened = Signal(object)
    dayWanted = Signal(object)
    monthWanted = Signal(object)
    carried = Signal(str, object)
    dropped = Signal(str, object)

    zoneAsked = Signal()

    def __init__(
        self, on_import: Callable[[], object], now: Callable[[], datetime], beside: str
    ) -> None:
        """`beside` is the zone of the week's second clock; empty: none."""
        super().__init__()
        self.month = MonthView(CalendarModel(self))
        self.quarter = QuarterView(CalendarModel(self))
        self.year = YearView(YearModel(self))
        self.week = WeekView(CalendarModel(self), now, beside)
        self.agenda = ListView("Agenda", lead_width=92)
        self._empty = EmptyState(
            "Nothing this month. Plan an outage, or import the calendars of the business and its "
            "freezes (.ics).",
            button("Import a calendar", on_import),
        )
        self._painted: dict[Way, DayItems] = {
            Way.YEAR: self.year,
            Way.QUARTER: self.quarter,
            Way.MONTH: self.month,
            Way.WEEK: self.week,
        }
        self._laying = False
        self.year.monthWanted.connect(self.monthWanted)
        self.week.zoneAsked.connect(self.zoneAsked)
        for view in self._painted.values():
            self._connect(view)
        self.agenda.chosen.connect(lambda key: self._on_chosen(*parts_of(key)))
        self.agenda.opened.connect(self._on_agenda_opened)
        for widget in (*self._painted.values(), self.agenda, self._empty):
            self.addWidget(widget)

    def _connect(self, view: DayItems) -> None:
        view.chosen.connect(self._on_chosen)
        view.opened.connect(self.opened)
        view.planRequested.connect(self.planRequested)
        view.dayOpened.connect(self.dayOpened)
        view.dayWanted.connect(self.dayWanted)
        if isinstance(view, CarryItems):
            view.carried.connect(self._on_carried)
            view.dropped.connect(self._on_dropped)

    def front(self) -> QWidget:
        """The view that has the keys; the calendar is never without one."""
        return self.currentWidget() or self.month

    def show_entries(self, shown: Shown, day: date, entry_key: str, *, compact: bool) -> None:
        """Lay out the view of that span, choose the day and its entry, and bring it to the
        front."""
        self._laying = True
        way = shown.span.way
        if way in self._painted:
            view = self._painted[way]
            view.show_entries(shown)
            view.choose(day, entry_key)
            self._bring(view)
        else:
            rows = agenda_rows(shown.rows, shown.entries, shown.span.month, compact=compact)
            self.agenda.model_rows.apply(rows)
            self._choose_in_agenda(day, entry_key)
            self._bring(self.agenda if rows else self._empty)
        self._laying = False

    def choose(self, day: date, entry_key: str = "") -> None:
        """In the view in front; what is said of it follows."""
        view = self.currentWidget()
        if isinstance(view, DayItems):
            view.choose(day, entry_key)
        elif view is self.agenda:
            self._choose_in_agenda(day, entry_key)

    def chosen_entry(self, day: date) -> str:
        """Its key when it is chosen on that day; empty when the day itself is."""
        view = self.currentWidget()
        if isinstance(view, DayItems):
            row = view.current_row()
            return row.entry.key if row and row.entry and row.day == day else ""
        current = self.agenda.current() if view is self.agenda else None
        on, key = parts_of(current.key) if current is not None else (day, "")
        return key if on == day else ""

    def put_back(self) -> None:
        """What is carried in the view in front stays where it is."""
        view = self.currentWidget()
        if isinstance(view, CarryItems):
            view.put_back()

    def slot_on(self, day: date) -> Slot:
        """The hours marked in the week in front, else that day."""
        marked = self.week.marked if self.currentWidget() is self.week else None
        return marked or Slot(day)

    def _bring(self, view: QWidget) -> None:
        had = self.front().hasFocus()
        self.setCurrentWidget(view)
        self.setFocusProxy(view)
        if had:
            view.setFocus()

    def _choose_in_agenda(self, day: date, entry_key: str) -> None:
        """The entry, else the first line at or behind the day."""
        keys = [row.key for row in self.agenda.model_rows.rows()]
        wanted = agenda_key(day, entry_key)
        if entry_key and wanted in keys:
            self.agenda.choose(wanted)
            return
        current = self.agenda.current()
        if current is not None and parts_of(current.key)[0] == day:
            return
        behind = next((key for key in keys if parts_of(key)[0] >= day), "")
        if behind:
            laying, self._laying = self._laying, True
            self.agenda.choose(behind)
            self._laying = laying

    def _on_chosen(self, day: date, entry_key: str) -> None:
        if not self._laying:  # views choose for themselves while their rows change
            self.chosen.emit(day, entry_key)

    def _on_agenda_opened(self, key: str) -> None:
        day, entry_key = parts_of(key)
        if entry_key:
            self.opened.emit(entry_key)
        else:
            self.planRequested.emit(Slot(day))

    def _on_carried(self, entry_key: str, shift: Shift) -> None:
        self.carried.emit(entry_key, shift)

    def _on_dropped(self, entry_key: str, shift: Shift) -> None:
        self.dropped.emit(entry_key, shift)
