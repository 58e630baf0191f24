"""The cards beside the steps: what to say, what is owed and told, and the log."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.models.live.sides import Side
from app.models.outages.debt import DebtKind
from app.models.outages.errands import Errand
from app.models.outages.lifecycle import ENDINGS
from app.models.times import speak_date, speak_time, to_wall
from app.services.live.rows import LiveRows, OwedRow, ToldRow
from app.services.log import NOTE_LENGTH, LogRow
from app.views.icons import icon
from app.views.theme import Token, px
from app.views.widgets.labels import Words, addresses
from app.views.widgets.listing import ListRow, ListView
from app.views.widgets.note_line import NoteLine
from app.views.widgets.panels import Card, button
from app.views.widgets.row_list import Line, RowList
from app.views.widgets.tone import Tone

MOST_OWED = 4
MOST_TOLD = 2
"""One only beside what is owed, so that crew, log and the words to say keep their room."""
_ACTS = {
    DebtKind.NOTICE: "Write it",
    DebtKind.PACKET: "Print it",
    DebtKind.CHANGE_RECORD: "Review",
    DebtKind.USER_CHECK: "Note it",
    DebtKind.REPLY: Errand.REPLY.words,
    DebtKind.STEP: "Open",
    DebtKind.DECISION: "Say",
}


class SayCard(Card):
    """Two sentences to speak, large enough to read at arm's length; copied with one button.
    `whoWanted` asks for the decision card."""

    whoWanted = Signal()

    def __init__(self) -> None:
        super().__init__("Say on the bridge")
        self.setProperty("part", "inset")
        self._words = Words("", wrap=True)
        self._words.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._copy = button("Copy", self._on_copy, spoken="Copy the words to say")
        who = button("Who decides…", self.whoWanted.emit, tone="link", tip="Ctrl+I")
        self.head.addWidget(who)
        self.head.addWidget(self._copy)
        self.body.addWidget(self._words)

    def show_words(self, words: str) -> None:
        """None: nobody is on the line."""
        self._words.setText(f"“{words}”" if words else "The line is closed.")
        self._copy.setVisible(bool(words))

    def _on_copy(self) -> None:
        clipboard = QGuiApplication.clipboard()
        clipboard.setText(self._words.text().strip("“”"))
        self._copy.setText("Copied")


class CommsCard(Card):
    """What is owed, most urgent first, then what was told. `wanted(OwedRow)` asks for its act,
    `ownWanted` for the communication side in a window of its own."""

    wanted = Signal(object)
    ownWanted = Signal()

    def __init__(self) -> None:
        super().__init__("Communication and debt", tone=Tone.COMMS, dot=True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._shown: object = None
        words = "The communication side in a window of its own"
        tip = f"{words} · Ctrl+Shift+F11"
        own = button("", self.ownWanted.emit, tone="link", spoken=words, tip=tip)
        own.setIcon(icon("arrow-square-out", Token.MUTED))
        own.setFixedWidth(px(32))
        self.head.addWidget(own)
        self._owed, self._told = RowList(), RowList()
        self._owed.pressed.connect(lambda line: self.wanted.emit(line.subject))
        self._more = Words("", "sub")
        self._nothing = Words("Nobody was told anything yet, and nothing is due.", "muted")
        for part in (self._owed, self._more, self._told, self._nothing):
            self.body.addWidget(part)

    def show_rows(self, rows: LiveRows) -> None:
        lead = rows.sides[Side.COMMUNICATION]
        key = (rows.owed, rows.told, rows.zone, lead)
        if key == self._shown:
            return
        self._shown = key
        owed = f"{len(rows.owed)} owed" if rows.owed else "nothing owed"
        self.show_as("Communication and debt", f"{lead} · {owed}" if lead else owed)
        self._owed.show_lines([_owed(rows, row) for row in rows.owed[:MOST_OWED]])
        more = len(rows.owed) - MOST_OWED
        self._more.setText(f"and {more} more")
        self._more.setVisible(more > 0)
        most = 1 if rows.owed else MOST_TOLD
        told = [_told(rows, row) for row in rows.told[:most]]
        self._told.show_lines(told, under=bool(rows.owed))
        self._nothing.setVisible(not rows.owed and not rows.told)


def _told(rows: LiveRows, told: ToldRow) -> Line:
    words = f"{told.words} told to {addresses(told.count)}"
    return Line(f"{told.at} {words}", words, _on_its_day(rows, told.at), Tone.OK)


def _owed(rows: LiveRows, row: OwedRow) -> Line:
    words = _act_words(rows, row)
    if row.leaving:
        tone, sub = Tone.BAD if row.late else Tone.COMMS, row.why
    else:
        due = f"by {_on_its_day(rows, row.due)} · " if row.due else ""
        tone, sub = Tone.BAD if row.late else Tone.WARN, f"{due}{row.why}"
    about = f"{row.kind} {row.notice} {row.about_id} {row.leaving}"
    spoken = f"{words}: {row.sentence}"
    return Line(about, row.sentence, sub, tone, act=words, spoken=spoken, subject=row)


def _act_words(rows: LiveRows, row: OwedRow) -> str:
    """As the same act is called in the header and at the gate."""
    if row.leaving:
        return Errand.OUTBOX.words
    if row.kind is DebtKind.BRIDGE:
        return "Close bridge" if rows.state in ENDINGS else "Open bridge"
    return _ACTS.get(row.kind, "Open")


def _on_its_day(rows: LiveRows, moment: datetime) -> str:
    """The time alone today, with its date on any other day."""
    wall, today = to_wall(moment, rows.zone), to_wall(rows.now, rows.zone).date()
    said = speak_time(wall)
    return said if wall.date() == today else f"{speak_date(wall.date())} {said}"


class LogCard(Card):
    """Newest first. Ctrl+L writes a note; Enter on an entry strikes it through and corrects."""

    strikeWanted = Signal(object)

    def __init__(self, note: Callable[[str, Callable[[], object]], None]) -> None:
        super().__init__("Log", "everything is written down", bleed=True)
        self._note = note
        self._rows: dict[str, LogRow] = {}
        self.view = ListView("Log of this flight")
        self.view.opened.connect(self._on_opened)
        self.view.setMinimumHeight(px(88))
        self.body.addWidget(self.view, 1)
        foot = QWidget()
        line = QHBoxLayout(foot)
        line.setContentsMargins(px(8), px(10), px(8), 0)
        self.field = NoteLine(NOTE_LENGTH)
        self.field.setPlaceholderText("Note to the log… (Ctrl+L)")
        self.field.setAccessibleName("Note to the log")
        self.field.setMinimumHeight(px(32))
        self.field.returnPressed.connect(self._on_note)
        line.addWidget(self.field, 1)
        line.addWidget(button("Note it", self._on_note, tip="Enter"))
        self._said = Words("", "error", wrap=True)
        self._said.hide()
        self.field.tooLong.connect(self._refuse)
        self.field.textChanged.connect(self._on_changed)
        self.body.addWidget(self._said)
        self.body.addWidget(foot)

    def _on_changed(self, text: str) -> None:
        if len(text) < NOTE_LENGTH:
            self._said.hide()

    def _refuse(self, sentence: str) -> None:
        self._said.setText(sentence)
        self._said.show()

    def bind(self, page: QWidget, raised: Callable[[QWidget], object]) -> None:
        """Ctrl+L anywhere on the page goes to the note, which is `raised` to be seen."""

        def to_note() -> None:
            raised(self.field)
            self.field.setFocus()

        QShortcut(QKeySequence("Ctrl+L"), page).activated.connect(to_note)

    def show_rows(self, rows: LiveRows) -> None:
        more = rows.log_length - len(rows.log)
        self.show_as(
            "Log", f"{more} earlier in the Log tab" if more else "everything is written down"
        )
        self._rows = {str(entry.number): entry for entry in rows.log}
        today = to_wall(rows.now, rows.zone).date()
        self.view.model_rows.apply(
            [_entry(entry, rows.zone, today) for entry in reversed(rows.log)]
        )

    def _on_note(self) -> None:
        text = self.field.text().strip()
        if text:
            self._note(text, lambda: self.field.written(text))
        self.field.setFocus()

    def _on_opened(self, key: str) -> None:
        entry = self._rows.get(key)
        if entry is not None and entry.struck_by is None:
            self.strikeWanted.emit(entry)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), px(240))


def _entry(entry: LogRow, zone: str, today: date) -> ListRow:
    wall = to_wall(entry.at, zone)
    via = f", via {entry.via}" if entry.via else ""
    struck = entry.struck_by is not None
    said = f"{entry.who}{via}: {entry.what}"
    return ListRow(
        key=str(entry.number),
        title=said,
        lead=speak_time(wall),
        trailing="" if wall.date() == today else speak_date(wall.date()),
        sub="correction" if entry.kind == "correction" else "",
        struck=struck,
        strong=entry.who,
        spoken=f"Struck through: {said}" if struck else "",
    )


def column() -> tuple[QWidget, QVBoxLayout]:
    """A column of cards, 16 px apart."""
    made = QWidget()
    box = QVBoxLayout(made)
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(px(16))
    return made, box
