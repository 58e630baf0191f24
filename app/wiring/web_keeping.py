"""Calendars from the web are asked for again once a day, behind the window."""

from __future__ import annotations

import logging
import threading

from app.models.errors import ConsoleError
from app.services.calendar.web_layers import refresh_due
from app.services.database import Store
from app.services.working import Stopped, Work

LOOK_S = 900.0
"""Seconds between looks at which of them are due."""
STOP_S = 5.0

_log = logging.getLogger(__name__)


class WebKeeping:
    """A thread that waits most of its time. What went wrong stands on the layer."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._work = Work()
        self._thread = threading.Thread(target=self._run, name="web-layers", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._work.stop.set()
        self._thread.join(STOP_S)

    def _run(self) -> None:
        while not self._work.stop.is_set():
            try:
                refresh_due(self._store, self._work)
            except Stopped:
                return
            except ConsoleError as trouble:
                _log.warning("calendars from the web were not asked for: %s", trouble.sentence)
            except Exception:  # noqa: BLE001  (whatever it is: logged, tried again)
                _log.exception("calendars from the web met a fault")
            self._work.stop.wait(LOOK_S)
