"""A clock that was set back is said in a line over every page, Live among them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.services.database import organisation
from app.services.settings.clock_back import clock_back_words, last_written
from app.services.uow import UnitOfWork
from app.views.widgets.tone import Tone

if TYPE_CHECKING:
    from app.wiring.window import Window


class ClockWatch(QObject):
    """Nothing is said before `start`. The line goes once the clock is right again."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        assert window.ops is not None
        self._shell, self._ops, self._now = window.shell, window.ops, window.clock.now
        self._latest: datetime | None = None
        self._zone = ""

    def start(self) -> None:
        self._ops.read(_known, then=self._on_known, owner=self)

    def look(self) -> None:
        """What was seen while the window is open counts as known, too."""
        if self._latest is None:
            return
        now = self._now()
        words = clock_back_words(self._latest, now, self._zone)
        self._shell.set_strip(words, tone=Tone.BAD, about="clock")
        self._latest = max(now, self._latest)

    def _on_known(self, known: tuple[datetime | None, str]) -> None:
        latest, self._zone = known
        self._latest = latest or self._now()
        self.look()


def _known(uow: UnitOfWork) -> tuple[datetime | None, str]:
    return last_written(uow), organisation(uow).zone if uow.organisation_id else "UTC"
