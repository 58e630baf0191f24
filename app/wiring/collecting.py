"""Garbage is collected on the GUI thread only.

Python's collector runs on whichever thread happens to allocate. On the database thread it would
destroy Qt objects that became unreachable there, which Qt does not survive (seen as rare crashes
in `setStyleSheet`). So automatic collection is off, and the GUI thread looks once a second.

A look goes through every young object while the window stands still: 150,000 of them, what an
import makes in a second, took 50 to 120 ms. So while a use case is under way the youngest are
looked through often, before they are many; the older ones, most of which it still needs, wait until
it is done. What a window that is ready consists of is not looked through again (0.15 s).
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

EVERY_MS = 100
RESTING_MS = 250
"""While no use case is under way: each waking costs a little of a core."""
WHOLE_S = 1.0
"""From one look at the older ones, too, to the next."""
LONGEST_WAIT_S = 60.0
"""So long a use case may put that off: the garbage of 50,000 lines, left alone, took 5 GB."""
WORTH = 5_000
"""Young objects that are looked through while a use case is under way: some 3 ms."""


class Collecting(QObject):
    """Lives as long as the application; `stop` gives collection back to Python."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thresholds = gc.get_threshold()
        self._is_busy: Callable[[], bool] = bool
        self._whole = time.monotonic()
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(RESTING_MS)
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
        since = time.monotonic() - self._whole
        is_busy = self._is_busy()
        wanted = EVERY_MS if is_busy else RESTING_MS
        if self._timer.interval() != wanted:
            self._timer.setInterval(wanted)
        if since < (LONGEST_WAIT_S if is_busy else WHOLE_S):
            if counts[0] > WORTH:
                gc.collect(0)
            return
        self._whole = time.monotonic()
        for generation in (2, 1, 0):
            if counts[generation] > self._thresholds[generation]:
                gc.collect(generation)
                return
