"""The calendar's place in the header: which days, and the way to others."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.models.calendar.spans import Span
from app.views.icons import icon
from app.views.theme import Token, px
from app.views.widgets.labels import Words
from app.views.widgets.panels import button


class SpanHead(QWidget):
    """`stepped(−1 or 1)`, `jumpRequested()`."""

    stepped = Signal(int)
    jumpRequested = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(px(6))
        self._title = Words("Calendar", "title")
        line.addWidget(self._title)
        line.addSpacing(px(8))
        self._back = button(
            "", lambda: self.stepped.emit(-1), spoken="The month before", tip="PgUp"
        )
        self._on = button("", lambda: self.stepped.emit(1), spoken="The next month", tip="PgDn")
        for made, name in ((self._back, "caret-left"), (self._on, "caret-right")):
            made.setIcon(icon(name, Token.TEXT))
            made.setFixedWidth(px(30))
        self._when = button("", self.jumpRequested.emit, tip="Go to a day (G)")
        self._when.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        line.addWidget(self._back)
        line.addWidget(self._when)
        line.addWidget(self._on)
        line.addStretch(1)

    def show_span(self, span: Span, *, compact: bool = False, short: bool = False) -> None:
        """In few letters when `short` or `compact`, which has no room for the title either."""
        self._title.setVisible(not compact)
        self._when.setText(span.short if compact or short else span.words)
        self._when.setAccessibleName(f"{span.words}, go to another day")
        self._back.setAccessibleName(f"The {span.way.noun} before")
        self._on.setAccessibleName(f"The next {span.way.noun}")
