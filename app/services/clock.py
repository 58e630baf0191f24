"""The clocks: the machine's, and one for practice that runs up to 60 times faster."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.models.errors import BadInput, NotAllowed


class SystemClock:
    """The machine's own time."""

    speed = 1.0

    def now(self) -> datetime:
        return datetime.now(UTC)


class PracticeClock:
    """Starts at `start` and runs `speed` (1–60) times as fast as the wall; can be set on.

    It counts on the monotonic clock, so that setting the machine's time does not disturb it.
    """

    def __init__(
        self,
        start: datetime,
        speed: float = 60.0,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        if not 1 <= speed <= 60:
            raise BadInput(f"The practice clock runs 1 to 60 times as fast, not {speed:g}.")
        self.speed = speed
        self._monotonic = monotonic
        self._from = start
        self._mark = monotonic()

    def now(self) -> datetime:
        return self._from + timedelta(seconds=(self._monotonic() - self._mark) * self.speed)

    def set_on(self, moment: datetime) -> None:
        """Jump forward to `moment`; a moment already past is left alone."""
        self._from, self._mark = max(moment, self.now()), self._monotonic()


REHEARSAL = "rehearsal.json"
"""In the data folder of a rehearsal: what is rehearsed, and its time."""


class RehearsalClock:
    """The time of a rehearsal, the same in every process that works on its folder: so fast from
    `begun` on the wall, which is `start` there."""

    def __init__(
        self,
        start: datetime,
        begun: datetime,
        speed: float,
        wall: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.speed = require_speed(speed)
        self.start, self.begun, self._wall = start, begun, wall

    def now(self) -> datetime:
        return self.start + (self._wall() - self.begun) * self.speed

    def set_on(self, moment: datetime) -> None:
        """Jump forward to `moment`; a moment already past is left alone."""
        self.start, self.begun = max(moment, self.now()), self._wall()


def require_not_rehearsed(folder: Path) -> None:
    """Nothing leaves a rehearsal. Raises NotAllowed."""
    if (folder / REHEARSAL).exists():
        raise NotAllowed(
            "This is a rehearsal: its account is the practice tenant or files only, so that "
            "nothing leaves this machine. Nothing was changed."
        )


def require_speed(speed: float) -> float:
    if not 1 <= speed <= 60:
        raise BadInput(f"A rehearsal runs 1 to 60 times as fast, not {speed:g}.")
    return speed


class FolderClock:
    """The time of a data folder, asked for anew each time: another process may set it on."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def speed(self) -> float:
        return clock_for(self._folder).speed

    def now(self) -> datetime:
        return clock_for(self._folder).now()


def clock_for(folder: Path) -> SystemClock | RehearsalClock:
    """Of a data folder: a rehearsal's own, else the machine's."""
    try:
        kept = json.loads((folder / REHEARSAL).read_text(encoding="utf-8"))
    except OSError:
        return SystemClock()
    return RehearsalClock(
        datetime.fromisoformat(kept["start"]),
        datetime.fromisoformat(kept["begun"]),
        float(kept["speed"]),
    )
