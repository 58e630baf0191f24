"""Windows: wall time and zone are the truth; clocks that jump are refused, that go back asked."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.models.errors import BadInput
from app.models.times import (
    Window,
    in_gap,
    is_ambiguous,
    overlaps,
    parse_wall,
    speak_date,
    speak_moment,
    speak_near,
    speak_span,
    speak_window,
    t_clock,
    to_utc,
    to_wall,
    zone,
)

NEW_YORK = "America/New_York"
ZONES = (
    "UTC",
    NEW_YORK,
    "Europe/London",
    "Australia/Lord_Howe",  # moves by half an hour
    "Asia/Kathmandu",  # +05:45
    "America/St_Johns",
    "Pacific/Apia",  # left out a whole day in 2011
    "Africa/Casablanca",  # summer time suspended in Ramadan
    "America/Sao_Paulo",
    "Antarctica/Troll",  # moves by two hours
)
walls = st.datetimes(parse_wall("2005-01-01"), parse_wall("2037-01-01")).map(
    lambda wall: wall.replace(second=0, microsecond=0)
)
GAPS = {
    NEW_YORK: ("2025-03-09 02:00", "2025-03-09 02:59"),
    "Europe/London": ("2025-03-30 01:00", "2025-03-30 01:59"),
    "Australia/Lord_Howe": ("2025-10-05 02:00", "2025-10-05 02:29"),
    "Pacific/Apia": ("2011-12-30 00:00", "2011-12-30 23:59"),
    "Antarctica/Troll": ("2025-03-30 01:00", "2025-03-30 02:59"),
}


def window(start: str, end: str, zone_name: str = NEW_YORK, **folds: int) -> Window:
    return Window.of(parse_wall(start), parse_wall(end), zone_name, **folds)


@given(walls, st.sampled_from(ZONES))
def test_a_wall_time_that_happens_comes_back_from_utc(wall: datetime, name: str) -> None:
    assume(not in_gap(wall, name))
    for fold in (0, 1):
        assert to_wall(to_utc(wall, name, fold), name).replace(fold=0) == wall


@given(walls, st.sampled_from(ZONES))
def test_a_wall_time_is_ambiguous_exactly_when_two_moments_show_it(
    wall: datetime, name: str
) -> None:
    assume(not in_gap(wall, name))
    moments = {to_utc(wall, name, fold) for fold in (0, 1)}
    assert is_ambiguous(wall, name) == (len(moments) == 2)


@given(st.sampled_from(sorted(GAPS)), st.data())
def test_a_wall_time_in_a_gap_is_shown_by_no_moment(name: str, data: st.DataObject) -> None:
    first, last = (parse_wall(text) for text in GAPS[name])
    wall = data.draw(st.datetimes(first, last)).replace(second=0, microsecond=0)
    assert in_gap(wall, name)
    assert not is_ambiguous(wall, name)
    shown = {to_wall(to_utc(wall, name, fold), name).replace(fold=0) for fold in (0, 1)}
    assert wall not in shown


@given(walls, walls, st.sampled_from(ZONES))
def test_a_window_is_refused_or_has_a_length(start: datetime, end: datetime, name: str) -> None:
    try:
        made = Window.of(start, end, name)
    except BadInput:
        return
    assert made.start_utc < made.end_utc
    assert made.minutes * 60 <= (made.end_utc - made.start_utc).total_seconds()


def test_a_start_in_the_gap_is_refused() -> None:
    with pytest.raises(BadInput, match="does not happen"):
        window("2025-03-09 02:30", "2025-03-09 05:00")


def test_an_end_in_the_gap_is_refused() -> None:
    with pytest.raises(BadInput, match="another end"):
        window("2025-03-09 01:00", "2025-03-09 02:30")


def test_a_start_that_happens_twice_is_asked() -> None:
    with pytest.raises(BadInput, match="happens twice") as asked:
        window("2025-11-02 01:30", "2025-11-02 04:00")
    assert asked.value.about["ambiguous"] == "start"


def test_the_two_of_a_time_that_happens_twice_are_an_hour_apart() -> None:
    first = window("2025-11-02 01:30", "2025-11-02 04:00", start_fold=0)
    second = window("2025-11-02 01:30", "2025-11-02 04:00", start_fold=1)
    assert second.start_utc - first.start_utc == timedelta(hours=1)
    assert first.minutes - second.minutes == 60


def test_a_window_over_the_jump_lasts_an_hour_less_than_its_wall_times() -> None:
    assert window("2025-03-09 01:00", "2025-03-09 04:00").minutes == 120


def test_an_end_that_is_not_after_the_start_is_refused() -> None:
    with pytest.raises(BadInput, match="ends before"):
        window("2025-01-10 19:00", "2025-01-10 19:00")


@pytest.mark.parametrize("name", ["Mars/Olympus", "", "EST5EDT ", "../etc/passwd", "\0", "America"])
def test_an_unknown_zone_is_refused(name: str) -> None:
    with pytest.raises(BadInput, match="time zone"):
        zone(name)


@pytest.mark.parametrize("text", ["", "tomorrow", "2025-13-01 10:00", "2025-01-10T19:00+01:00"])
def test_what_is_no_wall_time_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        parse_wall(text)


def test_touching_ends_do_not_overlap() -> None:
    at = [datetime(2025, 1, 10, hour, tzinfo=UTC) for hour in range(4)]
    assert not overlaps(at[0], at[1], at[1], at[2])
    assert overlaps(at[0], at[2], at[1], at[3])
    assert overlaps(at[0], at[3], at[1], at[2])


def test_a_window_is_spoken_with_its_zone() -> None:
    assert speak_window(window("2025-01-10 19:00", "2025-01-10 22:00")) == (
        "Fri 10 Jan 19:00–22:00 EST"
    )


def test_a_window_over_midnight_names_both_days() -> None:
    assert speak_window(window("2025-01-10 19:00", "2025-01-11 01:00")) == (
        "Fri 10 Jan 19:00–Sat 11 Jan 01:00 EST"
    )


def test_a_zone_without_a_name_is_spoken_as_an_offset() -> None:
    moment = datetime(2025, 1, 10, 12, 0, tzinfo=UTC)
    assert speak_moment(moment, "Asia/Kathmandu") == "Fri 10 Jan 17:45 UTC+05:45"


def test_a_date_is_spoken_the_same_in_every_language_of_the_machine() -> None:
    assert speak_date(date(2025, 3, 5)) == "Wed 5 Mar"


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(0, "0 min"), (42, "42 min"), (60, "1 h"), (115, "1 h 55 min"), (4320, "3 days")],
)
def test_spans_are_spoken_to_the_minute(minutes: int, said: str) -> None:
    assert speak_span(timedelta(minutes=minutes)) == said
    assert speak_span(-timedelta(minutes=minutes)) == said


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (-42 * 60, "T−00:42"),
        (-1, "T−00:01"),
        (0, "T+00:00"),
        (59, "T+00:00"),
        (67 * 60, "T+01:07"),
    ],
)
def test_the_t_clock_never_says_started_before_it_has(seconds: int, shown: str) -> None:
    start = datetime(2025, 1, 11, 0, 0, tzinfo=UTC)
    assert t_clock(start + timedelta(seconds=seconds), start) == shown


def test_a_time_of_tonight_needs_no_day_though_midnight_lies_between() -> None:
    late = datetime(2025, 1, 11, 3, 0, tzinfo=UTC)  # 22:00 in New York
    assert speak_near(late + timedelta(hours=3), late, "America/New_York") == "01:00"
    assert speak_near(late + timedelta(hours=13), late, "America/New_York") == "Sat 11 Jan 11:00"
