"""How long the console was away, and what came due meanwhile, in words for the log."""

from __future__ import annotations

from datetime import timedelta

from app.models.live.away import Away, Due, absence, came_due, kept, read_back, told
from tests.makers import NOW, ZONE

LATER = NOW + timedelta(minutes=19)
AWAY = Away(NOW, LATER)


def test_a_restart_is_no_absence() -> None:
    assert absence(NOW, NOW + timedelta(seconds=100)) is None
    assert absence(NOW, LATER) == AWAY


def test_a_clock_that_runs_faster_makes_no_absence_of_a_restart() -> None:
    assert absence(NOW, LATER, 60) is None
    assert absence(NOW, NOW + timedelta(minutes=21), 60) is not None


def test_a_first_start_and_a_clock_set_back_are_none_either() -> None:
    assert absence(None, NOW) is None
    assert absence(LATER, NOW) is None


def test_it_is_said_by_the_clock_on_the_wall() -> None:
    assert AWAY.said(ZONE) == "away 09:00–09:19"


def test_over_midnight_the_days_are_said() -> None:
    away = Away(NOW, NOW + timedelta(hours=20))
    assert away.said(ZONE) == "away Mon 6 Jan 09:00–Tue 7 Jan 05:00"


def test_only_what_passed_meanwhile_came_due() -> None:
    moments = [NOW - timedelta(minutes=1), NOW, NOW + timedelta(minutes=5), LATER]
    known = [Due(at, str(number)) for number, at in enumerate(moments)]
    assert [due.words for due in came_due(AWAY, reversed(known))] == ["2", "3"]


def test_the_log_says_it_in_one_sentence() -> None:
    due = (Due(NOW + timedelta(minutes=10), "the promised end"),)
    assert told(AWAY, due, ZONE) == (
        "away 09:00–09:19 (19 min); came due meanwhile: 09:10 the promised end"
    )
    assert told(AWAY, (), ZONE).endswith("nothing came due meanwhile")


def test_an_absence_is_read_back_as_the_log_keeps_it() -> None:
    assert read_back(kept(AWAY)) == AWAY
    assert read_back({}) is None


def test_only_what_lies_between_two_moments_is_away_within_them() -> None:
    assert AWAY.within(NOW + timedelta(minutes=9), LATER + timedelta(hours=1)) == timedelta(
        minutes=10
    )
    assert AWAY.within(LATER, LATER + timedelta(hours=1)) == timedelta()
