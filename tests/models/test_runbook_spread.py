"""Low, likely and high ends: what they are made of, and that they never lie before now."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.models.ids import StepId
from app.models.runbook import Forecast, Range, Step, StepState, forecast
from tests.models.test_runbook_forecast import START, at, flights, step


def minutes(told: Forecast) -> tuple[int, int, int]:
    """Low, likely and high end in whole minutes from the window's start."""
    ends = (told.low_end, told.likely_end, told.high_end)
    low, likely, high = ((end - START) // timedelta(minutes=1) for end in ends)
    return low, likely, high


def test_without_actuals_a_step_may_take_a_fifth_less_or_half_as_much_again() -> None:
    assert minutes(forecast([step("1", 100)], START, START)) == (80, 100, 150)


def test_what_the_step_took_of_late_stands_in_place_of_that() -> None:
    ranges = {StepId("1"): Range(95, 110)}
    assert minutes(forecast([step("1", 100)], START, START, ranges=ranges)) == (95, 100, 110)


def test_slips_of_different_steps_are_not_all_expected_at_once() -> None:
    steps = [step("1", 10), *(step(str(n), 10, str(n - 1)) for n in range(2, 5))]
    assert minutes(forecast(steps, START, START)) == (36, 40, 50)  # not 32 and 60


def test_a_lock_swallows_what_a_step_before_it_may_slip() -> None:
    steps = [step("1", 10), step("2", 10, "1", not_before=at(60))]
    assert minutes(forecast(steps, START, START)) == (68, 70, 75)


def test_a_chain_that_may_overtake_the_longest_one_moves_the_high_end() -> None:
    ranges = {StepId("2"): Range(90, 200)}
    told = forecast([step("1", 100), step("2", 95)], START, START, ranges=ranges)
    assert minutes(told) == (90, 100, 200)


def test_what_is_done_is_certain() -> None:
    done = step("1", 30, state=StepState.DONE, started_at=at(0), ended_at=at(40))
    assert minutes(forecast([done], at(40), START)) == (40, 40, 40)


def test_a_running_step_that_runs_over_may_still_run_on() -> None:
    running = step("1", 20, state=StepState.RUNNING, started_at=at(0))
    assert minutes(forecast([running], at(10), START)) == (16, 20, 30)
    assert minutes(forecast([running], at(50), START)) == (50, 50, 60)


def test_the_steps_that_eat_the_margin_are_named_the_worst_first() -> None:
    steps = [
        step("1", 10, state=StepState.DONE, started_at=at(0), ended_at=at(15)),
        step("2", 10, "1", state=StepState.DONE, started_at=at(15), ended_at=at(25)),
        step("3", 10, "2", state=StepState.RUNNING, started_at=at(25)),
        step("4", 10, "3"),
        step("5", 5, state=StepState.DONE, started_at=at(0), ended_at=at(30)),
    ]
    assert forecast(steps, at(55), START).eaten == ((StepId("3"), 20), (StepId("1"), 5))


@given(flights(), st.data())
def test_the_ends_stand_in_order_and_never_before_now(
    flight: tuple[list[Step], int], data: st.DataObject
) -> None:
    steps, now = flight
    ranges = {
        each.id: Range(low, low + more)
        for each in steps
        for low, more in [data.draw(st.tuples(st.integers(0, 90), st.integers(0, 90)))]
    }
    told = forecast(steps, at(now), START, ranges=ranges)
    assert at(now) <= told.low_end <= told.likely_end <= told.high_end


@given(flights())
def test_a_step_that_may_take_longer_never_brings_the_high_end_nearer(
    flight: tuple[list[Step], int],
) -> None:
    steps, now = flight
    near = {each.id: Range(each.minutes, each.minutes + 5) for each in steps}
    far = {each.id: Range(each.minutes, each.minutes + 25) for each in steps}
    ends = [forecast(steps, at(now), START, ranges=r).high_end for r in (near, far)]
    assert ends[0] <= ends[1]
