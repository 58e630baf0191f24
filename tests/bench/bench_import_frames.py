"""The window while a calendar of 5,000 events is looked at and imported through the Import page:
the longest time in which the GUI thread answers nothing, from the look to the last list refreshed.
A timer of 5 ms measures it; each round imports another layer. What is promised is the median of the
rounds' longest gaps; beside each stands how long of it the window's thread waited for a core that
others used (Linux alone tells)."""

from __future__ import annotations

import statistics
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer

from app.views.directory.calendar_panel import CalendarPanel
from app.views.directory.file_panel import Stage
from app.views.directory.import_page import ImportPage
from tests.bench.bench_calendar import write_calendar
from tests.bench.desk import Desk, desk
from tests.bench.measure import promise

LIMIT_MS = 50.0
ROUNDS = 5


@dataclass(frozen=True, slots=True, order=True)
class Gap:
    """In milliseconds; `starved` of it waiting for a core."""

    lasted: float
    starved: float

    def __str__(self) -> str:
        return f"{self.lasted:.0f} ({self.starved:.0f})"


class Pulse(QObject):
    """The gaps between two beats of a 5 ms timer on this thread."""

    def __init__(self) -> None:
        super().__init__()
        self.gaps: list[Gap] = []
        self._delays = Path(f"/proc/self/task/{threading.get_native_id()}/schedstat")
        self._starved = self._read()
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
        now, starved = time.perf_counter(), self._read()
        self.gaps.append(Gap((now - self._last) * 1e3, starved - self._starved))
        self._last, self._starved = now, starved

    def _read(self) -> float:
        try:
            return int(self._delays.read_text().split()[1]) / 1e6
        except OSError:
            return 0.0


def longest(at: Desk, panel: CalendarPanel, layer: str) -> float:
    """Milliseconds; the look, what it would change, the import and what it refreshes."""
    at.settle()
    pulse = Pulse()
    begun = time.perf_counter()
    panel.look_again()
    while panel.stage is Stage.READING:
        at.turn(20)
    at.settle()  # a person sees what was read before they take it
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
    print(f"  {taken:.1f} s; the longest gaps {', '.join(map(str, worst))} ms")
    return worst[-1].lasted


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
    print(f"  {', '.join(f'{gap:.0f}' for gap in gaps)} ms")
    return 0 if promise("import-5000-longest-frame-ms", statistics.median(gaps), LIMIT_MS) else 1


if __name__ == "__main__":
    sys.exit(main())
