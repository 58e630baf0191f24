from __future__ import annotations

from datetime import timedelta

import pytest

from app.models.errors import BadInput, NotAllowed
from app.models.outages.lifecycle import State
from app.models.runbook import Phase, StepAct, TemplateStep
from app.services.database import Store
from app.services.runbook.arranging import remove_step, shift_step
from app.services.runbook.board import board
from app.services.runbook.editing import add_step, edit_step
from app.services.runbook.step_detail import StepDetail, step_detail
from app.services.uow import undo
from tests.flights import BEFORE, do, make_flight, step_of
from tests.makers import clock_of


@pytest.fixture
def flight(store: Store) -> str:
    return store.run(make_flight, State.DRAFT)


def detail(store: Store, flight: str, code: str) -> StepDetail:
    return store.read(lambda uow: step_detail(uow, step_of(uow, flight, code).id))


def codes(store: Store, flight: str) -> list[str]:
    return [card.code for card in store.read(board, flight).cards]


def remove(store: Store, flight: str, code: str, why: str = "") -> object:
    step = detail(store, flight, code)
    return store.run(remove_step, step.step_id, seen=step.version, why=why)


def test_who_waited_for_a_removed_step_waits_for_what_it_waited_for(
    store: Store, flight: str
) -> None:
    assert detail(store, flight, "8").after == ("7",)
    before = detail(store, flight, "7").after
    remove(store, flight, "7")
    assert "7" not in codes(store, flight)
    assert detail(store, flight, "8").after == before


def test_a_removed_step_comes_back_with_its_links_by_undo(store: Store, flight: str) -> None:
    was = detail(store, flight, "7"), detail(store, flight, "8").after, codes(store, flight)
    step = was[0]
    inverse = store.run(remove_step, step.step_id, seen=step.version)
    store.run(undo, inverse)
    now = detail(store, flight, "7")
    assert (now.after, now.undone_by) == (step.after, step.undone_by)
    assert (detail(store, flight, "8").after, codes(store, flight)) == was[1:]


def test_a_step_begun_is_not_removed(store: Store) -> None:
    flight = store.run(make_flight, State.GO_NO_GO)
    do(store, flight, "1", StepAct.FINISH)
    with pytest.raises(NotAllowed, match="stays written down"):
        remove(store, flight, "1")


def test_the_code_of_a_removed_step_is_never_given_again(store: Store, flight: str) -> None:
    highest = max(int(code) for code in codes(store, flight) if code.isdigit())
    remove(store, flight, str(highest))
    store.run(add_step, flight, TemplateStep("", "Look once more", 5))
    assert str(highest) not in codes(store, flight)


def test_steps_change_places_within_their_phase_only(store: Store, flight: str) -> None:
    order = codes(store, flight)
    first, second = order[0], order[1]
    step = detail(store, flight, second)
    assert store.run(shift_step, step.step_id, later=False, seen=step.version) is not None
    assert codes(store, flight)[:2] == [second, first]
    step = detail(store, flight, second)
    assert store.run(shift_step, step.step_id, later=False, seen=step.version) is None


def test_after_the_freeze_removing_asks_for_a_reason(store: Store) -> None:
    clock_of(store).set(BEFORE - timedelta(days=30))
    flight = store.run(make_flight, State.ANNOUNCED)
    clock_of(store).set(BEFORE - timedelta(days=2))
    with pytest.raises(BadInput) as refused:
        remove(store, flight, "7")
    assert refused.value.about["frozen"] is True
    remove(store, flight, "7", "the clients are gone already")


def test_a_work_step_cannot_stand_for_a_way_back(store: Store, flight: str) -> None:
    step = detail(store, flight, "8")
    with pytest.raises(BadInput, match="no back-out step"):
        store.run(edit_step, step.step_id, {"undone_by": ["7"]}, seen=step.version)
    with pytest.raises(BadInput, match="only when backing out"):
        store.run(edit_step, step.step_id, {"after": ["B8"]}, seen=step.version)
    assert detail(store, flight, "8").phase is Phase.WINDOW
