"""From the event bus (database thread) to one Qt signal (GUI thread)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import shiboken6
from PySide6.QtCore import QCoreApplication, QObject, Qt, QThread, Signal, Slot


class Bus(Protocol):
    """What the bridge needs of services' EventBus; callbacks come on the database thread."""

    def subscribe(self, callback: Callable[..., None], /) -> object: ...


class Bridge(QObject):
    """Emits each committed event once, in order, on the GUI thread."""

    happened = Signal(object)
    _arrived = Signal(object)

    def __init__(self, bus: Bus, parent: QObject | None = None) -> None:
        app = QCoreApplication.instance()
        if app is None or QThread.currentThread() is not app.thread():
            raise RuntimeError("The bridge must be built on the GUI thread.")
        super().__init__(parent)
        self._arrived.connect(self._on_arrived, Qt.ConnectionType.QueuedConnection)
        bus.subscribe(self._on_committed)

    def _on_committed(self, event: object) -> None:
        if shiboken6.isValid(self):  # the window may close while the last commit is announced
            self._arrived.emit(event)

    @Slot(object)
    def _on_arrived(self, event: object) -> None:
        self.happened.emit(event)
