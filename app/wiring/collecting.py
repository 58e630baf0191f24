"""Garbage is collected on the GUI thread only.

Python's collector runs on whichever thread happens to allocate. On the database thread it would
destroy Qt objects that became unreachable there, which Qt does not survive (seen as rare crashes
in `setStyleSheet`). So automatic collection is off, and the GUI thread looks once a second.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

EVERY_MS = 1_000


class Collecting(QObject):
    """Lives as long as the application; `stop` gives collection back to Python."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thresholds = gc.get_threshold()
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()
        gc.enable()

    def _look(self) -> None:
        """The oldest generation whose turn it is, as Python itself would choose."""
        counts = gc.get_count()
        for generation in (2, 1, 0):
            if counts[generation] > self._thresholds[generation]:
                gc.collect(generation)
                return
