"""The crew as silence and rest see it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.models.live.hearing import Hearing, crew_now, to_hear
from app.models.outages.lifecycle import State
from app.models.runbook import StepAct
from app.services.database import Store
from app.services.live.crew import heard_from
from app.services.live.reading import live
from app.services.log import read_log
from tests.flights import do, in_progress, make_flight, step_of
from tests.makers import clock_of


@pytest.fixture
def flight(store: Store) -> str:
    """Ito began 7 at 19:00; all before the window is done."""
    made = in_progress(store)
    do(store, made, "7", StepAct.START)
    return made


def states(store: Store, flight: str) -> dict[str, Hearing]:
    rows = store.read(live, flight)
    return {each.who.name: each.hearing for each in crew_now(rows.crew, rows.now)}


def test_the_crew_is_everybody_with_steps_but_the_one_who_leads(store: Store, flight: str) -> None:
    assert set(states(store, flight)) == {"K. Ito", "A. Lindqvist", "R. Ramos"}


def test_who_has_no_step_left_is_free_and_who_is_needed_later_rests(
    store: Store, flight: str
) -> None:
    found = states(store, flight)
    assert (found["R. Ramos"], found["A. Lindqvist"]) == (Hearing.FREE, Hearing.RESTING)


def test_silence_asks_for_a_call_until_a_word_comes(store: Store, flight: str) -> None:
    clock_of(store).advance(minutes=21)
    assert states(store, flight)["K. Ito"] is Hearing.CALL
    store.run(heard_from, store.read(step_of, flight, "7").id, "K. Ito")
    assert states(store, flight)["K. Ito"] is Hearing.WORKING


def test_a_word_by_phone_says_whose_it_was_and_who_wrote_it_down(store: Store, flight: str) -> None:
    store.run(heard_from, store.read(step_of, flight, "7").id, "K. Ito")
    last = store.read(read_log, flight)[-1]
    assert (last.who, last.via, last.kind) == ("K. Ito", "M. Okafor", "heard")


def test_a_step_not_to_be_disturbed_is_never_proposed_for_a_call(store: Store, flight: str) -> None:
    do(store, flight, "7", StepAct.FINISH)
    do(store, flight, "8", StepAct.START)
    clock_of(store).advance(minutes=90)
    assert states(store, flight)["K. Ito"] is Hearing.UNDISTURBED


def test_who_is_needed_soon_is_to_be_reached_unless_heard_of_lately(
    store: Store, flight: str
) -> None:
    do(store, flight, "7", StepAct.FINISH)
    do(store, flight, "8", StepAct.START)
    clock_of(store).advance(minutes=15)  # 9 is Lindqvist's, in ten minutes
    assert states(store, flight)["A. Lindqvist"] is Hearing.GET_READY
    store.run(heard_from, store.read(step_of, flight, "9").id, "A. Lindqvist")
    assert states(store, flight)["A. Lindqvist"] is Hearing.STAND_BY


def test_one_key_takes_the_word_of_the_longest_silent(store: Store, flight: str) -> None:
    rows = store.read(live, flight)
    found = to_hear(rows.crew, rows.now + timedelta(minutes=3))
    assert found is not None and found.who.name == "K. Ito"


def test_before_the_start_nobody_is_called_by_the_clock(store: Store) -> None:
    waiting = store.run(make_flight, State.GO_NO_GO)
    assert store.read(live, waiting).crew == ()
