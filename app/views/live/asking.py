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


class AskBar(Card):
    """Continue puts it away until the next threshold, or until the way back moves."""

    extendWanted = Signal()
    stopWanted = Signal()
    backOutWanted = Signal()

    def __init__(self) -> None:
        super().__init__("The way back closes", tone=Tone.WARN, dot=True)
        self._settled: tuple[datetime, int] | None = None
        self._asked: tuple[datetime, int] | None = None
        self._words = Words("", wrap=True)
        self.body.addWidget(self._words)
        self._stop = button("Stop at this safe point…", self.stopWanted.emit)
        line = FlowLayout()
        line.setContentsMargins(0, px(8), 0, 0)
        for made in (
            button("Continue", self._on_continue),
            button("Extend…", self.extendWanted.emit),
            self._stop,
            button("Back out…", self.backOutWanted.emit, tone="danger"),
        ):
            line.addWidget(made)
        self.body.addLayout(line)
        self.hide()

    def tick(self, rows: LiveRows, now: datetime) -> None:
        asks = rows.asks_at(now)
        asked = None if asks is None else (rows.way_back, asks)
        if asked is None or asked == self._settled:
            self._asked = None
            self.hide()
            return
        if asked == self._asked:
            self._show_left(rows.way_back - now)
            return
        self._asked = asked
        at = speak_time(to_wall(rows.way_back, rows.zone))
        tone = Tone.WARN if asks == 15 else Tone.BAD
        self._stop.setVisible(rows.state is State.IN_PROGRESS)
        if asks:
            self.show_as(f"The way back closes at {at}", "", tone)
            words = "Decide before it does:"
        else:
            self.show_as(f"The way back closed at {at}", "", tone)
            words = "Backing out now passes the promised end. Extend, or go through."
        self._words.setText(f"{words} continue, extend, or turn back?" if asks else words)
        self._show_left(rows.way_back - now)
        self.show()

    def _show_left(self, left: timedelta) -> None:
        self._trailing.setText(f"in {speak_span(left)}" if left > timedelta() else "")

    def _on_continue(self) -> None:
        self._settled = self._asked
        self.hide()
