"""A mis-tap taken back on the phone: the step as it was, both facts in the log."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from app.models.crew.taps import TapAct
from app.models.errors import NotAllowed, Stale
from app.models.outages.lifecycle import State
from app.models.runbook import StepAct, StepKind, StepState
from app.models.tables.runbook import Step
from app.services.crew.asking import asking_help
from app.services.crew.board import looked_on, phone_board
from app.services.crew.taking_back import take_back
from app.services.crew.taps import Tap, take_tap
from app.services.database import Store
from app.services.live.crew import heard_from
from app.services.log import read_log
from app.services.runbook.loading import load_steps
from app.services.uow import UnitOfWork
from tests.flights import do, set_state, step_of
from tests.makers import clock_of
from tests.services.crew_flight import (
    ITO,
    LINDQVIST,
    crew_store,
    flying,
    scope,
    tap,
    tap_of,
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = crew_store(tmp_path)
    yield made
    made.close()


@pytest.fixture
def flight(store: Store) -> str:
    return flying(store)


def tapped(store: Store, flight: str, code: str, act: TapAct, **more: Any) -> Tap:
    made = tap_of(store, flight, code, act, **more)
    assert store.run(take_tap, scope(store, flight), made)
    clock_of(store).advance(minutes=1)
    return made


def back_of(made: Tap, **more: Any) -> Tap:
    return Tap(
        **{"id": uuid4().hex, "step_id": made.step_id, "act": TapAct.BACK} | more,
        seen=0,
        of=made.id,
    )


def back(store: Store, flight: str, made: Tap, *, name: str = ITO) -> bool:
    return store.run(take_back, scope(store, flight, name), back_of(made)) is not None


def offered(store: Store, flight: str, made: Tap) -> str:
    """What the board offers to take back of its step."""
    said = store.read(phone_board, flight).steps[made.step_id].get("back", {})
    return str(said.get("act", ""))


@pytest.mark.parametrize("act", [TapAct.START, TapAct.DONE, TapAct.BLOCKED])
def test_the_step_is_as_it_was_and_its_log_keeps_both(
    store: Store, flight: str, act: TapAct
) -> None:
    before = store.read(step_of, flight, "7").model_dump()
    made = tapped(store, flight, "7", act, note="no key" if act is TapAct.BLOCKED else "")

    assert back(store, flight, made)

    after = store.read(step_of, flight, "7").model_dump()
    moved = {name for name in before if before[name] != after[name]}
    assert moved == {"version", "updated_at"}
    first, second = store.read(read_log, flight)[-2:]
    assert (first.who, second.who, second.kind) == (ITO, ITO, "taken_back")
    assert second.what.startswith(f"took back “{act.words}” of 7 ")


def test_help_that_is_taken_back_is_asked_for_no_longer(store: Store, flight: str) -> None:
    made = tapped(store, flight, "7", TapAct.HELP)
    back(store, flight, made)
    assert not store.read(asking_help, flight)
    assert store.read(step_of, flight, "7").heard_at is None


def test_help_that_was_asked_for_at_the_last_word_s_own_moment_is_taken_back_too(
    store: Store, flight: str
) -> None:
    """It changed nothing of the step itself."""
    tap(store, flight, "7", TapAct.START)
    made = tap_of(store, flight, "7", TapAct.HELP)
    store.run(take_tap, scope(store, flight), made)
    assert back(store, flight, made)
    assert not store.read(asking_help, flight)


def test_still_on_it_taken_back_lets_help_be_asked_for_as_before(store: Store, flight: str) -> None:
    tapped(store, flight, "7", TapAct.START)
    tapped(store, flight, "7", TapAct.HELP)
    back(store, flight, tapped(store, flight, "7", TapAct.STILL))
    assert len(store.read(asking_help, flight)) == 1


def test_sent_again_it_counts_once_and_of_what_never_came_nothing_changes(
    store: Store, flight: str
) -> None:
    made = tapped(store, flight, "7", TapAct.START)
    taken, who = back_of(made), scope(store, flight)
    assert [store.run(take_back, who, taken) is None for _ in range(2)] == [False, True]
    assert not back(store, flight, made)
    never = tap_of(store, flight, "7", TapAct.START)
    assert not back(store, flight, never)
    assert not store.run(take_tap, who, made)  # nor does the first count anew


def test_what_was_tapped_behind_it_without_a_connection_is_not_stale(
    store: Store, flight: str
) -> None:
    made = tap_of(store, flight, "7", TapAct.DONE)
    right = tap_of(store, flight, "7", TapAct.BLOCKED)
    who = scope(store, flight)
    store.run(take_tap, who, made)
    back(store, flight, made)
    store.run(take_tap, who, right)
    assert store.read(step_of, flight, "7").state is StepState.BLOCKED


def test_it_is_offered_for_five_minutes_to_the_crew_alone(store: Store, flight: str) -> None:
    made = tapped(store, flight, "7", TapAct.START)
    assert offered(store, flight, made) == "start"
    assert "back" not in looked_on(store.read(phone_board, flight).steps[made.step_id])
    clock_of(store).advance(minutes=5)
    assert not offered(store, flight, made)
    with pytest.raises(NotAllowed, match="more than 5 minutes"):
        back(store, flight, made)


def test_after_anything_else_on_the_step_it_stands(store: Store, flight: str) -> None:
    made = tapped(store, flight, "7", TapAct.START)
    store.run(heard_from, made.step_id, ITO, "two minutes more")
    assert not offered(store, flight, made)
    with pytest.raises(
        Stale, match=r"changed since you tapped “started” \(K. Ito: two minutes more\)"
    ):
        back(store, flight, made)
    assert store.read(step_of, flight, "7").state is StepState.RUNNING


def test_once_a_following_step_runs_it_stands(store: Store, flight: str) -> None:
    made = tapped(store, flight, "7", TapAct.DONE)
    began = tapped(store, flight, "8", TapAct.START)
    assert not offered(store, flight, made)
    with pytest.raises(NotAllowed, match=r"8 .* is in progress already, as 7 .* take 8 back first"):
        back(store, flight, made)
    back(store, flight, began)
    assert offered(store, flight, made) == "done"


def test_once_a_gate_was_passed_it_stands(store: Store, flight: str) -> None:
    made = tapped(store, flight, "7", TapAct.DONE)

    def passed(uow: UnitOfWork) -> None:
        gate = next(row for row in uow.all(Step) if row.kind is StepKind.GATE)
        gate.state, gate.ended_at = StepState.DONE, uow.now
        uow.log("GO", gate)

    store.run(passed)
    with pytest.raises(NotAllowed, match="was passed since"):
        back(store, flight, made)


def test_another_ones_tap_and_a_note_stand(store: Store, flight: str) -> None:
    note = tap_of(store, flight, "7", TapAct.NOTE, note="rack 4")
    store.run(take_tap, scope(store, flight), note)
    with pytest.raises(NotAllowed, match="A note stays"):
        back(store, flight, note)
    made = tapped(store, flight, "7", TapAct.START)
    with pytest.raises(NotAllowed, match="Ito"):
        back(store, flight, made, name=LINDQVIST)


def test_on_the_way_back_what_was_undone_with_it_is_as_it_was(store: Store, flight: str) -> None:
    """A back-out step done by mistake marked the step undone that it undoes."""
    tap(store, flight, "7", TapAct.DONE)
    do(store, flight, "8", StepAct.START)
    store.run(set_state, flight, State.BACKING_OUT)
    clock_of(store).advance(minutes=1)
    codes = store.read(undoing, flight, "8")
    made = [tapped(store, flight, code, TapAct.DONE) for code in codes]
    assert store.read(step_of, flight, "8").state is StepState.UNDONE
    back(store, flight, made[-1])
    assert store.read(step_of, flight, "8").state is StepState.RUNNING


def undoing(uow: UnitOfWork, flight: str, code: str) -> list[str]:
    known = load_steps(uow, flight)
    step = next(each for each in known.known if each.code == code)
    return [known.step[each].code for each in step.undone_by]


def test_what_is_being_undone_is_not_taken_back_from_under_it(store: Store, flight: str) -> None:
    tap(store, flight, "7", TapAct.DONE)
    made = tapped(store, flight, "8", TapAct.START)
    store.run(set_state, flight, State.BACKING_OUT)
    do(store, flight, store.read(undoing, flight, "8")[0], StepAct.START)
    with pytest.raises(NotAllowed, match="undoes 8 "):
        back(store, flight, made)
    assert store.read(step_of, flight, "8").state is StepState.RUNNING
