"""Another window for a date of a series and those after it, and what that gives."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.models.errors import ConsoleError
from app.models.times import Window, speak_date, speak_time
from app.services.calendar.series_preview import SplitPreview, preview_split
from app.services.calendar.series_reading import DateRow, SeriesRow
from app.views.ops import Ops
from app.views.outages.window_sheet import WindowSheet
from app.views.theme import px
from app.views.widgets.labels import Words
from app.views.widgets.panels import button, clear
from app.views.widgets.sheet import Ask

LOOK_MS = 300
"""After the last key."""


class SplitSheet(WindowSheet):
    """Its question is the rule. Of a start that is no date of it the next dates are offered."""

    def __init__(self, over: QWidget, ops: Ops, row: SeriesRow, date: DateRow) -> None:
        words = (
            "Flights nobody was told of move, one for one. Those that were announced or moved by "
            "hand stay as they are."
        )
        super().__init__(
            over,
            f"{row.code} from {said_due(date.due)} on",
            words,
            date.meant,
            "Go on like this",
            asks=(Ask("rule", "Repeats", hint=f"empty: {row.rule}"),),
        )
        self._ops = ops
        self._series_id = row.id
        self._asked = 0
        self._gives = Words("", "sub", wrap=True)
        self._gives.hide()
        self._offers = QHBoxLayout()
        self._offers.setSpacing(px(10))
        box = self.layout()
        assert isinstance(box, QVBoxLayout)
        box.insertWidget(5, self._gives)  # below the window and the rule
        box.insertLayout(6, self._offers)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(LOOK_MS)
        self._soon.timeout.connect(self._look)
        self.field.changed.connect(self._soon.start)
        rule = self.editor("rule")
        assert isinstance(rule, QLineEdit)
        rule.textEdited.connect(self._soon.start)

    @property
    def said(self) -> str:
        """What it gives, as it is shown."""
        return self._gives.text()

    def _look(self) -> None:
        window = self.window_given()
        if window is None:
            return
        self._asked += 1
        asked = self._asked

        def told(found: SplitPreview) -> None:
            if asked == self._asked:
                self._show(found)

        def failed(refusal: ConsoleError) -> None:
            if asked == self._asked:
                self._show(SplitPreview(refusal.sentence, (), False))

        typed = self.answers()["rule"]
        self._ops.read(
            preview_split, self._series_id, window, typed, then=told, failed=failed, owner=self
        )

    def _show(self, found: SplitPreview) -> None:
        self._gives.setText(found.words)
        self._gives.show()
        clear(self._offers)
        for window in () if found.fits else found.first:
            self._offers.addWidget(self._offer(window))
        if self._offers.count():
            self._offers.addStretch(1)
        self.adjustSize()

    def _offer(self, window: Window) -> QWidget:
        return button(said_due(window.start), lambda: self.field.start_at(window.start_utc))


def said_due(due: datetime) -> str:
    return f"{speak_date(due.date())} {due.year} {speak_time(due)}"
