from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from app.models.errors import BadInput, NotAllowed
from app.models.live.go import Criterion
from app.models.live.words import Say
from app.models.notices.kinds import NoticeKind
from app.models.outages.lifecycle import State
from app.models.runbook import StepAct, StepKind
from app.models.tables.outages import Outage
from app.services.bridge.line import close_bridge, open_bridge
from app.services.database import Store
from app.services.live.reading import live, live_outage
from app.services.live.roll_call import answer_roll_call, say_criterion
from app.services.live.rows import LiveRows, NextAct
from app.services.live.unfiled import unfiled
from app.services.notices.composing import NoticeExtra
from app.services.notices.replies import note_reply
from app.services.notices.sending import queue, record_sent
from app.services.outages.leading import Going, advance
from app.services.runbook.acting import check_step, complete_acts
from tests.flights import END, START, closes, do, done_before, make_flight, set_state, step_of
from tests.makers import clock_of
from tests.services.notices_flights import desk_store


def flying(store: Store) -> str:
    """In progress at 19:00 with everything before the window done."""
    flight = store.run(make_flight, State.GO_NO_GO)
    done_before(store, flight)
    clock_of(store).set(START)
    store.run(set_state, flight, State.IN_PROGRESS)
    return flight


def look(store: Store, flight: str) -> LiveRows:
    return store.read(live, flight)


def test_before_the_gate_the_bridge_comes_first(store: Store) -> None:
    flight = store.run(make_flight, State.GO_NO_GO)
    assert look(store, flight).next_act is NextAct.OPEN_BRIDGE
    assert look(store, flight).say is Say.OPEN
    store.run(open_bridge, flight)
    rows = look(store, flight)
    assert rows.bridge is not None and rows.bridge.open
    assert (rows.next_act, rows.say) == (NextAct.ROLL_CALL, Say.ROLL_CALL)


def test_once_everybody_answered_nobody_is_called_by_name_again(store: Store) -> None:
    flight = store.run(make_flight, State.GO_NO_GO)
    store.run(open_bridge, flight)
    for row in look(store, flight).roll_call:
        store.run(answer_roll_call, flight, row.name, True)
    rows = look(store, flight)
    assert any(not row.met for row in rows.criteria)
    assert (rows.next_act, rows.say) == (NextAct.ROLL_CALL, Say.NOT_YET)
    assert "Everybody has answered" in rows.words


def test_with_a_no_nobody_is_told_to_begin(store: Store) -> None:
    flight = store.run(make_flight, State.GO_NO_GO)
    store.run(open_bridge, flight)
    first, *others = look(store, flight).roll_call
    store.run(answer_roll_call, flight, first.name, False, "the spare is the wrong model")
    for row in others:
        store.run(answer_roll_call, flight, row.name, True)
    assert look(store, flight).words.startswith(f"{first.name} says no;")


def test_the_roll_call_names_who_is_missing_with_their_phone(store: Store) -> None:
    flight = store.run(make_flight, State.GO_NO_GO)
    store.run(answer_roll_call, flight, "K. Ito", True)
    rows = look(store, flight)
    assert [(r.name, r.go) for r in rows.roll_call] == [
        ("K. Ito", True),
        ("R. Ramos", None),
        ("A. Lindqvist", None),
    ]
    assert rows.answered == 1
    assert rows.roll_call[1].phone


def test_with_everything_met_and_answered_go_is_next(store: Store) -> None:
    flight = store.run(make_flight, State.GO_NO_GO)
    done_before(store, flight)
    store.run(open_bridge, flight)
    for name in ("K. Ito", "R. Ramos", "A. Lindqvist"):
        store.run(answer_roll_call, flight, name, True)
    for row in look(store, flight).missing:
        store.run(say_criterion, flight, row.criterion, True, "seen")
    assert look(store, flight).next_act is NextAct.GO
    store.run(advance, flight, State.IN_PROGRESS)
    assert look(store, flight).state is State.IN_PROGRESS


def test_an_objection_is_decided_not_said_to_be(store: Store) -> None:
    flight = store.run(make_flight, State.GO_NO_GO)
    store.run(note_reply, flight, "L. Ortega", "I object.", "objection")
    with pytest.raises(BadInput, match=r"L\. Ortega"):
        store.run(say_criterion, flight, Criterion.OBJECTIONS_DECIDED, True, "asked around")


def test_that_the_steps_before_the_go_are_done_is_seen_on_the_board_not_said(
    store: Store,
) -> None:
    flight = store.run(make_flight, State.GO_NO_GO)
    with pytest.raises(BadInput, match="1 Brief the service desk"):
        store.run(say_criterion, flight, Criterion.STEPS_DONE, True, "all fine")
    done_before(store, flight)
    store.run(open_bridge, flight)
    assert Criterion.STEPS_DONE not in {row.criterion for row in look(store, flight).missing}


@pytest.mark.parametrize("state", [State.DRAFT, State.PLANNED])
def test_nobody_is_called_before_it_is_announced(store: Store, state: State) -> None:
    flight = store.run(make_flight, state)
    with pytest.raises(NotAllowed, match="once it is announced"):
        store.run(answer_roll_call, flight, "K. Ito", True)


def test_the_go_calls_out_work_not_the_acts_of_who_speaks(store: Store) -> None:
    flight = store.run(make_flight, State.GO_NO_GO)
    done_before(store, flight)
    store.run(open_bridge, flight)
    for name in ("K. Ito", "R. Ramos", "A. Lindqvist"):
        store.run(answer_roll_call, flight, name, True)
    for row in look(store, flight).missing:
        store.run(say_criterion, flight, row.criterion, True, "seen")
    rows = look(store, flight)
    assert rows.say is Say.GO
    assert "begin with step 7" in rows.words


def test_what_runs_is_done_next_and_what_is_ready_is_started(store: Store) -> None:
    flight = flying(store)
    assert look(store, flight).next_act is NextAct.START_STEP
    do(store, flight, "7", StepAct.START)
    rows = look(store, flight)
    assert rows.next_act is NextAct.DONE_STEP
    assert [line.code for line in rows.running] == ["7"]
    assert rows.running[0].ci == "SAN-02"


def test_live_says_what_the_next_change_does_to_the_way_back(store: Store) -> None:
    flight = flying(store)
    do(store, flight, "7", StepAct.FINISH)
    turn = look(store, flight).turn
    assert turn is not None
    assert (turn.code, turn.moves_to) == ("8", END - timedelta(minutes=45))
    assert turn.start_by == END - timedelta(minutes=70)


def test_the_way_back_asks_fifteen_and_five_minutes_ahead(store: Store) -> None:
    flight = flying(store)
    do(store, flight, "7", StepAct.FINISH)
    rows = look(store, flight)
    assert rows.asks_at(closes(rows) - timedelta(minutes=16)) is None
    assert rows.asks_at(closes(rows) - timedelta(minutes=15)) == 15
    assert rows.asks_at(closes(rows) - timedelta(minutes=5)) == 5
    assert rows.asks_at(closes(rows)) == 0


def test_with_nothing_to_undo_nothing_is_asked(store: Store) -> None:
    rows = look(store, flying(store))
    assert not rows.anything_to_undo
    assert rows.asks_at(closes(rows)) is None


def test_the_verifying_flight_goes_by_checks_to_the_all_clear(store: Store) -> None:
    flight = flying(store)
    for code in ("7", "8", "9", "10", "11", "12"):
        do(store, flight, code, StepAct.FINISH)
    from app.models.runbook import StepKind
    from app.models.tables.outages import Outage
    from app.services.runbook.acting import complete_acts
    from app.services.uow import UnitOfWork

    def started(uow: UnitOfWork) -> None:
        complete_acts(uow, uow.fetch(Outage, flight), StepKind.NOTICE, "started")

    store.run(started)
    assert look(store, flight).next_act is NextAct.VERIFY
    store.run(advance, flight, State.VERIFYING)
    rows = look(store, flight)
    assert rows.next_act is NextAct.CHECK
    assert [line.code for line in rows.checks] == ["13", "14"]
    for code in ("13", "14"):
        step = store.read(step_of, flight, code)
        store.run(check_step, step.id, "passed", seen=step.version)
    assert look(store, flight).next_act is NextAct.ALL_CLEAR
    assert look(store, flight).words.startswith("Everything is verified."), "nobody is next"
    store.run(advance, flight, State.COMPLETE, Going(user_check="opens", data_loss="none"))
    assert look(store, flight).state is State.COMPLETE


def test_after_the_end_an_open_bridge_is_closed_first(store: Store) -> None:
    flight = store.run(make_flight, State.GO_NO_GO)
    store.run(open_bridge, flight)
    store.run(set_state, flight, State.COMPLETE)
    assert look(store, flight).next_act is NextAct.CLOSE_BRIDGE
    store.run(close_bridge, flight, "dialled in again: conference ended")
    assert look(store, flight).next_act is NextAct.PAY_DEBT
    assert look(store, flight).say is Say.CLOSE
    assert look(store, flight).words == "", "nobody is on the line any more"


def test_after_the_all_clear_everyone_is_told_before_the_bridge_is_closed(tmp_path: Path) -> None:
    store = desk_store(tmp_path / "desk", START - timedelta(days=20))
    flight = store.run(make_flight, State.PLANNED)
    store.run(record_sent, flight, NoticeKind.PLANNED, clock_of(store).now())
    clock_of(store).set(END)
    store.run(open_bridge, flight)
    store.run(set_state, flight, State.COMPLETE)
    rows = look(store, flight)
    assert rows.next_act is NextAct.PAY_DEBT
    assert rows.owed[0].notice is NoticeKind.ALL_CLEAR
    said = NoticeExtra(data_loss="none", user_check="opens and saves")
    store.run(queue, flight, NoticeKind.ALL_CLEAR, said)
    assert look(store, flight).owed[0].notice is not NoticeKind.ALL_CLEAR, "it leaves by itself"
    assert look(store, flight).owed[-1].notice is NoticeKind.ALL_CLEAR
    store.run(record_sent, flight, NoticeKind.ALL_CLEAR, clock_of(store).now(), extra=said)
    assert look(store, flight).next_act is NextAct.CLOSE_BRIDGE
    store.close()


def test_backing_out_shows_the_way_back(store: Store) -> None:
    flight = flying(store)
    do(store, flight, "7", StepAct.FINISH)
    store.run(advance, flight, State.BACKING_OUT, Going(why="firmware refuses"))
    rows = look(store, flight)
    assert rows.next_act is NextAct.START_STEP
    assert rows.following[0].code == "B7"
    assert rows.words.startswith("We back out")
    do(store, flight, "B7", StepAct.FINISH)
    assert look(store, flight).next_act is NextAct.CHECK
    store.run(set_state, flight, State.FILED)
    assert [step.label for step in look(store, flight).bars][-1].startswith("B"), "filed as it was"


def test_a_flight_backed_out_is_not_said_to_be_over_and_well(store: Store) -> None:
    flight = store.run(make_flight, State.GO_NO_GO)
    store.run(open_bridge, flight)
    store.run(set_state, flight, State.BACKED_OUT)
    assert look(store, flight).words.startswith(
        "File cluster firmware is backed out, and everything is as it was before."
    )


def test_bars_carry_plan_and_actuals(store: Store) -> None:
    flight = flying(store)
    clock_of(store).advance(minutes=5)
    do(store, flight, "7", StepAct.START)
    bars = {bar.label.split()[0]: bar for bar in look(store, flight).bars}
    assert bars["7"].planned_start == START
    assert bars["7"].started_at == START + timedelta(minutes=5)
    assert bars["8"].started_at is None
    assert bars["8"].critical


def test_evidence_given_by_hand_is_shown_as_such(store: Store) -> None:
    flight = store.run(make_flight, State.GO_NO_GO)
    store.run(say_criterion, flight, Criterion.CHECKER_REACHED, True, "she is in the room")
    row = next(r for r in look(store, flight).criteria if r.criterion is Criterion.CHECKER_REACHED)
    assert row.met and row.by_hand
    assert row.evidence == "she is in the room (M. Okafor)"


def test_live_shows_the_flight_that_flies_before_any_other(store: Store) -> None:
    store.run(make_flight, State.GO_NO_GO)
    other = store.run(make_flight, State.IN_PROGRESS, title="Core switch")
    shown = store.read(live_outage)
    assert shown is not None and (shown.outage_id, shown.now) == (other, True)


def test_what_starts_within_a_day_is_live(store: Store) -> None:
    flight = store.run(make_flight, State.ANNOUNCED)
    clock_of(store).set(START - timedelta(hours=23))
    shown = store.read(live_outage)
    assert shown is not None and (shown.outage_id, shown.now) == (flight, True)


def test_a_later_flight_is_only_named(store: Store) -> None:
    flight = store.run(make_flight, State.ANNOUNCED)
    clock_of(store).set(START - timedelta(days=3))
    shown = store.read(live_outage)
    assert shown is not None and (shown.outage_id, shown.now) == (flight, False)


def test_live_shows_what_was_looked_at_last_when_its_turn_can_be(store: Store) -> None:
    gate = store.run(make_flight, State.GO_NO_GO)
    flown = store.run(make_flight, State.IN_PROGRESS, title="Core switch")
    later = store.run(make_flight, State.ANNOUNCED, title="Print queues")
    draft = store.run(make_flight, State.DRAFT, title="Archive")

    def shown(*looked: str) -> str:
        found = store.read(live_outage, looked)
        assert found is not None and found.now
        return found.outage_id

    assert shown(gate) == gate
    assert shown(draft, gate) == gate
    assert shown(draft) == flown
    assert shown(later) == flown  # announced only: it takes nothing from what is in the air


def test_what_ended_long_ago_is_live_only_when_it_is_looked_at(store: Store) -> None:
    flight = store.run(make_flight, State.COMPLETE)
    clock_of(store).set(END + timedelta(days=9))
    assert store.read(live_outage) is None
    shown = store.read(live_outage, (flight,))
    assert shown is not None and shown.now


def test_what_is_left_to_be_filed_is_named_with_what_it_owes(store: Store) -> None:
    store.run(make_flight, State.COMPLETE, title="Core switch")
    clock_of(store).set(END)
    flight = store.run(make_flight, State.COMPLETE)
    clock_of(store).set(END + timedelta(days=2))
    left = store.read(unfiled)
    assert left is not None and (left.outage_id, left.others) == (flight, 1)
    assert left.owed == len(look(store, flight).owed)
    assert left.words.endswith(" 1 more that ended is not filed.")
    store.run(set_state, flight, State.FILED)
    left = store.read(unfiled)
    assert left is not None and left.others == 0


def test_without_any_outage_live_shows_nothing(store: Store) -> None:
    assert store.read(live_outage) is None


def test_a_go_that_would_be_refused_says_so_beforehand(store: Store) -> None:
    flight = store.run(make_flight, State.GO_NO_GO)
    assert look(store, flight).too_early == ""
    clock_of(store).set(START - timedelta(days=20))
    assert look(store, flight).too_early.startswith("GO can be given from Thu 9 Jan 19:00")


def test_the_checker_who_answers_the_roll_call_is_reached(store: Store) -> None:
    flight = store.run(make_flight, State.GO_NO_GO)

    def reached() -> bool:
        rows = look(store, flight).criteria
        return next(r.met for r in rows if r.criterion is Criterion.CHECKER_REACHED)

    assert not reached()
    store.run(answer_roll_call, flight, "D. Moreau, Radiology", True)
    assert reached()


def test_the_wrap_up_is_done_on_live_before_the_bridge_is_closed(store: Store) -> None:
    flight = store.run(make_flight, State.VERIFYING)
    store.run(open_bridge, flight)
    store.run(set_state, flight, State.COMPLETE)
    store.run(lambda u: complete_acts(u, u.fetch(Outage, flight), StepKind.ALL_CLEAR))
    rows = look(store, flight)
    first = next(s for s in rows.following if s.ready and s.kind is StepKind.WORK)
    assert (rows.next_act, first.title) == (NextAct.START_STEP, "Monitoring back on")
    do(store, flight, first.code, StepAct.START)
    rows = look(store, flight)
    assert rows.next_act is NextAct.DONE_STEP
    assert first.step_id in {row.about_id for row in rows.owed}, "begun is not done: still owed"
    do(store, flight, first.code, StepAct.FINISH)
    assert look(store, flight).next_act is NextAct.CLOSE_BRIDGE


def test_what_waits_to_leave_asks_for_nothing_more(tmp_path: Path) -> None:
    store = desk_store(tmp_path / "desk", START - timedelta(days=20))
    flight = store.run(make_flight, State.PLANNED)
    store.run(record_sent, flight, NoticeKind.PLANNED, clock_of(store).now())
    clock_of(store).set(END)
    store.run(open_bridge, flight)
    store.run(set_state, flight, State.COMPLETE)
    assert look(store, flight).owed[0].notice is NoticeKind.ALL_CLEAR
    assert look(store, flight).next_act is NextAct.PAY_DEBT
    said = NoticeExtra(data_loss="none", user_check="opens and saves")
    store.run(queue, flight, NoticeKind.ALL_CLEAR, said)
    rows = look(store, flight)
    assert [row.notice for row in rows.owed if row.leaving] == [NoticeKind.ALL_CLEAR]
    assert rows.next_act is NextAct.CLOSE_BRIDGE
