"""The list of outages: search, a filter by state, one painted row each."""

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

from app.services.outages.reading import OutageRow, Scope
from app.views.theme import px
from app.views.tones import state_tone
from app.views.widgets.labels import Words
from app.views.widgets.listing import ListRow, ListView
from app.views.widgets.panels import Card, EmptyState, button
from app.views.widgets.tone import Tone


class OutageList(QWidget):
    """`opened(outage_id)` on Enter or double click; `scopeChanged` asks for other rows."""

    opened = Signal(str)
    scopeChanged = Signal(object)

    def __init__(self, on_new: Callable[[], object]) -> None:
        super().__init__()
        self._rows: Sequence[OutageRow] = ()
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search code, title, service, coordinator")
        self.search.setAccessibleName("Search outages")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._fill)
        self.search.installEventFilter(self)
        self.scope = QComboBox()
        self.scope.setAccessibleName("Which outages")
        for scope in Scope:
            self.scope.addItem(scope.words, scope)
        self.scope.currentIndexChanged.connect(self._on_scope)
        self._count = Words("", "sub")
        self.list = ListView("Outages", lead_width=110)
        self.list.opened.connect(self.opened)
        self._stack = QStackedWidget()
        card = Card(bleed=True)
        card.body.addWidget(self.list)
        self._stack.addWidget(card)
        nothing = Card()
        nothing.body.addWidget(
            EmptyState(
                "No outage here. Plan one: services, window, people and runbook.",
                button("Plan an outage", lambda: on_new(), tone="primary"),
            )
        )
        self._stack.addWidget(nothing)
        none_found = Card()
        none_found.body.addWidget(EmptyState("No outage matches. Change the search or the filter."))
        self._stack.addWidget(none_found)
        box = QVBoxLayout(self)
        box.setContentsMargins(px(22), px(16), px(22), px(16))
        box.setSpacing(px(12))
        line = QHBoxLayout()
        line.setSpacing(px(12))
        line.addWidget(self.search, 1)
        line.addWidget(self.scope)
        line.addWidget(self._count)
        box.addLayout(line)
        box.addWidget(self._stack, 1)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """On to the rows. As a focus proxy it would make Tab pass over what stands before it."""
        self.list.setFocus(event.reason())

    @property
    def scope_chosen(self) -> Scope:
        return Scope(self.scope.currentData())

    def show_rows(self, rows: Sequence[OutageRow]) -> None:
        """Selection and scroll stay; the nearest window is chosen the first time."""
        self._rows = rows
        self._fill()

    def _fill(self) -> None:
        sought = self.search.text().casefold().split()
        found = [row for row in self._rows if all(word in _haystack(row) for word in sought)]
        self.list.model_rows.apply([_list_row(row) for row in found])
        which = 0 if found else 2 if self._rows else 1
        self._stack.setCurrentIndex(which)
        self._count.setText(f"{len(found)} of {len(self._rows)}" if sought else f"{len(found)}")
        if found and not self.list.currentIndex().isValid():
            self.list.setCurrentIndex(self.list.model_rows.index(0))

    def _on_scope(self) -> None:
        self.scopeChanged.emit(self.scope_chosen)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """From the search down into the list, and Enter opens the chosen one."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Down:
                self.list.setFocus()
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                row = self.list.current()
                if row is not None:
                    self.opened.emit(row.key)
                return True
        return False


def _haystack(row: OutageRow) -> str:
    words = (row.code, row.title, row.coordinator, row.state.words, row.window, *row.services)
    return " ".join(words).casefold()


def _list_row(row: OutageRow) -> ListRow:
    services = ", ".join(row.services) or "no service"
    who = row.coordinator or "no coordinator"
    owed = f" · owes {row.owed}: {row.most_urgent}" if row.owed else ""
    return ListRow(
        key=row.id,
        title=row.title,
        sub=f"{row.window} · {services} · {who}{owed}",
        lead=row.code,
        pill=row.state.words,
        pill_tone=state_tone(row.state),
        tone=Tone.BAD if row.owed else Tone.PLAIN,
    )
