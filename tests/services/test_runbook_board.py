from __future__ import annotations

from datetime import timedelta

from app.models.outages.decisions import default_card
from app.models.outages.lifecycle import State
from app.models.runbook import Column, StepAct, StepState
from app.services.database import Store
from app.services.runbook.acting import Report
from app.services.runbook.board import BoardRows, Card, board
from app.services.runbook.step_detail import step_detail
from tests.flights import END, START, do, done_before, make_flight, set_state, step_of
from tests.makers import clock_of


def card(rows: BoardRows, code: str) -> Card:
    return next(card for card in rows.cards if card.code == code)


def test_a_waiting_card_says_minutes_predecessor_ci_and_latest_start(store: Store) -> None:
    flight = store.run(make_flight, State.IN_PROGRESS)
    rows = store.read(board, flight)
    # 22:00 less 45 min undo (B8 25, B7 5, check 15) less its own 25 min
    assert card(rows, "8").meta(rows.now) == "25 min · after 7 · CTL-B · start by 20:50 · undo B8"


def test_back_out_steps_stay_off_the_board_on_the_way_there(store: Store) -> None:
    rows = store.read(board, store.run(make_flight))
    assert [c.code for c in rows.cards] == [str(n) for n in range(1, 18)]


def test_a_running_card_counts_its_minutes_from_the_clock(store: Store) -> None:
    flight = store.run(make_flight, State.GO_NO_GO)
    do(store, flight, "1", StepAct.START)
    rows = store.read(board, flight)
    assert card(rows, "1").column is Column.IN_PROGRESS
    assert card(rows, "1").meta(rows.now + timedelta(minutes=4, seconds=59)) == "4 of 10 min"


def test_a_blocked_card_says_why_and_until_when(store: Store) -> None:
    flight = store.run(make_flight, State.GO_NO_GO)
    until = START - timedelta(minutes=5)
    do(store, flight, "1", StepAct.BLOCK, Report(note="nobody answers", until=until))
    rows = store.read(board, flight)
    assert card(rows, "1").meta(rows.now) == "nobody answers · until 18:55"


def test_a_done_card_says_when_and_how_long(store: Store) -> None:
    flight = store.run(make_flight, State.GO_NO_GO)
    do(store, flight, "1", StepAct.START)
    clock_of(store).advance(minutes=3)
    do(store, flight, "1", StepAct.FINISH)
    rows = store.read(board, flight)
    assert card(rows, "1").meta(rows.now) == "18:45 · 3 min"


def test_the_gate_card_counts_what_is_still_red(store: Store) -> None:
    flight = store.run(make_flight, State.GO_NO_GO)
    rows = store.read(board, flight)
    assert "red" in card(rows, "5").meta(rows.now)


def test_the_foot_knows_the_forecast_and_the_next_change(store: Store) -> None:
    flight = store.run(make_flight, State.GO_NO_GO)
    done_before(store, flight)
    clock_of(store).set(START)
    store.run(set_state, flight, State.IN_PROGRESS)
    foot = store.read(board, flight).foot
    assert (foot.steps, foot.done) == (17, 5)
    assert foot.critical == timedelta(minutes=105)
    assert foot.forecast_end == START + timedelta(minutes=105)
    assert foot.to_spare == timedelta(minutes=75)
    assert foot.next_change == "7"
    # 22:00 less B7 5 less check 15 less its own 10
    assert foot.start_by == END - timedelta(minutes=30)
    assert foot.way_back == END - timedelta(minutes=15)


def test_backing_out_turns_the_board_to_the_way_back(store: Store) -> None:
    flight = store.run(make_flight, State.GO_NO_GO)
    done_before(store, flight)
    clock_of(store).set(START)
    store.run(set_state, flight, State.IN_PROGRESS)
    do(store, flight, "7", StepAct.FINISH)
    store.run(set_state, flight, State.BACKING_OUT)
    rows = store.read(board, flight)
    assert [c.code for c in rows.cards] == ["B7", "B12", "16", "17"]
    assert card(rows, "B7").column is Column.READY


def test_a_board_without_steps_is_empty_and_whole(store: Store) -> None:
    rows = store.read(board, store.run(make_flight, runbook=""))
    assert rows.cards == ()
    assert (rows.foot.steps, rows.foot.critical, rows.foot.next_change) == (0, timedelta(), "")


def test_the_detail_offers_the_legal_acts_only(store: Store) -> None:
    flight = store.run(make_flight, State.GO_NO_GO)
    do(store, flight, "1", StepAct.START)
    detail = store.read(step_detail, store.read(step_of, flight, "1").id)
    offered = [act for act, _ in detail.acts]
    assert detail.state is StepState.RUNNING
    assert StepAct.FINISH in offered and StepAct.START not in offered


def test_the_detail_of_an_act_step_offers_no_tick(store: Store) -> None:
    flight = store.run(make_flight, State.GO_NO_GO)
    detail = store.read(step_detail, store.read(step_of, flight, "5").id)
    assert StepAct.FINISH not in [act for act, _ in detail.acts]
    assert detail.act_hint == "It is done by the GO on Live."


def test_the_detail_names_whom_to_ask_once_the_latest_start_is_past(store: Store) -> None:
    card_lines = default_card("N. Adeyemi", "555 0110")
    flight = store.run(make_flight, State.IN_PROGRESS, card=card_lines)
    step = store.read(step_of, flight, "8")
    assert store.read(step_detail, step.id).decision is None
    clock_of(store).set(END - timedelta(minutes=30))
    need = store.read(step_detail, step.id).decision
    assert need is not None
    assert "20:50" in need.sentence
    assert need.line.reach == "N. Adeyemi 555 0110"


def test_the_detail_keeps_the_history_of_the_step(store: Store) -> None:
    flight = store.run(make_flight, State.GO_NO_GO)
    do(store, flight, "1", StepAct.START, Report(by="K. Ito", via="M. Okafor"))
    detail = store.read(step_detail, store.read(step_of, flight, "1").id)
    assert [(h.who, h.via, h.what) for h in detail.history] == [
        ("K. Ito", "M. Okafor", "started 1 Brief the service desk")
    ]
