"""The card of the next window: its clock, what it touches, and how far it is."""

from __future__ import annotations

from datetime import datetime, timedelta

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from app.models.outages.lifecycle import State
from app.models.times import speak_span, t_clock
from app.services.outages.today_rows import NextWindow
from app.views.theme import px
from app.views.tones import state_tone
from app.views.widgets.labels import BigClock, Wrapped, addresses
from app.views.widgets.panels import Card, button
from app.views.widgets.stepper import Stage, Stepper, Stop
from app.views.widgets.tone import Tone

FAR = timedelta(hours=48)


def big_clock(now: datetime, start: datetime) -> str:
    """`T−00:42`; farther than two days `T−4 d`, for minutes say nothing there."""
    span = start - now
    if span < FAR:
        return t_clock(now, start)
    days, rest = divmod(int(span.total_seconds()), 86_400)
    return f"T−{days} d {rest // 3600} h"


class NextCard(Card):
    """`opened(action)`: the outage itself, Live or the packet."""

    opened = Signal(str)

    def __init__(self) -> None:
        super().__init__("Next window", "", Tone.ACCENT, dot=True)
        self._next: NextWindow | None = None
        self.clock = BigClock()
        self._words = Wrapped("", "muted")
        about, acts = QVBoxLayout(), QHBoxLayout()
        about.setSpacing(px(4))
        about.addWidget(self.clock)
        about.addWidget(self._words)
        acts.setSpacing(px(8))
        self._packet = button("Packet", lambda: self.opened.emit("packet"))
        self._live = button("Live", lambda: self.opened.emit("live"))
        self._open = button("Open", lambda: self.opened.emit("open"))
        for made in (self._packet, self._live, self._open):
            acts.addWidget(made, 0, Qt.AlignmentFlag.AlignBottom)
        acts.addStretch(1)
        self._strip = Stepper()
        self.body.setSpacing(px(12))
        self.body.addWidget(_Line(about, acts))
        self.body.addWidget(self._strip)

    def show_next(self, window: NextWindow, now: datetime) -> None:
        if window == self._next:
            self.tick(now)
            return
        self._next = window
        title = "Being flown" if window.flying else "Next window"
        self.show_as(title, f"{window.window} · {window.impact.value}", Tone.ACCENT)
        services = "1 service" if window.services == 1 else f"{window.services} services"
        told = "" if window.told is None else f", {addresses(window.told)} told"
        self._words.setText(f"{window.title} · {services}{told}")
        self._packet.setText(window.packet or "Print packet")
        self._packet.setVisible(window.told is not None and window.state is not State.DRAFT)
        self._live.setVisible(window.flying or window.state in (State.GO_NO_GO, State.HOLD))
        self._open.setAccessibleName(f"Open {window.title}")
        self._strip.show_stops(_stops(window))
        self.tick(now)

    def tick(self, now: datetime) -> None:
        if self._next is None:
            return
        start = self._next.start
        left = speak_span(start - now)
        when = f"starts in {left}" if start > now else f"started {left} ago"
        if not self._next.flying and start <= now:
            when = f"should have started {left} ago"
        late = start <= now and not self._next.flying
        over = self._next.flying and now >= self._next.promised_end
        tone = Tone.BAD if late or over else None
        if over:
            when = f"{when}, {speak_span(now - self._next.promised_end)} past the promised end"
        self.clock.show_as(big_clock(now, start), tone, f"{self._next.title} {when}")
        self.clock.setToolTip(when.capitalize())


class _Line(QWidget):
    """What it is, and its buttons at the end; short of room they stand under it. (`Abreast` is
    not loaded before the first paint.)"""

    def __init__(self, about: QLayout, acts: QLayout) -> None:
        super().__init__()
        self._parts = (about, acts)
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(px(8))
        self._box.addLayout(about, 1)
        self._box.addLayout(acts)

    def minimumSizeHint(self) -> QSize:
        widest = max(part.minimumSize().width() for part in self._parts)
        return QSize(widest, self._box.minimumSize().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        needed = sum(part.minimumSize().width() for part in self._parts) + px(8)
        way = QBoxLayout.Direction
        self._box.setDirection(way.LeftToRight if needed <= self.width() else way.TopToBottom)


def _stops(window: NextWindow) -> list[Stop]:
    stops = []
    for place, state in enumerate(window.strip):
        if place < window.here:
            stops.append(Stop(state.words, Stage.BEHIND))
        elif place > window.here:
            stops.append(Stop(state.words, Stage.AHEAD))
        else:
            red = f" · {_things(window.red)} red" if window.red else ""
            tone = state_tone(state)
            stops.append(Stop(state.words + red, Stage.HERE, tone))
    return stops


def _things(count: int) -> str:
    return "1 thing" if count == 1 else f"{count} things"
