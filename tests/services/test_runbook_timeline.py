from __future__ import annotations

from datetime import timedelta

from app.models.outages.lifecycle import State
from app.models.runbook import StepAct, StepState
from app.services.bridge.line import open_bridge
from app.services.database import Store
from app.services.runbook.timeline import Bar, timeline
from app.services.uow import UnitOfWork
from tests.flights import START, do, make_flight, set_state, step_of
from tests.makers import clock_of


def begin_flash(uow: UnitOfWork, flight: str) -> None:
    """As if step 8 were being done."""
    step = step_of(uow, flight, "8")
    step.state, step.started_at = StepState.RUNNING, uow.now
    uow.log("began 8", step)


def bars(store: Store, flight: str) -> dict[str, Bar]:
    return {bar.label.split()[0]: bar for bar in store.read(timeline, flight).bars}


def test_every_step_in_play_has_its_planned_times_its_owner_and_what_it_waits_for(
    store: Store,
) -> None:
    flight = store.run(make_flight, State.ANNOUNCED)
    rows = store.read(timeline, flight)
    assert all(bar.planned_start and bar.planned_end for bar in rows.bars)
    assert not any(bar.label.startswith("B") for bar in rows.bars)
    by_id = {bar.step_id: bar for bar in rows.bars}
    eight = bars(store, flight)["8"]
    assert eight.owner == "K. Ito"
    assert [by_id[i].label.split()[0] for i in eight.after] == ["7"]
    assert eight.started_at is None


def test_what_runs_over_moves_what_is_expected_but_not_what_was_planned(store: Store) -> None:
    flight = store.run(make_flight, State.GO_NO_GO)
    before = bars(store, flight)["8"]
    store.run(open_bridge, flight)
    clock_of(store).set(START)
    store.run(set_state, flight, State.IN_PROGRESS)
    do(store, flight, "3", StepAct.FINISH)
    clock_of(store).set(START + timedelta(minutes=40))
    after = bars(store, flight)
    assert after["8"].planned_start == before.planned_start
    assert after["8"].expected_start is not None and before.expected_start is not None
    assert after["8"].expected_start > before.expected_start
    assert after["3"].state is StepState.DONE
    assert after["3"].started_at is not None


def test_backing_out_shows_what_was_begun_and_then_the_way_back_without_a_plan(
    store: Store,
) -> None:
    flight = store.run(make_flight, State.GO_NO_GO)
    clock_of(store).set(START)
    store.run(begin_flash, flight)
    store.run(set_state, flight, State.BACKING_OUT)
    begun, *back = store.read(timeline, flight).bars
    assert begun.label.startswith("8 ") and begun.planned_start is not None
    assert back and all(bar.planned_start is None for bar in back)
    assert any(bar.label.startswith("B8 ") for bar in back)
