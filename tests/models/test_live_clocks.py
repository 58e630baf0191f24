from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.models.errors import BadInput
from app.models.live.clocks import as_of_the_night, badge, coming, of_the_night, ticking

NIGHT = datetime(2025, 1, 11, 3, 30, tzinfo=UTC)  # 22:30 in New York
ZONE = "America/New_York"


def test_a_time_still_to_come_is_today() -> None:
    assert coming("23:10", NIGHT, ZONE) == NIGHT + timedelta(minutes=40)


def test_a_time_gone_by_is_tomorrow() -> None:
    assert coming("07:30", NIGHT, ZONE) == NIGHT + timedelta(hours=9)
    assert coming("22:30", NIGHT, ZONE) == NIGHT + timedelta(hours=24)


def test_the_second_of_two_is_meant_once_the_first_has_passed() -> None:
    between = datetime(2025, 11, 2, 5, 45, tzinfo=UTC)  # 01:45 EDT, before the clocks go back
    assert coming("01:30", between, ZONE) == datetime(2025, 11, 2, 6, 30, tzinfo=UTC)


def test_a_time_that_the_clocks_jump_over_is_refused() -> None:
    with pytest.raises(BadInput, match="does not happen"):
        coming("02:30", datetime(2025, 3, 9, 6, 0, tzinfo=UTC), ZONE)


@pytest.mark.parametrize("text", ["", "soon", "25:00", "12:60", "1", "7:3"])
def test_what_is_no_time_of_day_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="not a time of day"):
        coming(text, NIGHT, ZONE)


def test_a_lock_is_a_time_of_the_flights_night_or_has_its_day() -> None:
    for text, hours in (("10:30", -12), ("22:30", 0), ("07:30", 9), ("2025-01-12 22:30", 48)):
        moment = NIGHT + timedelta(hours=hours)
        assert of_the_night(text, NIGHT, ZONE) == moment
        assert as_of_the_night(moment, NIGHT, ZONE) == text
    with pytest.raises(BadInput, match="write it like 19:30"):
        of_the_night("soon", NIGHT, ZONE)


def test_the_flight_clock_counts_to_and_from_the_start() -> None:
    assert ticking(NIGHT - timedelta(seconds=61), NIGHT) == "T−00:01:01"
    assert ticking(NIGHT + timedelta(hours=1, seconds=3), NIGHT) == "T+01:00:03"


@pytest.mark.parametrize(
    ("left", "said"),
    [
        (timedelta(minutes=42), "T−42m"),
        (timedelta(minutes=-67), "T+1h 7m"),
        (timedelta(days=1), "T−24h"),
        (timedelta(days=4), "T−4d"),
    ],
)
def test_the_badge_of_a_flight_is_its_clock_in_little_room(left: timedelta, said: str) -> None:
    assert badge(NIGHT, NIGHT + left) == said
