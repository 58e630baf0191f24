"""The cards of the communication side: what to say, what is due, who asks, what was said."""

from __future__ import annotations

from datetime import datetime, timedelta

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy, QVBoxLayout

from app.models.live.margin import Outlook
from app.models.outages.debt import DebtKind
from app.models.outages.errands import Errand
from app.models.outages.lifecycle import FLYING
from app.models.times import speak_near, speak_span, speak_time, to_wall
from app.services.live.sides import Asking, CommsRows
from app.views.theme import px
from app.views.widgets.labels import BigClock, Words
from app.views.widgets.listing import ListRow, ListView
from app.views.widgets.panels import Card, Row, SentenceRow, button, clear, tab_here
from app.views.widgets.tone import Tone

SOON = timedelta(minutes=15)
MOST = 6
_SPOKEN = Qt.TextInteractionFlag.TextSelectableByMouse


class StandingCard(Card):
    """How it stands, in words that may be said to anybody."""

    def __init__(self) -> None:
        super().__init__("How it stands, in users’ words", tone=Tone.COMMS, dot=True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.words = Words("", "title", wrap=True)
        self.words.setTextInteractionFlags(_SPOKEN)
        self._more = Words("", wrap=True)
        self._facts = Words("", "muted", wrap=True)
        self.head.addWidget(button("Copy", self._on_copy, spoken="Copy how it stands"))
        self.body.setSpacing(px(6))
        for part in (self.words, self._more, self._facts):
            self.body.addWidget(part)

    def show_rows(self, rows: CommsRows) -> None:
        self.words.setText(rows.standing)
        said = [rows.impact, f"Meanwhile: {rows.workaround}" if rows.workaround else ""]
        self._more.setText("\n".join(each for each in said if each))
        self._more.setVisible(any(said))
        self._facts.setText(
            f"{rows.services} · {rows.audience:,} people are told · written by {rows.lead}"
        )

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self.words.text())


class DueCard(Card):
    """When people are to hear next, and which end they were promised."""

    def __init__(self) -> None:
        super().__init__("Next update")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.clock = BigClock("")
        self._promise = Words("", wrap=True)
        self._ask = Words("", "muted", wrap=True)
        for part in (self.clock, self._promise, self._ask):
            self.body.addWidget(part)

    def tick(self, rows: CommsRows, now: datetime) -> None:
        due = rows.next_update
        self.setAccessibleName("Next update")
        if due is None:
            self.clock.show_as("–", None, "No update is promised")
            self.show_as("Next update", "it is over")
        else:
            left = due - now
            tone = Tone.BAD if left < timedelta() else Tone.WARN if left <= SOON else Tone.OK
            late = "overdue by" if left < timedelta() else "due in"
            shown = speak_time(to_wall(due, rows.zone))
            self.clock.show_as(shown, tone, f"Next update due {_clock(rows, due)}")
            far = f"{_clock(rows, due)} · " if _clock(rows, due) != shown else ""
            self.show_as("Next update", f"{far}{late} {speak_span(left)}")
        self._promise.setText(_promise(rows))
        fix = "" if rows.fix_lead == rows.coordinator else f", {rows.fix_lead}"
        self._ask.setText(
            f"Facts come from the coordinator, {rows.coordinator}; who repairs{fix} is not "
            "interrupted."
        )


def _promise(rows: CommsRows) -> str:
    if rows.ended_at is not None:
        return f"Ended {_clock(rows, rows.ended_at)} · promised {_clock(rows, rows.promised_end)}"
    said = f"Promised end {_clock(rows, rows.promised_end)}"
    if rows.state not in FLYING:
        return f"{said} · starts {_clock(rows, rows.start)}"
    words = {
        Outlook.SURE: "the forecast keeps it",
        Outlook.TIGHT: "the forecast barely keeps it",
        Outlook.LATE: "the forecast passes it: an extension is the coordinator’s to decide",
    }
    return f"{said} · {words[rows.outlook]}"


class OwedCard(Card):
    """What people are owed. `wanted(OwedRow)` asks for its act, `updateWanted` for an update."""

    wanted = Signal(object)
    updateWanted = Signal()

    def __init__(self) -> None:
        super().__init__("Owed to people")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._shown: object = None

    def show_rows(self, rows: CommsRows) -> None:
        key = (rows.owed, rows.state, rows.zone)
        if key == self._shown:
            return
        self._shown = key
        self.show_as("Owed to people", f"{len(rows.owed)} owed" if rows.owed else "nothing owed")
        clear(self.body)
        for place, row in enumerate(rows.owed[:MOST]):
            words = "Write it" if row.kind is DebtKind.NOTICE else "Open"
            words = Errand.OUTBOX.words if row.leaving else words
            act = button(
                words,
                lambda row=row: self.wanted.emit(row),  # type: ignore[misc]
                spoken=f"{words}: {row.sentence}",
            )
            due = f"by {_clock(rows, row.due)}" if row.due else ""
            sub = " · ".join(part for part in (due, row.why) if part)
            tone = Tone.BAD if row.late else Tone.WARN
            if row.leaving:
                sub, tone = row.why, Tone.BAD if row.late else Tone.COMMS
            self.body.addWidget(Row(row.sentence, sub, tone, trailing=act, separated=place > 0))
        if rows.state in FLYING:
            act = button("Write update", self.updateWanted.emit, tip="Ctrl+U")
            sub = "when the facts change, or when one is promised"
            self.body.addWidget(Row("Progress", sub, trailing=act, separated=bool(rows.owed)))
        elif not rows.owed:
            self.body.addWidget(Words("Nothing is due to anybody now.", "muted"))
        tab_here(self)


class AskingCard(Card):
    """Who wrote back and waits for an answer. `answerWanted(reply id)`."""

    answerWanted = Signal(str)

    def __init__(self) -> None:
        super().__init__("Who asks")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._shown: object = None

    def tick(self, rows: CommsRows, now: datetime) -> None:
        minutes = [int((now - each.at).total_seconds() // 60) for each in rows.asking]
        key = (rows.asking, tuple(minutes))
        if key == self._shown:
            return
        self._shown = key
        count = len(rows.asking)
        self.show_as("Who asks", f"{count} unanswered" if count else "everybody has an answer")
        clear(self.body)
        for place, asks in enumerate(rows.asking[:MOST]):
            self.body.addWidget(self._row(asks, now, first=place == 0))
        if count > MOST:
            self.body.addWidget(Words(f"and {count - MOST} more", "sub"))
        tab_here(self)

    def _row(self, asks: Asking, now: datetime, *, first: bool) -> SentenceRow:
        act = button(
            "Answer",
            lambda: self.answerWanted.emit(asks.reply_id),
            spoken=f"Answer {asks.sender}",
        )
        waits = f"{asks.kind} · unanswered {speak_span(now - asks.at)}"
        return SentenceRow(f"{asks.sender}: “{asks.text}”", waits, act=act, separated=not first)


class SaidCard(Card):
    """What people were told, the newest first, word for word."""

    def __init__(self) -> None:
        super().__init__("What was said", bleed=True)
        self.list = ListView("What was said")
        self.list.setMinimumHeight(px(110))
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName("The words of the notice")
        self.text.setMinimumHeight(px(120))
        self._texts: dict[str, str] = {}
        self.list.chosen.connect(lambda _key: self._show())
        inner = QVBoxLayout()
        inner.setContentsMargins(px(8), px(8), px(8), 0)
        inner.addWidget(self.text)
        self._none = Words("Nobody was told anything yet.", "muted")
        self._none.setContentsMargins(px(8), 0, px(8), px(8))
        self.body.addWidget(self._none)
        self.body.addWidget(self.list, 2)
        self.body.addLayout(inner, 3)

    def show_rows(self, rows: CommsRows) -> None:
        self._texts = {str(n): said.text for n, said in enumerate(rows.said)}
        lines = []
        for number, said in enumerate(rows.said):
            when = _clock(rows, said.at) if said.at is not None else "waits to leave"
            lines.append(
                ListRow(
                    key=str(number),
                    title=f"{said.kind.words}: {said.subject}",
                    sub=f"{when} · {said.reach:,} people",
                    tone=Tone.OK if said.at is not None else Tone.WARN,
                    strong=said.kind.words,
                )
            )
        self.list.model_rows.apply(lines)
        if lines and self.list.current() is None:
            self.list.choose("0")
        self._none.setVisible(not lines)
        self.list.setVisible(bool(lines))
        self.text.setVisible(bool(lines))
        self._show()

    def _show(self) -> None:
        row = self.list.current()
        words = self._texts.get(row.key, "") if row is not None else ""
        if words != self.text.toPlainText():
            self.text.setPlainText(words)


def _clock(rows: CommsRows, moment: datetime) -> str:
    return speak_near(moment, rows.now, rows.zone)
