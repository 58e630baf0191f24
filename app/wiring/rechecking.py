"""Windows to come are looked at again when what is around them changed: a thread beside the
window, how far it is at the foot of the rail, and what it found, said once."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QObject, Signal, SignalInstance

from app.models.errors import ConsoleError
from app.models.outages.errands import Errand
from app.services.calendar.rechecking import news_words, recheck
from app.services.database import Store
from app.services.events import (
    CalendarChanged,
    ChangedElsewhere,
    DirectoryChanged,
    Event,
    OutageChanged,
    TakenBack,
)
from app.services.working import Stopped, Work

if TYPE_CHECKING:
    from app.wiring.window import Window

QUIET_S = 2.0
"""A burst of acts is one look."""
PATIENCE_S = 0.3
EVERY_S = 24 * 3600.0
STOP_S = 5.0
_AROUND = (CalendarChanged, ChangedElsewhere, DirectoryChanged, OutageChanged, TakenBack)

_log = logging.getLogger(__name__)


class Rechecker:
    """Looks at all windows to come: once at the start, once a day, and after each change.

    `moved(done, total)` hears of a look that takes a while, at its end with done = total;
    `found` of the outages with fresh news. Both are called on its own thread.
    """

    def __init__(
        self,
        store: Store,
        moved: Callable[[int, int], object],
        found: Callable[[tuple[str, ...]], object],
    ) -> None:
        self._store = store
        self._moved, self._found = moved, found
        self._wake, self._stop = threading.Event(), threading.Event()
        self._unsubscribe = store.bus.subscribe(self._on_event)
        self._thread = threading.Thread(target=self._run, name="recheck", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._unsubscribe()
        self._stop.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(STOP_S)

    def _on_event(self, event: Event) -> None:
        if isinstance(event, _AROUND):
            self._wake.set()

    def _run(self) -> None:
        while not self._stop.wait(QUIET_S):
            self._wake.clear()
            self._look()
            self._wake.wait(EVERY_S)

    def _look(self) -> None:
        begun = time.monotonic()
        said = False

        def tell(done: int, total: int) -> None:
            nonlocal said
            if said or time.monotonic() - begun > PATIENCE_S:
                said = True
                self._moved(done, total)

        try:
            fresh = recheck(self._store, Work(tell, self._stop)).fresh
        except Stopped:
            return
        except ConsoleError as refusal:  # a full disk: Today shows what was known before
            _log.warning("windows to come were not looked at again: %s", refusal.sentence)
        except RuntimeError:
            _log.info("the store was closed while windows were looked at again")
        else:
            if fresh:
                self._found(fresh)
        if said:
            self._moved(0, 0)


class RecheckSide(QObject):
    """What the window shows of it."""

    _moved = Signal(int, int)
    _found = Signal(object)

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        assert window.console is not None
        self._window, self._shell = window, window.shell
        self._moved.connect(self._on_moved)
        self._found.connect(self._on_found)
        self._rechecker = Rechecker(
            window.console.store,
            self._told(self._moved),
            self._told(self._found),
        )
        window.leaving.connect(self._rechecker.stop)
        self._rechecker.start()

    def _told(self, signal: SignalInstance) -> Callable[..., None]:
        """`signal.emit`, unless the window is gone."""

        def emit(*what: object) -> None:
            if shiboken6.isValid(self):
                signal.emit(*what)

        return emit

    def _on_moved(self, done: int, total: int) -> None:
        self._shell.set_busy(done < total, f"Checking windows: {done} of {total}")

    def _on_found(self, fresh: tuple[str, ...]) -> None:
        if self._window.ops is not None:
            self._window.ops.read(news_words, fresh, then=self._say, owner=self)

    def _say(self, said: tuple[str, str]) -> None:
        sentence, outage_id = said
        pages = self._window.pages
        if not sentence or pages is None:
            return
        act: tuple[str, Callable[[], object]] = ("Today", lambda: self._shell.goto("today"))
        if outage_id:
            act = ("Open", lambda: pages.go("outages", outage_id, Errand.OPEN.value))
        self._shell.notify.remark(sentence, action=act, warn=True)
