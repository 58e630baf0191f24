"""The step state machine, drags on the board, and who waits for whom."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import mark, raises

from app.models.errors import BadInput, NotAllowed
from app.models.ids import StepId
from app.models.runbook import (
    Column,
    Step,
    StepAct,
    StepKind,
    StepState,
    act_for_move,
    acted,
    acts_for,
    begins,
    by_id,
    column_of,
    columns,
    console_only,
    in_order,
    is_act,
    next_state,
    ready_steps,
    require_startable,
    waits_for,
)

T0 = datetime(2025, 1, 11, 0, 0, tzinfo=UTC)


def step(code: str, *after: str, state: StepState = StepState.TODO, minutes: int = 10) -> Step:
    return Step(
        StepId(code),
        code,
        f"title of {code}",
        minutes=minutes,
        state=state,
        after=frozenset(map(StepId, after)),
    )


def test_a_step_goes_from_ready_through_verify_to_done() -> None:
    state = StepState.TODO
    for act in (StepAct.START, StepAct.TO_CHECK, StepAct.PASS_CHECK):
        state = next_state(state, act)
    assert state is StepState.DONE


def test_a_refusal_says_what_can_be_done_instead() -> None:
    with raises(NotAllowed, match=r"This step is done.*You can .*reopen it"):
        next_state(StepState.DONE, StepAct.START)


def test_a_blocked_step_that_was_begun_cannot_be_skipped() -> None:
    with raises(NotAllowed):
        next_state(StepState.BLOCKED, StepAct.SKIP, begun=True)
    assert next_state(StepState.BLOCKED, StepAct.SKIP) is StepState.SKIPPED


def test_unblocking_returns_a_step_to_where_it_was() -> None:
    idle = acted(step("7"), StepAct.BLOCK, T0)
    running = acted(acted(step("7"), StepAct.START, T0), StepAct.BLOCK, T0)
    assert acted(idle, StepAct.UNBLOCK, T0).state is StepState.TODO
    assert acted(running, StepAct.UNBLOCK, T0).state is StepState.RUNNING


def test_a_step_reported_done_after_the_fact_begins_by_it() -> None:
    assert begins(step("7"), StepAct.FINISH)
    assert not begins(acted(step("7"), StepAct.START, T0), StepAct.FINISH)


def test_a_clock_set_back_never_ends_a_step_before_it_started() -> None:
    done = acted(acted(step("7"), StepAct.START, T0), StepAct.FINISH, T0 - timedelta(minutes=9))
    assert done.started_at == done.ended_at == T0


def test_putting_a_step_back_forgets_that_it_was_begun() -> None:
    back = acted(acted(step("7"), StepAct.START, T0), StepAct.PUT_BACK, T0)
    assert (back.state, back.started_at, back.begun) == (StepState.TODO, None, False)


@mark.parametrize("column", [Column.WAITING, Column.READY])
def test_dragging_a_running_card_back_puts_the_step_back(column: Column) -> None:
    assert act_for_move(StepState.RUNNING, column) is StepAct.PUT_BACK


def test_dragging_a_card_onto_its_own_column_means_nothing() -> None:
    assert act_for_move(StepState.TODO, Column.WAITING) is None
    assert act_for_move(StepState.SKIPPED, Column.DONE) is None


def test_dragging_a_done_card_to_ready_is_refused_with_the_way_round() -> None:
    with raises(NotAllowed, match="In progress first"):
        act_for_move(StepState.DONE, Column.READY)


@settings(deadline=None)
@given(st.sampled_from(StepState), st.sampled_from(Column), st.booleans())
def test_every_drag_is_a_legal_act_that_lands_in_its_column(
    state: StepState, column: Column, begun: bool
) -> None:
    try:
        act = act_for_move(state, column, begun=begun)
    except NotAllowed:
        return
    target = column if column is not Column.WAITING else Column.READY
    to = state if act is None else next_state(state, act, begun=begun)
    assert column_of(to, ready=True) is target


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(StepAct), st.integers(-5, 60)), max_size=30))
def test_any_history_of_acts_keeps_a_step_sound(history: list[tuple[StepAct, int]]) -> None:
    now, it = T0, step("7")
    for act, minutes in history:
        now += timedelta(minutes=minutes)
        try:
            to = next_state(it.state, act, begun=it.begun)
        except NotAllowed:
            continue
        was, it = it, acted(it, act, now)
        assert it.state is to
        assert acts_for(it.state, begun=it.begun), "no state is a dead end"
        assert it.ended_at is None or (it.started_at is not None and it.started_at <= it.ended_at)
        assert it.begun == (
            it.state not in {StepState.TODO, StepState.UNDONE} and bool(it.started_at)
        )
        if was.begun and not it.begun:
            assert act in {StepAct.UNDO, StepAct.PUT_BACK}


def test_gates_notices_bridges_and_all_clears_are_acts_and_checks_stay_in_the_console() -> None:
    kinds = {kind: Step(StepId("1"), "1", "t", kind=kind) for kind in StepKind}
    assert {k for k, s in kinds.items() if not is_act(s)} == {StepKind.WORK, StepKind.CHECK}
    assert {k for k, s in kinds.items() if not console_only(s)} == {StepKind.WORK}


def test_a_step_with_open_predecessors_is_refused_with_their_names() -> None:
    index = by_id([step("7"), step("8"), step("9", "7", "8")])
    with raises(NotAllowed, match=r"waits for 7 title of 7 .not begun.; 8 title of 8"):
        require_startable(index[StepId("9")], index)


def test_skipped_predecessors_hold_nobody_up_and_undone_ones_do() -> None:
    steps = [
        step("7", state=StepState.SKIPPED),
        step("8", state=StepState.UNDONE),
        step("9", "7", "gone"),
        step("10", "8"),
    ]
    assert columns(steps)[StepId("9")] is Column.READY
    assert columns(steps)[StepId("10")] is Column.WAITING


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(StepState), st.sets(st.integers(0, 11))), max_size=12))
def test_ready_steps_have_no_open_predecessor(made: list[tuple[StepState, set[int]]]) -> None:
    steps = [step(str(i), *(str(a) for a in after), state=s) for i, (s, after) in enumerate(made)]
    index = by_id(steps)
    ready = set(ready_steps(steps))
    for one in steps:
        free = not waits_for(one, index)
        assert (one in ready) == (one.state is StepState.TODO and free)


def test_order_keeps_the_given_order_where_dependencies_allow() -> None:
    steps = [step("1"), step("2", "4"), step("3"), step("4")]
    assert [s.code for s in in_order(steps)] == ["1", "3", "4", "2"]


def test_a_circle_is_refused_and_named_by_codes() -> None:
    steps = [step("1"), step("7", "9", "1"), step("8", "7"), step("9", "8"), step("10", "9")]
    with raises(BadInput) as refused:
        in_order(steps)
    assert refused.value.about["cycle"] == ("7", "9", "8", "7")
    assert "7 after 9 after 8 after 7" in refused.value.sentence


def test_a_step_after_itself_is_refused() -> None:
    with raises(BadInput, match="Step 7 comes after itself"):
        in_order([step("7", "7")])
