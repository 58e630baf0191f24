"""The head of Live: the way back, the flight's clock, and when the window ends."""

from __future__ import annotations

from datetime import datetime, timedelta

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.models.live.clocks import ticking
from app.models.live.sides import Side
from app.models.outages.lifecycle import CLOSED, FLYING, State
from app.models.runbook import Slack, slack_class
from app.models.times import speak_date, speak_span, speak_time, to_wall
from app.services.live.rows import LiveRows
from app.views.theme import px
from app.views.widgets.labels import BigClock, ElidedLabel, Words
from app.views.widgets.tone import Tone

SLACK = {Slack.OK: Tone.OK, Slack.WARN: Tone.WARN, Slack.BAD: Tone.BAD}


class Banner(QWidget):
    """Stands in the header in place of title and context."""

    def __init__(self) -> None:
        super().__init__()
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(px(16))
        big = QVBoxLayout()
        big.setSpacing(0)
        self._label = Words("", "small")
        self._label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._clock = BigClock("", design=30)
        self._clock.setAlignment(Qt.AlignmentFlag.AlignCenter)
        big.addWidget(self._label)
        big.addWidget(self._clock)
        line.addLayout(big)
        words = QVBoxLayout()
        words.setSpacing(px(2))
        self._title = ElidedLabel("", "head")
        self._rest = ElidedLabel("", "head")
        self._rest.hide()
        first = QHBoxLayout()
        first.setSpacing(px(8))
        self._t = Words("", "mono")
        self._under = ElidedLabel("", "muted")
        first.addWidget(self._title)
        first.addWidget(self._t)
        first.addStretch(1)
        words.addStretch(1)
        words.addLayout(first)
        words.addWidget(self._rest)
        words.addWidget(self._under)
        words.addStretch(1)
        line.addLayout(words, 1)
        self._rows: LiveRows | None = None

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def show_rows(self, rows: LiveRows, now: datetime) -> None:
        self._rows = rows
        self.tick(now)
        self._fit()

    def _fit(self) -> None:
        """In little room the name of the flight goes before its clock, which the rail has too,
        and takes a second line before it is cut."""
        if self._rows is None:
            return
        room = self._room()
        name, rest = self._rows.title, ""
        metrics = self._title.fontMetrics()
        clock = metrics.horizontalAdvance(name) + px(8) + self._t.sizeHint().width() <= room
        while metrics.horizontalAdvance(name) > room and " " in name:
            name, _, last = name.rpartition(" ")
            rest = f"{last} {rest}".rstrip()
        self._title.setText(name)
        self._rest.setText(rest)
        self._rest.setVisible(bool(rest))
        self._t.setVisible(clock)

    def _longest(self, *words: str) -> str:
        """The first that fits, else the last."""
        metrics, room = self._under.fontMetrics(), self._room()
        return next((w for w in words if metrics.horizontalAdvance(w) <= room), words[-1])

    def _room(self) -> int:
        """The width of the words beside the big clock."""
        beside = max(self._clock.sizeHint().width(), self._label.sizeHint().width())
        return self.width() - beside - px(16)

    def tick(self, now: datetime) -> None:
        rows = self._rows
        if rows is None:
            return
        if rows.state in CLOSED:
            self._show_ended(rows)
            return
        self._t.setText(ticking(now, rows.start))
        left = rows.promised_end - now
        gone = "over" if left < timedelta() else "left"
        end = _clock(rows, rows.promised_end)
        state = "" if rows.state is State.IN_PROGRESS else f"{rows.state.words} · "
        rest = f" · {speak_span(left)} {gone}" if rows.state in FLYING else ""
        self._show_way_back(rows, now)
        whole = f"{state}ends {end}{rest}"
        least = f"{state}ends {end}"  # half a span misleads
        self._under.setText(self._longest(whole + _held(rows), whole, least))

    def _show_way_back(self, rows: LiveRows, now: datetime) -> None:
        if rows.state is State.BACKING_OUT:
            self._label.setText("back by")
            tone = Tone.OK if rows.forecast_end <= rows.promised_end else Tone.BAD
            back = _clock(rows, rows.forecast_end)
            self._clock.show_as(back, tone, f"Back by {back}")
            return
        if rows.state not in FLYING:
            wall = to_wall(rows.start, rows.zone)
            today = wall.date() == to_wall(now, rows.zone).date()
            day = "" if today else f" {speak_date(wall.date())}"
            start = speak_time(wall)
            starts = "was to start" if rows.start <= now else "starts"
            self._label.setText(f"{starts}{day}")
            self._clock.show_as(start, None, f"{starts.capitalize()}{day} {start}")
            return
        if rows.way_back is None:
            self._show_past_return(rows)
            return
        moment = _clock(rows, rows.way_back)
        passed = rows.way_back <= now
        self._label.setText("way back closed" if passed else "way back until")
        tone = SLACK[slack_class(rows.way_back, now)]
        self._clock.show_as(moment, tone, f"{self._label.text()} {moment}")

    def _show_past_return(self, rows: LiveRows) -> None:
        past = rows.past_return
        if past is not None:
            self._label.setText(f"past no return ({past.codes}) since")
            since = _clock(rows, past.since) if past.since else "–"
            self._clock.show_as(since, Tone.BAD, past.headline(rows.zone))

    def _show_ended(self, rows: LiveRows) -> None:
        self._label.setText("ended")
        ended = _clock(rows, rows.ended_at) if rows.ended_at else "–"
        self._clock.show_as(ended, None, f"Ended {ended}")
        self._t.setText("")
        owed = len(rows.owed)
        self._under.setText(
            f"{rows.state.words} · {f'{owed} still owed' if owed else 'nothing owed'}"
        )


def _clock(rows: LiveRows, moment: datetime) -> str:
    return speak_time(to_wall(moment, rows.zone))


def _held(rows: LiveRows) -> str:
    """` · fix K. Ito · people R. Ramos`: the sides that others than the coordinator hold."""
    told = {Side.FIX: "fix", Side.COMMUNICATION: "people"}
    return "".join(
        f" · {words} {rows.sides[side]}"
        for side, words in told.items()
        if rows.sides[side] != rows.coordinator
    )
