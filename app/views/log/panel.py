"""The Log tab: the entries, a filter, the note field, and striking a wrong entry through."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QFocusEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.models.errors import ConsoleError
from app.models.times import speak_date, speak_time, to_wall
from app.services.log import NOTE_LENGTH, LogRow, add_note, read_log, strike
from app.services.outages.reading import zone_of
from app.views.notify import Telling
from app.views.ops import Ops
from app.views.theme import px
from app.views.widgets.forms import Field
from app.views.widgets.labels import Words
from app.views.widgets.listing import ListRow, ListView
from app.views.widgets.note_line import NoteLine
from app.views.widgets.panels import Card, EmptyState, button
from app.views.widgets.sheet import Answers, Ask, Kind, Sheet
from app.views.widgets.tone import Tone

SETTLE_MS = 120
LONG = 90
"""Characters that may not fit into a row: a chosen entry of more is read under the list."""
_TONES = {
    "state": Tone.INFO,
    "go": Tone.OK,
    "all_clear": Tone.OK,
    "decision": Tone.ACCENT,
    "waiver": Tone.WARN,
    "correction": Tone.WARN,
    "taken_back": Tone.WARN,
    "note": Tone.PLAIN,
}


class LogPanel(QWidget):
    """Supplied to the workspace as its Log tab. Nothing in it is ever edited."""

    def __init__(self, ops: Ops, notify: Telling) -> None:
        super().__init__()
        self._ops = ops
        self._notify = notify
        self._zone = "UTC"
        self._outage_id = ""
        self._rows: tuple[LogRow, ...] = ()
        self._at_end = True
        self.seek = QLineEdit()
        self.seek.setPlaceholderText("Filter by words or name")
        self.seek.setAccessibleName("Filter the log")
        self.seek.setClearButtonEnabled(True)
        self.seek.textChanged.connect(self._fill)
        self._count = Words("", "sub")
        self.list = ListView("Log", lead_width=118)
        self.list.chosen.connect(self._on_chosen)
        self.whole = QPlainTextEdit()
        self.whole.setReadOnly(True)
        self.whole.setTabChangesFocus(True)
        self.whole.setAccessibleName("The whole entry")
        self.whole.setMaximumHeight(px(120))
        self.whole.hide()
        self.note = NoteLine(NOTE_LENGTH)
        self.note.returnPressed.connect(self._on_note)
        self.note_field = Field("Note to the log", self.note)
        self.note.tooLong.connect(self.note_field.refuse)
        self.note_it = button("Note it", self._on_note, tip="Enter")
        self.strike = button("Strike through…", self._on_strike, tip="Del")
        self.strike.setEnabled(False)
        self._place()
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self.refresh)
        QShortcut(QKeySequence("Ctrl+L"), self).activated.connect(self.note.setFocus)
        delete = QShortcut(QKeySequence("Del"), self.list)
        delete.setContext(Qt.ShortcutContext.WidgetShortcut)
        delete.activated.connect(self._on_strike)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """On to the entries. As a focus proxy it would make Tab pass over the filter."""
        self.list.setFocus(event.reason())

    def begin_search(self) -> None:
        self.seek.setFocus()
        self.seek.selectAll()

    def keys(self) -> tuple[tuple[str, str], ...]:
        return (
            ("Ctrl+F", "filter by words or name"),
            ("Ctrl+L", "write a note"),
            ("Enter", "keep the note that was typed"),
            ("Del", "strike the chosen entry through (asks for the correction)"),
        )

    def _place(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(px(12))
        top.addWidget(self.seek, 1)
        top.addWidget(self._count)
        top.addWidget(self.strike)
        card = Card(bleed=True)
        card.body.addWidget(self.list)
        nothing = Card()
        nothing.body.addWidget(EmptyState("Nothing in the log matches. Change the filter."))
        self._stack = QStackedWidget()
        self._stack.addWidget(card)
        self._stack.addWidget(nothing)
        box = QVBoxLayout(self)
        box.setContentsMargins(px(22), px(16), px(22), px(16))
        box.setSpacing(px(12))
        box.addLayout(top)
        box.addWidget(self._stack, 1)
        box.addWidget(self.whole)
        foot = QHBoxLayout()
        foot.setSpacing(px(12))
        foot.addWidget(self.note_field, 1)
        beside = QVBoxLayout()  # in line with the editor, whatever is said under it
        beside.setSpacing(px(4))
        beside.addWidget(Words(" ", "sub"))
        beside.addWidget(self.note_it)
        beside.addStretch(1)
        foot.addLayout(beside)
        box.addLayout(foot)

    def show_outage(self, outage_id: str) -> None:
        if outage_id != self._outage_id:
            self._outage_id = outage_id
            self._at_end = True
            self.whole.hide()
            self.note.clear()
            self._show(())
            self._ops.read(zone_of, outage_id, then=self._on_zone)
        self.refresh()

    def _on_zone(self, zone: str) -> None:
        self._zone = zone
        self.refresh()

    def refresh(self) -> None:
        if self._outage_id:
            self._ops.read(read_log, self._outage_id, then=self._show)

    def on_event(self, event: object) -> None:
        if self._outage_id and getattr(event, "outage_id", "") in ("", self._outage_id):
            self._settle.start()

    def _show(self, rows: Sequence[LogRow]) -> None:
        bar = self.list.verticalScrollBar()
        self._at_end = self._at_end or bar.value() >= bar.maximum()
        self._rows = tuple(rows)
        self._fill()
        if self._at_end and rows:
            self.list.scrollToBottom()
            self._at_end = False

    def _fill(self) -> None:
        words = self.seek.text().casefold().split()
        found = [r for r in self._rows if all(w in _haystack(r) for w in words)]
        self.list.model_rows.apply([self._list_row(row) for row in found])
        self._stack.setCurrentIndex(0 if found or not self._rows else 1)
        total = len(self._rows)
        self._count.setText(f"{len(found)} of {total}" if words else f"{total} entries")

    def _list_row(self, row: LogRow) -> ListRow:
        struck = row.struck_by is not None
        who = f"{row.who} (written down by {row.via})" if row.via else row.who
        tail = f" · struck through, see {row.struck_by}" if struck else ""
        return ListRow(
            key=str(row.number),
            title=row.what,
            sub=f"{who}{tail}",
            tone=_TONES.get(row.kind, Tone.PLAIN),
            lead=_when(row.at, self._zone),
            trailing=str(row.number),
            pill="" if row.kind in ("act", "note") else row.kind.replace("_", " "),
            struck=struck,
            spoken=f"Entry {row.number}, {_when(row.at, self._zone)}: {row.what}. {who}{tail}",
        )

    def _on_chosen(self, key: str) -> None:
        self.strike.setEnabled(self._row(key) is not None)
        what = next((row.what for row in self._rows if str(row.number) == key), "")
        self.whole.setPlainText(what)
        self.whole.setVisible(len(what) > LONG or "\n" in what)

    def _row(self, key: str) -> LogRow | None:
        """The entry, while it can still be struck through."""
        found = next((row for row in self._rows if str(row.number) == key), None)
        return found if found is not None and found.struck_by is None else None

    def _on_note(self) -> None:
        text = self.note.text().strip()
        if not text or not self._outage_id:
            self.note_field.refuse("The note is empty; nothing was written.")
            return

        def done(_: None) -> None:
            self.note_field.accept()
            self._at_end = True
            self.note.written(text)

        def failed(error: ConsoleError) -> None:
            self.note_field.refuse(error.sentence)

        self._ops.run(add_note, self._outage_id, text, then=done, failed=failed, owner=self)

    def _on_strike(self) -> None:
        current = self.list.current()
        row = self._row(current.key) if current is not None else None
        if row is None:
            return
        sheet = Sheet(
            self,
            f"Strike entry {row.number} through",
            f"“{row.what}” stays readable, struck through, with what is right beside it.",
            (Ask("right", "What is right", Kind.TEXT, needed="Say what is right instead."),),
            "Strike it through",
        )

        def done(_: None) -> None:
            sheet.accept()
            self._notify.info(f"Entry {row.number} is struck through and corrected.")

        def answered(answers: Answers) -> None:
            self._ops.run(
                strike, self._outage_id, row.number, answers["right"],
                then=done, failed=lambda error: sheet.refuse(error.sentence), owner=self,
            )  # fmt: skip

        sheet.answered.connect(answered)
        sheet.open()


def _haystack(row: LogRow) -> str:
    return f"{row.number} {row.what} {row.who} {row.via} {row.kind}".casefold()


def _when(at: datetime, zone: str) -> str:
    wall = to_wall(at, zone)
    return f"{speak_date(wall.date())} {speak_time(wall)}"
