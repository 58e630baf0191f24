"""Who has gone quiet, whom to call, and whom to let sleep."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.models.ids import StepId
from app.models.live.hearing import (
    CALL_AFTER,
    READY_AHEAD,
    Crewman,
    Heard,
    Hearing,
    Task,
    crew_now,
    hearing,
)

NOW = datetime(2025, 1, 11, 1, 0, tzinfo=UTC)


def ago(minutes: int) -> datetime:
    return NOW - timedelta(minutes=minutes)


def task(started: int, heard: int | None = None, *, minutes: int = 25, quiet: bool = False) -> Task:
    """Started and heard so many minutes ago."""
    last = ago(started if heard is None else heard)
    return Task("8 Flash controller B", StepId("8"), ago(started), minutes, last, quiet)


def found(*tasks: Task, needed: int | None = None, heard: int | None = None) -> Heard:
    who = Crewman(
        "K. Ito",
        "555 0142",
        tasks,
        None if needed is None else ago(-needed),
        "9 Rebalance",
        StepId("9"),
        None if heard is None else ago(heard),
    )
    return hearing(who, NOW)


def test_silence_shows_after_ten_minutes_and_asks_for_a_call_after_twenty() -> None:
    states = [found(task(m)).hearing for m in (9, 10, 19, 20)]
    assert states == [Hearing.WORKING, Hearing.QUIET, Hearing.QUIET, Hearing.CALL]


def test_a_step_over_its_time_without_a_word_since_asks_for_a_call() -> None:
    over = found(task(31, heard=8, minutes=22))
    assert (over.hearing, over.silent(NOW)) == (Hearing.WORKING, 8)
    silent = found(task(31, heard=9, minutes=24))
    assert silent.hearing is Hearing.CALL


def test_what_is_not_to_be_disturbed_is_never_nudged_however_long_it_takes() -> None:
    assert found(task(300, quiet=True)).hearing is Hearing.UNDISTURBED


def test_whoever_is_not_to_be_disturbed_is_not_called_for_another_step_either() -> None:
    assert found(task(300), task(30, quiet=True)).hearing is Hearing.UNDISTURBED


def test_who_is_needed_soon_is_called_unless_heard_of_lately() -> None:
    assert found(needed=10).hearing is Hearing.GET_READY
    assert found(needed=10, heard=12).hearing is Hearing.STAND_BY


def test_who_is_needed_later_sleeps_and_who_is_done_is_free() -> None:
    assert found(needed=16).hearing is Hearing.RESTING
    assert found().hearing is Hearing.FREE


tasks = st.builds(
    task,
    st.integers(0, 120),
    minutes=st.integers(1, 60),
    quiet=st.booleans(),
)
crew = st.builds(
    Crewman,
    st.sampled_from(["A", "B", "C"]),
    st.just(""),
    st.lists(tasks, max_size=3).map(tuple),
    st.none() | st.integers(-60, 120).map(ago),
    st.just(""),
    st.none(),
    st.none() | st.integers(0, 120).map(ago),
)


@given(crew)
def test_nobody_is_woken_who_is_not_needed_nor_called_in_a_quiet_step(who: Crewman) -> None:
    state = hearing(who, NOW).hearing
    if state is Hearing.CALL:
        assert who.tasks and not any(each.do_not_disturb for each in who.tasks)
    if state is Hearing.GET_READY:
        assert not who.tasks and who.needed_at is not None
        assert who.needed_at - NOW <= READY_AHEAD


@given(crew)
def test_no_silence_goes_unseen_for_twenty_minutes(who: Crewman) -> None:
    state = hearing(who, NOW).hearing
    silent = who.tasks and NOW - max(t.heard_at for t in who.tasks) >= CALL_AFTER
    assert not silent or state in (Hearing.CALL, Hearing.UNDISTURBED)


@given(crew)
def test_a_word_just_now_ends_the_wish_to_call(who: Crewman) -> None:
    heard = replace(who, tasks=tuple(replace(t, heard_at=NOW) for t in who.tasks), heard_at=NOW)
    assert hearing(heard, NOW).hearing not in (Hearing.CALL, Hearing.QUIET, Hearing.GET_READY)


@given(st.lists(crew, max_size=6))
def test_those_to_call_come_first_the_longest_silent_before_the_others(who: list[Crewman]) -> None:
    made = crew_now(who, NOW)
    assert len(made) == len(who)
    calls = [each for each in made if each.hearing is Hearing.CALL]
    assert list(made[: len(calls)]) == calls
    assert [each.silent(NOW) for each in calls] == sorted(
        (each.silent(NOW) for each in calls), reverse=True
    )
