"""Weekly hours as people write them."""

from __future__ import annotations

import pytest

from app.models.calendar.facts import WeeklySpan
from app.models.calendar.hours import parse_hours
from app.models.errors import BadInput


def test_a_range_of_days_and_a_single_day() -> None:
    spans = parse_hours("Mon-Tue 07:00-18:30; Saturday 9:00–12:00")
    assert spans == (
        WeeklySpan(0, 420, 1110),
        WeeklySpan(1, 420, 1110),
        WeeklySpan(5, 540, 720),
    )


def test_a_night_ends_the_next_day() -> None:
    assert parse_hours("Fri-Mon 22:00-06:00")[0] == WeeklySpan(0, 1320, 1800)


@pytest.mark.parametrize("text", ["24x7", "always"])
def test_always_is_the_whole_week(text: str) -> None:
    assert len(parse_hours(text)) == 7


def test_no_text_is_no_rule() -> None:
    assert parse_hours(" ") == ()


@pytest.mark.parametrize(
    "text", ["office hours", "Mon 25:00-26:00", "Mon 9-17", "Mon-Wed-Fri 1:00-2:00"]
)
def test_unclear_hours_are_refused(text: str) -> None:
    with pytest.raises(BadInput, match="write them like"):
        parse_hours(text)
