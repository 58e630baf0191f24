"""“Continue”, when the way back is about to close."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.models.errors import NotAllowed
from app.models.outages.lifecycle import State
from app.models.runbook import StepAct
from app.services.database import Store
from app.services.live.going_on import go_on
from app.services.live.reading import live
from app.services.live.rows import LiveRows
from app.services.log import read_log
from app.services.outages.moving import extend
from app.services.outages.today import today
from app.services.reports.after_building import after_action_data
from app.services.uow import undo
from tests.flights import END, closes, do, in_progress, make_flight, set_state
from tests.makers import clock_of


@pytest.fixture
def flight(store: Store) -> str:
    """In progress with something to undo, fourteen minutes before its way back closes."""
    made = in_progress(store)
    do(store, made, "7", StepAct.FINISH)
    clock_of(store).set(closes(store.read(live, made)) - timedelta(minutes=14))
    return made


def look(store: Store, flight: str) -> LiveRows:
    return store.read(live, flight)


def test_continue_is_a_decision_in_the_log_and_silences_that_ask_alone(
    store: Store, flight: str
) -> None:
    rows = look(store, flight)
    store.run(go_on, flight, closes(rows), 15)
    rows = look(store, flight)
    assert rows.asks_at(rows.now) is None
    assert rows.asks_at(closes(rows) - timedelta(minutes=5)) == 5
    last = store.read(read_log, flight)[-1]
    assert last.kind == "decision" and "decided to continue: the way back closes in" in last.what


def test_the_report_has_the_answer_with_how_long_it_took(store: Store, flight: str) -> None:
    store.run(go_on, flight, closes(look(store, flight)), 15)
    line = store.read(after_action_data, flight).decisions[-1]
    assert (line.what, line.waited_minutes) == ("Continue", 1)


def test_an_answer_to_a_way_back_that_moved_is_refused(store: Store, flight: str) -> None:
    rows = look(store, flight)
    later = rows.promised_end + timedelta(minutes=15)
    store.run(extend, flight, later, "the flash is slow")
    with pytest.raises(NotAllowed, match="look again"):
        store.run(go_on, flight, closes(rows), 15)


def test_extending_asks_anew_before_the_new_moment(store: Store, flight: str) -> None:
    rows = look(store, flight)
    store.run(go_on, flight, closes(rows), 15)
    store.run(extend, flight, rows.promised_end + timedelta(minutes=15), "the flash is slow")
    rows = look(store, flight)
    assert rows.asks_at(closes(rows) - timedelta(minutes=15)) == 15


def test_it_is_answered_once_and_can_be_taken_back(store: Store, flight: str) -> None:
    rows = look(store, flight)
    inverse = store.run(go_on, flight, closes(rows), 15)
    with pytest.raises(NotAllowed, match="answered already"):
        store.run(go_on, flight, closes(rows), 15)
    store.run(undo, inverse)
    rows = look(store, flight)
    assert rows.asks_at(rows.now) == 15


def test_a_flight_that_turned_back_has_nothing_to_go_on_with(store: Store, flight: str) -> None:
    rows = look(store, flight)
    store.run(set_state, flight, State.BACKING_OUT)
    with pytest.raises(NotAllowed, match="nothing is to go on"):
        store.run(go_on, flight, closes(rows), 15)


def asked_today(store: Store) -> list[str]:
    return [need.words for need in store.read(today).needs if ":way_back:" in need.key]


def test_today_and_so_the_desktop_asks_too_until_it_is_answered(store: Store, flight: str) -> None:
    assert asked_today(store) == ["The way back closes in 14 min: File cluster firmware"]
    store.run(go_on, flight, closes(look(store, flight)), 15)
    assert asked_today(store) == []
    clock_of(store).advance(minutes=10)
    assert asked_today(store) == ["The way back closes in 4 min: File cluster firmware"]


def test_with_nothing_to_undo_the_way_back_is_no_question(store: Store) -> None:
    made = store.run(make_flight, State.GO_NO_GO)
    clock_of(store).set(END)
    store.run(set_state, made, State.IN_PROGRESS)
    assert asked_today(store) == []
