"""Finding something on the calendar: words, what was found, and the way there."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QLineEdit, QVBoxLayout, QWidget

from app.models.calendar.entries import kind_words
from app.services.calendar.searching import MOST, Found, Hits, search
from app.views.calendar.looks import entry_tone
from app.views.calendar.rows import day_words
from app.views.ops import Ops
from app.views.theme import px
from app.views.widgets.labels import Words
from app.views.widgets.listing import ListRow, ListView

SETTLE_MS = 120
_HOW = "By title, code, service, or the name of a calendar. Enter goes to the day."


class CalendarSearch(QDialog):
    """`found(Found)` once one was chosen; it is closed then."""

    found = Signal(object)

    def __init__(self, ops: Ops, over: QWidget) -> None:
        super().__init__(over)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self.setWindowTitle("Find on the calendar")
        self.resize(px(560), px(440))
        self._ops = ops
        self._hits: dict[str, Found] = {}
        box = QVBoxLayout(self)
        box.setSpacing(px(8))
        self.words = QLineEdit()
        self.words.setAccessibleName("Find on the calendar")
        self.words.setPlaceholderText("An outage, an event, a freeze…")
        self.words.setMinimumHeight(px(28))
        self.words.setClearButtonEnabled(True)
        self.count = Words(_HOW, "sub", wrap=True)
        self.rows = ListView("What was found", lead_width=128)
        box.addWidget(self.words)
        box.addWidget(self.count)
        box.addWidget(self.rows, 1)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self._look)
        self.words.textChanged.connect(lambda _text: self._settle.start())
        self.rows.opened.connect(self._choose)
        self.words.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down choose a line while the words are typed; Enter takes it."""
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            current = self.rows.current()
            if current is not None:
                self._choose(current.key)
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self.words.hasFocus():
            by = 1 if key == Qt.Key.Key_Down else -1
            number = self.rows.currentIndex().row() + by
            if 0 <= number < self.rows.model_rows.rowCount():
                self.rows.setCurrentIndex(self.rows.model_rows.index(number))
        else:
            super().keyPressEvent(event)

    def _look(self) -> None:
        self._ops.read(search, self.words.text(), then=self._show, owner=self)

    def _show(self, hits: Hits) -> None:
        if hits.words != self.words.text():
            return  # more was typed meanwhile
        keys = [f"{number}" for number in range(len(hits.found))]
        self._hits = dict(zip(keys, hits.found, strict=True))
        self.rows.model_rows.apply(())
        self.rows.model_rows.apply([_row(key, one, hits) for key, one in self._hits.items()])
        if keys:
            self.rows.choose(keys[0])
        self.count.setText(_said(hits))

    def _choose(self, key: str) -> None:
        chosen = self._hits[key]
        self.accept()
        self.found.emit(chosen)


def _said(hits: Hits) -> str:
    count = len(hits.found)
    if not hits.words.strip():
        return _HOW
    if not count:
        return "Nothing on the calendar is called so."
    if count >= MOST:
        return f"The {MOST} nearest to today; more words find fewer."
    return f"{count} found; what is to come stands first." if count > 1 else "1 found."


def _row(key: str, found: Found, hits: Hits) -> ListRow:
    entry = found.entry
    kind = kind_words(entry)
    parts = (entry.times(hits.zone), entry.source, *found.services)
    lead = day_words(entry.first)
    past = "passed" if entry.last < hits.today else ""
    return ListRow(
        key,
        entry.title,
        " · ".join(part for part in parts if part),
        entry_tone(entry),
        lead=lead,
        pill=kind[:1].upper() + kind[1:],
        pill_tone=entry_tone(entry),
        spoken=", ".join(p for p in (lead, past, entry.spoken(hits.zone), *found.services) if p),
    )
