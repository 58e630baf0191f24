"""How far a job is, with the button that stops it. The job itself runs on another thread."""

from __future__ import annotations

import contextlib

import shiboken6
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from app.services.working import Work
from app.views.theme import px
from app.views.widgets.panels import button

PATIENCE_MS = 300
"""What is done sooner than this never shows a bar."""


class WorkBar(QWidget):
    """`begin` gives the `Work` to hand to the job; `end` when it is answered."""

    _moved = Signal(int, int)

    def __init__(self, name: str) -> None:
        super().__init__()
        self._work: Work | None = None
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(name)
        self.cancel = button("Cancel", self._on_cancel, spoken=f"Cancel: {name}")
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(px(10))
        line.addWidget(self.bar, 1)
        line.addWidget(self.cancel)
        self._moved.connect(self._on_moved, Qt.ConnectionType.QueuedConnection)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(PATIENCE_MS)
        self._patience.timeout.connect(self.show)
        self.hide()

    def begin(self, name: str = "") -> Work:
        """`name`: what this job is, where a bar serves several."""
        if name:
            self.bar.setAccessibleName(name)
            self.cancel.setAccessibleName(f"Cancel: {name}")
        self._work = Work(self._tell)
        self.bar.setRange(0, 0)
        self.cancel.setEnabled(True)
        self._patience.start()
        return self._work

    def end(self) -> None:
        self._work = None
        self._patience.stop()
        self.hide()

    def _on_cancel(self) -> None:
        if self._work is not None:
            self._work.stop.set()
            self.cancel.setEnabled(False)

    def _tell(self, done: int, total: int) -> None:
        """On the job's thread."""
        if shiboken6.isValid(self):
            with contextlib.suppress(RuntimeError):  # it went between the two
                self._moved.emit(done, total)

    def _on_moved(self, done: int, total: int) -> None:
        if self._work is not None:
            self.bar.setRange(0, total)
            self.bar.setValue(done)
