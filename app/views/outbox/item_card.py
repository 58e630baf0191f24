"""One item of the Outbox: its facts, its messages, and what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QVBoxLayout, QWidget

from app.models.outbox import PartState
from app.models.outbox_pace import Arrival
from app.services.outbox.reading import Can, OutboxRow, PartRow
from app.views.outbox.words import facts, part_lines, rest
from app.views.theme import px
from app.views.widgets.flow import FlowLayout
from app.views.widgets.labels import Words
from app.views.widgets.listing import ListView
from app.views.widgets.panels import Card, EmptyState, button


class ItemCard(Card):
    """Emits `wanted(what)`: send_now, hold, take_back, route, export, say, outlook, whom, open."""

    wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__("Nothing chosen")
        self.body.setSpacing(px(12))
        self._empty = EmptyState("Choose something in the list to see whom it goes to and why.")
        self.body.addWidget(self._empty)
        self._inner = QWidget()
        self.body.addWidget(self._inner, 1)
        box = QVBoxLayout(self._inner)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(px(12))
        self.subject = Words("", "title", wrap=True)
        box.addWidget(self.subject)
        self._facts = QWidget()
        self._grid = QGridLayout(self._facts)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(px(16))
        self._grid.setVerticalSpacing(px(6))
        self._grid.setColumnStretch(1, 1)
        box.addWidget(self._facts)
        self.rest = Words("", "muted", wrap=True)
        box.addWidget(self.rest)
        self.say = self._button("say", "Say what you see in Outlook…", tone="primary")
        self.send = self._button("send_now", "Send now  Ctrl+⏎")
        self.hold = self._button("hold", "Hold  H")
        self.take_back = self._button("take_back", "Take back  Del")
        self.route = self._button("route", "Who sends it…")
        self.export = self._button("export", "Save as files instead")
        self.outlook = self._button("outlook", "Open in Outlook")
        self.whom = self._button("whom", "Whom it goes to", tone="link")
        self.open = self._button("open", "Open the outage", tone="link")
        acts = QWidget()
        line = FlowLayout(gap=8)
        for each in (
            self.say, self.send, self.hold, self.take_back, self.route, self.export, self.outlook,
            self.whom, self.open,
        ):  # fmt: skip
            line.addWidget(each)
        acts.setLayout(line)
        box.addWidget(acts)
        self.parts = ListView("Messages of this item", lead_width=24)
        self.parts.opened.connect(lambda _key: self.wanted.emit("outlook"))
        self._links: dict[str, str] = {}
        self._link, self._within_reach = "", True
        box.addWidget(self.parts, 1)
        box.addStretch(0)
        self.show_row(None)

    def _button(self, what: str, words: str, tone: str = "") -> QPushButton:
        return button(words, lambda: self.wanted.emit(what), tone=tone)

    def show_row(self, row: OutboxRow | None) -> None:
        self._empty.setVisible(row is None)
        self._inner.setVisible(row is not None)
        self._links = {}
        if row is None:
            self.show_as("Nothing chosen")
            return
        self.show_as(row.words, row.standing.words)
        self.subject.setText(row.subject)
        self.subject.setVisible(bool(row.subject))
        self._fill(row)
        self.say.setVisible(Can.SAY in row.can)
        self.send.setVisible(Can.SEND_NOW in row.can)
        self.hold.setText("Release  H" if Can.RELEASE in row.can else "Hold  H")
        self.hold.setVisible(bool({Can.HOLD, Can.RELEASE} & row.can))
        self.take_back.setVisible(Can.TAKE_BACK in row.can)
        self.route.setVisible(Can.ROUTE in row.can)
        self.export.setVisible(Can.EXPORT in row.can)
        self._link, self._within_reach = row.web_link, not row.lies_with
        self.outlook.setVisible(bool(self.link()))
        self.whom.setVisible(row.reach > 0)
        self.open.setVisible(bool(row.outage_id))

    def show_rest(self, found: Arrival | None, zone: str) -> None:
        self.rest.setText(rest(found, zone) if found is not None else "")
        self.rest.setVisible(found is not None)

    def link(self) -> str:
        """Where Outlook shows the message chosen below, else the first that is still a draft."""
        chosen = self.parts.current()
        found = self._links.get(chosen.key, "") if chosen is not None else ""
        return found or next(iter(self._links.values()), self._link)

    def show_parts(self, rows: Sequence[PartRow], zone: str) -> None:
        drafts = [e for e in rows if e.state is PartState.DRAFTED and self._within_reach]
        self._links = {each.id: each.web_link for each in drafts if each.web_link}
        self.outlook.setVisible(bool(self.link()))
        self.parts.model_rows.apply(part_lines(rows, zone))
        self.parts.setVisible(len(rows) > 1)

    def _fill(self, row: OutboxRow) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        for place, (label, words) in enumerate(facts(row)):
            self._grid.addWidget(Words(label, "muted"), place, 0, Qt.AlignmentFlag.AlignTop)
            said = Words(words, wrap=True)
            said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._grid.addWidget(said, place, 1)
