"""Fifteen and five minutes before the way back closes Live asks what to do. It never decides."""

from __future__ import annotations

from datetime import datetime, timedelta

from PySide6.QtCore import Signal

from app.models.outages.lifecycle import State
from app.models.times import speak_span, speak_time, to_wall
from app.services.live.rows import LiveRows
from app.views.theme import px
from app.views.widgets.flow import FlowLayout
from app.views.widgets.labels import Words
from app.views.widgets.panels import Card, button
from app.views.widgets.tone import Tone

Asked = tuple[datetime, int]
"""Which ask: when the way back closes, and how many minutes ahead it is."""


class AskBar(Card):
    """`continueWanted(way back, minutes)` is to be written down; then it is silent until the
    next ask, or until the way back moves. `raised(words)` once for each ask."""

    continueWanted = Signal(object, int)
    extendWanted = Signal()
    stopWanted = Signal()
    backOutWanted = Signal()
    raised = Signal(str)

    def __init__(self) -> None:
        super().__init__("The way back closes", tone=Tone.WARN, dot=True)
        self._asked: Asked | None = None
        self._words = Words("", wrap=True)
        self.body.addWidget(self._words)
        stop, back = "Stop at this safe point…", "Back out…"
        self._stop = button(stop, self.stopWanted.emit, tip="Ctrl+Shift+U")
        self._continue = button(
            "Continue  Ctrl+J", self.go_on, spoken="Continue", tip="Written to the log"
        )
        line = FlowLayout()
        line.setContentsMargins(0, px(8), 0, 0)
        for made in (
            self._continue,
            button("Extend…", self.extendWanted.emit, tip="Ctrl+E"),
            self._stop,
            button(f"{back}  Ctrl+U", self.backOutWanted.emit, tone="danger", spoken=back),
        ):
            line.addWidget(made)
        self.body.addLayout(line)
        self.hide()

    def tick(self, rows: LiveRows, now: datetime) -> None:
        asks, back = rows.asks_at(now), rows.way_back
        if asks is None or back is None:
            self._asked = None
            self.hide()
            return
        if (back, asks) != self._asked:
            self._asked = (back, asks)
            self._ask(rows, back, asks)
        self._stop.setVisible(rows.state is State.IN_PROGRESS)
        self._words.setText(_words(rows, asks))
        left = back - now
        self._trailing.setText(f"in {speak_span(left)}" if left > timedelta() else "")

    def _ask(self, rows: LiveRows, back: datetime, asks: int) -> None:
        at = speak_time(to_wall(back, rows.zone))
        title = f"The way back close{'s' if asks else 'd'} at {at}"
        self.show_as(title, "", Tone.WARN if asks == 15 else Tone.BAD)
        self._continue.setEnabled(True)
        self.show()
        self.raised.emit(f"{title}: continue, extend, or turn back?")

    def go_on(self) -> None:
        """Continue, while that is asked."""
        if self._asked is not None and self._continue.isEnabled():
            self._continue.setEnabled(False)  # until it is written down, or refused
            self.continueWanted.emit(*self._asked)

    def refused(self) -> None:
        """The answer could not be written down: it can be given again."""
        self._continue.setEnabled(True)


def _words(rows: LiveRows, asks: int) -> str:
    """The question, and what the answer rests on."""
    ask = (
        "Decide before it does: continue, extend, or turn back?"
        if asks
        else "Backing out now passes the promised end. Extend, or go through."
    )
    running = ", ".join(f"{step.label} ({step.owner or 'nobody'})" for step in rows.running)
    now = f"running: {running}" if running else "nothing is running"
    return f"{ask} Forecast: {rows.margin.outlook.words}, {rows.margin.spare_words}; {now}."
