"""The window while a calendar of 5,000 events is looked at and imported through the Import page:
the longest time in which the GUI thread answers nothing, from the look to the last list refreshed.
A timer of 5 ms measures it; each round imports another layer."""

from __future__ import annotations

import sys
import time

from PySide6.QtCore import QObject, Qt, QTimer

from app.views.directory.calendar_panel import CalendarPanel
from app.views.directory.file_panel import Stage
from app.views.directory.import_page import ImportPage
from tests.bench.bench_calendar import write_calendar
from tests.bench.desk import Desk, desk
from tests.bench.measure import promise, quiet

LIMIT_MS = 50.0
ROUNDS = 5


class Pulse(QObject):
    """The gaps between two beats of a 5 ms timer on this thread, in seconds."""

    def __init__(self) -> None:
        super().__init__()
        self.gaps: list[float] = []
        self._last = time.perf_counter()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(5)
        self._timer.timeout.connect(self._beat)
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()
        self._beat()  # what held the last beat up

    def _beat(self) -> None:
        now = time.perf_counter()
        self.gaps.append(now - self._last)
        self._last = now


def longest(at: Desk, panel: CalendarPanel, layer: str) -> float:
    """Milliseconds; the look, the import and what it refreshes."""
    at.settle()
    pulse = Pulse()
    begun = time.perf_counter()
    panel.look_again()
    while panel.stage is Stage.READING:
        at.turn(20)
    panel.layer.setText(layer)
    panel.begin()
    assert panel.stage is Stage.IMPORTING
    while panel.stage is Stage.IMPORTING:
        at.turn(20)
    taken = time.perf_counter() - begun
    at.settle()
    pulse.stop()
    assert panel.stage is Stage.DONE
    worst = sorted(pulse.gaps)[-3:]
    print(f"  {taken:.1f} s; the longest gaps {', '.join(f'{gap * 1e3:.0f}' for gap in worst)} ms")
    return worst[-1] * 1e3


def main() -> int:
    with desk() as at:
        path = write_calendar(at.folder)
        shell = at.window.shell
        for section in shell.sections:  # all pages are there, and hear of the import
            shell.goto(section.key)
            at.settle()
        shell.goto("import", path)
        page = shell.page("import")
        assert isinstance(page, ImportPage)
        panel = page.panel(path)
        assert isinstance(panel, CalendarPanel)
        while panel.stage is Stage.READING:
            at.turn(20)
        gaps = [longest(at, panel, f"Clinics {round_}") for round_ in range(ROUNDS)]
    return 0 if promise("import-5000-longest-frame-ms", quiet(gaps), LIMIT_MS) else 1


if __name__ == "__main__":
    sys.exit(main())
