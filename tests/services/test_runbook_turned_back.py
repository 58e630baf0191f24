"""Backing out nothing goes forward, and what is being undone is not changed from under it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.models.errors import NotAllowed
from app.models.outages.lifecycle import State
from app.models.runbook import StepAct, StepState
from app.services.database import Store
from app.services.outages.leading import Going, advance
from app.services.runbook.acting import Report, act_on_step
from app.services.uow import Undo, undo
from tests.flights import START, do, in_progress, step_of
from tests.makers import clock_of


def act(store: Store, flight: str, code: str, what: StepAct) -> Undo:
    step = store.read(step_of, flight, code)
    return store.run(act_on_step, step.id, what, Report(), seen=step.version)


@pytest.fixture
def flight(store: Store) -> str:
    """7 is done, 19:14."""
    made = in_progress(store)
    do(store, made, "7", StepAct.FINISH)
    clock_of(store).set(START + timedelta(minutes=14))
    return made


def turn_back(store: Store, flight: str) -> Undo:
    return store.run(advance, flight, State.BACKING_OUT, Going(why="it hangs"))


def state_of(store: Store, flight: str, code: str) -> StepState:
    return store.read(step_of, flight, code).state


def test_a_start_is_not_taken_back_while_its_back_out_step_runs(store: Store, flight: str) -> None:
    started = act(store, flight, "8", StepAct.START)
    turn_back(store, flight)
    act(store, flight, "B8", StepAct.START)
    with pytest.raises(NotAllowed, match="undoes 8 Flash controller B: put B8 back first"):
        store.run(undo, started)
    assert state_of(store, flight, "8") is StepState.RUNNING


def test_what_is_being_undone_is_neither_finished_nor_put_back(store: Store, flight: str) -> None:
    act(store, flight, "8", StepAct.START)
    turn_back(store, flight)
    act(store, flight, "B8", StepAct.START)
    for what in (StepAct.FINISH, StepAct.PUT_BACK, StepAct.UNDO):
        with pytest.raises(NotAllowed, match="which is undone with it"):
            act(store, flight, "8", what)


def test_the_start_of_a_back_out_step_is_taken_back_while_what_it_undoes_runs(
    store: Store, flight: str
) -> None:
    """8 is as it was: begun, and still to be undone."""
    act(store, flight, "8", StepAct.START)
    turn_back(store, flight)
    store.run(undo, act(store, flight, "B8", StepAct.START))
    assert state_of(store, flight, "B8") is StepState.TODO
    assert state_of(store, flight, "8") is StepState.RUNNING


def test_with_its_last_back_out_step_it_is_undone_and_both_are_taken_back_together(
    store: Store, flight: str
) -> None:
    act(store, flight, "8", StepAct.START)
    turn_back(store, flight)
    act(store, flight, "B8", StepAct.START)
    done = act(store, flight, "B8", StepAct.FINISH)
    assert state_of(store, flight, "8") is StepState.UNDONE
    store.run(undo, done)
    assert state_of(store, flight, "8") is StepState.RUNNING


def test_turning_back_is_not_taken_back_once_the_way_back_is_begun(
    store: Store, flight: str
) -> None:
    turned = turn_back(store, flight)
    act(store, flight, "B7", StepAct.START)
    with pytest.raises(NotAllowed, match="belongs to the way back"):
        store.run(undo, turned)


def test_turning_back_is_taken_back_while_nothing_of_it_is_begun(store: Store, flight: str) -> None:
    store.run(undo, turn_back(store, flight))
    act(store, flight, "8", StepAct.START)
    assert state_of(store, flight, "8") is StepState.RUNNING


def test_nothing_of_the_window_is_begun_any_more(store: Store, flight: str) -> None:
    turn_back(store, flight)
    with pytest.raises(NotAllowed, match="is backing out since 19:14"):
        act(store, flight, "8", StepAct.START)


def test_that_it_was_begun_before_may_still_be_told(store: Store, flight: str) -> None:
    turn_back(store, flight)
    step = store.read(step_of, flight, "8")
    report = Report(at=START + timedelta(minutes=10))
    store.run(act_on_step, step.id, StepAct.START, report, seen=step.version)
    assert state_of(store, flight, "8") is StepState.RUNNING
