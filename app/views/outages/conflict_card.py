"""What stands against the window as it is typed, and which windows near it are free."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout

from app.services.calendar.lead import Lead
from app.services.outages.brief import ConflictRow
from app.views.free_windows import FreeWindows
from app.views.tones import severity_tone, severity_words
from app.views.widgets.labels import Words
from app.views.widgets.panels import Card, EmptyState, SentenceRow, clear
from app.views.widgets.tone import Tone


class ConflictCard(Card):
    """`taken(Window)`: one of the free windows is to be the plan's."""

    taken = Signal(object)

    def __init__(self, look: Callable[[], object]) -> None:
        """`look` asks for the free windows of the plan as it is typed; they come by `free`."""
        super().__init__("Conflicts", "as you type")
        self.lead = Words("", "sub", wrap=True)
        self.lead.hide()
        self._found = QVBoxLayout()
        self._found.setSpacing(0)
        tip = "Alt+F: the nearest windows of half a year with nothing against them"
        self.free = FreeWindows(look, "Take", tip)
        self.free.taken.connect(self.taken)
        self.body.addWidget(self.lead)
        self.body.addLayout(self._found)
        self.body.addWidget(self.free)
        self.free.hide()

    def show_found(
        self,
        found: Sequence[ConflictRow],
        *,
        complete: bool,
        lead: Lead | None = None,
        of: str = "",
    ) -> None:
        """`complete`: there is a window and a service, so that something can be said; `lead`: by
        when people must hear of it; `of` which date of several it is about."""
        self._show_lead(lead)
        clear(self._found)
        self.free.forget()
        worst = severity_tone(found[0].severity) if found else Tone.PLAIN
        self.show_as("Conflicts", of or "as you type", worst)
        self.free.setVisible(complete)
        for place, row in enumerate(found):
            words, tone = severity_words(row.severity), severity_tone(row.severity)
            self._found.addWidget(SentenceRow(row.sentence, words, tone, None, place > 0))
        if not found:
            words = "Nothing stands against it." if complete else "Choose services and a window."
            self._found.addWidget(EmptyState(words))

    def _show_lead(self, lead: Lead | None) -> None:
        self.lead.setText(lead.sentence if lead is not None else "")
        self.lead.setVisible(lead is not None)

    def say(self, sentence: str) -> None:
        """Instead of conflicts: why they could not be looked for."""
        clear(self._found)
        self.free.forget()
        self.free.hide()
        self._found.addWidget(EmptyState(sentence))
