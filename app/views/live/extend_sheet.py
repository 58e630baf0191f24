"""A later end, with everything it would bring shown while it is chosen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.models.errors import ConsoleError
from app.models.live.clocks import coming
from app.models.live.extending import proposed_end
from app.models.severity import Severity
from app.models.times import speak_moment, speak_time, to_wall
from app.services.live.extending import ExtensionRows
from app.services.live.extending_words import (
    SEVERITY,
    decides,
    forecast_words,
    no_new_conflict,
    people_words,
    rest_words,
    way_back_words,
)
from app.services.live.rows import LiveRows
from app.views.theme import px
from app.views.widgets.flow import FlowLayout
from app.views.widgets.forecast_line import TONES
from app.views.widgets.labels import Words
from app.views.widgets.panels import button
from app.views.widgets.sheet import Ask, Sheet
from app.views.widgets.tone import Tone

WIDE = 620
PAUSE_MS = 250
"""So long after the last key it is looked at: rendering the notice takes a moment."""
QUICK = (15, 30, 60)
FAR = timedelta(hours=12)
"""A time of day that has passed is tomorrow’s: so much later, its day is said."""
_TONES = {Severity.BLOCK: Tone.BAD, Severity.WARN: Tone.WARN, Severity.NOTE: Tone.PLAIN}

COMMS = Tone.COMMS

Line = tuple[str, str, Tone | None]
Look = Callable[[datetime | None, str, Callable[[ExtensionRows], object]], object]
"""Asks for what an end (None: the one to propose) with a reason would mean."""


class ExtendSheet(Sheet):
    """Nothing is done before its act. `end()` raises BadInput for what is no time of day."""

    def __init__(self, parent: QWidget, rows: LiveRows, look: Look) -> None:
        self._rows = rows
        self._look = look
        old = _clock(rows, rows.promised_end)
        super().__init__(
            parent,
            "Extend",
            f"The end promised now is {old}. People are owed the new one.",
            [
                Ask("end", "New end", needed="Give the new end, such as 22:30."),
                Ask("why", "Why it takes longer", needed="Say why; people are told."),
            ],
            "Extend",
        )
        self._typed_at = rows.now
        self._found: ExtensionRows | None = None
        self._lines: list[Line] = []
        self._offers: list[tuple[QPushButton, str, Callable[[], datetime]]] = []
        self._quick = FlowLayout(gap=8)
        self._facts = QWidget()
        self._grid = QGridLayout(self._facts)
        self._grid.setContentsMargins(0, 0, px(8), 0)
        self._grid.setHorizontalSpacing(px(12))
        self._grid.setVerticalSpacing(px(6))
        self._grid.setColumnStretch(1, 1)
        self._notice = QPlainTextEdit()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._look_again)
        self._build()
        self._end.textChanged.connect(self._on_typed)
        for editor in (self._end, self._why):
            editor.textChanged.connect(lambda _text: self._pause.start())

    def propose(self) -> None:
        """Asks for the end that the forecast speaks for; call it once."""
        self._look(None, "", self._on_proposed)

    def follow(self, rows: LiveRows) -> None:
        """Time goes on while it is open: so do the ends offered and what the chosen one means."""
        self._rows = rows
        self._name_offers()
        if self._end.text() and not self._pause.isActive():
            self._look_again()

    def refuse(self, sentence: str) -> None:
        """Said once, not beside the same words."""
        super().refuse(sentence)
        self._say([line for line in self._lines if line[1] != sentence])

    def end(self) -> datetime:
        """As it was meant when it was typed: one that passes meanwhile is not tomorrow’s."""
        return coming(self._end.text(), self._typed_at, self._rows.zone)

    def _build(self) -> None:
        end, why = self.editor("end"), self.editor("why")
        assert isinstance(end, QLineEdit) and isinstance(why, QLineEdit)
        self._end, self._why = end, why
        for minutes in QUICK:
            self._offer(f"+{minutes} min", partial(self._later, minutes))
        self._notice.setReadOnly(True)
        self._notice.setTabChangesFocus(True)
        self._notice.setFixedHeight(px(120))
        self._notice.setAccessibleName("The extended notice as it would be drafted")
        inner = QWidget()
        inner.setProperty("part", "scroll")
        within = QVBoxLayout(inner)
        within.setContentsMargins(0, 0, 0, 0)
        within.setSpacing(px(10))
        within.addWidget(self._facts)
        within.addWidget(self._notice)
        within.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setMinimumHeight(self.room_for(320, beside=310))
        area.setWidget(inner)
        area.setAccessibleName("What the new end would mean")
        box = self.layout()
        assert isinstance(box, QVBoxLayout)
        box.addStrut(px(WIDE))
        box.insertLayout(3, self._quick)  # behind strut, title and words
        box.insertWidget(box.count() - 2, area, 1)

    def _on_typed(self) -> None:
        self._typed_at = self._rows.now

    def _later(self, minutes: int) -> datetime:
        return max(self._rows.promised_end, self._rows.now) + timedelta(minutes=minutes)

    def _kept_by_most(self) -> datetime:
        """What four of five such flights keep."""
        assert self._found is not None
        margin = replace(self._found.margin, promised=self._found.old_end)
        return proposed_end(margin, self._rows.now)

    def _offer(self, words: str, end: Callable[[], datetime]) -> None:
        made = button(words, lambda: self._end.setText(_clock(self._rows, end())))
        self._offers.append((made, words, end))
        self._quick.addWidget(made)
        self._name_offers()

    def _name_offers(self) -> None:
        for made, words, end in self._offers:
            said = f"{words} · {_clock(self._rows, end())}"
            made.setText(said)
            made.setAccessibleName(said)

    def _on_proposed(self, found: ExtensionRows) -> None:
        """What four of five such flights keep stands there, unless somebody was quicker."""
        self._found = found
        if found.margin.high > found.old_end:
            self._offer("80 %", self._kept_by_most)
        if not self._end.text():
            self._end.setText(_clock(self._rows, found.end))
            self._pause.stop()
            self._why.setFocus()
            self._show(found)

    def _look_again(self) -> None:
        try:
            end = self.end()
        except ConsoleError as error:
            self._object(error.sentence)
            return
        self._look(end, self._why.text().strip(), self._show)

    def _show(self, found: ExtensionRows) -> None:
        self._found = found
        if found.refusal:
            self._object(found.refusal)
            return
        lines = list(facts(found))
        if found.end - self._rows.promised_end > FAR:
            day = speak_moment(found.end, self._rows.zone)
            lines.insert(0, ("New end", f"{day}: that time has passed today", Tone.WARN))
        self._say(lines)
        notice = f"{found.subject}\n\n{found.text}"
        if notice != self._notice.toPlainText():
            self._notice.setPlainText(notice)
        self._notice.show()

    def _object(self, sentence: str) -> None:
        """It is no end to promise, so there is nothing to show of it."""
        self._say([] if self.refused == sentence else [("", sentence, Tone.WARN)])
        self._notice.hide()

    def _say(self, lines: list[Line]) -> None:
        if lines == self._lines:
            return
        self._lines = lines
        while (item := self._grid.takeAt(0)) is not None:
            if (gone := item.widget()) is not None:
                gone.hide()
                gone.deleteLater()
        for place, (label, words, tone) in enumerate(lines):
            top = Qt.AlignmentFlag.AlignTop
            self._grid.addWidget(Words(label, "muted"), place, 0, top)
            self._grid.addWidget(Words(words, "", tone, wrap=True), place, 1)


def facts(found: ExtensionRows) -> list[Line]:
    """What is to be known of the new end, each with the word for what it is about."""

    lines: list[Line] = [
        ("Forecast", forecast_words(found), TONES[found.margin.outlook]),
        ("Way back", way_back_words(found), None),
        ("Decides", decides(found), Tone.WARN if found.decider.who else None),
        *((SEVERITY[c.severity], c.sentence, _TONES[c.severity]) for c in found.clashes if c.new),
    ]
    if none := no_new_conflict(found):
        lines.append(("Conflicts", none, Tone.OK))
    lines.append(("Rest", rest_words(found), None))
    lines += [("Morning", words, None) for words in found.morning]
    for words in found.to_do:
        label, _, said = words.partition(": ")
        lines.append((label, said, None))
    lines.append(("Say", f"“{found.say}”", None))
    told = f"drafted for {people_words(found.told)}; sending it is yours"
    lines.append(("Notice", told if found.told else "drafted; nobody was told of it so far", COMMS))
    return lines


def _clock(rows: LiveRows, moment: datetime) -> str:
    return speak_time(to_wall(moment, rows.zone))
