"""The clocks: the machine's time, and practice time that runs up to 60 times as fast."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.models.errors import BadInput
from app.services.clock import PracticeClock, SystemClock
from app.services.ports import Clock

START = datetime(2025, 1, 10, 18, 0, tzinfo=UTC)


class Stopwatch:
    """Seconds on the wall, as a test says."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


def test_both_clocks_speak_utc() -> None:
    clocks: list[Clock] = [SystemClock(), PracticeClock(START)]
    for clock in clocks:
        assert clock.now().utcoffset() == timedelta(0)


def test_practice_time_runs_as_fast_as_asked() -> None:
    wall = Stopwatch()
    clock = PracticeClock(START, speed=60, monotonic=wall)
    wall.seconds += 10
    assert clock.now() == START + timedelta(minutes=10)


def test_practice_time_jumps_forward_and_runs_on() -> None:
    wall = Stopwatch()
    clock = PracticeClock(START, speed=2, monotonic=wall)
    clock.set_on(START + timedelta(hours=1))
    wall.seconds += 30
    assert clock.now() == START + timedelta(hours=1, minutes=1)


def test_practice_time_never_jumps_back() -> None:
    wall = Stopwatch()
    clock = PracticeClock(START, speed=1, monotonic=wall)
    wall.seconds += 60
    clock.set_on(START)
    assert clock.now() == START + timedelta(minutes=1)


@pytest.mark.parametrize("speed", [0, 0.5, 61, -1])
def test_a_practice_clock_slower_than_the_wall_or_too_fast_is_refused(speed: float) -> None:
    with pytest.raises(BadInput, match="1 to 60"):
        PracticeClock(START, speed=speed)
