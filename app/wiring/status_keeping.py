"""The status page is kept as what people were told: a thread that writes it, and what the window
says when it could not."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.services.database import Store
from app.services.events import (
    ChangedElsewhere,
    ChangesReviewed,
    DirectoryChanged,
    Event,
    NoticesChanged,
    OutageChanged,
    OutboxChanged,
    StatusPageChanged,
)
from app.services.status.writing import StatusReport, StatusState, StatusWriter
from app.views.settings.page import Part

if TYPE_CHECKING:
    from app.wiring.window import Window

EVERY_S = 30.0
"""What is upcoming begins by the clock alone; a folder that was gone may be there again."""
GAP_S = 2.0
STOP_S = 5.0
_SHOWN = (
    ChangedElsewhere,
    ChangesReviewed,
    DirectoryChanged,
    NoticesChanged,
    OutageChanged,
    OutboxChanged,
)

_log = logging.getLogger(__name__)


class StatusKeeping:
    """One turn after another, until no folder is chosen any more."""

    def __init__(self, store: Store) -> None:
        self._bus = store.bus
        self._writer = StatusWriter(store)
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._ending, self._ended = threading.Lock(), False
        self._said: StatusReport | None = None
        self._unsubscribe = self._bus.subscribe(self._on_event)
        self._thread = threading.Thread(target=self._run, name="status-page", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def wake(self) -> bool:
        """False when it has come to its end, as no folder was chosen."""
        with self._ending:
            self._wake.set()
            return not self._ended

    def stop(self) -> None:
        """After a last turn, unless the folder does not answer."""
        self._stopping.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(STOP_S)

    def _on_event(self, event: Event) -> None:
        if isinstance(event, _SHOWN):
            self._wake.set()

    def _run(self) -> None:
        while True:
            last = self._stopping.is_set()
            self._wake.clear()
            report = self._turn()
            self._say(report)
            if last or (report.state is StatusState.NONE and self._ends()):
                self._unsubscribe()
                return
            self._wake.wait(EVERY_S)
            self._stopping.wait(GAP_S)  # a burst of acts is one turn

    def _ends(self) -> bool:
        with self._ending:
            self._ended = not self._wake.is_set()
            return self._ended

    def _turn(self) -> StatusReport:
        try:
            return self._writer.turn()
        except Exception:  # noqa: BLE001  (whatever it is: said, logged, tried again)
            _log.exception("the status page met a fault")
            why = "A fault in the console itself; details are in its log file."
            return StatusReport(StatusState.BEHIND, why)

    def _say(self, report: StatusReport) -> None:
        before, self._said = self._said, report
        same = before is not None and (before.state, before.why) == (report.state, report.why)
        if not (same or self._stopping.is_set()):
            self._bus.publish(StatusPageChanged("", report.state, report.why))


class StatusSide(QObject):
    """Implements `Publishing` of the Settings. Nothing is written before `start`."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        assert window.console is not None and window.bridge is not None
        self._store = window.console.store
        self._shell = window.shell
        self._keeping: StatusKeeping | None = None
        self._may = False
        self._told = ""
        self.last: StatusPageChanged | None = None
        window.bridge.happened.connect(self._on_event)

    def start(self) -> None:
        self._may = True
        self.look()

    def look(self) -> None:
        """Another folder was chosen, or none any more."""
        if not self._may:
            return
        if self._keeping is not None and self._keeping.wake():
            return
        self._keeping = StatusKeeping(self._store)
        self._keeping.start()

    def stop(self) -> None:
        self._may = False
        if self._keeping is not None:
            self._keeping.stop()
            self._keeping = None

    def _on_event(self, event: object) -> None:
        if not isinstance(event, StatusPageChanged):
            return
        self.last = event
        if self._told:
            self._shell.notify.withdraw(self._told)
            self._told = ""
        if event.state == StatusState.BEHIND:
            self._told = event.why
            go = ("Settings", lambda: self._shell.goto("settings", Part.COMPUTER.value))
            self._shell.notify.error(event.why, action=go)
