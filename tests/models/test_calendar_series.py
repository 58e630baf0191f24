"""Recurring windows: the rule in words and as RRULE, and every clock change of every zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from dateutil import tz
from hypothesis import given
from hypothesis import strategies as st

from app.models.calendar.series import (
    SeriesRule,
    dates_of,
    ending_before,
    normal_rule,
    place,
    say_rule,
    series_rule,
)
from app.models.errors import BadInput
from app.models.times import parse_wall

NEW_YORK = "America/New_York"
YEAR = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
ZONES = sorted(name for name in available_timezones() if "/" in name)


def night(rule: str, start: str = "2026-01-04T02:00", zone: str = NEW_YORK) -> SeriesRule:
    first = parse_wall(start)
    return series_rule(rule, first, first + timedelta(hours=4), zone)


@pytest.mark.parametrize(
    ("typed", "rule", "words"),
    [
        ("third Sunday", "FREQ=MONTHLY;BYDAY=3SU", "third Sunday of the month"),
        ("last Friday of the month", "FREQ=MONTHLY;BYDAY=-1FR", "last Friday of the month"),
        ("every Sunday", "FREQ=WEEKLY;BYDAY=SU", "every week on Sunday"),
        ("every other sun", "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU", "every 2 weeks on Sunday"),
        (
            "every 2 weeks on Tue and Thu",
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH",
            "every 2 weeks on Tuesday and Thursday",
        ),
        ("day 15", "FREQ=MONTHLY;BYMONTHDAY=15", "day 15 of the month"),
        ("every month", "FREQ=MONTHLY", "the same day of the month"),
        ("every 3 days", "FREQ=DAILY;INTERVAL=3", "every 3 days"),
        ("rrule:freq=weekly;count=5", "FREQ=WEEKLY;COUNT=5", "every week, 5 times"),
        (
            "FREQ=YEARLY;BYMONTH=5;BYDAY=1SU",
            "FREQ=YEARLY;BYDAY=1SU;BYMONTH=5",
            "FREQ=YEARLY;BYDAY=1SU;BYMONTH=5",
        ),
    ],
)
def test_a_rule_is_typed_in_words_or_as_rrule_and_read_back(
    typed: str, rule: str, words: str
) -> None:
    assert normal_rule(typed) == rule
    assert say_rule(rule) == words


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "now and then",
        "every 0 weeks on Monday",
        "FREQ=SECONDLY",
        "FREQ=DAILY;BYHOUR=3",
        "FREQ=WEEKLY;COUNT=1000000",
        "FREQ=WEEKLY;INTERVAL=0",
        "FREQ=WEEKLY;UNTIL=soon",
        "FREQ=MONTHLY;BYDAY=9XX",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
    ],
)
def test_a_rule_that_cannot_be_followed_is_refused_in_words(typed: str) -> None:
    with pytest.raises(BadInput):
        night(typed)


def test_the_wall_stays_when_the_clocks_change() -> None:
    found = dates_of(night("third Sunday"), *YEAR)
    assert {date.window.start.hour for date in found} == {2}
    assert {date.window.start_utc.hour for date in found} == {6, 7}
    assert [date.window.start.day for date in found[:3]] == [18, 15, 15]


def test_a_window_begins_as_the_jump_of_the_clocks_ends_and_says_so() -> None:
    (odd,) = [date for date in dates_of(night("every Sunday"), *YEAR) if date.note]
    assert odd.due == parse_wall("2026-03-08T02:00")
    assert odd.window.start == parse_wall("2026-03-08T03:00")
    assert odd.note == "the clocks jump over 02:00 on Sun 8 Mar; its start is 03:00"


def test_of_a_wall_that_happens_twice_the_first_is_taken_and_said() -> None:
    made = place(night("every Sunday", "2026-01-04T01:30"), parse_wall("2026-11-01T01:30"))
    assert made.window.start_utc == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    assert made.note == "01:30 on Sun 1 Nov happens twice; its start is the first of the two"


def test_a_rule_that_ends_before_a_date_has_it_no_more() -> None:
    rule = night("every Sunday")
    cut = SeriesRule(
        ending_before(rule.rule, parse_wall("2026-02-01T02:00")), rule.start, rule.end, rule.zone
    )
    assert [date.due.day for date in dates_of(cut, *YEAR)] == [4, 11, 18, 25]


def test_a_window_longer_than_a_fortnight_is_refused() -> None:
    start = parse_wall("2026-01-04T02:00")
    with pytest.raises(BadInput, match="fortnight"):
        series_rule("every month", start, start + timedelta(days=15), NEW_YORK)


@given(
    zone=st.sampled_from(ZONES),
    year=st.integers(2020, 2029),
    minute=st.integers(0, 24 * 60 - 1),
    weekday=st.integers(0, 6),
    nth=st.integers(1, 4),
    hours=st.integers(1, 12),
)
def test_every_zone_agrees_with_dateutil_and_the_calendar(
    zone: str, year: int, minute: int, weekday: int, nth: int, hours: int
) -> None:
    """The nth weekday is counted day by day; the moment of a wall is dateutil's."""
    code = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")[weekday]
    first = parse_wall(f"{year}-01-01") + timedelta(minutes=minute)
    rule = series_rule(
        f"FREQ=MONTHLY;BYDAY={nth}{code}", first, first + timedelta(hours=hours), zone
    )
    found = dates_of(
        rule,
        datetime(year, 1, 1, tzinfo=UTC) - timedelta(days=2),
        datetime(year + 1, 1, 1, tzinfo=UTC) + timedelta(days=2),
    )
    days = [
        day for day in _days(year) if day.weekday() == weekday and (day.day - 1) // 7 == nth - 1
    ]
    ours = [each for each in found if each.due.year == year]
    assert [each.due.date() for each in ours] == days
    for each in ours:
        start = _moment(each.due, zone)
        assert each.window.start_utc == start
        end = _moment(each.due + timedelta(hours=hours), zone)
        assert each.window.end_utc == (end if end > start else start + timedelta(hours=hours))
        assert bool(each.note) == (
            _is_odd(each.due, zone) or _is_odd(each.due + timedelta(hours=hours), zone)
        )


def _days(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [
        first + timedelta(days=n) for n in range(366) if (first + timedelta(days=n)).year == year
    ]


def _moment(wall: datetime, zone: str) -> datetime:
    there = wall.replace(tzinfo=tz.gettz(zone))
    return tz.resolve_imaginary(there).astimezone(UTC)


def _is_odd(wall: datetime, zone: str) -> bool:
    there = wall.replace(tzinfo=ZoneInfo(zone))
    return there.utcoffset() != there.replace(fold=1).utcoffset()
