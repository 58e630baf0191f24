"""Paper onto the board: as one act, and nothing overwritten in silence."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.models.errors import BadInput
from app.models.outages.decisions import Decided
from app.models.outages.lifecycle import State
from app.models.runbook import StepAct, StepState
from app.services.database import Store
from app.services.live.paper import PaperRow, enter_paper, look_at_paper
from app.services.live.paper_typed import TypedPaper, keep_typed_paper, typed_paper
from app.services.log import read_log
from app.services.runbook.acting import Report, act_on_step
from app.services.uow import UnitOfWork, undo
from tests.flights import START, do, make_flight, step_of
from tests.makers import clock_of

NIGHT = """\
7 1905 1925 ki
8 1925 2005 ki the cable was loose
"""


@pytest.fixture
def flight(store: Store) -> str:
    """In progress, everything up to the started notice done; it is 21:00."""
    made = store.run(make_flight, State.IN_PROGRESS)

    def ready(uow: UnitOfWork) -> None:
        for code in ("1", "2", "3", "4", "5", "6"):
            step = step_of(uow, made, code)
            step.state, step.started_at, step.ended_at = StepState.DONE, START, START
        uow.log("ready", step)

    store.run(ready)
    clock_of(store).set(START + timedelta(hours=2))
    return made


def rows(store: Store, flight: str, text: str) -> dict[str, PaperRow]:
    return {row.code: row for row in store.read(look_at_paper, flight, text).rows}


def test_paper_is_entered_as_it_happened_by_whom(store: Store, flight: str) -> None:
    told, inverse = store.run(enter_paper, flight, NIGHT)
    assert [row.who for row in told.rows] == ["K. Ito", "K. Ito"]
    assert inverse is not None
    eight = store.read(step_of, flight, "8")
    assert (eight.state, eight.by, eight.note) == (StepState.DONE, "K. Ito", "the cable was loose")
    assert eight.started_at == START + timedelta(minutes=25)
    assert eight.ended_at == START + timedelta(minutes=65)


def test_a_time_to_come_is_refused_alike_on_paper_and_on_the_board(
    store: Store, flight: str
) -> None:
    told = store.read(look_at_paper, flight, "7 2130 2140 ki")
    assert [bad.sentence.split(",")[0] for bad in told.unreadable] == ["21:30 has not come yet"]
    step = store.read(step_of, flight, "7")
    report = Report(at=START + timedelta(hours=2, minutes=30))
    with pytest.raises(BadInput, match="has not come yet"):
        store.run(act_on_step, step.id, StepAct.START, report, seen=step.version)


def test_one_undo_takes_the_whole_sheet_back(store: Store, flight: str) -> None:
    _, inverse = store.run(enter_paper, flight, NIGHT)
    assert inverse is not None
    store.run(undo, inverse)
    for code in ("7", "8"):
        step = store.read(step_of, flight, code)
        assert (step.state, step.started_at, step.note) == (StepState.TODO, None, "")


def test_looking_changes_nothing(store: Store, flight: str) -> None:
    before = len(store.read(read_log, flight))
    store.read(look_at_paper, flight, NIGHT)
    assert store.read(step_of, flight, "7").state is StepState.TODO
    assert len(store.read(read_log, flight)) == before


def test_what_contradicts_the_board_is_shown_and_left(store: Store, flight: str) -> None:
    clock_of(store).set(START + timedelta(minutes=10))
    do(store, flight, "7", StepAct.START)
    clock_of(store).set(START + timedelta(hours=2))
    told, inverse = store.run(enter_paper, flight, "7 1905 1925 ki\n")
    assert inverse is None
    assert told.rows[0].against == ("it began 19:05 on paper, 19:10 on the board",)
    assert store.read(step_of, flight, "7").started_at == START + timedelta(minutes=10)


def test_where_somebody_says_so_the_paper_is_right_and_the_log_keeps_both(
    store: Store, flight: str
) -> None:
    clock_of(store).set(START + timedelta(minutes=10))
    do(store, flight, "7", StepAct.FINISH)
    clock_of(store).set(START + timedelta(hours=2))
    store.run(enter_paper, flight, "7 1905 1925 ki\n", take=["7"])
    assert store.read(step_of, flight, "7").ended_at == START + timedelta(minutes=25)
    said = [row.what for row in store.read(read_log, flight)]
    was = "19:05–19:25 from paper, in place of what was on the board, 19:10–19:10"
    assert any(was in what for what in said)


def test_what_the_board_has_so_already_is_not_entered_again(store: Store, flight: str) -> None:
    store.run(enter_paper, flight, NIGHT)
    told, inverse = store.run(enter_paper, flight, NIGHT)
    assert inverse is None
    assert all(row.done for row in told.rows)


def test_an_end_on_paper_finishes_what_runs_on_the_board(store: Store, flight: str) -> None:
    clock_of(store).set(START + timedelta(minutes=10))
    do(store, flight, "7", StepAct.START)
    clock_of(store).set(START + timedelta(hours=2))
    store.run(enter_paper, flight, "7 1910 1930 ki\n")
    assert store.read(step_of, flight, "7").ended_at == START + timedelta(minutes=30)


def test_an_end_before_the_start_on_the_board_waits(store: Store, flight: str) -> None:
    clock_of(store).set(START + timedelta(minutes=30))
    do(store, flight, "7", StepAct.START)
    clock_of(store).set(START + timedelta(hours=2))
    told, inverse = store.run(enter_paper, flight, "7 - 1915 ki\n")
    assert inverse is None
    assert told.rows[0].against == ("it ended 19:15 on paper, began 19:30 on the board",)


def test_a_step_whose_predecessor_is_nowhere_done_waits(store: Store, flight: str) -> None:
    assert "7 " in rows(store, flight, "8 1925 1955 ki")["8"].against[0]


def test_acts_unknown_steps_and_a_second_line_are_left_out_whatever_is_said(
    store: Store, flight: str
) -> None:
    text = "5 1901 1902 mo\n99 1905 1906 ki\n7 1905 1925 ki\n7 1906 1925 ki\n"
    told, _ = store.run(enter_paper, flight, text, take=["5", "99", "7"])
    by_line = {row.line: row for row in told.rows}
    assert "act" in by_line[1].against[0]
    assert "no step 99" in by_line[2].against[0]
    assert by_line[3].fits
    assert "line 3 already" in by_line[4].against[0]
    assert store.read(step_of, flight, "7").started_at == START + timedelta(minutes=5)


def test_initials_of_nobody_are_named_and_kept(store: Store, flight: str) -> None:
    told, _ = store.run(enter_paper, flight, "7 1905 1925 zz\n")
    assert "zz" in told.rows[0].notes[0]
    assert store.read(step_of, flight, "7").by == "zz"


def test_begun_before_what_it_waits_for_had_ended_is_noted(store: Store, flight: str) -> None:
    seen = rows(store, flight, "7 1905 1925 ki\n8 1920 1955 ki\n")
    assert "before 7 " in seen["8"].notes[0]
    assert seen["8"].fits


def test_a_start_too_late_to_turn_back_needs_who_decided(store: Store, flight: str) -> None:
    late = "7 1905 1925 ki\n8 2058 2059 ki\n"
    told = store.read(look_at_paper, flight, late)
    assert "named decision" in told.rows[1].against[0]
    assert told.needs_decision
    told, _ = store.run(enter_paper, flight, late, decided=Decided("H. Brandt"))
    assert store.read(step_of, flight, "8").state is StepState.DONE


def test_a_look_may_ask_what_becomes_of_the_rest_when_the_paper_is_right(
    store: Store, flight: str
) -> None:
    clock_of(store).set(START + timedelta(minutes=10))
    do(store, flight, "7", StepAct.START)
    clock_of(store).set(START + timedelta(hours=2))
    told = store.read(look_at_paper, flight, NIGHT)
    assert not told.entering(())
    told = store.read(look_at_paper, flight, NIGHT, take=["7"])
    assert [row.code for row in told.entering({"7"})] == ["7", "8"]
    assert not told.rows[1].notes


def test_what_is_neither_begun_nor_on_the_sheet_is_named(store: Store, flight: str) -> None:
    told = store.read(look_at_paper, flight, NIGHT)
    assert "9" in told.still_open
    assert not {"1", "5", "7", "8"} & set(told.still_open)


# --- what is typed and not entered --------------------------------------------------------------


def test_what_was_typed_is_kept_word_for_word_with_what_was_said_about_it(
    store: Store, flight: str
) -> None:
    typed = TypedPaper("7 1905 19\n\n", ("8",), Decided("H. Brandt", "worth it"))
    store.run(keep_typed_paper, flight, typed)
    assert store.read(typed_paper, flight) == typed


def test_an_empty_sheet_keeps_nothing(store: Store, flight: str) -> None:
    store.run(keep_typed_paper, flight, TypedPaper("7 1905"))
    store.run(keep_typed_paper, flight, TypedPaper())
    assert store.read(typed_paper, flight) == TypedPaper()


def test_entering_keeps_what_is_left_over(store: Store, flight: str) -> None:
    store.run(enter_paper, flight, f"{NIGHT}99 1905 1906 ki\nnonsense")
    assert store.read(typed_paper, flight).text == "99 1905 1906 ki\nnonsense"


def test_undone_the_lines_are_typed_again(store: Store, flight: str) -> None:
    _, inverse = store.run(enter_paper, flight, f"{NIGHT}99 1905 1906 ki")
    assert inverse is not None
    store.run(undo, inverse)
    assert store.read(typed_paper, flight).text == f"{NIGHT}99 1905 1906 ki"
