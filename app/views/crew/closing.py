"""Before the window closes: phones that look at the crew board lose it then."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from app.views.crew.serves import Standing, Stands
from app.views.widgets.sheet import Sheet


class CrewClosing:
    """`may_close` is asked by the window, which stays open on False: then people are asked, and
    their yes closes it."""

    def __init__(self, window: QWidget, standing: Callable[[], Standing]) -> None:
        self._window = window
        self._standing = standing
        self._said_yes = False

    def may_close(self) -> bool:
        standing = self._standing()
        phones = len(standing.connected) if standing.how is Stands.ON else 0
        if self._said_yes or not phones:
            return True
        are = "1 phone is" if phones == 1 else f"{phones} phones are"
        sheet = Sheet(
            self._window,
            "Close the console, and the crew board with it?",
            f"{are} connected. They keep what is tapped, and send it once the board is served "
            "again; until then nobody sees the flight there.",
            (),
            "Close both",
            no_words="Stay",
        )
        sheet.answered.connect(lambda _: self._close(sheet))
        sheet.open()
        return False

    def _close(self, sheet: Sheet) -> None:
        sheet.accept()
        self._said_yes = True
        QTimer.singleShot(0, self._window.close)  # once the sheet is gone
