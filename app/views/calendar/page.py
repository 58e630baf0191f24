"""The Calendar section: a year down to a day, layers to switch, and windows to move."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QBoxLayout, QWidget

from app.models.calendar.entries import Entry, Layer
from app.models.calendar.month import Month
from app.models.calendar.shifting import Shift
from app.models.calendar.spans import Span, Way, in_reach
from app.models.errors import ConsoleError
from app.models.reports.packet import Paper
from app.services.calendar.month import CalendarRows, entries
from app.services.calendar.searching import Found
from app.services.events import CalendarChanged, ChangedElsewhere, DirectoryChanged, OutageChanged
from app.services.uow import Undo
from app.views.calendar.going import Going
from app.views.calendar.head import SpanHead
from app.views.calendar.in_front import InFront
from app.views.calendar.items import Shown
from app.views.calendar.keys import KEYS
from app.views.calendar.moving import WindowMoves
from app.views.calendar.opening import Opening
from app.views.calendar.paper_acts import PaperHere
from app.views.calendar.remembered import Remembered
from app.views.calendar.rows import shown_of
from app.views.calendar.sharing import Sharing
from app.views.calendar.side import Side
from app.views.calendar.sieving import Sieving
from app.views.calendar.stage import Stage
from app.views.calendar.stale import Refresh
from app.views.calendar.turning import Turning
from app.views.calendar.ways import WAY_KEYS, WAYS, WaysBar
from app.views.notify import Telling
from app.views.ops import Ops
from app.views.page import HeaderAction, HeaderPart, Page
from app.views.theme import px
from app.views.widgets.dropping import FileDrops
from app.views.widgets.panels import Card

SETTLE_MS = 150
OUTREACH = "outreach"
"""Asked for when the page is activated: the heads to be asked come to the front."""


class CalendarPage(Page):
    """`activate()` as it was left, `activate(date)` that day.

    `goRequested(section, outage id, action)`: an outage, `new` with a day, rota or import.
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
        refresh: Refresh | None = None,
    ) -> None:
        """`refresh` asks for a layer from the web again."""
        super().__init__()
        self._ops = ops
        self._tell = tell
        self.opening = Opening(ops, tell, on_undo, self)
        self.opening.goRequested.connect(self.goRequested)
        self.sharing = Sharing(ops, tell, now, paper_here, self.in_front, self)
        self.going = Going(ops, self)
        self._remembered = remembered or Remembered()
        self._day = now().date()
        self._placed = False
        self._follow = ""
        self._rows: CalendarRows | None = None
        self._shown: tuple[Entry, ...] = ()
        self._head = SpanHead(self)
        self._head.hide()
        self.ways = WaysBar()
        first = Span.of(self._remembered.way(), self._day)
        self._turning = Turning(self.ways, self._head, first, self)
        self._turning.turned.connect(self.headerChanged)
        self.sieving = Sieving(ops, self.ways, self)
        self.stage = Stage(self.opening.bring, now, self._remembered.beside())
        self.month_view, self.agenda = self.stage.month, self.stage.agenda
        self._side = Side(self._remembered.hidden(), refresh)
        self.layers, self.against, self.day_card = self._side.parts
        FileDrops(self).dropped.connect(self.opening.bring_files)
        self.moves = WindowMoves(ops, tell, on_undo, self)
        self._build()
        self._connect()
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self.refresh)

    def _build(self) -> None:
        frame = self._frame = Card()
        layout = frame.layout()
        assert layout is not None
        layout.setContentsMargins(1, 1, 1, 1)
        frame.body.setSpacing(0)
        frame.body.addWidget(self.ways)
        frame.body.addWidget(self.stage, 1)
        line = self._line = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        line.setContentsMargins(px(22), px(18), px(22), px(18))
        line.setSpacing(px(16))
        line.addWidget(frame, 1)
        line.addWidget(self._side)
        # the days come first, so Tab, which enters a page at its proxy, would pass over these
        QWidget.setTabOrder(self.day_card.add_event, self.ways.tabs)
        QWidget.setTabOrder(self.ways.tabs, self.ways.filter)
        QWidget.setTabOrder(self.ways.filter, self.ways.all)
        QWidget.setTabOrder(self.ways.all, self.ways.search)
        self.setFocusProxy(self.stage.front())

    def _connect(self) -> None:
        stage = self.stage
        stage.chosen.connect(self._on_chosen)
        stage.opened.connect(self._open)
        stage.planRequested.connect(self.opening.plan)
        stage.dayOpened.connect(self._on_day_opened)
        stage.dayWanted.connect(self.go_to)
        stage.monthWanted.connect(partial(self.show_way, Way.MONTH))
        stage.zoneAsked.connect(self._ask_zone)
        stage.carried.connect(self.moves.look)
        stage.dropped.connect(self.moves.ask)
        self.ways.wanted.connect(self.show_way)
        self.sieving.changed.connect(self.refresh)
        self.ways.findRequested.connect(self.going.search)
        self.layers.switched.connect(self._on_switched)
        self.layers.outreachRequested.connect(self.opening.outreach)
        self.against.opened.connect(self._open)
        self.against.freeWanted.connect(self.moves.find_free)
        self.against.moveWanted.connect(self.moves.ask)
        self.day_card.opened.connect(self._open)
        self.day_card.planRequested.connect(self.opening.plan)
        self.day_card.eventRequested.connect(self._add_event)
        self.moves.looked.connect(self.against.show_moving)
        self.moves.found.connect(self.against.free.show_found)
        self.moves.lost.connect(self.against.free.forget)
        self.moves.refused.connect(self.against.show_refusal)
        self.moves.moved.connect(self._on_moved)
        self.going.dayChosen.connect(self._jumped)
        self.going.found.connect(self._on_found)
        self.going.zoneChosen.connect(self._on_zone)
        self._head.stepped.connect(self.step)
        self._head.jumpRequested.connect(self._jump)
        for keys, act in (
            *((WAY_KEYS[way], partial(self.show_way, way)) for way in WAYS),
            ("PgUp", partial(self.step, -1)),
            ("PgDown", partial(self.step, 1)),
            ("T", self.go_today),
            ("G", self._jump),
            ("N", self.plan),
            ("E", self._add_event),
            ("O", self.opening.outreach),
            ("Z", self._ask_zone),
            ("Ctrl+F", self.going.search),
            ("F3", partial(self.going.again, 1)),
            ("Shift+F3", partial(self.going.again, -1)),
            ("F", self.sieving.ask),
            ("Ctrl+P", self.sharing.preview),
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
        return self._turning.seen.words

    def head(self) -> QWidget | None:
        return self._head

    def header_parts(self) -> Sequence[HeaderPart]:
        to_today = HeaderAction("Today", self.go_today, tip="T")
        bring = HeaderAction("Import", self.opening.bring)
        rota = HeaderAction("Rota", lambda: self.goRequested.emit("rota", "", ""))
        plan = HeaderAction("Plan outage", self.plan, primary=True, key="Ctrl+N")
        papers = self.sharing.choices()
        if self._turning.compact:
            return to_today, HeaderAction("More", choices=(rota, *papers, bring)), plan
        return to_today, rota, HeaderAction("Share", choices=papers), bring, plan

    def keys(self) -> Sequence[tuple[str, str]]:
        return KEYS

    def activate(self, *args: object) -> None:
        wanted = next((arg for arg in args if isinstance(arg, date)), None)
        if wanted is not None:
            self._placed = True
            self.go_to(wanted)
        self.refresh()
        self.stage.front().setFocus()
        if OUTREACH in args:
            self.opening.outreach()

    # --- going about -----------------------------------------------------------------------

    @property
    def span(self) -> Span:
        """That which is wanted."""
        return self._turning.wanted

    @property
    def month(self) -> Month:
        """That of the day chosen."""
        return Month.of(self._day)

    @property
    def day(self) -> date:
        """The day chosen."""
        return self._day

    def step(self, count: int) -> None:
        """So many years, months or weeks on, as they are looked at."""
        self.go_to(self.span.by(count, self._day))

    def go_today(self) -> None:
        if self._rows is not None:
            self.go_to(self._rows.today)

    def go_to(self, day: date) -> None:
        """Choose a day, in its span."""
        if not in_reach(day):
            return
        span, self._day = Span.of(self.span.way, day), day
        if span != self.span:
            self._turn_to(span)
        else:
            self.stage.choose(day)

    def in_front(self) -> InFront:
        return InFront(self.span, self.layers.hidden, self._day, self.sieving.sieve)

    def _jump(self) -> None:
        self.going.jump(self._day)

    def _jumped(self, day: date) -> None:
        self.go_to(day)
        self.stage.front().setFocus()

    def _on_found(self, found: Found) -> None:
        """What hides it is taken away: its layer, a filter."""
        self.sieving.clear()
        self.layers.show_layer(found.entry.layer)
        self._day, self._follow = found.day, found.entry.key
        self._turn_to(Span.of(self.span.way, found.day))
        self.stage.front().setFocus()

    def _ask_zone(self) -> None:
        self.going.ask_zone(self.stage.week.beside)

    def _on_zone(self, name: str) -> None:
        self._remembered.keep_beside(name)
        self.stage.week.show_beside(name)

    def show_way(self, way: Way, day: date | None = None) -> None:
        """Another way to look at the day chosen, or at that day."""
        self._day = day or self._day
        self._remembered.keep_way(way)
        self._turn_to(Span.of(way, self._day))
        self.stage.front().setFocus()

    def _turn_to(self, span: Span) -> None:
        self.stage.put_back()
        self._turning.to(span)
        if self._rows is not None and self._covers(self._rows):
            self._lay_out()
        else:
            self.refresh()

    def plan(self) -> None:
        """On the day chosen, or in the hours marked."""
        self.opening.plan(self.stage.slot_on(self._day))

    def refresh(self) -> None:
        wanted = self.span.first, self.span.last, self.sieving.sieve
        self._ops.look(entries, *wanted, then=self._show, failed=self._on_unread)

    def on_event(self, event: object) -> None:
        """Connect to the bridge."""
        self.opening.committed.emit(event)
        # behind another page, nothing is laid out: `activate` looks again
        is_behind = self.window().isVisible() and not self.isVisible()
        moves = OutageChanged | CalendarChanged | DirectoryChanged | ChangedElsewhere
        if isinstance(event, moves) and not is_behind:
            self._settle.start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._side.stand(self._line, self._frame, self.width())
        if self._turning.fit(self.width()):
            self._lay_out()

    # --- showing ---------------------------------------------------------------------------

    def _show(self, rows: CalendarRows) -> None:
        if not self._placed:  # the first look says which day it is where the organisation is
            self._placed = True
            if not self.span.begins <= rows.today <= self.span.ends:
                self.go_to(rows.today)
                return
            self._day = rows.today
        if not self._covers(rows):
            return  # others were asked for meanwhile
        self._rows = rows
        self._lay_out()

    def _on_unread(self, error: ConsoleError) -> None:
        self._turning.give_up()
        self._tell.error(error.sentence)

    def _lay_out(self) -> None:
        rows = self._rows
        if rows is None or not self._covers(rows):
            return  # or the days wanted are still being read
        self._turning.arrive()
        self.layers.show_rows(rows, self.span)
        self._shown = shown_of(rows, self.layers.hidden)
        followed, self._follow = self._entry(self._follow), ""
        key = followed.key if followed else self.stage.chosen_entry(self._day)
        if followed is not None and not followed.is_on(self._day):
            self._day = followed.first
        shown = Shown(self.span, rows, self._shown)
        self.stage.show_entries(shown, self._day, key, compact=self._turning.compact)
        self.setFocusProxy(self.stage.front())
        self._on_chosen(self._day, self.stage.chosen_entry(self._day))

    def _show_day(self) -> None:
        if self._rows is not None:
            self.day_card.show_day(self._rows, self._shown, self._day)

    # --- acting ----------------------------------------------------------------------------

    def _on_chosen(self, day: date, entry_key: str) -> None:
        if self._turning.under_way:
            return  # of the days that are about to go
        self._day = day
        self._show_day()
        entry = self._entry(entry_key)
        if entry is not None and entry.layer is Layer.OUTAGES:
            self.moves.look(entry.key)
        else:
            self.moves.forget()
            self.against.hide()

    def _on_moved(self, outage_id: str, shift: Shift) -> None:
        """The eye goes with it to its new day."""
        self._follow = outage_id
        self._day += shift.start
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

    def _open(self, entry_key: str) -> None:
        zone = self._rows.zone if self._rows else "UTC"
        self.opening.open(entry_key, self._entry(entry_key), self._day, zone)

    def _add_event(self) -> None:
        self.opening.add_event(self._day)

    def _entry(self, key: str) -> Entry | None:
        return next((entry for entry in self._shown if entry.key == key), None) if key else None

    def _covers(self, rows: CalendarRows) -> bool:
        """Whether they hold what is wanted."""
        span = self.span
        days = rows.first <= span.first and span.last <= rows.last
        return days and rows.sieve == self.sieving.sieve
