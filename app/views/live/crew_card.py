"""Who has gone quiet, whom to call, and whom to leave alone, in as few lines as it takes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
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
from app.views.widgets.panels import Card, Row, button, clear, tab_here
from app.views.widgets.tone import Tone

MOST = 3
"""More to call than these are counted, so that the timeline keeps its room."""
_MINUTE = timedelta(minutes=1)
_ALONE = (Hearing.UNDISTURBED, Hearing.RESTING, Hearing.FREE)


@dataclass(frozen=True, slots=True)
class Line:
    """`about` is the step that a word from `who` would be about."""

    who: str
    title: str
    sub: str
    tone: Tone
    about: StepId | None

    @property
    def built(self) -> object:
        """What its row is built from; all else are words that change in place."""
        return self.who, self.title, self.tone, self.about


class CrewCard(Card):
    """`heard(step id, name)` when somebody was reached, `taken(outage id, reply id)` when it is as
    a mail says. Hidden while nobody else flies or says anything."""

    heard = Signal(str, str)
    taken = Signal(str, str)

    def __init__(self) -> None:
        super().__init__("Crew")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._drawn: tuple[LiveRows, int] | None = None
        self._rows: list[tuple[object, Row]] = []
        self._said = SaidRows()
        self._said.heard.connect(self.heard)
        self._said.taken.connect(self.taken)
        self.body.addWidget(self._said)
        self._more = Words("", "sub")
        self._alone = Wrapped("", "muted")
        for words in (self._more, self._alone):
            words.hide()
            self.body.addWidget(words)
        self.hide()

    def tick(self, rows: LiveRows, now: datetime) -> None:
        """Words change in place, and who stays in the list keeps row and button: the keyboard may
        be on it. Only what is about others is built."""
        minute = int(now.timestamp() // 60)
        if self._drawn is not None and self._drawn[0] is rows and self._drawn[1] == minute:
            return
        self._drawn = (rows, minute)
        self._said.show_rows(rows)
        speaking = {each.who for each in rows.said}
        found = [each for each in crew_now(rows.crew, now) if each.who.name not in speaking]
        lines, alone = to_call(rows, found, now), left_alone(rows, found)
        calls = sum(line.about is not None for line in lines)
        self.show_as("Crew", in_short(rows.said, calls))
        self._place(lines[:MOST])
        more = max(0, len(lines) - MOST)
        self._more.setText(f"and {more} more" if more else "")
        self._more.setVisible(bool(more))
        if alone != self._alone.text():
            self._alone.setText(alone)
        self._alone.setContentsMargins(0, px(4) if lines else 0, 0, 0)
        self._alone.setVisible(bool(alone))
        self.setVisible(bool(rows.crew or rows.said))

    def _place(self, lines: Sequence[Line]) -> None:
        before, self._rows = self._rows, []
        left = list(before)
        for line in lines:
            kept = next((each for each in left if each[0] == line.built), None)
            if kept is not None:
                left.remove(kept)
                kept[1].say(line.sub)
            self._rows.append(kept or (line.built, self._row(line)))
        for place, (_, row) in enumerate(self._rows):
            row.separate(place > 0 or self._said.isVisibleTo(self))
        if self._rows == before:
            return
        clear(self.body, [self._said, *(row for _, row in self._rows), self._more, self._alone])
        self.body.addWidget(self._said)
        for _, row in self._rows:
            self.body.addWidget(row)
            row.raise_()  # Tab goes by the order in which they were put here
        self.body.addWidget(self._more)
        self.body.addWidget(self._alone)
        tab_here(self)

    def _row(self, line: Line) -> Row:
        act = None
        if line.about is not None:
            said = f"Heard from {line.who}"
            act = button("Heard", self._heard(line), spoken=said, tip="A word by phone; Ctrl+H")
        return Row(line.title, line.sub, line.tone, trailing=act, separated=True)

    def _heard(self, line: Line) -> Callable[[], None]:
        return lambda: self.heard.emit(str(line.about), line.who)


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
            lines.append(Line(who.name, f"Call {reach}", sub, Tone.WARN, task.step_id))
        elif each.hearing is Hearing.GET_READY and who.needed_at is not None:
            left = who.needed_at - now
            when = f"in {speak_span(left)}" if left.total_seconds() >= 60 else "now"
            sub = f"needed {when}, about {_clock(rows, who.needed_at)}: {who.next_label}"
            lines.append(Line(who.name, f"Call {reach}", sub, Tone.ACCENT, who.next_id))
        elif each.hearing is Hearing.QUIET and task is not None:
            sub = f"nothing heard for {each.silent(now)} min: {task.label}"
            lines.append(Line(who.name, f"{who.name} is quiet", sub, Tone.PLAIN, None))
    return tuple(lines)


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
