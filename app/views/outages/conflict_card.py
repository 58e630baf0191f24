"""What stands against the window as it is typed, and which windows near it are free."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout

from app.models.calendar.free import FreeWindow
from app.models.times import speak_window
from app.services.calendar.lead import Lead
from app.services.outages.brief import ConflictRow
from app.views.theme import px
from app.views.tones import severity_tone, severity_words
from app.views.widgets.labels import Words
from app.views.widgets.panels import Card, EmptyState, SentenceRow, button, clear, rule
from app.views.widgets.tone import Tone


class ConflictCard(Card):
    """`taken(Window)`: one of the free windows is to be the plan's."""

    taken = Signal(object)

    def __init__(self, look: Callable[[], object]) -> None:
        """`look` asks for the free windows of the plan as it is typed; they come by `show_free`."""
        super().__init__("Conflicts", "as you type")
        self.lead = Words("", "sub", wrap=True)
        self.lead.hide()
        self._found = QVBoxLayout()
        self._found.setSpacing(0)
        self._free = QVBoxLayout()
        self._free.setSpacing(0)
        tip = "Alt+F: the nearest windows of half a year with nothing against them"
        self.look = button("Find a free window", look, tone="link", tip=tip)
        self.body.addWidget(self.lead)
        self.body.addLayout(self._found)
        self.body.addWidget(self.look, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addLayout(self._free)
        self.look.hide()

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
        clear(self._free)
        worst = severity_tone(found[0].severity) if found else Tone.PLAIN
        self.show_as("Conflicts", of or "as you type", worst)
        self.look.setVisible(complete)
        self.look.setEnabled(True)
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
        clear(self._free)
        self.look.hide()
        self._found.addWidget(EmptyState(sentence))

    def wait(self) -> None:
        """The free windows are being looked for."""
        clear(self._free)
        self.look.setEnabled(False)
        self._free.addWidget(Words("Looking through half a year…", "muted"))

    def show_free(self, found: Sequence[FreeWindow]) -> None:
        """The focus goes to the first."""
        clear(self._free)
        self.look.setEnabled(True)
        self._free.addWidget(rule())
        self._free.addSpacing(px(8))
        if not found:
            none = "No window of the next half year is without a conflict at the hours looked at."
            self._free.addWidget(Words(none, "muted", wrap=True))
        for place, each in enumerate(found):
            said = speak_window(each.window)
            take = button("Take", partial(self.taken.emit, each.window))
            take.setAccessibleName(f"Take {said}")
            reasons = "; ".join(each.reasons)
            self._free.addWidget(SentenceRow(said, reasons, None, take, place > 0))
            if not place:
                take.setFocus()  # Enter takes the nearest
