"""Live in the main window, and once more in a window of its own."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSettings
from PySide6.QtGui import QGuiApplication

from app.models.live.sides import Side
from app.views.live.comms_page import CommsPage
from app.views.live.own_screen import OwnScreen
from app.views.live.page import LivePage
from app.wiring.palette import Going

if TYPE_CHECKING:
    from app.wiring.window import Window

OPEN = "live/open"
WHOLE = "whole"
"""How Live with both sides is kept, whose window has no side."""


class LiveWindows(QObject):
    """`make` builds a page that is connected to everything but the shell's second, and
    `make_comms` the communication side. What stood where is kept in the window’s settings."""

    def __init__(
        self,
        window: Window,
        make: Callable[[], LivePage],
        make_comms: Callable[[], CommsPage],
        undo: Callable[[], object],
    ) -> None:
        super().__init__(window.shell)
        self._undo = undo
        self._shell = window.shell
        self._make, self._make_comms = make, make_comms
        self._settings = window.settings
        self._leaving = False
        self._own: dict[str, OwnScreen] = {}
        self._main: LivePage | None = None
        self._stood: tuple[str, ...] = self._kept()
        """Which windows were open when the console was left, or killed."""
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
        self._main = page = self._make()
        page.looked_at = self.looked_at
        page.badgeChanged.connect(
            lambda words, spoken: self._shell.set_count("live", words, spoken)
        )
        page.ownScreenRequested.connect(self.open)
        page.wantedFront.connect(lambda: self._shell.goto("live"))
        page.headerChanged.connect(self._stand_again)
        self._shell.ticked.connect(page.tick)
        return page

    def _stand_again(self) -> None:
        """In a flight the windows come back that stood beside it, once."""
        if self._main is not None and self._main.alert:
            stood, self._stood = self._stood, ()
            for side in stood:
                self.open(side)

    def _kept(self) -> tuple[str, ...]:
        if self._settings is None:
            return ()
        kept = QSettings(str(self._settings), QSettings.Format.IniFormat).value(OPEN, "")
        known = {WHOLE, *(side.value for side in Side)}
        return tuple(each for each in str(kept).split(" ") if each in known)

    def _keep(self) -> None:
        if self._settings is not None:
            stood = " ".join(side or WHOLE for side in self._own)
            QSettings(str(self._settings), QSettings.Format.IniFormat).setValue(OPEN, stood)

    def open(self, side: str = "", chosen: str = "") -> None:
        """Live once more, or one side of it, in a window beside this one; asked for again, that
        one comes up."""
        side = "" if side == WHOLE else side
        own = self._own.get(side)
        if own is None:
            own = self._own[side] = self._opened(side, chosen)
            self._keep()
        elif chosen and side == Side.COMMUNICATION:
            own.page.activate(chosen)
        own.raise_()
        own.activateWindow()

    def _opened(self, side: str, chosen: str) -> OwnScreen:
        page: LivePage | CommsPage
        if side == Side.COMMUNICATION:
            page = self._make_comms()
        else:
            page = self._make()
            page.looked_at = self.looked_at
            page.alone(Side(side) if side else None)
            page.ownScreenRequested.connect(self.open)
        name = Side(side).words if side else "Live"
        own = OwnScreen(
            page,
            QGuiApplication.screens(),
            self._shell.screen(),
            name,
            self._settings,
            self._shell.notify,
        )
        own.undoWanted.connect(self._undo)
        own.closed.connect(lambda: self._on_closed(side))
        self._shell.ticked.connect(own.tick)
        chosen = chosen or (self._main.outage_id if self._main is not None else "")
        page.activate(*([chosen] if chosen else []))
        own.show()
        page.setFocus()
        return own

    def offer(self, going: Going) -> None:
        """In the palette."""
        found = (
            ("Live on its own screen", "a second screen · Shift+F11 on Live", ""),
            (
                f"{Side.FIX.words} in a window of its own",
                "one of the two sides, on a second screen · Ctrl+F11 on Live",
                Side.FIX.value,
            ),
            (
                f"{Side.COMMUNICATION.words} in a window of its own",
                "one of the two sides, on a second screen · Ctrl+Shift+F11 on Live",
                Side.COMMUNICATION.value,
            ),
        )
        for words, keys, side in found:
            going.offer(
                words,
                keys,
                partial(self.open, side),
                when=lambda: self._shell.has_section("live"),
            )

    def close(self) -> None:
        """The console is left: what stands open now does so again in the next flight."""
        self._leaving = True
        for own in list(self._own.values()):
            own.close()

    def _on_closed(self, side: str) -> None:
        self._own.pop(side, None)
        if not self._leaving:
            self._keep()
