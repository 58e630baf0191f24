"""What is shown part by part, each in a turn of the event loop of its own."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer


class InTurns(QObject):
    """Between two `parts` what the first changed is laid out and painted, and keys and clicks are
    heard, so that all of them together hold no frame up. A part asked for again before its turn
    came is shown once, and none waits for ever however often all are asked for."""

    def __init__(self, owner: QObject, *parts: Callable[[], object]) -> None:
        super().__init__(owner)
        self._parts = parts
        self._due: list[int] = []
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._next)

    def begin(self) -> None:
        """All of them, one after the other."""
        self._due += [each for each in range(len(self._parts)) if each not in self._due]
        self._timer.start()

    def finish(self) -> None:
        """What still waits for its turn, now."""
        self._timer.stop()
        while self._due:
            self._parts[self._due.pop(0)]()

    def _next(self) -> None:
        if self._due:
            self._parts[self._due.pop(0)]()
        if self._due:
            self._timer.start()  # behind what became due meanwhile
