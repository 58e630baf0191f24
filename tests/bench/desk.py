"""The real window on five years of history, for the benches that walk through it or watch it."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QApplication

from app.services.clock import PracticeClock
from app.services.settings.backups import make_backup
from app.views.theme import STYLE
from app.wiring.collecting import Collecting
from app.wiring.pages import Pages
from app.wiring.window import Window
from tests.bench.history import NOW, make_history

PATIENCE_S = 60.0


@dataclass(frozen=True, slots=True)
class Desk:
    app: QApplication
    window: Window
    pages: Pages
    folder: Path

    def settle(self) -> None:
        """Until every answer is in and painted, and the timers that wait for quiet have run."""
        until = time.monotonic() + PATIENCE_S
        quiet_since = time.monotonic()
        while time.monotonic() - quiet_since < 0.25:
            self.turn(5)
            if not self.window.idle:
                quiet_since = time.monotonic()
            if time.monotonic() > until:
                raise SystemExit("The window was not quiet after a minute.")

    def turn(self, milliseconds: int = 0) -> None:
        """The event loop for a moment; waits for nothing when `milliseconds` is 0."""
        if milliseconds:
            self.app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, milliseconds)
        else:
            self.app.processEvents()


@contextmanager
def desk() -> Iterator[Desk]:
    """Opened as `python -m app` opens it, in the minutes in which OUT-2025-001 is flown."""
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication([sys.argv[0], *STYLE])
    collecting = Collecting(app)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store = make_history(folder)
        make_backup(store.path, datetime.now(UTC))  # not made while we measure
        store.close()
        window = Window(folder, app, PracticeClock(NOW, 1), remember=False)
        made: list[bool] = []
        window.ready.connect(lambda: made.append(True))
        window.ready.connect(collecting.settle)
        collecting.wait_while(lambda: window.is_working)
        window.begin()
        until = time.monotonic() + PATIENCE_S
        while not made:
            app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
            if time.monotonic() > until:
                raise SystemExit("The window was not ready after a minute.")
        assert window.pages is not None
        found = Desk(app, window, window.pages, folder)
        found.settle()
        try:
            yield found
        finally:
            window.close()
            collecting.stop()
