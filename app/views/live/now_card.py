"""The Now card: what is being done, how far it is, and the one act that moves the flight on."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QElapsedTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication

from app.models.runbook import StepState
from app.services.live.rows import LiveRows, NextAct
from app.views.live.headline import Headline, Wish, headline
from app.views.live.now_head import NowHead
from app.views.live.now_words import facts_of, next_words, other_words, turn_words
from app.views.live.other_step import Other, OtherSteps
from app.views.theme import px
from app.views.widgets.panels import Card
from app.views.widgets.tone import Tone

AT_ONCE = (NextAct.VERIFY, NextAct.FILE)
"""Acts of the flight that ask nothing more."""
READY = 4
"""So many further steps may begin at once before a line is built for one."""
PATIENCE_MS = 3_000
"""So long the answer to what was pressed is waited for, before it may be pressed again."""


class NowCard(Card):
    """`wished(Wish)` on each button; Ctrl+Enter presses the primary one."""

    wished = Signal(object)

    def __init__(self) -> None:
        super().__init__("Now", tone=Tone.INFO, dot=True)
        self._headline = Headline("", "", ())
        self._pressed = QElapsedTimer()
        self._asked: Wish | None = None
        self._head, self._list = NowHead(), OtherSteps()
        self._head.pressed.connect(lambda place: self._press(self._headline.buttons[place][1]))
        self._list.pressed.connect(lambda how, step: self._press(Wish(NextAct.NONE, how, step)))
        self.body.addWidget(self._head)
        self.body.addWidget(self._list)
        self._list.keep_ready(READY)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._head.turn(self.width())
        self._head.keep_room(self._width)

    def show_rows(self, rows: LiveRows, now: datetime) -> None:
        self.show_first(rows, now)
        self.show_others(rows, now)

    def show_first(self, rows: LiveRows, now: datetime) -> None:
        """The headline and its buttons."""
        self.show_as("Now", f"{rows.done} of {rows.steps} done")
        self._headline = shown = headline(rows, now)
        self._head.say(shown, next_words(rows, shown.step), turn_words(rows, now), self._width)
        self._head.tick(now)

    def show_others(self, rows: LiveRows, now: datetime) -> None:
        """The other steps in progress, and blocked ones."""
        step = self._headline.step
        first = step.step_id if step is not None else ""
        others = (s for s in (*rows.running, *rows.blocked) if s.step_id != first)
        said = [_as_of(Other(step, other_words(rows, step)), now) for step in others]
        self._list.show_items(said)
        self._list.setContentsMargins(0, px(8) if said else 0, 0, 0)

    def press(self) -> None:
        """Ctrl+Enter."""
        if self._head.primary.isVisibleTo(self) and self._head.primary.isEnabled():
            self._head.primary.click()

    def tick(self, now: datetime) -> None:
        """The progress of the steps in progress."""
        self._head.tick(now)
        self._list.show_items([_as_of(other, now) for other in self._list.items])

    @property
    def _width(self) -> int:
        return self.contentsRect().width() - 2 * px(16)

    def _press(self, wish: Wish) -> None:
        """The second click of a double click, or a key held down, would meet the next act in the
        same place: Done right after Start. While what needs no sheet is being done it is not asked
        for once more."""
        again = self._pressed.isValid() and (
            self._pressed.elapsed() < QApplication.doubleClickInterval()
            or (wish == self._asked and self._pressed.elapsed() < PATIENCE_MS)
        )
        if not again:
            self._pressed.start()
            at_once = wish.how in ("start", "done") or wish.act in AT_ONCE
            self._asked = wish if at_once else None
            self.wished.emit(wish)


def _as_of(other: Other, now: datetime) -> Other:
    blocked = other.step.state is StepState.BLOCKED
    return other if blocked else Other(other.step, facts_of(other.step, now))
