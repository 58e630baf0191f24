"""Who has gone quiet, whom to call, and whom to leave alone, in as few lines as it takes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy

from app.models.ids import StepId
from app.models.live.hearing import Heard, Hearing, crew_now
from app.models.times import speak_span, speak_time, to_wall
from app.services.live.rows import LiveRows
from app.views.live.said_rows import SaidRows, in_short
from app.views.theme import px
from app.views.widgets.labels import Words, Wrapped
from app.views.widgets.panels import Card
from app.views.widgets.row_list import Line, RowList
from app.views.widgets.tone import Tone

MOST = 3
"""More to call than these are counted, so that the timeline keeps its room."""
_MINUTE = timedelta(minutes=1)
_ALONE = (Hearing.UNDISTURBED, Hearing.RESTING, Hearing.FREE)


class CrewCard(Card):
    """`heard(step id, name)` when somebody was reached, `taken(outage id, reply id)` when it is as
    a mail says. Hidden while nobody else flies or says anything."""

    heard = Signal(str, str)
    taken = Signal(str, str)

    def __init__(self) -> None:
        super().__init__("Crew")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._drawn: tuple[LiveRows, int] | None = None
        self._said, self._calls = SaidRows(), RowList()
        self._said.heard.connect(self.heard)
        self._said.taken.connect(self.taken)
        self._calls.pressed.connect(self._on_pressed)
        self._more = Words("", "sub")
        self._alone = Wrapped("", "muted")
        for rows in (self._said, self._calls):
            self.body.addWidget(rows)
        for words in (self._more, self._alone):
            words.hide()
            self.body.addWidget(words)
        self.hide()

    def tick(self, rows: LiveRows, now: datetime) -> None:
        minute = int(now.timestamp() // 60)
        if self._drawn is not None and self._drawn[0] is rows and self._drawn[1] == minute:
            return
        self._drawn = (rows, minute)
        self._said.show_rows(rows)
        speaking = {each.who for each in rows.said}
        found = [each for each in crew_now(rows.crew, now) if each.who.name not in speaking]
        lines, alone = to_call(rows, found, now), left_alone(rows, found)
        calls = sum(bool(line.act) for line in lines)
        self.show_as("Crew", in_short(rows.said, calls))
        self._calls.show_lines(lines[:MOST], under=bool(rows.said))
        more = max(0, len(lines) - MOST)
        self._more.setText(f"and {more} more" if more else "")
        self._more.setVisible(bool(more))
        if alone != self._alone.text():
            self._alone.setText(alone)
        self._alone.setContentsMargins(0, px(4) if lines else 0, 0, 0)
        self._alone.setVisible(bool(alone))
        self.setVisible(bool(rows.crew or rows.said))

    def _on_pressed(self, line: Line) -> None:
        self.heard.emit(*line.subject)


def to_call(rows: LiveRows, found: Sequence[Heard], now: datetime) -> tuple[Line, ...]:
    """Whom to call, then who is quiet without being called yet."""
    lines = []
    for each in found:
        who, task = each.who, each.task
        reach = f"{who.name} {who.phone}".strip()
        if each.hearing is Hearing.CALL and task is not None:
            over = speak_span(now - task.due) if now - task.due >= _MINUTE else ""
            over = f", {over} over its time" if over else ""
            sub = f"nothing heard for {each.silent(now)} min{over}: {task.label}"
            lines.append(_call(who.name, reach, sub, Tone.WARN, task.step_id))
        elif each.hearing is Hearing.GET_READY and who.needed_at is not None:
            left = who.needed_at - now
            when = f"in {speak_span(left)}" if left.total_seconds() >= 60 else "now"
            sub = f"needed {when}, about {_clock(rows, who.needed_at)}: {who.next_label}"
            lines.append(_call(who.name, reach, sub, Tone.ACCENT, who.next_id))
        elif each.hearing is Hearing.QUIET and task is not None:
            sub = f"nothing heard for {each.silent(now)} min: {task.label}"
            lines.append(Line(who.name, f"{who.name} is quiet", sub))
    return tuple(lines)


def _call(name: str, reach: str, sub: str, tone: Tone, step: StepId | None) -> Line:
    """A word from them would be about `step`; without one there is nothing to note."""
    if step is None:
        return Line(name, f"Call {reach}", sub, tone)
    return Line(
        f"{name} {step}",
        f"Call {reach}",
        sub,
        tone,
        act="Heard",
        spoken=f"Heard from {name}",
        tip="A word by phone; Ctrl+H",
        subject=(str(step), name),
    )


def left_alone(rows: LiveRows, found: Sequence[Heard]) -> str:
    """`Do not call: K. Ito (8 Flash controller B, do not disturb), R. Ramos (free).`"""
    said = ", ".join(f"{h.who.name} ({_why(rows, h)})" for h in found if h.hearing in _ALONE)
    return f"Do not call: {said}." if said else ""


def _why(rows: LiveRows, each: Heard) -> str:
    if each.hearing is Hearing.UNDISTURBED and each.task is not None:
        return f"{each.task.label}, do not disturb"
    if each.hearing is Hearing.RESTING and each.who.needed_at is not None:
        return f"rests until about {_clock(rows, each.who.needed_at)}"
    return "free"


def _clock(rows: LiveRows, moment: datetime) -> str:
    return speak_time(to_wall(moment, rows.zone))
