from __future__ import annotations

import pytest

from app.models.errors import BadInput, NotAllowed
from app.models.outages.lifecycle import State
from app.models.runbook import StepAct, StepState
from app.services.bridge.line import close_bridge, open_bridge
from app.services.database import Store
from app.services.live.reading import live
from app.services.uow import undo
from tests.flights import do, make_flight, set_state, step_of


def test_opening_the_bridge_does_its_step(store: Store) -> None:
    flight = store.run(make_flight, State.GO_NO_GO)
    store.run(open_bridge, flight)
    assert store.read(step_of, flight, "2").state is StepState.DONE
    assert store.read(step_of, flight, "17").state is StepState.TODO


def test_an_open_bridge_is_not_opened_again(store: Store) -> None:
    flight = store.run(make_flight, State.GO_NO_GO)
    store.run(open_bridge, flight)
    with pytest.raises(NotAllowed, match="open already"):
        store.run(open_bridge, flight)


def test_a_flight_without_a_line_cannot_open_it(store: Store) -> None:
    flight = store.run(make_flight, State.GO_NO_GO, bridge_line="")
    with pytest.raises(BadInput, match="no conference line"):
        store.run(open_bridge, flight)


def test_a_line_given_at_opening_is_noted_and_open(store: Store) -> None:
    flight = store.run(make_flight, State.GO_NO_GO, bridge_line="")
    store.run(open_bridge, flight, "", "212 555 0199, code 7731")
    bridge = store.read(live, flight).bridge
    assert bridge is not None and bridge.open
    assert bridge.line == "212 555 0199, code 7731"


def test_closed_before_the_flight_its_step_is_still_to_do(store: Store) -> None:
    flight = store.run(make_flight, State.GO_NO_GO)
    store.run(open_bridge, flight)
    store.run(close_bridge, flight, "sound check done")
    assert store.read(step_of, flight, "17").state is StepState.TODO


def test_closing_needs_proof(store: Store) -> None:
    flight = store.run(make_flight, State.GO_NO_GO)
    store.run(open_bridge, flight)
    store.run(set_state, flight, State.COMPLETE)
    with pytest.raises(BadInput, match="Say how you saw"):
        store.run(close_bridge, flight, "  ")
    store.run(close_bridge, flight, "dialled in again: conference ended")
    bridge = store.read(live, flight).bridge
    assert bridge is not None and not bridge.open
    assert store.read(step_of, flight, "17").state is StepState.DONE


def test_a_closed_bridge_can_be_opened_again(store: Store) -> None:
    flight = store.run(make_flight, State.GO_NO_GO)
    store.run(open_bridge, flight)
    store.run(close_bridge, flight, "hung up by mistake")
    store.run(open_bridge, flight)
    bridge = store.read(live, flight).bridge
    assert bridge is not None and bridge.open


def test_opening_by_mistake_is_undone_with_its_step(store: Store) -> None:
    flight = store.run(make_flight, State.GO_NO_GO)
    inverse = store.run(open_bridge, flight)
    store.run(undo, inverse)
    bridge = store.read(live, flight).bridge
    assert bridge is not None and bridge.opened_at is None
    assert store.read(step_of, flight, "2").state is StepState.TODO


def test_a_bridge_step_blocked_meanwhile_is_done_by_opening(store: Store) -> None:
    flight = store.run(make_flight, State.GO_NO_GO)
    do(store, flight, "2", StepAct.BLOCK)
    store.run(open_bridge, flight)
    assert store.read(step_of, flight, "2").state is StepState.DONE
