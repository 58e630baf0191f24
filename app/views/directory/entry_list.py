"""The list of one kind of entry: search, filters, what was archived."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.models.directory.facts import EntryKind
from app.views.directory.rows import BY_DEPARTMENT, FILTERS, Line
from app.views.theme import px
from app.views.widgets.flow import FlowLayout
from app.views.widgets.labels import Words
from app.views.widgets.listing import ListRow, ListView
from app.views.widgets.panels import Card, EmptyState, button

BELONGS = {
    EntryKind.PEOPLE: "No people yet: technicians, coordinators, leaders and users belong here.",
    EntryKind.DEPARTMENTS: "No departments yet: people work in them, and audiences are made of "
    "them.",
    EntryKind.SERVICES: "No services yet: what people use, what it rests on and who is told.",
    EntryKind.CIS: "No configuration items yet: servers, switches, storage, and what rests on "
    "what.",
    EntryKind.VENDORS: "No vendors yet: who is called about a CI, and under which contract.",
    EntryKind.AUDIENCES: "No audiences yet: the groups of people who are told about a service.",
}


class EntryList(QWidget):
    """`chosen(id)` as the selection moves, `opened(id)` on Enter or double click;
    `archiveShown(bool)` asks for the other rows."""

    chosen = Signal(str)
    opened = Signal(str)
    archiveShown = Signal(bool)
    counted = Signal(int)

    def __init__(self, kind: EntryKind, on_new: Callable[[], object]) -> None:
        super().__init__()
        self.kind = kind
        self._lines: Sequence[Line] = ()
        self._filling = False
        words = kind.words if kind is EntryKind.CIS else kind.words.lower()
        self.search = QLineEdit()
        self.search.setPlaceholderText(f"Search {words}")
        self.search.setAccessibleName(f"Search {words}")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(lambda _text: self._on_typed())
        self.search.installEventFilter(self)
        self.filters: list[QComboBox] = []
        for name, choices in FILTERS.get(kind, ()):
            self._add_filter(name, choices)
        self.by_department = self._add_filter("department", ()) if self._of_people else None
        self.which = QComboBox()
        self.which.setAccessibleName(f"Which {words}")
        self.which.addItem("In use", False)
        self.which.addItem("Archived", True)
        self.which.currentIndexChanged.connect(
            lambda _n: self.archiveShown.emit(bool(self.which.currentData()))
        )
        self.count = Words("", "sub")
        self.list = ListView(kind.words)
        self.list.setUniformItemSizes(True)
        self.list.chosen.connect(self._on_chosen)
        self.list.opened.connect(self.opened)
        self._stack = QStackedWidget()
        self._place(on_new)

    @property
    def _of_people(self) -> bool:
        return self.kind is EntryKind.PEOPLE

    def focusInEvent(self, event: QFocusEvent) -> None:
        """On to the rows. As a focus proxy it would make Tab pass over what stands before it."""
        self.list.setFocus(event.reason())

    def _add_filter(self, name: str, choices: Sequence[tuple[str, str]]) -> QComboBox:
        box = QComboBox()
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        box.setAccessibleName(f"Filter by {name}")
        box.addItem(f"Any {name}", "")
        for token, words in choices:
            box.addItem(words, token)
        box.currentIndexChanged.connect(lambda _n: self._fill())
        self.filters.append(box)
        return box

    def _place(self, on_new: Callable[[], object]) -> None:
        full = Card(bleed=True)
        full.body.addWidget(self.list)
        empty = Card()
        new = button(f"New {self.kind.one}", lambda: on_new(), tone="primary")
        empty.body.addWidget(EmptyState(BELONGS[self.kind], new))
        unmatched = Card()
        unmatched.body.addWidget(EmptyState("Nothing matches. Change the search or the filters."))
        nothing_archived = Card()
        nothing_archived.body.addWidget(
            EmptyState(
                "Nothing was archived. What is archived leaves all lists; its history stays."
            )
        )
        for card in (full, empty, unmatched, nothing_archived):
            self._stack.addWidget(card)
        line = QHBoxLayout()
        line.setSpacing(px(8))
        line.addWidget(self.search, 1)
        line.addWidget(self.count)
        filters = FlowLayout()
        for box in (*self.filters, self.which):
            filters.addWidget(box)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(px(12))
        whole.addLayout(line)
        whole.addLayout(filters)
        whole.addWidget(self._stack, 1)

    @property
    def shows_archived(self) -> bool:
        return bool(self.which.currentData())

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Selection and scroll stay."""
        self._lines = lines
        self._offer_departments()
        self._fill()

    def choose(self, key: str) -> bool:
        """Select the row; takes search and filters away when they hide it."""
        if not any(line.row.key == key for line in self._lines):
            return False
        if not self.list.model_rows.index_of(key).isValid():
            self.search.clear()
            for box in self.filters:
                box.setCurrentIndex(0)
        self.list.choose(key)
        return True

    def _offer_departments(self) -> None:
        box = self.by_department
        if box is None:
            return
        tokens = {t for line in self._lines for t in line.tokens if t.startswith(BY_DEPARTMENT)}
        held, chosen = box.blockSignals(True), box.currentData()
        while box.count() > 1:
            box.removeItem(1)
        for token in sorted(tokens):
            box.addItem(token.removeprefix(BY_DEPARTMENT) or "No department", token)
        box.setCurrentIndex(max(0, box.findData(chosen)))
        box.blockSignals(held)

    def _on_typed(self) -> None:
        self.list.anew()
        self._fill()

    def _fill(self) -> None:
        sought = self.search.text().casefold().split()
        wanted = {str(box.currentData()) for box in self.filters} - {""}
        met: Sequence[Line] = self._lines
        if wanted:
            met = [line for line in met if wanted <= line.tokens]
        for word in sought:
            met = [line for line in met if word in line.hay]
        found = [line.row for line in met]
        if sought:  # names before what is only said about them
            found.sort(key=lambda row: sought[0] not in row.title.casefold())
        empty = 3 if self.shows_archived else 1
        # first the page: a list that is shown after it was filled is laid out twice
        self._stack.setCurrentIndex(0 if found else 2 if self._lines else empty)
        self._show(found)
        total = len(self._lines)
        limited = bool(sought or wanted)
        self.count.setText(f"{len(found):,} of {total:,}" if limited else f"{total:,}")
        self.counted.emit(len(found))

    def _show(self, rows: Sequence[ListRow]) -> None:
        """What was selected stays selected, or nothing is: typing a search opens no entry."""
        current = self.list.current()
        self._filling = True
        self.list.model_rows.become(rows)
        now = self.list.current()
        if current is not None and (now is None or now.key != current.key):
            self.list.setCurrentIndex(self.list.model_rows.index_of(current.key))
        self._filling = False

    def _on_chosen(self, key: str) -> None:
        if self._filling:
            return
        current = self.list.currentIndex()
        if not self.list.selectionModel().isSelected(current):  # the first one, by its focus
            self.list.setCurrentIndex(current)
        self.chosen.emit(key)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """From the search down into the list; Enter opens the chosen one, or the first."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Down:
                self.list.setFocus()
                self._first()
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
                self._first()
                row = self.list.current()
                if row is not None:
                    self.opened.emit(row.key)
                return True
        return False

    def _first(self) -> None:
        if not self.list.currentIndex().isValid() and self.list.model_rows.rowCount():
            self.list.setCurrentIndex(self.list.model_rows.index(0))
