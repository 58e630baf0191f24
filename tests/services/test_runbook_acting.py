from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.models.errors import BadInput, NotAllowed, Stale
from app.models.outages.decisions import Act, Decided, default_card
from app.models.outages.lifecycle import State
from app.models.runbook import Column, Phase, StepAct, StepState
from app.models.tables.directory import Person
from app.models.tables.live import Decision
from app.models.tables.outages import Outage
from app.models.tables.runbook import Step
from app.services.database import Store
from app.services.live.reading import live
from app.services.log import chain_break
from app.services.outages.leading import Going, advance
from app.services.runbook.acting import Report, act_on_step, check_step, hear, move_step
from app.services.runbook.board import board
from app.services.runbook.loading import load_steps
from app.services.runbook.step_detail import step_detail
from app.services.uow import UnitOfWork, row_as_json, undo
from tests.flights import END, START, do, done_before, flight_store, make_flight, set_state, step_of
from tests.makers import clock_of


def flying(store: Store, **more: object) -> str:
    flight = store.run(make_flight, State.GO_NO_GO, **more)  # type: ignore[arg-type]
    done_before(store, flight)
    clock_of(store).set(START)
    store.run(set_state, flight, State.IN_PROGRESS)
    return flight


def test_a_dragged_card_lies_where_it_was_dropped(store: Store) -> None:
    flight = flying(store)
    step = store.read(step_of, flight, "7")
    store.run(move_step, step.id, Column.IN_PROGRESS, seen=step.version)
    after = store.read(step_of, flight, "7")
    assert (after.state, after.started_at, after.version) == (StepState.RUNNING, START, 2)


def test_a_card_moved_on_to_its_own_column_changes_nothing(store: Store) -> None:
    flight = flying(store)
    step = store.read(step_of, flight, "7")
    assert store.run(move_step, step.id, Column.READY, seen=step.version) is None
    assert store.read(step_of, flight, "7").version == step.version


def test_a_move_on_an_old_picture_is_refused(store: Store) -> None:
    flight = flying(store)
    step = store.read(step_of, flight, "7")
    store.run(move_step, step.id, Column.IN_PROGRESS, seen=step.version)
    with pytest.raises(Stale):
        store.run(move_step, step.id, Column.BLOCKED, seen=step.version)


def test_a_waiting_step_does_not_start_and_says_what_it_waits_for(store: Store) -> None:
    flight = flying(store)
    with pytest.raises(NotAllowed, match="waits for 7 Drain clients from node B"):
        do(store, flight, "8", StepAct.START)


def test_an_act_step_is_not_ticked(store: Store) -> None:
    flight = flying(store)
    with pytest.raises(NotAllowed, match="Send the notice"):
        do(store, flight, "6", StepAct.FINISH)


def test_no_step_of_the_window_starts_before_it_opens(store: Store) -> None:
    flight = flying(store)
    clock_of(store).set(START - timedelta(minutes=1))
    with pytest.raises(NotAllowed, match=r"opens Fri 10 Jan 19:00 EST"):
        do(store, flight, "7", StepAct.START)


def test_a_late_change_needs_the_decision_of_the_one_on_the_card(store: Store) -> None:
    flight = flying(store, card=default_card("N. Adeyemi", "555 0110"))
    do(store, flight, "7", StepAct.FINISH)
    clock_of(store).set(END - timedelta(minutes=40))
    with pytest.raises(NotAllowed) as refused:
        do(store, flight, "8", StepAct.START)
    assert refused.value.about["act"] is Act.NO_RETURN
    do(store, flight, "8", StepAct.START, Report(decided=Decided("N. Adeyemi", "go on", 3, True)))
    decisions = store.read(lambda uow: [(d.answered_by, d.was_called) for d in uow.all(Decision)])
    assert decisions == [("N. Adeyemi", True)]


def test_a_late_change_reported_in_time_needs_no_decision(store: Store) -> None:
    flight = flying(store, card=default_card("N. Adeyemi", "555 0110"))
    do(store, flight, "7", StepAct.FINISH)
    clock_of(store).set(END - timedelta(minutes=40))
    do(store, flight, "8", StepAct.START, Report(at=END - timedelta(minutes=75)))
    assert store.read(step_of, flight, "8").started_at == END - timedelta(minutes=75)


def test_a_report_from_the_future_is_refused(store: Store) -> None:
    flight = flying(store)
    with pytest.raises(BadInput):
        do(store, flight, "7", StepAct.START, Report(at=START + timedelta(minutes=6)))


def test_an_end_reported_before_the_start_is_refused(store: Store) -> None:
    flight = flying(store)
    clock_of(store).advance(minutes=30)
    do(store, flight, "7", StepAct.START)
    with pytest.raises(BadInput, match=r"began 19:30, so that cannot have been at 19:10"):
        do(store, flight, "7", StepAct.FINISH, Report(at=START + timedelta(minutes=10)))
    assert store.read(step_of, flight, "7").state is StepState.RUNNING


def test_a_clock_set_back_before_the_start_is_named(store: Store) -> None:
    flight = flying(store)
    store.run(began, flight)
    clock_of(store).set(START - timedelta(days=2))
    with pytest.raises(NotAllowed, match=r"clock of this machine says .* it was set back"):
        do(store, flight, "7", StepAct.START)


def began(uow: UnitOfWork, outage_id: str) -> None:
    outage = uow.fetch(Outage, outage_id)
    outage.started_at = uow.now
    uow.log("began", outage)


def test_heard_by_phone_changes_nothing_but_when_it_was_heard(store: Store) -> None:
    flight = flying(store)
    do(store, flight, "7", StepAct.START)
    clock_of(store).advance(minutes=6)
    step = store.read(step_of, flight, "7")
    report = Report(by="K. Ito", via="M. Okafor", note="half the clients are off")
    store.run(hear, step.id, report, seen=step.version)
    rows = store.read(live, flight)
    assert rows.running[0].heard_at == START + timedelta(minutes=6)
    assert rows.running[0].started_at == START
    last = rows.log[-1]
    assert (last.who, last.via) == ("K. Ito", "M. Okafor")
    assert last.what.endswith("half the clients are off")


def test_work_ticked_for_its_owner_is_theirs_and_says_who_wrote_it_down(store: Store) -> None:
    flight = flying(store)
    step = store.read(step_of, flight, "7")
    owner = store.read(lambda uow: uow.fetch(Person, step.owner_id or "").name)
    store.run(act_on_step, step.id, StepAct.START, seen=step.version)
    me = store.read(lambda uow: uow.actor.name)
    after, last = store.read(step_of, flight, "7"), store.read(live, flight).log[-1]
    assert owner != me
    assert (after.by, after.via, last.who, last.via) == (owner, me, owner, me)


def test_a_failed_check_stays_in_verify(store: Store) -> None:
    flight = flying(store)
    for code in ("7", "8", "9", "10", "11", "12"):
        do(store, flight, code, StepAct.FINISH)
    step = store.read(step_of, flight, "13")
    store.run(check_step, step.id, "failed", Report(note="cannot save"), seen=step.version)
    step = store.read(step_of, flight, "13")
    assert (step.state, step.result) == (StepState.CHECK, "failed")
    store.run(check_step, step.id, "passed", seen=step.version)
    assert store.read(step_of, flight, "13").state is StepState.DONE


def test_a_waiver_without_a_reason_is_refused(store: Store) -> None:
    flight = flying(store)
    step = store.read(step_of, flight, "13")
    with pytest.raises(BadInput, match="name and a reason"):
        store.run(check_step, step.id, "waived", seen=step.version)


def test_the_last_back_out_step_undoes_the_step_it_belongs_to(store: Store) -> None:
    flight = flying(store)
    do(store, flight, "7", StepAct.FINISH, Report(by="K. Ito"))
    store.run(advance, flight, State.BACKING_OUT, Going(why="it refuses"))
    do(store, flight, "B7", StepAct.FINISH, Report(by="A. Lindqvist"))
    undone = store.read(step_of, flight, "7")
    assert (undone.state, undone.by) == (StepState.UNDONE, "K. Ito"), "by whom it was done"


def test_after_backing_out_the_wrap_up_does_not_wait_for_an_all_clear(store: Store) -> None:
    flight = flying(store)
    do(store, flight, "7", StepAct.FINISH)
    store.run(advance, flight, State.BACKING_OUT, Going(why="it refuses"))
    with pytest.raises(NotAllowed, match="waits for B7"):
        do(store, flight, "16", StepAct.START)
    do(store, flight, "B7", StepAct.FINISH)
    check = store.read(step_of, flight, "B12")
    store.run(check_step, check.id, "passed", seen=check.version)
    store.run(advance, flight, State.BACKED_OUT, Going(user_check="as before", data_loss="none"))
    do(store, flight, "16", StepAct.FINISH)
    assert store.read(step_of, flight, "16").state is StepState.DONE


def test_undo_puts_an_act_back_and_is_logged(store: Store) -> None:
    flight = flying(store)
    before = store.read(step_of, flight, "7")
    inverse = store.run(act_on_step, before.id, StepAct.FINISH, seen=before.version)
    store.run(undo, inverse)
    after = store.read(step_of, flight, "7")
    assert (after.state, after.started_at, after.ended_at) == (StepState.TODO, None, None)
    assert store.read(live, flight).log[-1].what == "undid: 7 finished"


# --- random histories ------------------------------------------------------------------------

_COLUMNS = st.sampled_from(list(Column))
_MOVES = st.lists(
    st.tuples(st.integers(0, 21), _COLUMNS, st.integers(0, 25), st.booleans()),
    min_size=1,
    max_size=25,
)
_LYING = {
    StepState.TODO: {Column.WAITING, Column.READY},
    StepState.RUNNING: {Column.IN_PROGRESS},
    StepState.BLOCKED: {Column.BLOCKED},
    StepState.CHECK: {Column.VERIFY},
    StepState.DONE: {Column.DONE},
    StepState.SKIPPED: {Column.DONE},
    StepState.UNDONE: {Column.DONE},
}


def _steps(uow: UnitOfWork, outage_id: str) -> dict[str, dict[str, object]]:
    return {row.id: row_as_json(row) for row in load_steps(uow, outage_id).rows}


@settings(max_examples=12)
@given(moves=_MOVES, back_out_at=st.integers(0, 40))
def test_any_history_of_moves_keeps_the_board_whole(
    moves: list[tuple[int, Column, int, bool]], back_out_at: int
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = flight_store(Path(folder))
        try:
            flight = flying(store)
            for number, move in enumerate(moves):
                if number == back_out_at:
                    store.run(advance, flight, State.BACKING_OUT, Going(why="enough"))
                _one_move(store, flight, move)
            assert store.read(chain_break) is None
        finally:
            store.close()


def _one_move(store: Store, flight: str, move: tuple[int, Column, int, bool]) -> None:
    which, column, minutes, take_back = move
    clock_of(store).advance(minutes=minutes)
    before = store.read(_steps, flight)
    step_id = list(before)[which % len(before)]
    seen = int(str(before[step_id]["version"]))
    try:
        inverse = store.run(move_step, step_id, column, seen=seen)
    except NotAllowed as refused:
        assert refused.sentence
        assert store.read(_steps, flight) == before, "a refusal changes nothing"
        return
    after = store.read(_steps, flight)
    if inverse is None:
        assert after == before
    else:
        state = StepState(str(after[step_id]["state"]))
        assert column in _LYING[state] or {column, *_LYING[state]} <= {
            Column.WAITING,
            Column.READY,
        }
        if state is StepState.DONE:
            assert str(after[step_id]["started_at"]) <= str(after[step_id]["ended_at"])
    rows = store.read(board, flight)
    look = store.read(live, flight)
    assert look.forecast_end >= look.now
    assert {c.step_id for c in rows.cards} <= set(after)
    store.read(step_detail, step_id)
    if inverse is not None and take_back:
        store.run(undo, inverse)
        restored = store.read(_steps, flight)
        for key, row in before.items():
            for name, value in row.items():
                if name not in ("version", "updated_at"):
                    assert restored[key][name] == value, (name, key)


def test_phases_hold_what_belongs_to_them(store: Store) -> None:
    flight = store.run(make_flight, State.PLANNED)
    rows = store.read(lambda uow: uow.all(Step, Step.outage_id == flight))
    for row in rows:
        if row.phase in (Phase.WINDOW, Phase.VERIFY, Phase.BACK_OUT, Phase.WRAP_UP):
            with pytest.raises(NotAllowed):
                store.run(act_on_step, row.id, StepAct.START, seen=row.version)
