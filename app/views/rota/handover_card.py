"""The end of the turn: its notes, its pack, and whether whoever comes acknowledged it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtWidgets import QHBoxLayout

from app.models.reports.document import Document
from app.models.rota.pack import pack_document
from app.models.times import speak_date
from app.services.rota.looking import HandoverRows
from app.services.rota.pack import pack_data
from app.views.ops import Ops
from app.views.rota.notes import Notes
from app.views.theme import px
from app.views.widgets.labels import Words
from app.views.widgets.panels import Card, button
from app.views.widgets.tone import Tone

NAME = "Hand-over"


class Papers(Protocol):
    """What can be done with the pack on paper."""

    def preview(self, document: Document) -> object: ...

    def save_pdf(self, document: Document, name: str) -> None: ...


class HandoverCard(Card):
    """`on_acknowledge` is asked with what is shown; `on_store` leads to handing the store over."""

    def __init__(
        self,
        ops: Ops,
        papers: Papers,
        on_acknowledge: Callable[[], object],
        on_store: Callable[[], object],
    ) -> None:
        super().__init__(NAME)
        self._ops = ops
        self.body.setSpacing(px(8))
        self.said = Words("", wrap=True)
        self.notes = Notes(ops)
        self.notes.setMinimumHeight(px(96))
        self.body.addWidget(self.said)
        self.body.addWidget(self.notes, 1)
        line = QHBoxLayout()
        line.setSpacing(px(8))
        self.acknowledge = button("Acknowledge…", on_acknowledge)
        self.read = button("Read the pack", lambda: self._with(papers.preview))
        self.pdf = button(
            "Save as PDF…", lambda: self._with(lambda d: papers.save_pdf(d, "hand-over"))
        )
        for part in (self.acknowledge, self.read, self.pdf):
            line.addWidget(part)
        line.addStretch(1)
        self.body.addLayout(line)
        self.body.addWidget(
            button("Hand the whole store to another laptop…", on_store, tone="link")
        )

    def show_rows(self, rows: HandoverRows) -> None:
        over, done = rows.over, rows.done
        self.notes.show_notes(over, rows.notes, done=done is not None)
        self.acknowledge.setEnabled(bool(over.leaving_id) and done is None)
        if not over.leaving_id:
            self.said.setText("No turn ends. Who takes turns is set above; the pack can be read.")
            self.show_as(NAME, "", Tone.PLAIN)
            return
        ends = speak_date(over.ends)
        to = over.incoming or "nobody yet, as the rota has a gap"
        said = f"The turn of {over.leaving} ends {ends}. Next: {to}."
        if over.goes_on:
            said = f"{over.leaving} goes on: nobody else is in the rota, so no hand-over is due."
        self.said.setText(done.sentence if done is not None else said)
        asked = rows.asked and done is None
        state = "acknowledged" if done is not None else "not acknowledged" if asked else ""
        self.show_as(NAME, state, Tone.WARN if asked else Tone.PLAIN)

    def _with(self, act: Callable[[Document], object]) -> None:
        self._ops.read(pack_data, then=lambda data: act(pack_document(data)), owner=self)
