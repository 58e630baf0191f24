"""Graph's dates."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from app.services.graph.times import moment, moment_of, pair_of, stamp

SEVEN = datetime(2026, 11, 22, 7, 0, 0, 120_000, tzinfo=UTC)


@pytest.mark.parametrize("digits", ["", ".1", ".12", ".123", ".1234", ".12345", ".123456"])
def test_any_number_of_digits_is_read(digits: str) -> None:
    found = moment(f"2026-11-22T07:00:00{digits}Z")
    assert found is not None
    assert found.replace(microsecond=0) == SEVEN.replace(microsecond=0)


def test_seven_digits_are_read() -> None:
    assert moment("2026-11-22T07:00:00.1200007Z") == SEVEN


def test_an_offset_counts() -> None:
    assert moment("2026-11-22T09:00:00.12+02:00") == SEVEN


@pytest.mark.parametrize("nothing", [None, "", "0001-01-01T00:00:00Z", "soon"])
def test_no_time_is_none(nothing: str | None) -> None:
    assert moment(nothing) is None


@pytest.mark.parametrize(
    ("zone", "hour"),
    [
        ("UTC", 7),
        ("Pacific Standard Time", 15),
        ("W. Europe Standard Time", 6),
        ("America/New_York", 12),
        ("tzone://Microsoft/Utc", 7),
        ("tzone://Microsoft/Custom", 7),
    ],
)
def test_a_wall_time_in_a_windows_or_iana_zone(zone: str, hour: int) -> None:
    found = moment_of({"dateTime": "2026-11-22T07:00:00.0000000", "timeZone": zone})
    assert found == SEVEN.replace(hour=hour, microsecond=0)


def test_a_wall_time_is_sent_with_the_windows_name() -> None:
    wall = datetime(2026, 11, 27, 19, 0)  # noqa: DTZ001
    assert pair_of(wall, "America/New_York") == {
        "dateTime": "2026-11-27T19:00:00",
        "timeZone": "Eastern Standard Time",
    }


def test_a_zone_without_a_windows_name_of_its_own_is_sent_as_utc() -> None:
    wall = datetime(2026, 11, 27, 19, 0)  # noqa: DTZ001
    assert pair_of(wall, "Europe/Vienna") == {
        "dateTime": "2026-11-27T18:00:00",
        "timeZone": "UTC",
    }


@pytest.mark.parametrize(("fold", "hour"), [(0, 5), (1, 6)])
def test_an_hour_that_happens_twice_is_sent_as_utc(fold: int, hour: int) -> None:
    wall = datetime(2026, 11, 1, 1, 30, fold=fold)  # noqa: DTZ001
    assert pair_of(wall, "America/New_York") == {
        "dateTime": f"2026-11-01T0{hour}:30:00",
        "timeZone": "UTC",
    }


def test_a_moment_is_sent_in_utc_to_the_second() -> None:
    there = datetime(2026, 11, 22, 9, 0, 0, 5, tzinfo=timezone(timedelta(hours=2)))
    assert stamp(there) == "2026-11-22T07:00:00Z"
