"""The hours of a week: parts of windows on days, what stands side by side, clocks that change."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from app.models.calendar.clocks import ClockChange, clock_change
from app.models.calendar.entries import Entry, Layer
from app.models.calendar.shifting import Shift, carried
from app.models.calendar.spans import Span, Way
from app.models.calendar.week import Part, is_timed, parts_between, side_by_side

ZONE = "America/New_York"
MONDAY, SUNDAY = date(2025, 1, 6), date(2025, 1, 12)


def entry(key: str, layer: Layer, start: datetime, hours: float) -> Entry:
    day = start.date()
    return Entry(key, layer, key, day, day, start, start + timedelta(hours=hours))


def part(key: str, start: int, end: int, layer: Layer = Layer.EVENTS) -> Part:
    moment = datetime(2025, 1, 6, tzinfo=UTC)
    return Part(entry(key, layer, moment, 1), start * 60, end * 60, True, True)


def test_a_window_that_crosses_midnight_has_a_part_on_each_day() -> None:
    night = entry("n", Layer.OUTAGES, datetime(2025, 1, 11, 3, tzinfo=UTC), 6)  # Fri 22:00
    assert night.start and night.end
    found = parts_between(night, night.start, night.end, ZONE, MONDAY, SUNDAY)
    assert [(d, p.start, p.end, p.begins, p.ends) for d, p in found] == [
        (date(2025, 1, 10), 22 * 60, 24 * 60, True, False),
        (date(2025, 1, 11), 0, 4 * 60, False, True),
    ]


def test_a_window_that_ends_at_midnight_is_not_on_the_next_day() -> None:
    late = entry("n", Layer.OUTAGES, datetime(2025, 1, 11, 3, tzinfo=UTC), 2)
    assert late.start and late.end
    ((day, found),) = parts_between(late, late.start, late.end, ZONE, MONDAY, SUNDAY)
    assert (day, found.end, found.ends) == (date(2025, 1, 10), 24 * 60, True)


def test_an_outage_of_days_lies_among_the_hours_and_an_event_of_days_above_them() -> None:
    start = datetime(2025, 1, 7, tzinfo=UTC)
    assert is_timed(entry("o", Layer.OUTAGES, start, 50))
    assert not is_timed(entry("e", Layer.EVENTS, start, 50))


def test_outages_have_their_lanes_first_and_what_finds_no_room_is_counted() -> None:
    parts = [part("a", 8, 12), part("b", 9, 11), part("c", 10, 12), part("d", 13, 14)]
    placed, left = side_by_side([*parts, part("o", 9, 10, Layer.OUTAGES)], 2)
    lanes = {one.part.entry.key: (one.lane, one.lanes) for one in placed}
    assert lanes == {"o": (0, 2), "a": (1, 2), "c": (0, 2), "d": (0, 1)}
    assert left == 1


def test_the_days_on_which_clocks_change_say_which_hour() -> None:
    assert clock_change(date(2025, 3, 9), ZONE) == ClockChange(120, 180, False)
    assert clock_change(date(2025, 11, 2), ZONE) == ClockChange(60, 120, True)
    assert clock_change(date(2025, 10, 5), "Australia/Lord_Howe") == ClockChange(120, 150, False)
    assert clock_change(date(2025, 1, 6), ZONE) is None


def test_a_carried_window_keeps_its_wall_times_over_a_change_of_clocks() -> None:
    start = datetime(2025, 3, 8, 19, tzinfo=UTC)
    later = carried(start, start + timedelta(hours=3), ZONE, Shift.whole(days=1, minutes=15))
    assert later[0] == datetime(2025, 3, 9, 18, 15, tzinfo=UTC)


def test_each_way_to_look_has_its_days_and_steps() -> None:
    day = date(2025, 1, 31)
    said = [(Span.of(way, day).words, Span.of(way, day).by(1, day)) for way in Way]
    assert said == [
        ("2025", date(2026, 1, 31)),
        ("January – March 2025", date(2025, 4, 30)),
        ("January 2025", date(2025, 2, 28)),
        ("27 January – 2 February 2025", date(2025, 2, 7)),
        ("January 2025", date(2025, 2, 28)),
    ]
    assert Span.of(Way.MONTH, day).first == date(2024, 12, 30)
    assert Span.of(Way.WEEK, date(2024, 12, 31)).short == "30 Dec – 5 Jan ’25"
