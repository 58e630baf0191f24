"""What a flight taught, offered as the next revision of its runbook."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.models.errors import NotAllowed
from app.models.live.away import Away, kept, told
from app.models.outages.lifecycle import State
from app.models.runbook import StepState
from app.models.tables.outages import Outage
from app.services.database import Store
from app.services.live.rehearsing import carry_back, learnt_on_flight
from app.services.log import read_log
from app.services.runbook.templates import revisions_of
from app.services.uow import UnitOfWork, undo
from tests.flights import START, flight_store, make_flight, step_of

MIN = timedelta(minutes=1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = flight_store(tmp_path, START + timedelta(hours=3))
    yield made
    made.close()


def flown(uow: UnitOfWork, outage_id: str, minutes: float) -> None:
    """Step 8 took so long; the flight is over."""
    step = step_of(uow, outage_id, "8")
    step.state, step.started_at = StepState.DONE, START
    step.ended_at = START + timedelta(minutes=minutes)
    outage = uow.fetch(Outage, outage_id)
    outage.ended_at = uow.now
    uow.log("flown", outage)


def test_a_step_that_took_longer_is_carried_back_and_can_be_undone(store: Store) -> None:
    outage_id = store.run(make_flight, State.COMPLETE)
    store.run(flown, outage_id, 40)
    found = store.read(learnt_on_flight, outage_id)
    (lesson,) = [each for each in found.lessons if each.took is not None]
    assert lesson.words.startswith("8 ")
    assert "took 40 min, planned 25" in lesson.words
    before = len(store.read(revisions_of, found.flown.name))
    inverse = store.run(carry_back, found, [lesson], found.code)
    revisions = store.read(revisions_of, found.flown.name)
    assert len(revisions) == before + 1
    assert next(step.minutes for step in revisions[-1].steps if step.code == "8") == 40
    store.run(undo, inverse)
    assert len(store.read(revisions_of, found.flown.name)) == before


def test_the_log_says_which_flight_taught_it(store: Store) -> None:
    outage_id = store.run(make_flight, State.COMPLETE)
    store.run(flown, outage_id, 40)
    found = store.read(learnt_on_flight, outage_id)
    store.run(carry_back, found, found.lessons, found.code)
    said = store.read(read_log, outage_id)[-1].what
    assert said.startswith(f"carried back from the flight of {found.code} to the runbook")


def test_before_its_end_a_flight_teaches_nothing_yet(store: Store) -> None:
    outage_id = store.run(make_flight, State.IN_PROGRESS)
    with pytest.raises(NotAllowed, match="has not ended"):
        store.read(learnt_on_flight, outage_id)


def test_time_away_from_the_console_is_not_taught_as_work(store: Store) -> None:
    outage_id = store.run(make_flight, State.COMPLETE)
    store.run(flown, outage_id, 90)

    def was_away(uow: UnitOfWork) -> None:
        away = Away(START + 10 * MIN, START + 80 * MIN)
        outage = uow.fetch(Outage, outage_id)
        uow.log(told(away, (), "UTC"), outage, kind="away", data=kept(away))

    store.run(was_away)
    found = store.read(learnt_on_flight, outage_id)
    (lesson,) = [each for each in found.lessons if each.took is not None]
    assert lesson.doubt and "away 1 h 10 min of it" in lesson.words
    assert lesson not in found.sure
