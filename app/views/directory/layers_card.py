"""The calendars that are here: one chosen says where it is from, and can be asked for again."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout

from app.models.severity import Severity
from app.services.calendar.layers import VENDORS, LayerRow
from app.views.theme import px
from app.views.widgets.labels import Words
from app.views.widgets.listing import ListRow, ListView
from app.views.widgets.panels import Card, EmptyState, button
from app.views.widgets.tone import Tone, set_tone

_COUNTS = {Severity.BLOCK: "blocks", Severity.WARN: "warns", Severity.NOTE: "is noted"}


class LayersCard(Card):
    """`refreshRequested(layer id)`: ask the web for it again; `stopRequested()` while that runs."""

    refreshRequested = Signal(str)
    stopRequested = Signal()

    def __init__(self) -> None:
        super().__init__("Calendars here", "events", bleed=True)
        self._rows: dict[str, LayerRow] = {}
        self._asked = ""
        self.list = ListView("Calendar layers here")
        self.list.chosen.connect(lambda _key: self._show_chosen())
        self._nothing = EmptyState(
            "Freezes and business events come in as .ics files or from an address; each becomes a "
            "named layer that windows are checked against."
        )
        self._from = Words("", "sub", wrap=True)
        self._trouble = Words("", "sub", wrap=True)
        set_tone(self._trouble, Tone.BAD)
        self.again = button("Refresh", self._on_again, tip="Ctrl+R: ask for it again now")
        self.list.hide()
        self.body.setSpacing(px(6))
        self.body.addWidget(self.list, 1)
        self.body.addWidget(self._nothing, 1)
        inset = px(8)  # in line with the list
        for part in (self._from, self._trouble):
            part.setContentsMargins(inset, 0, inset, 0)
            self.body.addWidget(part)
        line = QHBoxLayout()
        line.addWidget(self.again)
        line.addStretch(1)
        line.setContentsMargins(inset, 0, inset, 0)
        self.body.addLayout(line)
        self._show_chosen()

    @property
    def said(self) -> str:
        """Of the layer chosen: where it is from, and what is wrong with it."""
        return " ".join(part for part in (self._from.text(), self._trouble.text()) if part)

    def show_rows(self, rows: Sequence[LayerRow]) -> None:
        self._rows = {row.id: row for row in rows}
        self.list.model_rows.apply([_row(row) for row in rows])
        self.list.setVisible(bool(rows))
        self._nothing.setVisible(not rows)
        self._show_chosen()

    def show_asking(self, layer_id: str) -> None:
        """The web is asked for it; "" when that is over."""
        self._asked = layer_id
        self._show_chosen()

    def _chosen(self) -> LayerRow | None:
        row = self.list.current()
        return self._rows.get(row.key) if row is not None else None

    def _show_chosen(self) -> None:
        row = self._chosen()
        is_web = row is not None and row.is_from_web
        asking = row is not None and row.id == self._asked
        self._from.setText(row.web_words if row is not None else "")
        self._trouble.setText(row.trouble if row is not None and not asking else "")
        self._from.setVisible(is_web)
        self._trouble.setVisible(bool(self._trouble.text()))
        self.again.setVisible(is_web)
        self.again.setText("Cancel" if asking else "Refresh")
        self.again.setEnabled(asking or not self._asked)

    def _on_again(self) -> None:
        row = self._chosen()
        if row is not None and row.id == self._asked:
            self.stopRequested.emit()
        elif row is not None:
            self.refreshRequested.emit(row.id)


def _row(row: LayerRow) -> ListRow:
    kind = "freeze" if row.is_freeze else "business events"
    counts = f"{kind} · {_COUNTS[row.severity]}"
    if row.source == VENDORS:
        counts = "vendors’ windows · count by their circuits"
    if row.trouble:
        counts = "not refreshed; its events are as before"
    return ListRow(
        key=row.id,
        title=row.name,
        sub=counts,
        tone=Tone.BAD if row.severity is Severity.BLOCK else Tone.WARN,
        trailing=f"{row.events:,}",
        pill="trouble" if row.trouble else "",
        pill_tone=Tone.BAD,
    )
