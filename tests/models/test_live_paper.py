"""Ticks on paper, read as they are typed half asleep."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.models.live.paper import (
    LONG_BEFORE,
    TOLERANCE,
    PaperClock,
    PaperLine,
    has_come,
    initials_of,
    parse_paper,
    who_signed,
)
from tests.makers import ZONE

NOW = datetime(2025, 1, 11, 6, 0, tzinfo=UTC)
CLOCK = PaperClock(ZONE, NOW, datetime(2025, 1, 11, 0, 0, tzinfo=UTC) - LONG_BEFORE)
"""Saturday, 01:00: the flight of Friday night, 19:00."""


def utc(day: int, hour: int, minute: int) -> datetime:
    """New York's wall time in January 2025."""
    return datetime(2025, 1, day, hour, minute, tzinfo=UTC) + timedelta(hours=5)


def one(text: str, clock: PaperClock = CLOCK) -> PaperLine:
    lines, bad = parse_paper(text, clock)
    assert not bad
    return lines[0]


def wrong(text: str) -> str:
    lines, bad = parse_paper(text, CLOCK)
    assert not lines
    return bad[0].sentence


@pytest.mark.parametrize(
    "typed",
    ["7 1954 2012 ki", "7 19:54 20:12 ki", "7. 19.54, 20.12, ki", "7\t1954\t2012\tki\r\n"],
)
def test_a_line_is_code_start_end_initials(typed: str) -> None:
    assert one(typed) == PaperLine(1, "7", utc(10, 19, 54), utc(10, 20, 12), "ki")


def test_what_was_not_written_stays_open() -> None:
    assert one("8 2015 - ki") == PaperLine(1, "8", utc(10, 20, 15), None, "ki")
    assert one("8 2015 ki") == PaperLine(1, "8", utc(10, 20, 15), None, "ki")
    assert one("8 - 2030") == PaperLine(1, "8", None, utc(10, 20, 30))


def test_a_step_may_end_on_the_next_day() -> None:
    found = one("9 2350 0010 al slow disk")
    assert (found.start, found.end, found.note) == (utc(10, 23, 50), utc(11, 0, 10), "slow disk")


def test_a_check_that_did_not_pass_says_so() -> None:
    assert one("9 2040 2055 ki failed: no login").result == "failed"
    assert one("9 2040 2055 ki failed: no login").note == "no login"
    assert one("9 2040 2055 ki not tested").result == "not_tested"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("7", "no time on it"),
        ("7 ki", "no time on it"),
        ("7 2570", "not a time of day"),
        ("7 19540", "not a time"),
        ("7 2012 1954 ki", "before it starts"),
        ("7 0130", "has not come yet"),
    ],
)
def test_what_cannot_be_is_named(typed: str, said: str) -> None:
    assert said in wrong(typed)


@pytest.mark.parametrize("typed", ["7 0130", "7 - 0130", "7 0055 0130"])
def test_a_time_to_come_is_not_taken_for_the_day_before(typed: str) -> None:
    assert wrong(typed).startswith("01:30 has not come yet")


def test_what_was_done_on_the_afternoon_before_is_of_that_night() -> None:
    assert one("1 1430 1440 ki").start == utc(10, 14, 30)


def test_a_watch_may_be_a_few_minutes_ahead() -> None:
    assert one("7 0055 0104 ki").end == utc(11, 1, 4)
    assert has_come(NOW + TOLERANCE, NOW) and not has_come(NOW + TOLERANCE * 2, NOW)


def test_blank_lines_and_remarks_say_nothing_and_lines_keep_their_number() -> None:
    lines, bad = parse_paper("# the night\n\n7 1954 2012 ki\nxx yy\n", CLOCK)
    assert [line.line for line in lines] == [3]
    assert [each.line for each in bad] == [4]


def test_initials_stand_for_names() -> None:
    names = ("K. Ito", "Kai Ibsen", "A. Lindqvist")
    assert initials_of("M. Okafor") == "mo"
    assert who_signed("AL", names) == ("A. Lindqvist",)
    assert who_signed("k.i.", names) == ("K. Ito", "Kai Ibsen")
    assert who_signed("ito", names) == ("K. Ito",)
    assert who_signed("zz", names) == ()


@given(st.text(max_size=300))
def test_no_text_at_all_is_more_than_named(text: str) -> None:
    lines, bad = parse_paper(text, CLOCK)
    for line in lines:
        assert line.start or line.end
        for moment in (line.start, line.end):
            assert moment is None or moment <= CLOCK.until + timedelta(minutes=5)
        if line.start and line.end:
            assert timedelta() <= line.end - line.start <= timedelta(hours=12)
    assert all(each.sentence for each in bad)


def test_ditto_marks_stand_for_the_initials_above() -> None:
    lines, _ = parse_paper('7 1954 2012 ki\n8 2012 2030 "\n9 2030 2040 " loose cable\n', CLOCK)
    assert [line.initials for line in lines] == ["ki", "ki", "ki"]
    assert lines[2].note == "loose cable"
