"""The thread that keeps the second folder as the store is."""

from __future__ import annotations

import logging
import threading

from app.services.database import Store
from app.services.events import Event, SecondFolderChanged
from app.services.settings.second_writing import SecondFolder, SecondReport, SecondState
from app.services.working import Work

EVERY_S = 2.0
GAP_S = 0.5
"""Between two turns: a burst of acts is one line of writing on a slow stick."""
STOP_S = 5.0

_log = logging.getLogger(__name__)


class SecondKeeping:
    """One turn after another: at once when something happened, and every two seconds."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._writer = SecondFolder(store.folder, store.actor.name)
        self._work = Work()
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._said: tuple[SecondState, str] | None = None
        self._unsubscribe = store.bus.subscribe(self._on_event)
        self._thread = threading.Thread(target=self._run, name="second-folder", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """After a last turn, unless the folder does not answer."""
        self._unsubscribe()
        self._stopping.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(STOP_S)
        self._work.stop.set()

    def _on_event(self, event: Event) -> None:
        if not isinstance(event, SecondFolderChanged):
            self._wake.set()

    def _run(self) -> None:
        while True:
            last = self._stopping.is_set()
            self._wake.clear()
            try:
                self._say(self._writer.turn(self._work))
            except Exception:  # noqa: BLE001  (whatever it is: said, logged, tried again)
                _log.exception("the second folder met a fault")
                why = "A fault in the console itself; details are in its log file."
                self._say(SecondReport(SecondState.BEHIND, why, self._writer.upto))
            if last:
                return
            self._stopping.wait(GAP_S)
            self._wake.wait(EVERY_S - GAP_S)

    def _say(self, report: SecondReport) -> None:
        said = (report.state, report.why)
        if said != self._said and not self._stopping.is_set():
            self._said = said
            upto = report.upto.isoformat() if report.upto else ""
            self._store.bus.publish(SecondFolderChanged("", report.state, report.why, upto))
