"""The cards of a flight in two columns, as Live shows them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtWidgets import QBoxLayout, QWidget

from app.models.outages.lifecycle import BEFORE_START
from app.services.live.rows import LiveRows
from app.views.live.asking import AskBar
from app.views.live.cards import CommsCard, LogCard, SayCard, column
from app.views.live.crew_card import CrewCard
from app.views.live.gate_panel import GatePanel
from app.views.live.now_card import NowCard
from app.views.live.timeline_card import TimelineCard
from app.views.live.times_bar import TimesBar
from app.views.theme import px
from app.views.widgets.in_turns import InTurns
from app.views.widgets.panels import turn_to
from app.views.widgets.stack import Stack


class LiveBoard(QWidget):
    """Each card is for whoever connects it. `note` takes what is typed for the log, and what to do
    once it is written; `page` the keyboard when what had it goes away."""

    def __init__(
        self, page: QWidget, times: TimesBar, note: Callable[[str, Callable[[], object]], None]
    ) -> None:
        super().__init__()
        self.ask = AskBar()
        self.now = NowCard()
        self.gate = GatePanel()
        self.crew = CrewCard()
        self.timeline = TimelineCard()
        self.say = SayCard()
        self.comms = CommsCard()
        self.log = LogCard(note)
        self._page, self._times = page, times
        self._shown: tuple[LiveRows, datetime] | None = None
        parts = (
            self._show_others,
            self._show_beside,
            self._show_comms,
            self._show_crew,
            self._show_log,
        )
        self._parts = InTurns(self, *parts)
        self._build()

    def lay_out(self, *, tall: bool) -> None:
        """The columns side by side, or one under the other."""
        way = QBoxLayout.Direction.TopToBottom if tall else QBoxLayout.Direction.LeftToRight
        if self._columns.direction() != way:
            self._columns.setDirection(way)

    def show_rows(self, rows: LiveRows, now: datetime) -> None:
        """What is to be done now at once; the rest, while a flight goes on and phones report what
        they do in it, part by part."""
        shown, self._shown = self._shown, (rows, now)
        before = rows.state in BEFORE_START
        self.ask.tick(rows, now)
        turn_to(self._left, self.gate if before else self._flight, self._page)
        if before:
            self.gate.show_rows(rows)
        else:
            self.now.show_first(rows, now)
        self._parts.begin()
        if shown is None or _place(shown[0]) != _place(rows) or not self.isVisible():
            self._parts.finish()

    def tick(self, rows: LiveRows, now: datetime) -> None:
        """Each second."""
        self.now.tick(now)
        self.crew.tick(rows, now)
        self.timeline.tick(rows, now)
        self.ask.tick(rows, now)

    def _show_others(self) -> None:
        rows, now = self._known
        if rows.state not in BEFORE_START:
            self.now.show_others(rows, now)

    def _show_beside(self) -> None:
        rows, now = self._known
        if rows.state not in BEFORE_START:
            self.timeline.show_rows(rows, now)
        self._times.show_rows(rows.times)
        self.say.show_words(rows.words)

    def _show_comms(self) -> None:
        self.comms.show_rows(self._known[0])

    def _show_crew(self) -> None:
        rows, now = self._known
        if rows.state not in BEFORE_START:
            self.crew.tick(rows, now)

    def _show_log(self) -> None:
        self.log.show_rows(self._known[0])

    @property
    def _known(self) -> tuple[LiveRows, datetime]:
        assert self._shown is not None
        return self._shown

    def _build(self) -> None:
        self._columns = line = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(px(16))
        left, left_box = column()
        right, right_box = column()
        self._left = Stack()
        self._flight, flight_box = column()
        flight_box.addWidget(self.now)
        flight_box.addWidget(self.timeline, 1)
        self._left.addWidget(self.gate)
        self._left.addWidget(self._flight)
        left_box.addWidget(self.ask)
        left_box.addWidget(self._left, 1)
        left_box.addWidget(self.say)
        right_box.addWidget(self.comms)
        right_box.addWidget(self.crew)  # beside the timeline, which needs the height
        right_box.addWidget(self._times)  # here it moves neither Now nor the roll call
        right_box.addWidget(self.log, 1)
        line.addWidget(left, 13)
        line.addWidget(right, 10)


def _place(rows: LiveRows) -> tuple[object, ...]:
    """As long as it is the same, the same cards stand there."""
    return rows.outage_id, rows.state
