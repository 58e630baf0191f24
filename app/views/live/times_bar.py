"""What is to be said to the crew about its times: proposed on Live, sent with one key."""

from __future__ import annotations

from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy, QWidget

from app.services.live.crew_rows import CrewTimes
from app.views.live.times_sheet import TimesDesk
from app.views.live.times_words import due_words, send_words, title
from app.views.notify import CountsDown
from app.views.ops import Ops
from app.views.theme import px
from app.views.widgets.labels import Wrapped
from app.views.widgets.panels import Card, button
from app.views.widgets.tone import Tone

NARROW = 420
"""Narrower than this (design pixels) the buttons stand under the words."""


class TimesBar(Card):
    """Hidden while everybody knows their times. Ctrl+T on `page` sends what it proposes,
    Ctrl+Shift+T shows the words first."""

    def __init__(self, ops: Ops, notify: CountsDown, page: QWidget) -> None:
        super().__init__("Times of the crew", tone=Tone.COMMS, dot=True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._desk = TimesDesk(ops, notify, page)
        self._notify = notify
        self._outage_id, self._sends, self._due = "", True, False
        self._words = Wrapped()
        self._send = button("", self.send, tip="To each their own mail, in ten seconds; Ctrl+T")
        # beside the words, which wrap; the head would need its whole width
        self._line = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._line.setSpacing(px(10))
        self._line.addWidget(self._words, 1)
        acts = QHBoxLayout()
        acts.setSpacing(px(10))
        acts.addStretch(1)
        acts.addWidget(button("Look…", self.look, spoken="Look at the times", tip="Ctrl+Shift+T"))
        acts.addWidget(self._send)
        self._line.addLayout(acts)
        self.body.addLayout(self._line)
        for keys, act in (("Ctrl+T", self.send), ("Ctrl+Shift+T", self.look)):
            QShortcut(QKeySequence(keys), page).activated.connect(act)
        self.hide()

    def show_rows(self, rows: CrewTimes) -> None:
        self._outage_id, self._sends = rows.outage_id, rows.sends
        self._due = bool(rows.due)
        if not rows.due:
            self.hide()
            return
        words = send_words(rows)
        self.show_as(title(rows))
        self._words.setText(due_words(rows))
        self._send.setText(f"{words}  Ctrl+T")
        self._send.setAccessibleName(words)
        self._send.setVisible(bool(words))
        self.show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < px(NARROW)
        ways = QBoxLayout.Direction
        way = ways.TopToBottom if narrow else ways.LeftToRight
        if self._line.direction() != way:
            self._line.setDirection(way)

    def send(self) -> None:
        """Without an account each mail is opened in the mail program, from the sheet."""
        if self._outage_id and not self._due:
            self._notify.remark("Everybody knows their times as they are forecast.")
        elif self._outage_id and self._sends:
            self._desk.send(self._outage_id)
        else:
            self.look()

    def look(self) -> None:
        if self._outage_id:
            self._desk.open(self._outage_id)
