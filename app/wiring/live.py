"""Live in the main window, and once more in a window of its own."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from app.views.live.own_screen import OwnScreen
from app.views.live.page import LivePage
from app.views.shell import Shell


class LiveWindows(QObject):
    """`make` builds a page that is connected to everything but the shell's second."""

    def __init__(self, shell: Shell, make: Callable[[], LivePage]) -> None:
        super().__init__(shell)
        self._shell = shell
        self._make = make
        self._own: OwnScreen | None = None
        self._looked_at = ""

    def looked_at(self) -> str:
        """The id of the outage that was opened last, here or in its workspace; may be empty."""
        return self._looked_at

    def look(self, outage_id: str) -> None:
        """An outage was opened."""
        self._looked_at = outage_id or self._looked_at

    def go(self, outage_id: str) -> None:
        """Live to the front, with this outage; without one as its rail button does."""
        self.look(outage_id)
        self._shell.goto("live", *([outage_id] if outage_id else []))

    def page(self) -> LivePage:
        """The main window's."""
        page = self._make()
        page.looked_at = self.looked_at
        page.badgeChanged.connect(
            lambda words, spoken: self._shell.set_count("live", words, spoken)
        )
        page.ownScreenRequested.connect(self.open)
        page.wantedFront.connect(lambda: self._shell.goto("live"))
        self._shell.ticked.connect(page.tick)
        return page

    def open(self, chosen: str = "") -> None:
        """Live once more, in a window beside this one; asked for again, that one comes up."""
        if self._own is None:
            page = self._make()
            page.looked_at = self.looked_at
            page.alone()
            self._own = OwnScreen(page, QGuiApplication.screens(), self._shell.screen())
            self._own.closed.connect(self._on_closed)
            self._shell.ticked.connect(self._own.tick)
            page.activate(*([chosen] if chosen else []))
            self._own.show()
            page.setFocus()
        self._own.raise_()
        self._own.activateWindow()

    def close(self) -> None:
        if self._own is not None:
            self._own.close()

    def _on_closed(self) -> None:
        self._own = None
