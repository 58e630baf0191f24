"""The first of the Now card: the headline, the words under it, the bar and the buttons."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.views.live.headline import Headline
from app.views.live.now_words import facts_of
from app.views.theme import px
from app.views.widgets.labels import Words
from app.views.widgets.panels import button, focus_within
from app.views.widgets.tone import Tone, set_tone

NARROW = 600
"""A card narrower than this (design pixels) has no words and buttons side by side."""
_PLAIN = 2
"""So many acts stand beside the primary one at most."""


class NowHead(QWidget):
    """Its parts stay whatever it says: phones report often, and to build them anew costs a frame
    and whoever points at one. `pressed(place)` of the headline's buttons."""

    pressed = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._headline = Headline("", "", ())
        self._room, self._room_for = 0, (0, 0)
        self._title = Words("", "title", wrap=True)
        self._sub = Words("", "muted", wrap=True)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(px(10))
        kept = self._bar.sizePolicy()
        kept.setRetainSizeWhenHidden(True)  # the card is as high without it
        self._bar.setSizePolicy(kept)
        self._then = Words("", "muted", wrap=True)
        self._turn = Words("", "", Tone.PLAIN, wrap=True)
        self._plain = [button("", self._presser(place)) for place in range(_PLAIN)]
        self.primary = button("", self._on_primary, tone="primary", tip="Ctrl+Enter")
        self._build()

    def _build(self) -> None:
        words = QVBoxLayout(self)
        words.setContentsMargins(0, 0, 0, 0)
        words.setSpacing(px(6))
        words.addWidget(self._title)
        words.addWidget(self._sub)
        self._line = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._line.setSpacing(px(16))
        self._line.addWidget(self._bar, 1)
        acts = QHBoxLayout()
        acts.setSpacing(px(8))
        acts.addStretch(1)
        for made in (*self._plain, self.primary):
            acts.addWidget(made)
        self._line.addLayout(acts, 0)
        words.addLayout(self._line)
        words.addWidget(self._then)
        words.addWidget(self._turn)
        words.addStretch(1)

    def say(self, headline: Headline, then: str, turn: tuple[str, Tone] | None, width: int) -> None:
        """`then` is what comes after it, `turn` what it does to the way back; the card gives it
        `width` pixels."""
        before, self._headline = self._headline, headline
        self._title.setText(headline.title)
        if headline.running is None:
            self._sub.setText(headline.sub)
        self._show_bar()
        if _pressable(before) != _pressable(headline):
            self._show_buttons(before)
        self._then.setText(then)
        self._then.setVisible(bool(then))
        self._turn.setText(turn[0] if turn else "")
        self._turn.setVisible(turn is not None)
        if turn is not None:
            set_tone(self._turn, turn[1])
        self.keep_room(width)

    def tick(self, now: datetime) -> None:
        """The progress of the step."""
        step = self._headline.running
        if step is None or step.started_at is None:
            return
        self._sub.setText(facts_of(step, now))
        gone, whole = max(timedelta(), now - step.started_at), max(1, step.minutes * 60)
        self._bar.setRange(0, whole)
        self._bar.setValue(min(whole, int(gone.total_seconds())))

    def turn(self, card: int) -> None:
        """Short of room, in a card so many pixels wide, the buttons stand under the bar."""
        ways = QBoxLayout.Direction
        way = ways.TopToBottom if card < px(NARROW) else ways.LeftToRight
        if self._line.direction() != way:
            self._line.setDirection(way)

    def keep_room(self, width: int) -> None:
        """What stands below keeps its place when a step has fewer words than the one before."""
        if width <= 0:
            return
        for made in self.findChildren(QWidget):
            made.ensurePolished()  # unpolished words are measured in another font
        if (width, px(100)) != self._room_for:
            self._room_for, self._room = (width, px(100)), 0
            self.setMinimumHeight(0)
        self._room = max(self._room, self.heightForWidth(width))
        self.setMinimumHeight(self._room)

    def _show_bar(self) -> None:
        step = self._headline.running
        self._bar.setVisible(step is not None)
        self._bar.setAccessibleName(f"Progress of {step.label}" if step is not None else "")

    def _show_buttons(self, before: Headline) -> None:
        """The keyboard leaves a button that means something else now: a key would press it."""
        held = focus_within(self)
        if held is not None and before.title != self._headline.title:
            self._give_up(held)
        acts = self._headline.buttons
        with_primary = bool(acts) and acts[-1][2] == "primary"
        plain = acts[:-1] if with_primary else acts
        for place, made in enumerate(self._plain):
            self._name(made, plain[place][0] if place < len(plain) else "", held)
        self._name(self.primary, acts[-1][0] if with_primary else "", held)

    def _name(self, made: QPushButton, words: str, held: QWidget | None) -> None:
        if made is held and made.accessibleName() != words:
            self._give_up(made)
        key = "  Ctrl+⏎" if made is self.primary else ""
        made.setText(f"{words}{key}" if words else "")
        made.setAccessibleName(words)
        made.setVisible(bool(words))

    def _give_up(self, held: QWidget) -> None:
        card = self.parentWidget()
        if held.hasFocus() and card is not None:
            card.setFocus()

    def _presser(self, place: int) -> Callable[[], None]:
        return lambda: self.pressed.emit(place)

    def _on_primary(self) -> None:
        self.pressed.emit(len(self._headline.buttons) - 1)


def _pressable(headline: Headline) -> tuple[object, ...]:
    """What its buttons are made from."""
    return headline.title, tuple((words, tone) for words, _, tone in headline.buttons)
