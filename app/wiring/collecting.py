"""Garbage is collected on the GUI thread only.

Python's collector runs on whichever thread happens to allocate. On the database thread it would
destroy Qt objects that became unreachable there, which Qt does not survive (seen as rare crashes
in `setStyleSheet`). So automatic collection is off, and the GUI thread looks once a second.

A look goes through every young object while the window stands still. So it waits while a use case
is under way, whose thousands of rows are still needed (5,000 imported events: 0.4 s), unless they
grow too many; and what a
window that is ready consists of is not looked through again (0.15 s).
"""

from __future__ import annotations

import gc
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

EVERY_MS = 1_000
MOST_WAITS = 60
"""Looks that may be left out one after the other."""
MOST_YOUNG = 150_000
"""Objects, some 200 MB: by then the garbage of a long import is worth a pause of a tenth of a
second. Left alone, that of 50,000 lines took 5 GB."""


class Collecting(QObject):
    """Lives as long as the application; `stop` gives collection back to Python."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thresholds = gc.get_threshold()
        self._is_busy: Callable[[], bool] = bool
        self._waits = 0
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def wait_while(self, is_busy: Callable[[], bool]) -> None:
        self._is_busy = is_busy

    def settle(self) -> None:
        """What there is now is there to stay, until `release`."""
        gc.freeze()

    def release(self) -> None:
        """What was there to stay may be garbage now: its window is closed."""
        self._is_busy = bool
        gc.unfreeze()

    def stop(self) -> None:
        self._timer.stop()
        self.release()
        gc.enable()

    def _look(self) -> None:
        """The oldest generation whose turn it is, as Python itself would choose."""
        counts = gc.get_count()
        if self._is_busy() and self._waits < MOST_WAITS and counts[0] < MOST_YOUNG:
            self._waits += 1
            return
        self._waits = 0
        for generation in (2, 1, 0):
            if counts[generation] > self._thresholds[generation]:
                gc.collect(generation)
                return
