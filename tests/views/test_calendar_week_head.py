"""The heads of a week's days where room is short."""

from __future__ import annotations

from datetime import date

from app.views.calendar.rows import day_heads


def test_a_narrow_head_keeps_the_number_of_its_day() -> None:
    assert day_heads(date(2026, 12, 2)) == ("Wed 2", "We 2", "2")
    assert day_heads(date(2026, 12, 1)) == ("Tue 1 Dec", "Tue 1", "Tu 1", "1")
