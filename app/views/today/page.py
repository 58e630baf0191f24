"""The first screen. It can be painted before the database is loaded: `show_rows` takes the rows
of `first_rows`, and `serve` brings the rest once the services are there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Protocol

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.models.errors import ConsoleError
from app.models.outages.errands import Errand
from app.services.outages.today_rows import NeedRow, TodayRows
from app.views.page import HeaderAction, HeaderPart, Page
from app.views.theme import px
from app.views.today.next_card import NextCard
from app.views.today.side import ComingCard, CrewCard, WaitingCard
from app.views.widgets.columns import Columns
from app.views.widgets.panels import (
    Card,
    EmptyState,
    button,
    clear,
    is_pressed,
)
from app.views.widgets.row_list import Line, RowList
from app.views.widgets.tone import Tone, set_part

MOST_NEEDS = 25
LOOK_TICKS = 5
SETTLE_MS = 150
"""Events of one act come together; one look is enough for them."""

Query = Callable[..., Any]
"""Answers `TodayRows`, maybe in turns (`services.working`)."""


class Reads(Protocol):
    """`Ops`, as far as this page needs it."""

    def look(
        self,
        query: Query,
        /,
        *,
        then: Callable[[TodayRows], object],
        failed: Callable[[ConsoleError], object],
    ) -> None: ...


class TodayPage(Page):
    """`goRequested(section, outage id, action)`: section is outages, live or sample; action an
    `Errand` token (and, after a space, what it is about), or `new`. For the outbox it is the item.

    `shown(TodayRows)` after each refresh, for the rail's badges."""

    goRequested = Signal(str, str, str)
    shown = Signal(object)

    def __init__(self, now: Callable[[], datetime], rows: TodayRows | None = None) -> None:
        super().__init__()
        self._now = now
        self._rows = rows or TodayRows(now())
        self._ops: Reads | None = None
        self._query: Query | None = None
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self.refresh)
        self._needs_shown: tuple[NeedRow, ...] | None = None
        self._minute, self._ticks = now().replace(second=0, microsecond=0), 0
        self._build()
        for press in ("Ctrl+Return", "Ctrl+Enter"):
            first = QShortcut(QKeySequence(press), self)
            first.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            first.activated.connect(self.do_first)
        self.show_rows(self._rows)

    def _build(self) -> None:
        whole = QHBoxLayout(self)
        whole.setContentsMargins(px(22), px(18), px(22), px(18))
        columns = Columns()
        whole.addWidget(columns)
        left, right = columns.left, columns.right
        self.next_card = NextCard()
        self.next_card.opened.connect(self._on_next_opened)
        self._empty = Card()
        self._nothing = QVBoxLayout()
        self._empty.body.addLayout(self._nothing)
        left.addWidget(self.next_card)
        left.addWidget(self._empty)
        self._needs_card = Card("Needs you", "most urgent first")
        self._needs = RowList()
        self._needs.pressed.connect(self._on_need)
        self._more = button("", lambda: self._ask("open"), tone="link")
        self._no_needs = EmptyState("")
        self._more.hide()
        self._no_needs.hide()
        inner = QWidget()
        set_part(inner, "scroll")
        holder = QVBoxLayout(inner)
        holder.setContentsMargins(0, 0, px(4), 0)
        holder.setSizeConstraint(QVBoxLayout.SizeConstraint.SetMinimumSize)  # never squeezed
        for part in (self._needs, self._more, self._no_needs):
            holder.addWidget(part)
        holder.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # it follows the buttons within
        area.setWidget(inner)
        area.setMinimumHeight(px(180))
        area.setAccessibleName("What needs you")
        self._needs_card.body.addWidget(area)
        left.addWidget(self._needs_card, 1)
        self._coming = ComingCard()
        self._coming.opened.connect(lambda key: self._go(Errand.OPEN, key))
        self._crew = CrewCard()
        self._waiting = WaitingCard()
        right.addWidget(self._coming)
        right.addWidget(self._crew)
        right.addWidget(self._waiting, 1)

    # --- what the shell asks ---------------------------------------------------------------

    @property
    def title(self) -> str:
        return "Today"

    @property
    def context(self) -> str:
        parts = [self._rows.organisation]
        if self._rows.duty:
            parts.append(f"{self._rows.duty} coordinates until {self._rows.duty_until}")
        return " · ".join(part for part in parts if part)

    def header_parts(self) -> Sequence[HeaderPart]:
        return (HeaderAction("New outage", lambda: self._ask("new"), key="Ctrl+N"),)

    def keys(self) -> Sequence[tuple[str, str]]:
        return (
            ("Ctrl+N", "plan a new outage"),
            ("Ctrl+Enter", "do the first thing that needs you"),
            ("Enter", "open the chosen outage"),
        )

    def activate(self, *args: object) -> None:
        self.refresh()

    # --- rows ------------------------------------------------------------------------------

    def serve(self, ops: Reads, query: Query) -> None:
        """The services are loaded: read everything (`services.outages.today_turns`)."""
        self._ops, self._query = ops, query
        self.refresh()

    def refresh(self) -> None:
        if self._ops is not None and self._query is not None:
            self._ops.look(self._query, then=self.show_rows, failed=self._on_failed)

    def on_event(self, event: object) -> None:
        """Something was committed; look again soon, also while more follows without a pause."""
        if not self._settle.isActive():
            self._settle.start()

    def on_tick(self, now: datetime) -> None:
        """Each second, from the shell. What is owed changes with the clock: look each minute; a
        clock that jumps over seconds, as a fast one does, is followed every few."""
        self.next_card.tick(now)
        self._ticks += 1
        minute = now.replace(second=0, microsecond=0)
        if minute != self._minute and self._ticks >= LOOK_TICKS and self._rows.complete:
            self._minute, self._ticks = minute, 0
            self.on_event(None)

    def show_rows(self, rows: TodayRows) -> None:
        if is_pressed(self):
            self._settle.start()  # the click is meant for what it shows
            return
        self._rows = rows
        has_next = rows.next is not None
        self.next_card.setVisible(has_next)
        self._empty.setVisible(not has_next)
        if rows.next is not None:
            self.next_card.show_next(rows.next, self._now())
        else:
            self._show_nothing()
        self._show_needs(rows.needs)
        self._coming.show_rows(rows.coming, complete=rows.complete)
        self._crew.show_rows(rows.crew)
        self._waiting.show_rows(rows.waiting, complete=rows.complete)
        self.headerChanged.emit()
        if rows.complete:
            self.shown.emit(rows)

    def _on_failed(self, error: ConsoleError) -> None:
        """No organisation yet, or a store that cannot be read: say so where the rows would be.
        While a server is away what was read last stays; the frame says that it is."""
        if error.about.get("trouble") == "away" and self._rows.complete and self._rows.organisation:
            return
        self.show_rows(TodayRows(self._now(), complete=True))
        self._show_nothing(error.sentence)

    def _show_nothing(self, sentence: str = "") -> None:
        clear(self._nothing)
        if not self._rows.complete and not sentence:
            self._nothing.addWidget(EmptyState("Reading the store…"))
            return
        plan = button("Plan an outage", lambda: self._ask("new"), tone="primary")
        if self._rows.any_outage:
            words = "Nothing ahead: no outage is planned or flown now."
        else:
            words = sentence or "No outage planned yet. Its window, people and runbook begin here."
        self._nothing.addWidget(EmptyState(words, *([plan] if self._rows.organisation else [])))
        if not self._rows.organisation:
            line = QHBoxLayout()
            line.addStretch(1)
            sample = button("Start with the sample", lambda: self._ask("", "sample"))
            holder = QWidget()
            holder.setLayout(line)
            line.addWidget(sample)
            line.addStretch(1)
            self._nothing.addWidget(holder)

    def _show_needs(self, needs: tuple[NeedRow, ...]) -> None:
        shown = needs[:MOST_NEEDS]
        self._needs_card.show_as("Needs you", "most urgent first" if needs else "")
        if shown == self._needs_shown and needs:
            return
        self._needs_shown = shown
        self._needs.show_lines([_line(need, place) for place, need in enumerate(shown)])
        more = len(needs) - len(shown)
        self._more.setText(f"{more} more in Outages")
        self._more.setAccessibleName(self._more.text())
        self._more.setVisible(more > 0)
        said = "Nothing needs you now." if self._rows.complete else "Looking what is owed…"
        self._no_needs.say(said)
        self._no_needs.setVisible(not shown)

    def _on_need(self, line: Line) -> None:
        need: NeedRow = line.subject
        self._go(need.errand, need.outage_id, need.about)

    # --- going elsewhere -----------------------------------------------------------------------

    def do_first(self) -> None:
        """The first thing that needs the coordinator."""
        if self._rows.needs:
            first = self._rows.needs[0]
            self._go(first.errand, first.outage_id, first.about)

    def _on_next_opened(self, action: str) -> None:
        if self._rows.next is not None:
            self._go(Errand(action), self._rows.next.outage_id)

    def _go(self, errand: Errand, outage_id: str, about: str = "") -> None:
        if errand is Errand.OUTBOX:
            self.goRequested.emit("outbox", outage_id, about)
            return
        if errand is Errand.ROTA:
            self.goRequested.emit(errand.value, "", "")
            return
        if errand is Errand.OUTREACH:
            self.goRequested.emit("calendar", "", errand.value)
            return
        section = "live" if errand.on_live else "outages"
        self.goRequested.emit(section, outage_id, f"{errand.value} {about}".strip())

    def _ask(self, action: str, section: str = "outages") -> None:
        self.goRequested.emit(section, "", action)


def _line(need: NeedRow, place: int) -> Line:
    first = place == 0 and (need.late or need.errand is not Errand.OUTBOX)
    return Line(
        need.key,
        need.words,
        need.sub,
        _tone(need),
        act=need.button,
        act_tone="primary" if first else "",
        spoken=f"{need.button}: {need.words}",
        subject=need,
    )


def _tone(need: NeedRow) -> Tone:
    if need.late:
        return Tone.BAD
    if need.errand in (Errand.NOTICE, Errand.REPLY, Errand.OUTBOX):
        return Tone.COMMS
    return Tone.WARN if need.errand is Errand.ROLL_CALL else Tone.INFO
