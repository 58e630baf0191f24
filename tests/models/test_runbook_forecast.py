"""Planned and expected times: dependencies, people, locks and actuals."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import raises

from app.models.errors import BadInput
from app.models.ids import PersonId, StepId
from app.models.runbook import Forecast, Phase, Step, StepState, forecast, plan

START = datetime(2025, 1, 11, 0, 0, tzinfo=UTC)


def at(minutes: int) -> datetime:
    return START + timedelta(minutes=minutes)


def step(code: str, minutes: int, *after: str, owner: str | None = None, **more: object) -> Step:
    made = Step(
        StepId(code),
        code,
        f"title of {code}",
        minutes=minutes,
        after=frozenset(map(StepId, after)),
        owner=PersonId(owner) if owner else None,
    )
    return replace(made, **more)  # type: ignore[arg-type]


def span(told: Forecast, code: str) -> tuple[int, int]:
    """Start and end in minutes from the window's start."""
    times, minute = told.steps[StepId(code)], timedelta(minutes=1)
    return (times.start - START) // minute, (times.end - START) // minute


def test_steps_before_the_window_are_planned_to_be_done_when_it_opens() -> None:
    steps = [
        step("3", 15, owner="a", phase=Phase.BEFORE),
        step("4", 10, owner="b", phase=Phase.BEFORE),
        step("5", 10, "3", "4", phase=Phase.BEFORE),
        step("7", 20, "5"),
    ]
    told = plan(steps, START)
    assert [span(told, c) for c in ("3", "4", "5", "7")] == [
        (-25, -10),
        (-20, -10),
        (-10, 0),
        (0, 20),
    ]


def test_the_plan_does_not_change_with_what_happens() -> None:
    steps = [step("1", 20), step("2", 10, "1")]
    flown = [replace(steps[0], state=StepState.DONE, started_at=at(5), ended_at=at(90)), steps[1]]
    assert plan(flown, START) == plan(steps, START)


def test_one_person_does_one_step_at_a_time_the_longest_chain_first() -> None:
    told = plan(
        [step("1", 10, owner="a"), step("2", 10, owner="a"), step("3", 30, "2", owner="b")], START
    )
    assert [span(told, c) for c in "123"] == [(10, 20), (0, 10), (10, 40)]


def test_a_running_step_that_runs_over_is_expected_to_end_now() -> None:
    steps = [
        step("1", 20, state=StepState.RUNNING, started_at=at(0)),
        step("2", 10, "1"),
    ]
    told = forecast(steps, at(35), START)
    assert span(told, "1") == (0, 35)
    assert span(told, "2") == (35, 45)
    assert told.likely_end == at(45)


def test_a_person_busy_with_a_running_step_takes_the_next_one_after_it() -> None:
    steps = [
        step("1", 20, owner="a", state=StepState.RUNNING, started_at=at(0)),
        step("2", 10, owner="a"),
    ]
    told = forecast(steps, at(5), START)
    assert span(told, "2") == (20, 30)
    assert told.critical == ("1", "2")


def test_skipped_and_undone_steps_take_no_time() -> None:
    steps = [
        step("1", 60, state=StepState.SKIPPED),
        step("2", 60, state=StepState.UNDONE, started_at=at(0), ended_at=at(5)),
        step("3", 10, "1", "2"),
    ]
    told = forecast(steps, at(10), START)
    assert set(told.steps) == {"3"}
    assert span(told, "3") == (10, 20)


def test_a_lock_keeps_a_step_back_and_a_missed_one_is_told() -> None:
    steps = [step("1", 10, not_before=at(30)), step("2", 10, "1", not_after=at(35))]
    told = plan(steps, START)
    assert span(told, "1") == (30, 40)
    assert told.steps[StepId("2")].late and not told.steps[StepId("1")].late


def test_nothing_in_the_window_is_expected_before_it_opens() -> None:
    steps = [step("0", 10, phase=Phase.BEFORE), step("1", 10, "0")]
    told = forecast(steps, at(-300), START)
    assert [span(told, c) for c in "01"] == [(-10, 0), (0, 10)]


def test_a_late_preparation_pushes_the_window_steps() -> None:
    steps = [step("0", 10, phase=Phase.BEFORE), step("1", 10, "0")]
    assert span(forecast(steps, at(-3), START), "1") == (7, 17)


def test_slack_and_critical_path_say_what_eats_the_margin() -> None:
    told = plan(
        [step("1", 10), step("2", 40, "1"), step("3", 15, "1"), step("4", 5, "2", "3")], START
    )
    assert told.critical == ("1", "2", "4")
    assert {str(i): t.slack for i, t in told.steps.items()} == {
        "1": timedelta(0),
        "2": timedelta(0),
        "3": timedelta(minutes=25),
        "4": timedelta(0),
    }


def test_slack_ends_at_a_lock_that_would_be_missed() -> None:
    steps = [step("0", 5), step("1", 10, "0", not_after=at(20)), step("2", 90)]
    told = plan(steps, START)
    assert [told.steps[StepId(c)].slack for c in "012"] == [at(15) - START] * 2 + [timedelta(0)]
    late = forecast(steps, at(40), START)  # once it is missed the end alone counts
    assert late.steps[StepId("1")].late
    assert late.steps[StepId("1")].slack == timedelta(minutes=75)


def test_the_wrap_up_does_not_move_the_promised_end() -> None:
    told = plan([step("1", 30), step("2", 15, "1", phase=Phase.WRAP_UP)], START)
    assert (told.likely_end, told.last_end) == (at(30), at(45))
    assert told.critical == ("1",)


def test_each_person_has_a_be_ready_and_a_release_time() -> None:
    steps = [
        step("1", 20, owner="a", state=StepState.DONE, started_at=at(0), ended_at=at(25)),
        step("2", 10, "1", owner="b"),
        step("3", 10, "2", owner="a"),
    ]
    told = forecast(steps, at(25), START)
    assert told.people[PersonId("a")].be_ready == at(35)
    assert told.people[PersonId("a")].release == at(45)
    assert told.people[PersonId("b")].release == at(35)


def test_backing_out_forecasts_the_way_back_only() -> None:
    steps = [
        step(
            "8", 25, owner="a", undone_by=(StepId("B8"),), state=StepState.RUNNING, started_at=at(0)
        ),
        step("9", 90, "8"),
        step("B8", 25, owner="a", phase=Phase.BACK_OUT),
        step("B9", 25, owner="a", phase=Phase.BACK_OUT),
        step("16", 5, "9", phase=Phase.WRAP_UP),
    ]
    told = forecast(steps, at(10), START, backing_out=True)
    assert set(told.steps) == {"B8", "16"}
    assert told.likely_end == at(35)


def test_an_empty_runbook_ends_now() -> None:
    assert forecast([], at(5), START).likely_end == at(5)
    assert plan([], START).likely_end == START


def test_a_circle_is_named_also_before_the_window() -> None:
    circle = [step("1", 5, "2", phase=Phase.BEFORE), step("2", 5, "1", phase=Phase.BEFORE)]
    with raises(BadInput, match="1 after 2 after 1"):
        plan(circle, START)
    with raises(BadInput, match="1 after 2 after 1"):
        forecast(circle, at(5), START)


@st.composite
def flights(draw: st.DrawFn) -> tuple[list[Step], int]:
    """Steps of every phase and state with random actuals, and the minute it is now."""
    now = draw(st.integers(-60, 240))
    steps = []
    for number in range(draw(st.integers(1, 14))):
        state = draw(st.sampled_from(StepState))
        began = None
        if state not in {StepState.TODO, StepState.SKIPPED}:
            began = draw(st.integers(now - 120, now))
        ended = None
        if state in {StepState.DONE, StepState.UNDONE} and began is not None:
            ended = draw(st.integers(began, now))
        steps.append(
            step(
                str(number),
                draw(st.integers(0, 60)),
                *(str(i) for i in draw(st.sets(st.integers(0, 13), max_size=3)) if i < number),
                owner=draw(st.sampled_from([None, "a", "b", "c"])),
                state=state,
                phase=draw(st.sampled_from([p for p in Phase if p is not Phase.BACK_OUT])),
                started_at=None if began is None else at(began),
                ended_at=None if ended is None else at(ended),
                not_before=draw(st.sampled_from([None, at(30), at(200)])),
            )
        )
    return steps, now


@settings(max_examples=150, deadline=None)
@given(flights())
def test_a_forecast_is_never_before_now_and_holds_for_dependencies_and_people(
    flight: tuple[list[Step], int],
) -> None:
    steps, now = flight
    told = forecast(steps, at(now), START)
    assert told.likely_end >= at(now)
    assert told.last_end >= told.likely_end
    open_steps = [s for s in steps if s.state is StepState.TODO]
    for one in steps:
        if one.id not in told.steps:
            assert one.state in {StepState.SKIPPED, StepState.UNDONE}
            continue
        times = told.steps[one.id]
        if one.state is StepState.DONE:
            assert (times.start, times.end, times.slack) == (one.started_at, one.ended_at, None)
            continue
        assert times.end >= at(now)
        assert times.slack is not None and times.slack >= timedelta(0)
        if one.state is StepState.TODO:
            assert times.start >= max(at(now), one.not_before or at(now))
            assert times.end - times.start == timedelta(minutes=one.minutes)
            for earlier in one.after & set(told.steps):
                assert times.start >= told.steps[earlier].end
    busy = [s for s in steps if s.begun and s.state is not StepState.DONE]
    for one in open_steps:
        for other in (*open_steps, *busy):
            if one is not other and one.owner is not None and one.owner == other.owner:
                a, b = told.steps[one.id], told.steps[other.id]
                assert a.start >= b.end or b.start >= a.end
    core = [s for s in steps if s.phase is not Phase.WRAP_UP and s.id in told.steps]
    if core:
        last = max(told.steps[s.id].end for s in core)
        assert told.steps[told.critical[-1]].end == last
        assert told.likely_end == max(at(now), last)


@settings(max_examples=80, deadline=None)
@given(flights())
def test_a_slip_within_the_slack_of_the_last_steps_keeps_the_end(
    flight: tuple[list[Step], int],
) -> None:
    steps = [replace(s, state=StepState.TODO, started_at=None, ended_at=None) for s in flight[0]]
    told = plan(steps, START)
    needed = {i for s in steps for i in s.after}
    for one in steps:
        slack = told.steps[one.id].slack
        if (
            one.id in needed
            or one.owner is not None
            or slack is None
            or one.phase
            in (
                Phase.WRAP_UP,
                Phase.BEFORE,
            )
        ):
            continue
        longer = replace(one, minutes=one.minutes + slack // timedelta(minutes=1))
        again = plan([longer if s is one else s for s in steps], START)
        assert again.likely_end == told.likely_end


@settings(max_examples=80, deadline=None)
@given(flights())
def test_nobody_waits_while_a_step_of_theirs_could_start(flight: tuple[list[Step], int]) -> None:
    steps, now = flight
    told = forecast(steps, max(at(now), START), START)
    opened = max(at(now), START)
    todo = [s for s in steps if s.state is StepState.TODO]
    busy = [s for s in steps if s.begun and s.state is not StepState.DONE]
    for one in todo:
        start = told.steps[one.id].start
        could = max([opened, one.not_before or opened])
        could = max([could, *(told.steps[i].end for i in one.after & set(told.steps))])
        others = [s for s in (*todo, *busy) if s is not one and s.owner and s.owner == one.owner]
        spans = sorted((told.steps[s.id].start, told.steps[s.id].end) for s in others)
        for first, last in spans:
            if first <= could < last:
                could = last
        assert start <= could or any(could == first for first, _ in spans)
