"""The calendar's place in the header: which month, and the way to another."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.models.calendar.month import Month
from app.views.icons import icon
from app.views.theme import Token, px
from app.views.widgets.labels import Words
from app.views.widgets.panels import button


class MonthHead(QWidget):
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
        self._month = button("", self.jumpRequested.emit, tip="Go to a day (G)")
        self._month.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        line.addWidget(self._back)
        line.addWidget(self._month)
        line.addWidget(self._on)
        line.addStretch(1)

    def show_month(self, month: Month, *, compact: bool = False) -> None:
        """`compact` where the header is short of room."""
        self._title.setVisible(not compact)
        self._month.setText(month.short if compact else month.words)
        self._month.setAccessibleName(f"{month.words}, go to another day")
