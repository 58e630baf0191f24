"""The Calendar section: a month or its agenda, layers to switch, and windows to move."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QBoxLayout,
    QStackedWidget,
    QWidget,
)

from app.models.calendar.entries import Entry, Layer
from app.models.calendar.month import DAYS, Month
from app.models.reports.packet import Paper
from app.models.times import YEARS, speak_moment
from app.services.calendar.month import CalendarRows, entries
from app.services.events import CalendarChanged, ChangedElsewhere, DirectoryChanged, OutageChanged
from app.services.uow import Undo
from app.views.calendar.agenda import agenda_rows, parts_of
from app.views.calendar.head import MonthHead
from app.views.calendar.jump import ask_for_a_day
from app.views.calendar.keys import KEYS
from app.views.calendar.month_view import MonthView
from app.views.calendar.moving import WindowMoves
from app.views.calendar.paper import CalendarPaper
from app.views.calendar.paper_acts import PaperActs, PaperHere
from app.views.calendar.remembered import Remembered
from app.views.calendar.rows import CalendarModel, rows_of, shown_of
from app.views.calendar.side import Side
from app.views.notify import Telling
from app.views.ops import Ops
from app.views.page import HeaderAction, HeaderPart, Page
from app.views.theme import px
from app.views.widgets.listing import ListView
from app.views.widgets.panels import Card, EmptyState, button

SETTLE_MS = 150
COMPACT = 880
"""Narrower than this (design pixels) the header folds its acts into a menu."""


class CalendarPage(Page):
    """`activate()` as it was left, `activate(date)` that day.

    `goRequested(section, outage id, action)`: an outage, `new` with a day behind it, or import.
    """

    goRequested = Signal(str, str, str)

    def __init__(
        self,
        ops: Ops,
        tell: Telling,
        now: Callable[[], datetime],
        on_undo: Callable[[Undo], object],
        remembered: Remembered | None = None,
        paper_here: PaperHere = lambda: Paper.A4,
    ) -> None:
        super().__init__()
        self._ops = ops
        self._tell = tell
        self._now = now
        self.papers = PaperActs(tell, paper_here, self)
        self._remembered = remembered or Remembered()
        self._day = now().date()
        self._month = Month.of(self._day)
        self._placed = False
        self._laying = False
        self._follow = ""
        self._compact = False
        self._rows: CalendarRows | None = None
        self._shown: tuple[Entry, ...] = ()
        self._head = MonthHead(self)
        self._head.hide()
        self._model = CalendarModel(self)
        self.month_view = MonthView(self._model)
        self.agenda = ListView("Agenda", lead_width=92)
        self._side = Side(self._remembered.hidden())
        self.layers, self.against, self.day_card = self._side.parts
        self.moves = WindowMoves(ops, tell, on_undo, self)
        self._empty = EmptyState(
            "Nothing this month. Plan an outage, or import the calendars of the business and its "
            "freezes (.ics).",
            button("Import a calendar", self._import),
        )
        self._stack = QStackedWidget()
        self._build()
        self._connect()
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self.refresh)
        self._head.show_month(self._month)

    def _build(self) -> None:
        frame = self._frame = Card()
        layout = frame.layout()
        assert layout is not None
        layout.setContentsMargins(1, 1, 1, 1)
        for view in (self.month_view, self.agenda, self._empty):
            self._stack.addWidget(view)
        frame.body.addWidget(self._stack, 1)
        line = self._line = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        line.setContentsMargins(px(22), px(18), px(22), px(18))
        line.setSpacing(px(16))
        line.addWidget(frame, 1)
        line.addWidget(self._side)
        self._show_agenda(self._remembered.agenda())

    def _connect(self) -> None:
        view = self.month_view
        view.chosen.connect(self._on_chosen)
        view.opened.connect(self._open)
        view.planRequested.connect(self._plan_on)
        view.dayOpened.connect(self._on_day_opened)
        view.dayWanted.connect(self.go_to)
        view.carried.connect(self.moves.look)
        view.dropped.connect(self.moves.ask)
        self.agenda.chosen.connect(lambda key: self._on_chosen(*parts_of(key)))
        self.agenda.opened.connect(self._on_agenda_opened)
        self.layers.switched.connect(self._on_switched)
        self.against.opened.connect(self._open)
        self.day_card.opened.connect(self._open)
        self.day_card.planRequested.connect(self._plan_on)
        self.moves.looked.connect(self.against.show_moving)
        self.moves.refused.connect(self.against.show_refusal)
        self.moves.moved.connect(self._on_moved)
        self._head.stepped.connect(self.step)
        self._head.jumpRequested.connect(self.jump)
        for keys, act in (
            ("M", lambda: self.show_agenda(False)),
            ("A", lambda: self.show_agenda(True)),
            ("PgUp", lambda: self.step(-1)),
            ("PgDown", lambda: self.step(1)),
            ("T", self.go_today),
            ("G", self.jump),
            ("N", self.plan),
            ("Ctrl+P", lambda: self.papers.do(self.papers.preview, self.paper)),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    # --- what the shell asks ---------------------------------------------------------------

    @property
    def title(self) -> str:
        return "Calendar"

    @property
    def context(self) -> str:
        return self._month.words

    def head(self) -> QWidget | None:
        return self._head

    def header_parts(self) -> Sequence[HeaderPart]:
        other = HeaderAction(
            "Month" if self.in_agenda else "Agenda",
            lambda: self.show_agenda(not self.in_agenda),
            tip="M" if self.in_agenda else "A",
        )
        to_today = HeaderAction("Today", self.go_today, tip="T")
        bring = HeaderAction("Import", self._import)
        plan = HeaderAction("Plan outage", self.plan, primary=True, key="Ctrl+N")
        papers = self.papers.choices(self.paper)
        if self._compact:
            return other, HeaderAction("More", choices=(to_today, *papers, bring)), plan
        return to_today, other, HeaderAction("Print", choices=papers), bring, plan

    def keys(self) -> Sequence[tuple[str, str]]:
        return KEYS

    def activate(self, *args: object) -> None:
        wanted = next((arg for arg in args if isinstance(arg, date)), None)
        if wanted is not None:
            self._placed = True
            self.go_to(wanted)
        self.refresh()
        self._in_front()

    # --- going about -----------------------------------------------------------------------

    @property
    def month(self) -> Month:
        return self._month

    @property
    def day(self) -> date:
        """The day chosen."""
        return self._day

    @property
    def in_agenda(self) -> bool:
        return self._agenda

    def step(self, months: int) -> None:
        self.go_to(self._month.by(months).same_day(self._day))

    def go_today(self) -> None:
        if self._rows is not None:
            self.go_to(self._rows.today)

    def go_to(self, day: date) -> None:
        """Choose a day, in its month."""
        if day.year not in YEARS:
            return
        month, self._day = Month.of(day), day
        if month != self._month:
            self._month = month
            self._head.show_month(month, compact=self._compact)
            self.headerChanged.emit()
            self.refresh()
        else:
            self.month_view.choose(day)
            self._choose_in_agenda()

    def jump(self) -> None:
        """Ask for a day."""
        ask_for_a_day(self, self._day, self._jumped)

    def _jumped(self, day: date) -> None:
        self.go_to(day)
        self._in_front()

    def show_agenda(self, agenda: bool) -> None:
        """The agenda of the month, or (with False) its days."""
        self._remembered.keep_agenda(agenda)
        self._show_agenda(agenda)
        self._in_front()
        self.headerChanged.emit()

    def plan(self) -> None:
        """On the day chosen."""
        self._plan_on(self._day)

    def refresh(self) -> None:
        weeks = self._month.weeks()
        last = weeks[-1] + timedelta(days=DAYS - 1)
        self._ops.read(entries, weeks[0], last, then=self._show, owner=self)

    def on_event(self, event: object) -> None:
        """Connect to the bridge."""
        # behind another page, nothing is laid out: `activate` looks again
        is_behind = self.window().isVisible() and not self.isVisible()
        moves = OutageChanged | CalendarChanged | DirectoryChanged | ChangedElsewhere
        if isinstance(event, moves) and not is_behind:
            self._settle.start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._side.stand(self._line, self._frame, self.width())
        compact = self.width() < px(COMPACT)
        if compact != self._compact:
            self._compact = compact
            self._head.show_month(self._month, compact=compact)
            self._lay_out()
            self.headerChanged.emit()

    # --- showing ---------------------------------------------------------------------------

    def _show(self, rows: CalendarRows) -> None:
        if not self._placed:  # the first look says which day it is where the organisation is
            self._placed = True
            if Month.of(rows.today) != self._month:
                self.go_to(rows.today)
                return
            self._day = rows.today
        if rows.first != self._month.weeks()[0]:
            return  # another month was asked for meanwhile
        self._rows = rows
        self.layers.show_rows(rows, self._month)
        self._lay_out()

    def _lay_out(self) -> None:
        rows = self._rows
        if rows is None:
            return
        self._shown = shown_of(rows, self.layers.hidden)
        on_days = rows_of(rows, self._shown, rows.first, rows.last)
        entry_key, self._follow = self._follow or self._chosen_entry(), ""
        self._laying = True
        self.month_view.show_month(self._month, self._shown, on_days, rows.today)
        self.month_view.choose(self._day, entry_key)
        self.agenda.model_rows.apply(
            agenda_rows(rows, self._shown, self._month, compact=self._compact)
        )
        self._choose_in_agenda()
        self._laying = False
        self._show_agenda(self._agenda)
        self._on_chosen(self._day, self._chosen_entry())

    def _chosen_entry(self) -> str:
        """On the day chosen; empty when the day itself is."""
        row = self.month_view.current_row()
        return row.entry.key if row and row.entry and row.day == self._day else ""

    def _show_agenda(self, agenda: bool) -> None:
        self._agenda = agenda
        view: QWidget = self.month_view
        if agenda:
            view = self.agenda if self.agenda.model_rows.rowCount() else self._empty
        self._stack.setCurrentWidget(view)
        self.setFocusProxy(view)

    def _choose_in_agenda(self) -> None:
        """The first line at or behind the day chosen."""
        current = self.agenda.current()
        if current is not None and parts_of(current.key)[0] == self._day:
            return
        for row in self.agenda.model_rows.rows():
            if parts_of(row.key)[0] >= self._day:
                laying, self._laying = self._laying, True
                self.agenda.choose(row.key)
                self._laying = laying
                return

    def _show_day(self) -> None:
        if self._rows is not None:
            self.day_card.show_day(self._rows, self._shown, self._day)

    def _in_front(self) -> None:
        widget = self._stack.currentWidget()
        if widget is not None:
            widget.setFocus()

    # --- acting ----------------------------------------------------------------------------

    def _on_chosen(self, day: date, entry_key: str) -> None:
        if self._laying:  # views choose for themselves while their rows change
            return
        self._day = day
        self._show_day()
        entry = self._entry(entry_key)
        if entry is not None and entry.layer is Layer.OUTAGES:
            self.moves.look(entry.key)
        else:
            self.moves.forget()
            self.against.hide()

    def _on_moved(self, outage_id: str, days: int) -> None:
        """The eye goes with it to its new day."""
        self._follow = outage_id
        self._day += timedelta(days=days)
        self.refresh()

    def _on_switched(self, hidden: frozenset[Layer]) -> None:
        self._remembered.keep_hidden(hidden)
        self._lay_out()

    def _on_day_opened(self, day: date) -> None:
        """More than the cell holds, or Enter on a full day: its list beside the month."""
        self._day = day
        self._show_day()
        self.day_card.list.setFocus()
        rows = self.day_card.list.model_rows
        if rows.rowCount():
            self.day_card.list.setCurrentIndex(rows.index(0))

    def _on_agenda_opened(self, key: str) -> None:
        day, entry_key = parts_of(key)
        if entry_key:
            self._open(entry_key)
        else:
            self._plan_on(day)

    def _open(self, entry_key: str) -> None:
        """An outage has a page; what else is on a day is told where it stands."""
        entry = self._entry(entry_key)
        if entry is not None and entry.layer is not Layer.OUTAGES:
            words = "; ".join(entry.told_in(self._rows.zone)) if self._rows else ""
            source = f", from {entry.source}" if entry.source else ""
            self._tell.remark(f"{entry.title}: {words}{source}.")
        else:
            self.goRequested.emit("outages", entry_key, "")

    def _plan_on(self, day: date) -> None:
        self.goRequested.emit("outages", "", f"new {day.isoformat()}")

    def paper(self) -> CalendarPaper | None:
        """What is shown, for paper: the month or the agenda, without the hidden layers."""
        if self._rows is None:
            return None
        printed = speak_moment(self._now(), self._rows.zone)
        left_out = tuple(layer for layer in Layer if layer in self.layers.hidden)
        return CalendarPaper(self._rows, self._month, self._shown, left_out, self._agenda, printed)

    def _import(self) -> None:
        self.goRequested.emit("import", "", "")

    def _entry(self, key: str) -> Entry | None:
        return next((entry for entry in self._shown if entry.key == key), None) if key else None
