from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.models.notices.kinds import NoticeKind
from app.models.notices.leadtime import SiteDays, WorkDays
from app.models.notices.plan import PlanItem, Timing, plan, status
from app.models.notices.policy import POLICIES, Moment, Policy
from app.models.outages.lifecycle import ImpactClass
from app.models.severity import Severity
from app.models.times import Window, parse_wall, speak_moment, to_wall

NEW_YORK = "America/New_York"
HOLIDAYS = frozenset({date(2024, 12, 25), date(2025, 1, 1), date(2025, 1, 20)})
WORKDAYS = WorkDays((SiteDays("New York", holidays=HOLIDAYS),))


def window(start: str, end: str) -> Window:
    return Window.of(parse_wall(start), parse_wall(end), NEW_YORK)


WINDOW = window("2025-01-10T19:00", "2025-01-10T22:00")
EARLY = datetime(2024, 12, 2, 15, tzinfo=UTC)


def items(
    flown: Window = WINDOW,
    impact: ImpactClass = ImpactClass.CRITICAL,
    planned_at: datetime = EARLY,
    policy: Policy | None = None,
) -> dict[Moment, PlanItem]:
    made = plan(flown, impact, policy or POLICIES[impact], WORKDAYS, planned_at)
    return {item.moment: item for item in made}


@pytest.mark.parametrize("end", ["2025-01-10T00:00", "2025-01-10T05:00"])
def test_after_a_night_people_hear_that_very_morning(end: str) -> None:
    night = window("2025-01-09T22:00", end)
    assert speak_moment(items(night)[Moment.END_BRIEF].due, NEW_YORK) == "Fri 10 Jan 09:00 EST"


@pytest.mark.parametrize(
    ("moment", "due"),
    [
        (Moment.KICK_OFF, "Fri 20 Dec 09:00 EST"),
        (Moment.SCOPE_FREEZE, "Fri 27 Dec 09:00 EST"),  # T−12 is a Sunday
        (Moment.PLANNED, "Tue 31 Dec 09:00 EST"),
        (Moment.RUNBOOK_FREEZE, "Fri 3 Jan 09:00 EST"),
        (Moment.CREW_BRIEF, "Tue 7 Jan 09:00 EST"),
        (Moment.SERVICE_DESK_BRIEF, "Tue 7 Jan 09:00 EST"),
        (Moment.MONITORING, "Tue 7 Jan 09:00 EST"),
        (Moment.REMINDER, "Thu 9 Jan 09:00 EST"),
        (Moment.PACKET, "Fri 10 Jan 15:00 EST"),
        (Moment.BRIDGE, "Fri 10 Jan 18:30 EST"),
        (Moment.STARTED, "Fri 10 Jan 19:00 EST"),
        (Moment.END_OWED, "Fri 10 Jan 21:45 EST"),
        (Moment.CHANGE_SUMMARY, "Mon 13 Jan 09:00 EST"),
        (Moment.END_BRIEF, "Mon 13 Jan 09:00 EST"),
    ],
)
def test_the_reference_window_has_each_moment_when_the_policy_says(
    moment: Moment, due: str
) -> None:
    assert speak_moment(items()[moment].due, NEW_YORK) == due


def test_the_plan_comes_in_the_order_of_its_moments() -> None:
    made = plan(WINDOW, ImpactClass.CRITICAL, Policy(), WORKDAYS, EARLY)
    assert [i.due for i in made] == sorted(i.due for i in made)


def test_the_planned_notice_of_a_critical_outage_is_last_possible_eight_days_before() -> None:
    said = speak_moment(items()[Moment.PLANNED].last_possible, NEW_YORK)
    assert said == "Thu 2 Jan 23:59 EST"


def test_a_reminder_that_falls_on_sunday_goes_out_on_friday() -> None:
    monday = window("2025-01-13T19:00", "2025-01-13T22:00")
    assert speak_moment(items(monday)[Moment.REMINDER].due, NEW_YORK) == "Fri 10 Jan 09:00 EST"


def test_a_reminder_that_falls_on_a_public_holiday_goes_out_before_the_long_weekend() -> None:
    tuesday = window("2025-01-21T19:00", "2025-01-21T22:00")
    item = items(tuesday)[Moment.REMINDER]
    assert speak_moment(item.due, NEW_YORK) == "Fri 17 Jan 09:00 EST"
    assert "moved off Mon 20 Jan" in item.why


def test_reminders_that_would_fall_together_become_one() -> None:
    monday = window("2025-01-13T19:00", "2025-01-13T22:00")
    policy = Policy(reminder_days=(3, 1))
    made = plan(monday, ImpactClass.CRITICAL, policy, WORKDAYS, EARLY)
    assert [i.moment for i in made].count(Moment.REMINDER) == 1


def test_reminders_on_different_days_stay_apart() -> None:
    policy = Policy(reminder_days=(1, 3))
    made = plan(WINDOW, ImpactClass.CRITICAL, policy, WORKDAYS, EARLY)
    assert [i.moment for i in made].count(Moment.REMINDER) == 2


def test_a_planned_notice_on_the_day_of_the_reminder_takes_its_place() -> None:
    late = datetime(2025, 1, 9, 13, tzinfo=UTC)
    assert Moment.REMINDER not in items(impact=ImpactClass.ORDINARY, planned_at=late)


def test_what_the_policy_wanted_before_the_outage_was_planned_is_due_at_once() -> None:
    late = datetime(2025, 1, 6, 13, tzinfo=UTC)
    item = items(planned_at=late)[Moment.PLANNED]
    assert item.due == late
    assert item.last_possible < item.due
    assert "at once" in item.why


def test_an_urgent_outage_tells_everybody_at_once_and_freezes_nothing() -> None:
    now = datetime(2025, 1, 10, 20, tzinfo=UTC)
    made = items(impact=ImpactClass.URGENT, planned_at=now)
    for moment in (Moment.KICK_OFF, Moment.PLANNED, Moment.CREW_BRIEF, Moment.MONITORING):
        assert made[moment].due == now
    assert not {Moment.SCOPE_FREEZE, Moment.RUNBOOK_FREEZE, Moment.REMINDER} & set(made)


def test_the_end_of_a_window_is_met_by_any_ending_or_an_extension() -> None:
    owed = items()[Moment.END_OWED]
    assert NoticeKind.EXTENDED in owed.met_by
    assert NoticeKind.ALL_CLEAR in owed.met_by
    assert owed.last_possible == WINDOW.end_utc


def test_the_sending_hour_is_wall_time_on_both_sides_of_a_change_of_clocks() -> None:
    spring = window("2025-03-14T19:00", "2025-03-14T22:00")
    made = items(spring, policy=Policy(sending_hour=time(8, 30)))
    assert speak_moment(made[Moment.PLANNED].due, NEW_YORK) == "Tue 4 Mar 08:30 EST"
    assert speak_moment(made[Moment.REMINDER].due, NEW_YORK) == "Thu 13 Mar 08:30 EDT"


def test_a_window_shorter_than_the_warning_owes_its_end_from_the_start() -> None:
    short = window("2025-01-10T19:00", "2025-01-10T19:10")
    assert items(short)[Moment.END_OWED].due == short.start_utc


PLANNED = items()[Moment.PLANNED]


@pytest.mark.parametrize(
    ("now", "timing", "severity"),
    [
        (PLANNED.due - timedelta(days=1), Timing.LATER, None),
        (PLANNED.due + timedelta(minutes=5), Timing.DUE, Severity.WARN),
        (PLANNED.due + timedelta(hours=6), Timing.LATE, Severity.WARN),
        (PLANNED.last_possible + timedelta(minutes=1), Timing.TOO_LATE, Severity.BLOCK),
    ],
)
def test_an_unsent_item_says_how_late_it_is(
    now: datetime, timing: Timing, severity: Severity | None
) -> None:
    standing = status(PLANNED, now, None)
    assert (standing.timing, standing.severity) == (timing, severity)


def test_a_late_item_reads_like_speech() -> None:
    sentence = status(PLANNED, PLANNED.due + timedelta(hours=6), None).sentence
    assert sentence == "6 h late; last possible Thu 2 Jan 23:59 EST."


def test_a_sent_item_is_done_and_says_when_it_was_too_late() -> None:
    assert status(PLANNED, PLANNED.due, PLANNED.due).timing is Timing.DONE
    after = PLANNED.last_possible + timedelta(hours=2)
    assert status(PLANNED, after, after).timing is Timing.DONE_LATE


@settings(max_examples=60, deadline=None)
@given(
    st.dates(date(2025, 1, 1), date(2026, 12, 31)),
    st.sampled_from(list(ImpactClass)),
    st.integers(0, 40),
)
def test_nothing_arranged_beforehand_is_due_on_a_free_day_unless_it_is_due_at_once(
    day: date, impact: ImpactClass, days_ahead: int
) -> None:
    start = datetime.combine(day, time(19))
    flown = Window.of(start, start + timedelta(hours=3), NEW_YORK)
    planned_at = flown.start_utc - timedelta(days=days_ahead)
    for item in plan(flown, impact, POLICIES[impact], WORKDAYS, planned_at):
        at_window = item.moment in {Moment.PACKET, Moment.BRIDGE, Moment.STARTED, Moment.END_OWED}
        if not at_window and item.due != planned_at:
            assert WORKDAYS.is_working(to_wall(item.due, NEW_YORK).date())
