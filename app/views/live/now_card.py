"""The Now card: what is being done, how far it is, and the one act that moves the flight on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from PySide6.QtCore import QElapsedTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.models.ids import StepId
from app.models.outages.lifecycle import ENDINGS, State
from app.models.runbook import StepKind, StepState
from app.services.live.rows import LiveRows, LiveStep, NextAct
from app.views.live.now_words import (
    facts_of,
    next_words,
    other_words,
    start_words,
    title_of,
    turn_words,
    who_checks,
)
from app.views.live.other_step import OtherStep
from app.views.theme import px
from app.views.widgets.labels import Words
from app.views.widgets.panels import Card, button, clear, held_button, hold_again, tab_here
from app.views.widgets.tone import Tone

NARROW = 600
"""Narrower than this (design pixels) words and buttons do not stand side by side."""

AT_ONCE = (NextAct.VERIFY, NextAct.FILE)
"""Acts of the flight that ask nothing more."""
_TO_VERIFY = "to be verified"
_UNSEEN = {StepState.SKIPPED: "skipped, so nobody saw it pass"}
_BLOCKED = (("Why…", "why"), ("Unblock", "unblock"))
_RUNNING = (("Heard", "hear"), ("Blocked", "block"), ("Done", "done"))
"""What can be done of a further step: the word on the button and the act."""
PATIENCE_MS = 3_000
"""So long the answer to what was pressed is waited for, before it may be pressed again."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a button asks of the page: an act of the flight, or of a step (`how` on `step`)."""

    act: NextAct
    how: str = ""
    step: LiveStep | None = None


@dataclass(frozen=True, slots=True)
class _Main:
    """The card's headline and its buttons, the primary one last."""

    title: str
    sub: str
    buttons: tuple[tuple[str, Wish, str], ...]
    step: LiveStep | None = None

    @property
    def built(self) -> tuple[object, ...]:
        """What the card is built from; all else are words that change in place."""
        step = (self.step.step_id, self.step.state) if self.step is not None else None
        return self.title, step, tuple((words, tone) for words, _, tone in self.buttons)


class NowCard(Card):
    """`wished(Wish)` on each button; Ctrl+Enter presses the primary one."""

    wished = Signal(object)

    def __init__(self) -> None:
        super().__init__("Now", tone=Tone.INFO, dot=True)
        self._rows: LiveRows | None = None
        self._built: object = None
        self._main = _Main("", "", ())
        self._now: datetime | None = None
        self._primary: QPushButton | None = None
        self._step: LiveStep | None = None
        self._sub: Words | None = None
        self._then: Words | None = None
        self._turn: Words | None = None
        self._bar: QProgressBar | None = None
        self._line: QBoxLayout | None = None
        self._whole: QWidget | None = None
        self._room, self._room_for = 0, (0, 0)
        self._pressed = QElapsedTimer()
        self._asked: Wish | None = None
        self._others: list[tuple[LiveStep, OtherStep]] = []
        self._top, self._list = QVBoxLayout(), QVBoxLayout()
        for part in (self._top, self._list):
            part.setSpacing(0)
            self.body.addLayout(part)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._line is not None and self._line.direction() != self._way():
            self._line.setDirection(self._way())
        self._keep_room()

    def _way(self) -> QBoxLayout.Direction:
        """Short of room the buttons stand under the bar."""
        narrow = self.width() < px(NARROW)
        return QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight

    def show_rows(self, rows: LiveRows, now: datetime) -> None:
        self._rows, self._now = rows, now
        self.show_as("Now", f"{rows.done} of {rows.steps} done")
        self._main = main = _main(rows, now)
        held = held_button(self)
        turn = turn_words(rows, now)
        built = main.built, turn and turn[1]
        anew = built != self._built
        if anew:
            self._built = built
            self._build(main, turn)
        self._say(main, next_words(rows, main.step), turn)
        if self._place(rows, _others(rows, main)) or anew:
            for _, line in self._others:
                line.raise_()  # Tab goes by the order in which they were put here
            tab_here(self)
            hold_again(self, held)
        self.tick(now)

    def _say(self, main: _Main, then: str, turn: tuple[str, Tone] | None) -> None:
        """The same buttons, above which other words are true: phones report often, and what is
        built anew costs a frame and whoever points at it."""
        if self._step is not None:
            self._step = main.step
        elif self._sub is not None:
            self._sub.setText(main.sub)
        if self._then is not None and self._then.text() != then:
            self._then.setText(then)
            self._then.setVisible(bool(then))
            self._keep_room()
        if self._turn is not None and turn is not None and self._turn.text() != turn[0]:
            self._turn.setText(turn[0])
            self._keep_room()

    def _place(self, rows: LiveRows, others: Sequence[LiveStep]) -> bool:
        """Who stays keeps line and buttons. Whether any came, went or moved."""
        before = [line for _, line in self._others]
        kept = {_kind(step): line for step, line in self._others}
        self._others = [(step, kept.get(_kind(step)) or self._other(rows, step)) for step in others]
        lines = [line for _, line in self._others]
        for step, line in self._others:
            line.say(other_words(rows, step))
        if lines != before:
            for line in lines:
                self._list.removeWidget(line)
            clear(self._list)
            self._list.setContentsMargins(0, px(8) if lines else 0, 0, 0)
            for line in lines:
                self._list.addWidget(line)
        return lines != before

    def press(self) -> None:
        """Ctrl+Enter."""
        if self._primary is not None and self._primary.isEnabled():
            self._primary.click()

    def tick(self, now: datetime) -> None:
        """The progress of the steps in progress."""
        self._now = now
        for other, line in self._others:
            if other.state is not StepState.BLOCKED:
                line.say(facts_of(other, now))
        step = self._step
        if step is None or self._sub is None or step.started_at is None or self._rows is None:
            return
        gone = max(timedelta(), now - step.started_at)
        self._sub.setText(facts_of(step, now))
        if self._bar is not None:
            whole = max(1, step.minutes * 60)
            self._bar.setRange(0, whole)
            self._bar.setValue(min(whole, int(gone.total_seconds())))

    def _build(self, main: _Main, turn: tuple[str, Tone] | None) -> None:
        clear(self._top)
        self._primary, self._bar = None, None
        self._step = main.step if main.step and main.step.state is StepState.RUNNING else None
        whole = QWidget()
        words = QVBoxLayout(whole)
        words.setContentsMargins(0, 0, 0, 0)
        words.setSpacing(px(6))
        words.addWidget(Words(main.title, "title", wrap=True))
        self._sub = Words(main.sub, "muted", wrap=True)
        words.addWidget(self._sub)
        # the bar stands beside the buttons, so that the card is as high without it
        self._line = line = QBoxLayout(self._way())
        line.setSpacing(px(16))
        if self._step is not None:
            self._bar = QProgressBar()
            self._bar.setTextVisible(False)
            self._bar.setFixedHeight(px(10))
            self._bar.setAccessibleName(f"Progress of {self._step.label}")
            line.addWidget(self._bar, 1)
        else:
            line.addSpacing(px(10))
            line.addStretch(1)
        line.addLayout(self._buttons(main), 0)
        words.addLayout(line)
        self._then = Words("", "muted", wrap=True)
        self._then.hide()
        words.addWidget(self._then)
        self._turn = Words("", "", turn[1], wrap=True) if turn is not None else None
        if self._turn is not None:
            words.addWidget(self._turn)
        words.addStretch(1)
        self._top.addWidget(whole)
        self._whole = whole
        self._keep_room()

    def _keep_room(self) -> None:
        """What stands below keeps its place when a step has fewer words than the one before."""
        whole, width = self._whole, self.contentsRect().width() - 2 * px(16)
        if whole is None or width <= 0:
            return
        for made in whole.findChildren(QWidget):
            made.ensurePolished()  # unpolished words are measured in another font
        if (width, px(100)) != self._room_for:
            self._room_for, self._room = (width, px(100)), 0
        self._room = max(self._room, whole.heightForWidth(width))
        whole.setMinimumHeight(self._room)

    def _buttons(self, main: _Main) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(px(8))
        line.addStretch(1)
        for place, (words, _, tone) in enumerate(main.buttons):
            primary = tone == "primary" and place == len(main.buttons) - 1
            made = button(
                f"{words}  Ctrl+⏎" if primary else words,
                self._presser(partial(self._wish_at, place)),
                tone=tone,
                spoken=words,
                tip="Ctrl+Enter" if primary else "",
            )
            made.setObjectName(main.title)  # not to be taken for another step's
            if primary:
                self._primary = made
            line.addWidget(made)
        return line

    def _wish_at(self, place: int) -> Wish:
        return self._main.buttons[place][1]

    def _presser(self, wanted: Callable[[], Wish]) -> Callable[[], None]:
        """For `wanted` as it is when it is pressed. The second click of a double click, or a key
        held down, would meet the next act in the same place: Done right after Start. While what
        needs no sheet is being done it is not asked for once more."""

        def pressed() -> None:
            wish = wanted()
            again = self._pressed.isValid() and (
                self._pressed.elapsed() < QApplication.doubleClickInterval()
                or (wish == self._asked and self._pressed.elapsed() < PATIENCE_MS)
            )
            if not again:
                self._pressed.start()
                at_once = wish.how in ("start", "done") or wish.act in AT_ONCE
                self._asked = wish if at_once else None
                self.wished.emit(wish)

        return pressed

    def _other(self, rows: LiveRows, step: LiveStep) -> OtherStep:
        acts = QWidget()
        line = QHBoxLayout(acts)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(px(6))
        line.addStretch(1)
        blocked = step.state is StepState.BLOCKED
        for words, how in _BLOCKED if blocked else _RUNNING:
            pressed = self._presser(partial(self._wish_of, step.step_id, how))
            line.addWidget(button(words, pressed, spoken=f"{words} {step.label}"))
        tone = Tone.BAD if blocked else Tone.INFO
        return OtherStep(step.label, other_words(rows, step), tone, acts)

    def _wish_of(self, step_id: StepId, how: str) -> Wish:
        """Of the step as it is now."""
        return Wish(NextAct.NONE, how, next(s for s, _ in self._others if s.step_id == step_id))


def _kind(step: LiveStep) -> tuple[object, ...]:
    """What its line is built from; all else are words that change in place."""
    return step.step_id, step.label, step.state


def _others(rows: LiveRows, main: _Main) -> list[LiveStep]:
    """In progress or blocked, beside the headline's."""
    first = main.step.step_id if main.step is not None else ""
    return [step for step in (*rows.running, *rows.blocked) if step.step_id != first]


def _main(rows: LiveRows, now: datetime) -> _Main:
    match rows.next_act:
        case NextAct.DONE_STEP:
            step = next((s for s in rows.running if s.kind is StepKind.WORK), None)
            if step is not None:
                return _running(step, now)
        case NextAct.START_STEP:
            step = next(
                (s for s in rows.following if s.startable and s.kind is StepKind.WORK), None
            )
            if step is not None:
                wish = Wish(NextAct.START_STEP, "start", step)
                said = start_words(rows, step)
                return _Main(title_of(step), said, (("Start", wish, "primary"),), step)
        case NextAct.CHECK:
            due = [s for s in rows.checks if s.ready or s.started_at]
            step = next(iter(due or [s for s in rows.checks if s.state is StepState.SKIPPED]), None)
            if step is not None:
                wish = Wish(NextAct.CHECK, "check", step)
                result = step.result.replace("_", " ") or _UNSEEN.get(step.state, _TO_VERIFY)
                sub = f"{result} · {who_checks(rows, step)}".rstrip(" ·")
                return _Main(title_of(step), sub, (("Note the outcome…", wish, "primary"),), step)
        case _:
            pass
    return _flight(rows)


def _running(step: LiveStep, now: datetime) -> _Main:
    return _Main(
        title_of(step),
        facts_of(step, now),
        (
            ("Heard by phone", Wish(NextAct.NONE, "hear", step), ""),
            ("Blocked", Wish(NextAct.NONE, "block", step), ""),
            ("Done", Wish(NextAct.DONE_STEP, "done", step), "primary"),
        ),
        step,
    )


def _flight(rows: LiveRows) -> _Main:
    """What is next for the flight as a whole."""
    act = rows.next_act

    def one(title: str, sub: str, words: str, *more: tuple[str, Wish, str]) -> _Main:
        return _Main(title, sub, (*more, (words, Wish(act), "primary")))

    first = [row.sentence for row in rows.owed if not row.leaving][:3]
    owed = f"Owed: {'; '.join(first)}." if first else ""
    match act:
        case NextAct.VERIFY:
            return one("Every step of the window is settled", "Now it is verified.", "Verify")
        case NextAct.ALL_CLEAR:
            return one(
                rows.verified,
                "The all clear is your word: what the checker said, and the data lost.",
                "All clear…",
                ("Partly done…", Wish(NextAct.NONE, "partly"), ""),
            )
        case NextAct.BACKED_OUT:
            undone = "What can be undone is undone" if rows.past_return else "Everything is undone"
            return one(undone, "The old state is verified.", "Backed out…")
        case NextAct.CLOSE_BRIDGE:
            return one("The bridge is still open", "Close it and look that it ended.", "Close…")
        case NextAct.PAY_DEBT:
            return one(f"{rows.state.words}: not filed yet", owed, "See to the first")
        case NextAct.FILE:
            return one("Nothing is owed any more", "The flight can be filed.", "File it")
        case NextAct.WAIT if rows.state in ENDINGS:
            return _Main(f"{rows.state.words}: not filed yet", "What is owed waits to leave.", ())
        case _ if rows.state is State.FILED:
            return _Main("Filed", "Nothing is left to do.", ())
        case _:
            waiting = rows.following[0] if rows.following else None
            sub = f"Next: {waiting.label} ({waiting.owner or 'nobody'})." if waiting else ""
            if waiting is not None and waiting.kind is StepKind.NOTICE and waiting.ready:
                if waiting.notice_kind in rows.leaving:
                    return _Main(waiting.label, "It waits to leave, and is done once it left.", ())
                wish = Wish(NextAct.NONE, "act", waiting)
                return _Main(
                    waiting.label, "It is done by sending it.", (("Write it…", wish, "primary"),)
                )
            if rows.blocked:
                held = rows.blocked[0]
                return _Main(f"{held.label} is blocked", "Nothing else can start just now.", ())
            if waiting is not None and waiting.ready and waiting.opens is not None:
                said = start_words(rows, waiting)
                wish = Wish(NextAct.NONE, "start", waiting)
                return _Main(title_of(waiting), said, (("Start", wish, ""),), waiting)
            return _Main("Nothing can start just now", "" if next_words(rows, None) else sub, ())
