"""What is to be said of somebody's times, and the hours it spared them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.models.live.crew_times import Duty, Say, Telling, hours_of, to_say

NOON = datetime(2025, 1, 10, 12, 0, tzinfo=UTC)


def at(minutes: int) -> datetime:
    return NOON + timedelta(minutes=minutes)


def told(ready: int, release: int, when: int = -60) -> Telling:
    return Telling(at(when), Duty(at(ready), at(release)))


def free(when: int) -> Telling:
    return Telling(at(when), None)


def test_who_knows_nothing_is_told_the_times() -> None:
    assert to_say(None, Duty(at(60), at(120)), NOON) is Say.TIMES


def test_a_time_that_moved_by_less_is_not_said_again() -> None:
    assert to_say(told(60, 120), Duty(at(74), at(134)), NOON) is Say.NOTHING


def test_a_time_that_moved_by_a_quarter_of_an_hour_is_corrected_either_way() -> None:
    assert to_say(told(60, 120), Duty(at(75), at(120)), NOON) is Say.MOVED
    assert to_say(told(60, 120), Duty(at(60), at(105)), NOON) is Say.MOVED


def test_the_policy_says_how_much_is_worth_a_word() -> None:
    moved = Duty(at(80), at(140))
    assert to_say(told(60, 120), moved, NOON, moved_by=timedelta(minutes=30)) is Say.NOTHING


def test_who_works_undisturbed_hears_it_when_the_step_is_done() -> None:
    moved = Duty(at(-10), at(200))
    assert to_say(told(-10, 120), moved, NOON, undisturbed=True) is Say.LATER


def test_who_is_up_already_is_sent_to_rest_only_when_it_is_worth_it() -> None:
    assert to_say(told(-5, 120), Duty(at(20), at(120)), NOON) is Say.NOTHING
    assert to_say(told(-5, 120), Duty(at(40), at(120)), NOON) is Say.MOVED


def test_who_has_nothing_left_is_told_once_that_they_are_free() -> None:
    assert to_say(told(-60, 60), None, NOON) is Say.FREE
    assert to_say(free(0), None, NOON) is Say.NOTHING
    assert to_say(None, None, NOON) is Say.NOTHING


def test_that_they_are_free_is_no_news_the_morning_after() -> None:
    assert to_say(told(-60, 60), None, NOON, ended=at(-60)) is Say.FREE
    assert to_say(told(-60, 60), None, NOON, ended=at(-61)) is Say.NOTHING


def test_who_was_let_go_and_is_needed_again_is_told_the_times() -> None:
    assert to_say(free(0), Duty(at(60), at(90)), NOON) is Say.TIMES


def saved(tellings: list[Telling], worked: list[tuple[int, int]], *, over: bool = True) -> int:
    """Of three hours, in minutes."""
    spans = [(at(a), at(b)) for a, b in worked]
    found = hours_of("K. Ito", tellings, spans, (NOON, at(180)), over)
    assert found.up + found.saved == timedelta(hours=3)
    return found.saved // timedelta(minutes=1)


def test_nobody_rests_on_a_time_that_nobody_gave_them() -> None:
    assert saved([], [(60, 90)]) == 0


def test_what_lies_before_the_be_ready_time_and_after_the_release_is_spared() -> None:
    assert saved([told(60, 120)], [(60, 110)]) == 60 + 60


def test_a_release_told_counts_from_then_on() -> None:
    assert saved([told(60, 120), free(100)], [(60, 95)]) == 60 + 80


def test_who_works_longer_than_was_told_was_up() -> None:
    assert saved([told(60, 120)], [(60, 150)]) == 60 + 30


def test_before_the_first_word_everybody_is_up() -> None:
    assert saved([told(60, 120, when=30)], [(60, 120)]) == 30 + 60


def test_a_rest_between_two_duties_counts() -> None:
    assert saved([told(0, 60), told(120, 180, when=30)], [(0, 30), (120, 180)]) == 90


def test_a_release_still_to_come_spares_nothing_yet() -> None:
    assert saved([told(0, 60)], [(0, 30)], over=False) == 0


@given(
    st.lists(
        st.tuples(st.integers(-60, 200), st.integers(0, 200), st.integers(0, 90), st.booleans()),
        max_size=6,
    ),
    st.lists(st.tuples(st.integers(-30, 200), st.integers(0, 60)), max_size=4),
    st.booleans(),
)
def test_nobody_is_spared_less_than_nothing_or_a_minute_they_worked(
    said: list[tuple[int, int, int, bool]], tasks: list[tuple[int, int]], over: bool
) -> None:
    tellings = [
        free(when) if let_go else told(ready, ready + span, when)
        for when, ready, span, let_go in sorted(said)
    ]
    worked = [(start, start + span) for start, span in tasks]
    minutes = {m for a, b in worked for m in range(max(a, 0), min(b, 180))}
    assert 0 <= saved(tellings, worked, over=over) <= 180 - len(minutes)
