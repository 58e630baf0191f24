"""The clocks: the machine's, and one for practice that runs up to 60 times faster."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from app.models.errors import BadInput


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
