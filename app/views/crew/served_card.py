"""Where the board is served, what a phone will say about it, and the switch."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.services.crew.desk import CrewDesk
from app.views.crew.serves import Standing
from app.views.crew.words import grouped, proof_words, without
from app.views.theme import px
from app.views.widgets.flow import FlowLayout
from app.views.widgets.labels import Words
from app.views.widgets.panels import Card, button, focus_within
from app.views.widgets.tone import Tone, set_tone


class ServedCard(Card):
    """Asks for its acts: `againWanted` to be served as last, `restWanted` links for who joined."""

    settingsWanted = Signal()
    againWanted = Signal()
    offWanted = Signal()
    restWanted = Signal()

    def __init__(self) -> None:
        super().__init__("Crew board", dot=True)
        self.body.setSpacing(px(8))
        self.sentence = Words("", wrap=True)
        self.rest = Words("", "", Tone.WARN, wrap=True)
        self.phone = Words("", "muted", wrap=True)
        self.fingerprint = Words("", "mono", wrap=True)
        line = QWidget()
        acts = FlowLayout(line, 8)
        self.again = button("Start again", self.againWanted.emit)
        self.make = button("Make their links", self.restWanted.emit)
        self.settings = button("Where and how…", self.settingsWanted.emit)
        self.off = button("Switch off", self.offWanted.emit, tip="Every link opens nothing then")
        for made in (self.again, self.make, self.settings, self.off):
            acts.addWidget(made)
        for part in (self.sentence, self.rest, self.phone, self.fingerprint, line):
            self.body.addWidget(part)

    def show_served(
        self, desk: CrewDesk, standing: Standing, sentence: str, tone: Tone, *, busy: bool
    ) -> None:
        self._keep_keyboard(standing, desk, busy=busy)
        here = "on another console" if desk.served.elsewhere else "not served"
        self.show_as("Crew board", "on" if standing.is_served else here, tone)
        self.sentence.setText(sentence)
        set_tone(self.sentence, tone if tone in (Tone.WARN, Tone.BAD) else "")
        more = without(desk)
        self.rest.setText(f"No link: {', '.join(more)}." if more else "")
        self.rest.setVisible(bool(more))
        self.make.setVisible(bool(more) and not desk.why_not)
        said = proof_words(standing)
        self.phone.setText(said)
        self.phone.setVisible(bool(said))
        self.fingerprint.setText(grouped(standing.fingerprint))
        self.fingerprint.setAccessibleName(f"SHA-256 fingerprint {standing.fingerprint}")
        self.fingerprint.setVisible(bool(standing.fingerprint))
        self.again.setVisible(not standing.is_served and not busy)
        self.settings.setEnabled(not busy)
        if self.hasFocus() and not busy:
            self.settings.setFocus()

    def _keep_keyboard(self, standing: Standing, desk: CrewDesk, *, busy: bool) -> None:
        """Of a button that goes it stays here, on nothing, and comes back to *Where and how*: Qt
        would hand it on to *Switch off*, which a key would press."""
        going = {
            self.again: standing.is_served or busy,
            self.make: not without(desk) or bool(desk.why_not),
            self.settings: busy,
        }
        held = focus_within(self)
        if any(held is each and goes for each, goes in going.items()):
            self.setFocus()
