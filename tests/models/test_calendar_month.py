"""The month as a grid, its bars, and what an entry says."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.models.calendar.causes import cause_words
from app.models.calendar.entries import Entry, Layer, days_of, in_order
from app.models.calendar.facts import Reason
from app.models.calendar.month import DAYS, Month, bars_of, fitting
from app.models.calendar.shifting import Shift, shifted
from app.models.errors import BadInput
from app.models.outages.lifecycle import State
from tests.makers import make_window

MONDAY = date(2025, 1, 13)
NEW_YORK = "America/New_York"


def whole(key: str, first: int, last: int, layer: Layer = Layer.EVENTS) -> Entry:
    """`first` and `last` count from Monday 13 January."""
    return Entry(key, layer, key, MONDAY + timedelta(days=first), MONDAY + timedelta(days=last))


def night(start: datetime, end: datetime, zone: str = NEW_YORK) -> Entry:
    days = days_of(start, end, NEW_YORK)
    return Entry(
        "n", Layer.OUTAGES, "Core switch", *days, start, end, "OUT-2025-002", State.PLANNED, 1, zone
    )


def test_a_month_shows_whole_weeks_from_monday() -> None:
    weeks = Month(2025, 1).weeks()
    assert weeks[0] == date(2024, 12, 30)
    assert weeks[-1] == date(2025, 1, 27)
    assert len(Month(2021, 2).weeks()) == 4


def test_a_day_that_the_next_month_does_not_have_becomes_its_last() -> None:
    january = Month(2025, 1)
    assert january.by(1).same_day(date(2025, 1, 31)) == date(2025, 2, 28)
    assert january.by(-1) == Month(2024, 12)
    assert january.words == "January 2025"


def test_an_end_at_midnight_belongs_to_the_day_before() -> None:
    start = datetime(2025, 1, 18, 22, tzinfo=UTC)
    assert days_of(start, start + timedelta(hours=2), "UTC") == (start.date(), start.date())
    assert days_of(start, start + timedelta(hours=2, minutes=1), "UTC")[1] == date(2025, 1, 19)


def test_a_window_over_midnight_is_one_bar_over_two_days() -> None:
    entry = night(datetime(2025, 1, 15, 3, tzinfo=UTC), datetime(2025, 1, 15, 9, tzinfo=UTC))
    (bar,) = bars_of(MONDAY, [entry])
    assert (bar.first, bar.last) == (1, 2)
    assert entry.headline(NEW_YORK) == "22:00 Core switch → 04:00"
    assert entry.times(NEW_YORK) == "22:00–04:00"


def test_an_end_days_later_says_its_day_and_what_goes_on_does_not_begin_again() -> None:
    entry = night(datetime(2025, 1, 18, 3, tzinfo=UTC), datetime(2025, 1, 20, 9, tzinfo=UTC))
    assert entry.headline(NEW_YORK) == "22:00 Core switch → Mon 04:00"
    assert entry.headline(NEW_YORK, begins=False) == "Core switch → Mon 04:00"


def test_on_a_later_day_its_times_say_when_it_began() -> None:
    entry = night(datetime(2025, 1, 18, 3, tzinfo=UTC), datetime(2025, 1, 20, 9, tzinfo=UTC))
    on = [entry.times_on(entry.first + timedelta(days=n), NEW_YORK) for n in (0, 1, 3)]
    assert on == [
        "22:00–Mon 20 Jan 04:00",
        "Fri 17 Jan 22:00–Mon 20 Jan 04:00",
        "Fri 17 Jan 22:00–04:00",
    ]


def test_a_bar_over_a_sunday_goes_on_in_the_next_week() -> None:
    entry = whole("a", 5, 8)
    (bar,) = bars_of(MONDAY, [entry])
    (rest,) = bars_of(MONDAY + timedelta(days=7), [entry])
    assert (bar.first, bar.last, bar.begins, bar.ends) == (5, 6, True, False)
    assert (rest.first, rest.last, rest.begins, rest.ends) == (0, 1, False, True)


def test_the_rota_takes_no_lane() -> None:
    assert bars_of(MONDAY, [whole("a", 0, 6, Layer.ROTA)]) == ()


def test_what_does_not_fit_is_counted_on_each_of_its_days() -> None:
    bars = bars_of(MONDAY, [whole("long", 0, 6), whole("b", 2, 2), whole("c", 2, 3)])
    shown, left = fitting(bars, [2] * 7)
    assert [bar.entry.key for bar in shown] == ["long"]
    assert left == (0, 0, 2, 1, 0, 0, 0)


SPANS = st.lists(st.tuples(st.integers(-3, 8), st.integers(0, 9)), max_size=30)


@given(SPANS, st.lists(st.integers(0, 6), min_size=DAYS, max_size=DAYS))
def test_no_two_bars_cross_and_every_entry_is_shown_or_counted(
    spans: list[tuple[int, int]], room: list[int]
) -> None:
    entries = [whole(str(n), first, first + more) for n, (first, more) in enumerate(spans)]
    bars = bars_of(MONDAY, entries)
    taken = [(bar.lane, day) for bar in bars for day in range(bar.first, bar.last + 1)]
    assert len(taken) == len(set(taken))
    shown, left = fitting(bars, room)
    for day in range(DAYS):
        here = [bar for bar in shown if bar.first <= day <= bar.last]
        assert len(here) + left[day] == sum(e.is_on(MONDAY + timedelta(days=day)) for e in entries)
        assert all(bar.lane < room[day] - bool(left[day]) for bar in here)


def test_a_time_is_told_once_for_each_clock_that_differs() -> None:
    start, end = datetime(2025, 1, 11, tzinfo=UTC), datetime(2025, 1, 11, 3, tzinfo=UTC)
    assert night(start, end).told_in(NEW_YORK) == (
        "Fri 10 Jan 19:00–22:00 EST",
        "Sat 11 Jan 00:00–03:00 UTC",
    )
    assert night(start, end, "Europe/London").told_in(NEW_YORK) == (
        "Sat 11 Jan 00:00–03:00 GMT",
        "Fri 10 Jan 19:00–22:00 EST",
    )


def test_a_moved_window_keeps_its_wall_times_over_a_change_of_clocks() -> None:
    window = make_window("2025-03-08 22:00", "2025-03-09 01:00")
    later = shifted(window, Shift.whole(days=1))
    assert later == make_window("2025-03-09 22:00", "2025-03-10 01:00")
    assert later.start_utc - window.start_utc == timedelta(hours=23)


def test_a_window_cannot_be_moved_to_a_time_that_never_happens() -> None:
    window = make_window("2025-03-08 02:30", "2025-03-08 05:00")
    with pytest.raises(BadInput, match="does not happen"):
        shifted(window, Shift.whole(days=1))


def test_whole_days_are_read_before_the_times_of_a_day() -> None:
    timed = night(datetime(2025, 1, 13, tzinfo=UTC), datetime(2025, 1, 13, 1, tzinfo=UTC))
    assert [entry.key for entry in in_order([timed, whole("day", 0, 0)])] == ["day", "n"]


def test_a_screen_reader_hears_what_the_bar_shows_by_colour_and_place() -> None:
    entry = night(datetime(2025, 1, 15, 3, tzinfo=UTC), datetime(2025, 1, 15, 9, tzinfo=UTC))
    assert entry.spoken(NEW_YORK) == (
        "OUT-2025-002 Core switch, Planned, 22:00–04:00, Tue 14 Jan to Wed 15 Jan"
    )


def test_every_reason_has_its_cause_in_words() -> None:
    assert all(cause_words(reason) for reason in Reason)
