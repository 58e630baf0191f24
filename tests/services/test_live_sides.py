"""The two sides of a flight: who holds them, and what the communication side is given."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta

import pytest

from app.models.errors import NotAllowed
from app.models.live.sides import Side
from app.models.outages.lifecycle import State
from app.models.runbook import StepAct
from app.services.database import Store
from app.services.live.reading import live
from app.services.live.sides import communication_side, give_side
from app.services.log import read_log
from app.services.notices.replies import answer_reply, note_reply
from app.services.uow import undo
from tests.flights import END, do, in_progress, set_state
from tests.makers import clock_of


@pytest.fixture
def flight(store: Store) -> str:
    made = in_progress(store)
    do(store, made, "7", StepAct.START)
    return made


def test_the_coordinator_holds_both_sides_until_they_are_given(store: Store, flight: str) -> None:
    held = store.read(live, flight).sides
    assert held == {Side.FIX: "M. Okafor", Side.COMMUNICATION: "M. Okafor"}


def test_giving_a_side_is_logged_and_undone(store: Store, flight: str) -> None:
    inverse = store.run(give_side, flight, Side.COMMUNICATION, "R. Ramos")
    assert store.read(communication_side, flight).lead == "R. Ramos"
    entry = store.read(read_log, flight)[-1]
    assert entry.what == "R. Ramos is the communication lead now, not M. Okafor"
    store.run(undo, inverse)
    assert store.read(communication_side, flight).lead == "M. Okafor"


def test_empty_gives_it_back_to_the_coordinator(store: Store, flight: str) -> None:
    store.run(give_side, flight, Side.FIX, "K. Ito")
    store.run(give_side, flight, Side.FIX, " ")
    assert store.read(live, flight).sides[Side.FIX] == "M. Okafor"


def test_giving_it_to_who_has_it_changes_nothing(store: Store, flight: str) -> None:
    with pytest.raises(NotAllowed, match="already"):
        store.run(give_side, flight, Side.FIX, "M. Okafor")


def test_a_filed_flight_has_no_sides_to_give(store: Store, flight: str) -> None:
    store.run(set_state, flight, State.FILED)
    with pytest.raises(NotAllowed, match="filed"):
        store.run(give_side, flight, Side.FIX, "K. Ito")


def test_the_communication_side_holds_no_detail_of_the_repair(store: Store, flight: str) -> None:
    rows = store.read(communication_side, flight)
    said = str(asdict(rows)).casefold()
    assert not any(word in said for word in ("flash", "drain", "controller", "san-0", "step"))
    assert rows.standing == "Shared folders are unavailable. Expected back by 22:00."


def test_a_late_forecast_is_said_as_late_not_as_a_time(store: Store, flight: str) -> None:
    clock_of(store).set(END - timedelta(minutes=20))
    assert "will probably take longer" in store.read(communication_side, flight).standing


def test_who_asks_stands_there_until_answered(store: Store, flight: str) -> None:
    store.run(note_reply, flight, "L. Ortega", "PACS slow, expected?", "question")
    store.run(note_reply, flight, "A. Weber", "Thanks!", "thanks")
    asking = store.read(communication_side, flight).asking
    assert [(each.sender, each.text) for each in asking] == [("L. Ortega", "PACS slow, expected?")]
    store.run(answer_reply, asking[0].reply_id, "Yes, until ten.")
    assert store.read(communication_side, flight).asking == ()


def test_the_next_update_is_due_before_the_promised_end_passes(store: Store, flight: str) -> None:
    assert store.read(communication_side, flight).next_update == END - timedelta(minutes=15)
    store.run(set_state, flight, State.COMPLETE)
    assert store.read(communication_side, flight).next_update is None
