"""The window's side of handing the store over: what stops, and what a copy for reading says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from app.models.errors import ConsoleError
from app.services.ports import Clock
from app.services.rota.reading import next_coordinator
from app.services.settings.handed import handed
from app.services.settings.handing_over import ReadyToOpen, open_here, take_back
from app.views.ops import Ops
from app.views.settings.handing_card import HandingCard, HandingDesk
from app.views.settings.page import Part
from app.views.widgets.tone import Tone
from app.wiring.outside import Outside
from app.wiring.saying import Said

if TYPE_CHECKING:
    from app.wiring.window import Window


class HandingSide:
    """`gone`: the store here was handed over, so nothing leaves and nothing is changed."""

    def __init__(self, window: Window, outside: Outside) -> None:
        assert window.console is not None
        self._window = window
        store = window.console.store
        self.desk = HandingDesk(
            store,
            self._with_incoming,
            outside.stop,
            outside.start if window.syncs else lambda: None,
            lambda sentence: window.reopen_after(lambda _folder: Said(sentence, asks=True)),
            self._put_in_place,
            lambda: window.reopen_after(partial(_take_back, store.actor.name, window.clock)),
        )
        self.gone = self._look()

    def opening(self, beside: Ops) -> HandingCard:
        """For a laptop on which there is nothing to hand over yet."""
        window, desk = self._window, replace(self.desk, store=None)
        return HandingCard(beside, window.shell.notify, window.folder, desk)

    def _look(self) -> bool:
        try:
            found = handed(self._window.folder)
        except ConsoleError as trouble:
            self._window.shell.set_strip(trouble.sentence, tone=Tone.BAD, about="handed")
            return True
        if found is None:
            return False
        to_settings = partial(self._window.shell.goto, "settings", Part.STORE.value)
        self._window.shell.set_strip(
            f"{found.sentence} This copy is for reading; nothing leaves.",
            ("Open Settings", to_settings),
            tone=Tone.WARN,
            about="handed",
        )
        return True

    def _with_incoming(self, then: Callable[[str], object]) -> None:
        assert self._window.ops is not None
        self._window.ops.read(next_coordinator, then=then, owner=self._window.shell)

    def _put_in_place(self, made: ReadyToOpen) -> None:
        self._window.reopen_after(partial(_open, made, self._window.clock))


def _open(made: ReadyToOpen, clock: Clock, folder: Path) -> Said:
    opened = open_here(folder, made, clock)
    if not opened.restored.held:
        return Said(opened.sentence, asks=True)
    return Said(opened.sentence, asks=True, section="outbox", words="Open the Outbox")


def _take_back(who: str, clock: Clock, folder: Path) -> Said:
    return Said(take_back(folder, who, clock), asks=True)
