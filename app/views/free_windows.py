"""The windows near a wish that have nothing against them, each with its reasons and a button."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.models.calendar.free import FreeWindow
from app.models.times import Window, speak_date, speak_window
from app.views.theme import px
from app.views.widgets.forms import into_view
from app.views.widgets.labels import Dot, Words
from app.views.widgets.panels import button, clear, rule
from app.views.widgets.tone import Tone

NBSP, JOINED = "\u00a0", "\u2060"
"""A space, and no space, at which no line ends."""


class FreeWindows(QWidget):
    """`taken(Window)`: one of them is wanted."""

    taken = Signal(object)

    def __init__(self, look: Callable[[], object], take: str, tip: str) -> None:
        """`look` asks for them; they come by `show_found`. `take` is the word on each button."""
        super().__init__()
        self._word = take
        self._turns = False
        self.look = button("Find a free window", look, tone="link", tip=tip)
        self._found = QVBoxLayout()
        self._found.setSpacing(0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(6))
        column.addWidget(self.look, 0, Qt.AlignmentFlag.AlignLeft)
        column.addLayout(self._found)

    def forget(self) -> None:
        """What was found is of another wish, or nothing was."""
        clear(self._found)

    def wait(self) -> None:
        clear(self._found)
        self._found.addWidget(Words("Looking through half a year…", "muted"))

    def show_found(self, found: Sequence[FreeWindow]) -> None:
        """The focus goes to the first: Enter takes the nearest. What was found is scrolled to, as
        it comes under the conflicts, where a side of the calendar has no room."""
        clear(self._found)
        self._found.addWidget(rule())
        self._found.addSpacing(px(8))
        if not found:
            none = "No window of the next half year is without a conflict at the hours looked at."
            self._found.addWidget(Words(none, "muted", wrap=True))
        for place, each in enumerate(found):
            row = _FreeRow(each, self._word, self.taken.emit, separated=place > 0)
            self._found.addWidget(row)
            if not place:
                row.take.setFocus()
        self._turns = True

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What was found is laid out only now."""
        super().resizeEvent(event)
        if self._turns:
            QTimer.singleShot(0, self, self._turn_to_found)

    def _turn_to_found(self) -> None:
        """All of them where they fit; else the first whole."""
        self._turns = False
        into_view(self)
        first = self.findChild(_FreeRow)
        if first is not None:
            into_view(first)


class _FreeRow(QWidget):
    """Its window with the button, and the reasons as wide as there is room: a side of the calendar
    is narrow."""

    def __init__(
        self, free: FreeWindow, word: str, take: Callable[[Window], object], *, separated: bool
    ) -> None:
        super().__init__()
        said, reasons = speak_window(free.window), f"{NBSP}· ".join(free.reasons)
        self.setAccessibleName(f"{said}. {reasons}")
        self.take = button(word, partial(take, free.window), spoken=f"{word} {said}")
        head = QHBoxLayout()
        head.setSpacing(px(10))
        head.addWidget(Dot(Tone.OK))
        head.addWidget(Words(_kept(free.window), wrap=True), 1)
        head.addWidget(self.take)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, px(8))
        column.setSpacing(px(4))
        if separated:
            column.addWidget(rule())
        column.addLayout(head)
        column.addWidget(Words(reasons, "sub", wrap=True))


def _kept(window: Window) -> str:
    """Its times for a narrow place: a line ends after the day; of a night, before the second."""
    said, day = speak_window(window), speak_date(window.start.date())
    times = said.removeprefix(f"{day} ").replace(" ", NBSP)
    if window.start.date() != window.end.date():
        return f"{day.replace(' ', NBSP)}{NBSP}{times}"
    return f"{day.replace(' ', NBSP)} {times.replace('–', f'–{JOINED}')}"
