"""Whether the window was away: at a start after a crash, and when a lid was closed meanwhile."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from app.models.live.away import MOST_TIMES, Away, absence
from app.services.live.away import AwayRow, flight_left, note_away, note_seen, seen_last
from app.views.live.away_dialog import AwayDialog
from app.views.ops import Ops
from app.wiring.clock_watch import ClockWatch

if TYPE_CHECKING:
    from app.wiring.window import Window

SEEN_FIRST_MS = 800
SEEN_EVERY_MS = 10_000


def awake() -> float:
    """Seconds that count a suspended laptop, too, where the system tells them: a clock that was
    set is no absence."""
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    return time.clock_gettime(clock) if clock is not None else time.time()


class AwayWatch(QObject):
    """Nothing is noted before `start`: pictures and tests show the pages only."""

    def __init__(self, window: Window, beside: Ops, passed: Callable[[], float] = awake) -> None:
        super().__init__(window)
        assert window.ops is not None
        self._window, self._shell = window, window.shell
        self._ops, self._beside = window.ops, beside
        self._now = window.clock.now
        self._passed = passed
        self._seen: datetime | None = None
        self._mark = passed()
        self._clock = ClockWatch(window)
        self._timer = QTimer(self)
        # in a fast rehearsal more often, so that nothing noted lies within the time away
        self._timer.setInterval(int(SEEN_EVERY_MS / min(max(window.clock.speed, 1), MOST_TIMES)))
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        """After a kill: the last sign of the window before."""
        last = seen_last(self._window.folder)
        away = self._absence(last.at if last is not None else None, self._now())
        if away is not None:
            self._tell(away, starts=True)
        elif last is not None and not last.closed:
            self._ops.read(flight_left, then=self._go_on, owner=self)
        self._keep()
        self._clock.start()
        self._timer.start()

    def stop(self) -> None:
        """Closed on purpose is away as well, if a flight goes on."""
        if self._timer.isActive():
            self._timer.stop()
            note_seen(self._window.folder, self._now(), closed=True)

    def look(self) -> None:
        """Every ten seconds; later than that, the laptop slept."""
        self._clock.look()
        slept = timedelta(seconds=(self._passed() - self._mark) * self._window.clock.speed)
        if self._seen is not None:
            self._tell(self._absence(self._seen, min(self._now(), self._seen + slept)))
        self._keep()

    def _absence(self, seen: datetime | None, now: datetime) -> Away | None:
        return absence(seen, now, self._window.clock.speed)

    def _keep(self) -> None:
        self._seen, self._mark = self._now(), self._passed()
        self._beside.run(note_seen, self._window.folder, self._seen)

    def _tell(self, away: Away | None, *, starts: bool = False) -> None:
        """Whoever chose a page while the window started stays there, or keys meant for it would
        act on a step; the dialogue leads to Live."""

        def show(rows: tuple[AwayRow, ...]) -> None:
            self._show(rows, turns=not (starts and self._shell.was_chosen))

        if away is not None:
            self._ops.run(note_away, away, then=show, owner=self)

    def _go_on(self, outage_id: str) -> None:
        """Back at once after a crash: where one was, unless somebody went elsewhere already."""
        if outage_id and not self._shell.was_chosen:
            self._shell.goto("live", outage_id)

    def _show(self, rows: tuple[AwayRow, ...], *, turns: bool) -> None:
        if not rows:
            return
        if turns:
            self._shell.goto("live", rows[0].outage_id)
        said = AwayDialog(self._shell, rows, self._on_live, over=not turns)
        said.open()
        # the sides that stood open stand again just now, and would lie over it
        QTimer.singleShot(SEEN_FIRST_MS, said, said.raise_)
        QTimer.singleShot(SEEN_FIRST_MS, said, said.activateWindow)

    def _on_live(self, flight: str) -> None:
        self._shell.goto("live", flight)
