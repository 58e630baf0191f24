"""A configuration item's page: its tree as a picture, its history, its coming windows."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.models.errors import ConsoleError
from app.models.times import speak_date, to_wall
from app.services.changes import ChangeRow
from app.services.directory.ci_page import CiPage, ComingWindow, ci_page
from app.views.directory.ci_map import CiMap, spoken
from app.views.notify import Telling
from app.views.ops import Ops
from app.views.theme import px
from app.views.tones import state_tone
from app.views.widgets.columns import Columns
from app.views.widgets.labels import Words
from app.views.widgets.listing import ListRow, ListView
from app.views.widgets.panels import Card, EmptyState
from app.views.widgets.tone import Tone


class CiView(QWidget):
    """`changed` when its title should be read again; `leads(section, id)` to a coming
    window; `gone` when the CI is no longer there."""

    changed = Signal()
    leads = Signal(str, str)
    gone = Signal()

    def __init__(self, ops: Ops, tell: Telling) -> None:
        super().__init__()
        self._ops, self._tell = ops, tell
        self.page: CiPage | None = None
        self.ci_id = ""
        self._came_by: list[str] = []
        self.map = CiMap()
        self.map.chosen.connect(self._on_chosen)
        self.map.opened.connect(self._on_opened)
        self._way = Words("", wrap=True)
        self._stops = Words("", "sub", wrap=True)
        self.coming = ListView("Coming windows", wraps=True)
        self.coming.opened.connect(self._on_coming)
        self.history = ListView("What was changed on it", lead_width=118)
        self.history.opened.connect(self._on_change)
        self._changes: dict[str, ChangeRow] = {}
        self._coming_stack, self._history_stack = QStackedWidget(), QStackedWidget()
        self._place()
        self.setFocusProxy(self.map)

    def _place(self) -> None:
        picture = Card("What rests on it, and what it rests on")
        picture.body.setSpacing(px(8))
        picture.body.addWidget(self.map, 1)
        picture.body.addWidget(self._way)
        picture.body.addWidget(self._stops)
        coming, past = Card("Coming windows", bleed=True), Card("History", bleed=True)
        for card, stack, view, nothing in (
            (
                coming,
                self._coming_stack,
                self.coming,
                "No window ahead touches it.",
            ),
            (past, self._history_stack, self.history, "Nothing was changed on it yet."),
        ):
            stack.addWidget(view)
            stack.addWidget(EmptyState(nothing))
            view.setMinimumHeight(px(90))
            card.body.addWidget(stack, 1)
        columns = Columns(left=3, right=2, below=760)
        columns.left.addWidget(picture, 1)
        columns.right.addWidget(coming, 1)
        columns.right.addWidget(past, 1)
        box = QVBoxLayout(self)
        box.setContentsMargins(px(22), px(16), px(22), px(16))
        box.addWidget(columns, 1)

    def show_ci(self, ci_id: str) -> None:
        """Another CI of the picture; `back` leads to the one before."""
        if self.ci_id and ci_id != self.ci_id:
            self._came_by.append(self.ci_id)
        self.ci_id = ci_id
        self.refresh()

    def begin(self, ci_id: str) -> None:
        """From the list: there is nothing to go back to but the list."""
        self._came_by.clear()
        self.ci_id = ci_id
        self.refresh()

    def back(self) -> bool:
        """To the CI seen before; False when there is none."""
        if not self._came_by:
            return False
        self.ci_id = self._came_by.pop()
        self.refresh()
        return True

    def refresh(self) -> None:
        if self.ci_id:
            self._ops.read(ci_page, self.ci_id, then=self._show, failed=self._on_gone)

    def _on_gone(self, error: ConsoleError) -> None:
        if not self.back():
            self._tell.error(error.sentence)
            self.gone.emit()

    def _show(self, page: CiPage) -> None:
        if page.id != self.ci_id:
            return
        self.page = page
        self.map.show_page(page)
        self._on_chosen(self.map.chosen_id)
        stops = ", ".join(page.stops)
        said = f"Services that stop with it: {stops}." if stops else "No service stops with it."
        self._stops.setText(f"{said} Maintenance hours: {page.hours}." if page.hours else said)
        self.coming.model_rows.apply([_coming_row(row) for row in page.coming])
        self._changes = {row.id: row for row in page.history}
        self.history.model_rows.apply([_change_row(row, page.zone) for row in page.history])
        self._coming_stack.setCurrentIndex(0 if page.coming else 1)
        self._history_stack.setCurrentIndex(0 if page.history else 1)
        self.changed.emit()

    def _on_chosen(self, key: str) -> None:
        page = self.page
        node = next((n for n in page.nodes if n.id == key), None) if page is not None else None
        if page is not None and node is not None:
            self._way.setText(spoken(page, node) + ".")

    def _on_opened(self, key: str) -> None:
        if key != self.ci_id:
            self.show_ci(key)

    def _on_coming(self, key: str) -> None:
        for row in self.page.coming if self.page is not None else ():
            if row.id == key:
                self.leads.emit(row.section, row.about)

    def _on_change(self, key: str) -> None:
        row = self._changes.get(key)
        if row is not None and row.evidence:
            self._tell.remark(f"{row.what}: {row.evidence}")


def _coming_row(row: ComingWindow) -> ListRow:
    through = f" · through {row.through}" if row.through else ""
    return ListRow(
        row.id,
        row.title,
        f"{row.window}{through} · {row.code}",
        pill=row.state.words if row.state is not None else "vendor",
        pill_tone=state_tone(row.state) if row.state is not None else Tone.PLAIN,
    )


def _change_row(row: ChangeRow, zone: str) -> ListRow:
    went = " → ".join(part for part in (row.before, row.after) if part)
    parts = (went, row.outage_code, row.by, row.external_number)
    return ListRow(
        row.id,
        row.what,
        " · ".join(part for part in parts if part),
        lead=speak_date(to_wall(row.at, zone).date()),
        pill="" if row.reviewed else "to review",
    )
