from __future__ import annotations

from datetime import timedelta

import pytest

from app.models.errors import NotAllowed
from app.models.outages.confirming import Confirmed, Word, confirmed_from
from app.models.outages.decisions import default_card
from app.models.outages.lifecycle import State
from app.models.runbook import StepAct
from app.models.tables.outages import Outage
from app.services.database import Store
from app.services.live.roll_call import answer_roll_call
from app.services.outages.moving import move_window
from app.services.outages.people import FlightPerson, asked_at_kick_off, confirm, people_of
from app.services.uow import UnitOfWork, undo
from tests.flights import BEFORE, do, make_flight, set_state
from tests.makers import clock_of, make_person, make_window

YES = Confirmed(Word.YES)


def people(store: Store, flight: str) -> dict[str, FlightPerson]:
    return {person.name: person for person in store.read(people_of, flight).people}


def test_coordinator_first_then_the_crew_as_needed_then_checker_and_deciders(store: Store) -> None:
    card = default_card("N. Adeyemi", "555 0110")
    flight = store.run(make_flight, State.ANNOUNCED, card=card)
    found = store.read(people_of, flight).people
    names = [person.name for person in found]
    assert names[0] == "M. Okafor"
    assert set(names[1:4]) == {"K. Ito", "A. Lindqvist", "R. Ramos"}
    assert names[4:] == ["D. Moreau, Radiology", "N. Adeyemi"]
    crew = [person.be_ready for person in found[1:4] if person.be_ready]
    assert crew == sorted(crew)
    assert "GO against a NO" in found[5].decides


def test_a_checker_typed_with_their_ward_is_the_person_of_that_name(store: Store) -> None:
    def known(uow: UnitOfWork) -> None:
        make_person(uow, "D. Moreau", phone="555 0199")

    store.run(known)
    card = default_card("D. Moreau", "")
    flight = store.run(make_flight, State.ANNOUNCED, card=card)
    checker = people(store, flight)["D. Moreau, Radiology"]
    assert checker.roles == ("checker", "decides")
    assert checker.phone == "555 0140", "what was typed comes first"
    store.run(confirm, flight, "D. Moreau", "the check", YES)
    store.run(confirm, flight, "D. Moreau, Radiology", "the check", Confirmed(Word.NO))
    asked = people(store, flight)["D. Moreau, Radiology"].asked
    assert asked is not None and asked.answer == Confirmed(Word.NO)
    assert len(store.read(asked_at_kick_off, flight)) == 1, "one question, answered twice"
    assert "D. Moreau" not in people(store, flight)


def test_each_has_a_time_to_be_ready_and_one_of_release(store: Store) -> None:
    flight = store.run(make_flight, State.ANNOUNCED)
    ito = people(store, flight)["K. Ito"]
    assert ito.be_ready is not None and ito.release is not None
    assert ito.be_ready < ito.release
    assert "8" in [step.code for step in ito.steps]
    assert people(store, flight)["D. Moreau, Radiology"].be_ready is None


def test_last_heard_is_the_latest_report_or_answer(store: Store) -> None:
    flight = store.run(make_flight, State.GO_NO_GO)
    assert people(store, flight)["K. Ito"].heard_at is None
    store.run(answer_roll_call, flight, "K. Ito", True)
    ito = people(store, flight)["K. Ito"]
    assert ito.go is True and ito.heard_at == BEFORE
    do(store, flight, "1", StepAct.FINISH)
    assert people(store, flight)["M. Okafor"].heard_at == BEFORE


def test_an_answer_by_phone_needs_no_question_first_and_can_be_undone(store: Store) -> None:
    flight = store.run(make_flight, State.ANNOUNCED)
    inverse = store.run(confirm, flight, "K. Ito", "owner", YES)
    asked = people(store, flight)["K. Ito"].asked
    assert asked is not None and asked.answer == YES
    assert store.read(people_of, flight).confirmed == 1
    store.run(undo, inverse)
    assert people(store, flight)["K. Ito"].asked is None


def test_a_second_answer_stands_in_the_place_of_the_first(store: Store) -> None:
    flight = store.run(make_flight, State.ANNOUNCED)
    store.run(confirm, flight, "K. Ito", "owner", YES)
    store.run(confirm, flight, "K. Ito", "owner", Confirmed(Word.CANNOT, "on leave"))
    asked = people(store, flight)["K. Ito"].asked
    assert asked is not None and asked.answer == Confirmed(Word.CANNOT, "on leave")
    assert store.read(people_of, flight).confirmed == 0


def test_moving_the_window_voids_what_was_confirmed(store: Store) -> None:
    flight = store.run(make_flight, State.DRAFT)
    clock_of(store).set(BEFORE - timedelta(days=20))
    store.run(set_state, flight, State.ANNOUNCED)
    store.run(confirm, flight, "K. Ito", "owner", YES)
    later = make_window("2025-01-17 19:00", "2025-01-17 22:00")
    seen = store.read(lambda uow: uow.fetch(Outage, flight).version)
    store.run(move_window, flight, later, "a part is missing", seen=seen)
    asked = people(store, flight)["K. Ito"].asked
    assert asked is not None and asked.voided
    assert store.read(people_of, flight).confirmed == 0
    store.run(confirm, flight, "K. Ito", "owner", YES)
    assert store.read(people_of, flight).confirmed == 1


def test_after_the_end_nobody_is_asked(store: Store) -> None:
    flight = store.run(make_flight, State.COMPLETE)
    with pytest.raises(NotAllowed):
        store.run(confirm, flight, "K. Ito", "owner", YES)


@pytest.mark.parametrize("word", list(Word))
def test_a_stored_answer_reads_back_with_its_reason(word: Word) -> None:
    said = Confirmed(word, "not before: eight")
    assert confirmed_from(said.text) == said
    assert confirmed_from("reached") is None
