"""From a day of the calendar to the form that plans an outage."""

from __future__ import annotations

from datetime import date

from app.views.outages.plan_fields import first_window
from tests.makers import NOW, ZONE, make_window


def test_a_new_outage_begins_on_the_day_chosen() -> None:
    assert first_window(ZONE, NOW, date(2025, 1, 24)) == make_window(
        "2025-01-24 19:00", "2025-01-24 22:00"
    )


def test_without_a_day_it_begins_three_weeks_ahead() -> None:
    assert first_window(ZONE, NOW) == make_window("2025-01-28 19:00", "2025-01-28 22:00")
