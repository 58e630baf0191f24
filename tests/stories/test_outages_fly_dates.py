"""When the sample's flight is."""

from __future__ import annotations

from datetime import date

from app.cli.fly_stages import friday
from app.models.times import parse_wall


def test_the_flight_is_on_a_friday_with_time_for_every_notice() -> None:
    assert friday(parse_wall("2026-03-02T12:00"), "America/New_York").start.date() == date(
        2026, 3, 27
    )


def test_a_friday_that_is_a_public_holiday_is_passed_over() -> None:
    # 25 December 2026 and 1 January 2027 are Fridays
    assert friday(parse_wall("2026-11-29T12:00"), "America/New_York").start.date() == date(
        2027, 1, 8
    )
