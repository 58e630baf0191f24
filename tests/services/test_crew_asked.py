"""A tap asks about few steps, and is refused and let through as if it had asked about all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.models.crew.taps import TapAct, act_for
from app.models.errors import NotAllowed
from app.models.outages.lifecycle import State
from app.models.tables.outages import Outage
from app.models.tables.runbook import Step
from app.services.crew.asked import steps_asked
from app.services.crew.board import GaveWay, phone_board
from app.services.database import Store
from app.services.runbook.acting import Report, needs_decision, require_allowed
from app.services.runbook.loading import Loaded, load_steps
from app.services.uow import UnitOfWork
from tests.services.crew_flight import crew_store, flying


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = crew_store(tmp_path)
    yield made
    made.close()


def _answer(uow: UnitOfWork, outage: Outage, row: Step, tapped: TapAct, loaded: Loaded) -> str:
    """What the rules say."""
    step = next(each for each in loaded.known if each.id == row.id)
    act = act_for(step, tapped)
    assert act is not None
    try:
        require_allowed(uow, outage, loaded, step, act, Report())
    except NotAllowed as refusal:
        return refusal.sentence
    return needs_decision(outage, loaded, step, uow.now) if tapped is TapAct.START else "may"


@pytest.mark.parametrize("state", [State.IN_PROGRESS, State.BACKING_OUT])
def test_the_rules_say_the_same_of_every_step_as_of_the_whole_runbook(
    store: Store, state: State
) -> None:
    def both(uow: UnitOfWork) -> list[list[str]]:
        outage = uow.fetch(Outage, flying(store))
        outage.state = state
        taps = (TapAct.START, TapAct.DONE, TapAct.BLOCKED)
        return [
            [
                _answer(uow, outage, row, tapped, loaded)
                for row in uow.all(Step)
                for tapped in taps
                for loaded in (ways(uow, outage, row, tapped),)
            ]
            for ways in (steps_asked, lambda uow, outage, *_: load_steps(uow, outage.id))
        ]

    few, whole = store.read(both)
    assert few == whole and any("waits for" in said for said in whole)


def test_a_tap_that_goes_on_reads_its_own_step_alone(store: Store) -> None:
    def read(uow: UnitOfWork) -> int:
        outage = uow.fetch(Outage, flying(store))
        row = next(each for each in uow.all(Step) if each.code == "7")
        return len(steps_asked(uow, outage, row, TapAct.STILL).known)

    assert store.read(read) == 1


def test_a_board_that_nobody_asked_for_gives_way_to_a_tap(store: Store) -> None:
    flight, answers = flying(store), iter([False, True])
    with pytest.raises(GaveWay):
        store.read(phone_board, flight, lambda: next(answers))
    assert store.read(phone_board, flight).steps
