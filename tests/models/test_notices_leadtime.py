from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from app.models.notices.leadtime import (
    RULES,
    SiteDays,
    Waiver,
    WorkDays,
    check_lead,
    first_in_time,
    last_possible,
    last_possible_day,
    lead_of,
)
from app.models.outages.lifecycle import ImpactClass
from app.models.severity import Severity
from app.models.times import Window, parse_wall

NEW_YORK = "America/New_York"
US = SiteDays("New York", holidays=frozenset({date(2024, 12, 25), date(2025, 1, 1)}))
GULF = SiteDays("Dubai", weekend=frozenset({4, 5}))
WORKDAYS = WorkDays((US,))


def window(start: str, end: str) -> Window:
    return Window.of(parse_wall(start), parse_wall(end), NEW_YORK)


WINDOW = window("2025-01-10T19:00", "2025-01-10T22:00")


def at(day: int, hour: int = 14, month: int = 1) -> datetime:
    return datetime(2025, month, day, hour, tzinfo=UTC)


def test_a_lead_excludes_the_sending_day_and_includes_the_day_of_the_window() -> None:
    lead = lead_of(datetime(2024, 12, 31, 14, tzinfo=UTC), WINDOW, WORKDAYS)
    assert (lead.days, lead.working_days) == (10, 7)


def test_the_sending_day_is_read_in_the_zone_of_the_window() -> None:
    assert lead_of(at(10, hour=3), WINDOW, WORKDAYS).days == 1  # still the 9th in New York


def test_a_critical_notice_eight_days_ahead_is_in_time() -> None:
    check = check_lead(at(2), WINDOW, ImpactClass.CRITICAL, WORKDAYS)
    assert check.severity is None


def test_a_critical_notice_seven_days_ahead_is_blocked() -> None:
    check = check_lead(at(3), WINDOW, ImpactClass.CRITICAL, WORKDAYS)
    assert check.severity is Severity.BLOCK
    assert "Thu 2 Jan was the last day" in check.sentence


def test_a_critical_notice_with_four_working_days_is_blocked_however_many_days_it_has() -> None:
    holidays = frozenset(date(2025, 1, d) for d in (3, 6, 7, 8))
    quiet = WorkDays((SiteDays("here", holidays=holidays),))
    check = check_lead(at(2), WINDOW, ImpactClass.CRITICAL, quiet)
    assert check.lead.days == 8
    assert check.severity is Severity.BLOCK


def test_a_waiver_by_name_and_reason_lets_a_late_critical_notice_go() -> None:
    waiver = Waiver("R. Ito", "the controller is failing")
    check = check_lead(at(8), WINDOW, ImpactClass.CRITICAL, WORKDAYS, waiver)
    assert check.severity is Severity.NOTE
    assert "R. Ito" in check.sentence


def test_a_waiver_without_a_reason_is_none() -> None:
    check = check_lead(at(8), WINDOW, ImpactClass.CRITICAL, WORKDAYS, Waiver("R. Ito", " "))
    assert check.severity is Severity.BLOCK


def test_an_ordinary_notice_three_working_days_ahead_is_in_time() -> None:
    assert check_lead(at(7), WINDOW, ImpactClass.ORDINARY, WORKDAYS).severity is None


def test_an_ordinary_notice_two_working_days_ahead_only_warns() -> None:
    assert check_lead(at(8), WINDOW, ImpactClass.ORDINARY, WORKDAYS).severity is Severity.WARN
    late = check_lead(at(10), WINDOW, ImpactClass.ORDINARY, WORKDAYS)
    assert late.sentence.startswith("Only on the day itself; ordinary asks at least 3")


def test_an_urgent_notice_is_never_blocked_but_asks_for_its_approver() -> None:
    check = check_lead(at(10, hour=23), WINDOW, ImpactClass.URGENT, WORKDAYS)
    assert check.severity is Severity.WARN
    approved = Waiver("R. Ito", "leak above the racks")
    after = check_lead(at(10, hour=23), WINDOW, ImpactClass.URGENT, WORKDAYS, approved)
    assert after.severity is None


def test_a_working_day_is_one_at_every_site_of_the_audience() -> None:
    both = WorkDays((US, GULF))
    assert not both.is_working(date(2025, 1, 10))  # Friday, weekend in one
    assert not both.is_working(date(2025, 1, 12))  # Sunday, weekend in the other
    assert both.is_working(date(2025, 1, 9))


@given(st.dates(date(2024, 12, 1), date(2025, 2, 1)), st.sampled_from(ImpactClass))
def test_the_first_date_in_time_is_the_first_whose_last_possible_day_has_not_passed(
    today: date, impact: ImpactClass
) -> None:
    first = first_in_time(today, impact, WORKDAYS)

    def last(day: date) -> date:
        return last_possible_day(window(f"{day}T19:00", f"{day}T22:00"), impact, WORKDAYS)

    assert last(first) >= today
    assert first == today or last(first - timedelta(days=1)) < today


def test_a_holiday_at_one_site_moves_the_last_possible_day() -> None:
    assert last_possible_day(WINDOW, ImpactClass.ORDINARY, WORKDAYS) == date(2025, 1, 7)
    assert last_possible_day(WINDOW, ImpactClass.ORDINARY, WorkDays((US, GULF))) == date(2025, 1, 6)


def test_the_last_possible_moment_is_the_last_minute_of_that_day_in_the_window_zone() -> None:
    assert last_possible(WINDOW, ImpactClass.CRITICAL, WORKDAYS) == datetime(
        2025, 1, 3, 4, 59, tzinfo=UTC
    )


def test_the_last_possible_moment_of_an_urgent_notice_is_the_start_of_the_window() -> None:
    assert last_possible(WINDOW, ImpactClass.URGENT, WORKDAYS) == WINDOW.start_utc


@settings(max_examples=60, deadline=None)
@given(
    st.dates(date(2025, 1, 1), date(2027, 12, 31)),
    st.sampled_from([ImpactClass.CRITICAL, ImpactClass.ORDINARY]),
    st.sampled_from([WorkDays((US,)), WorkDays((US, GULF)), WorkDays((GULF,))]),
)
def test_the_last_possible_moment_is_in_time_and_a_minute_later_is_not(
    day: date, impact: ImpactClass, workdays: WorkDays
) -> None:
    start = datetime.combine(day, time(19))
    flown = Window.of(start, start + timedelta(hours=3), NEW_YORK)
    last = last_possible(flown, impact, workdays)
    assert lead_of(last, flown, workdays).meets(RULES[impact])
    later = lead_of(last + timedelta(minutes=1), flown, workdays)
    assert not later.meets(RULES[impact])
