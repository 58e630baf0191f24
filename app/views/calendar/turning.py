"""From the days shown to others: the header says those that are shown until the others come."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from app.models.calendar.spans import Span
from app.views.calendar.head import SpanHead
from app.views.calendar.ways import WaysBar
from app.views.theme import px

LATE_MS = 150
"""What takes longer says that it is on its way."""
COMPACT, SHORT = 880, 1080
"""Design pixels of the page: narrower, the header folds its acts into a menu; narrower than the
second it says the days in few letters."""


class Turning(QObject):
    """`wanted` was asked for, `seen` is shown. `turned` once the header says others."""

    turned = Signal()

    def __init__(self, ways: WaysBar, head: SpanHead, span: Span, over: QObject) -> None:
        super().__init__(over)
        self.wanted = self.seen = span
        self._ways = ways
        self._head = head
        self.compact = self._short = False
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.setInterval(LATE_MS)
        self._late.timeout.connect(lambda: ways.say(f"Turning to {self.wanted.words}…"))
        ways.show_way(span.way)
        head.show_span(span)

    @property
    def under_way(self) -> bool:
        return self.seen != self.wanted

    def to(self, span: Span) -> None:
        """The way to look is the press of a tab, and answers at once."""
        self.wanted = span
        self._ways.show_way(span.way)
        self._late.start()

    def arrive(self) -> None:
        """What is wanted is shown now."""
        self._late.stop()
        self._ways.say("")
        if self.under_way:
            self.seen = self.wanted
            self._show()

    def give_up(self) -> None:
        """It cannot be had: what is shown stays."""
        self.wanted = self.seen
        self._ways.show_way(self.seen.way)
        self.arrive()

    def fit(self, width: int) -> bool:
        """Into a page of that width; whether the header says its days in other words now."""
        was = self.compact, self._short
        self.compact, self._short = width < px(COMPACT), width < px(SHORT)
        changed = was != (self.compact, self._short)
        if changed:
            self._show()
        return changed

    def _show(self) -> None:
        self._head.show_span(self.seen, compact=self.compact, short=self._short)
        self.turned.emit()
