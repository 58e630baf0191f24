"""Giving a role of the runbook to one person, for all of its steps at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.models.errors import BadInput, NotAllowed
from app.models.outages.lifecycle import State
from app.models.runbook import StepState
from app.models.runbook.templates import CHECKER_ROLE
from app.models.tables.directory import Person
from app.models.tables.outages import Outage
from app.services.database import Store
from app.services.runbook.loading import load_steps
from app.services.runbook.roles import assign_role, roles_of
from app.services.uow import UnitOfWork, undo
from tests.flights import START, flight_store, make_flight, step_of
from tests.makers import clock_of, make_person

ROLE = "storage operator"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = flight_store(tmp_path, START - timedelta(days=20))
    yield made
    made.close()


def owners(store: Store, flight: str) -> dict[str, str]:
    """The name of each step's owner, of the role's steps."""

    def find(uow: UnitOfWork) -> dict[str, str]:
        names = {p.id: p.name for p in uow.all(Person)}
        rows = load_steps(uow, flight).rows
        return {r.code: names.get(r.owner_id or "", "") for r in rows if r.role == ROLE}

    return store.read(find)


def test_all_steps_of_the_role_go_to_one_person(store: Store) -> None:
    flight = store.run(make_flight, State.PLANNED)
    kai = store.run(make_person, "Kai Brandt")
    assert len(owners(store, flight)) > 1
    inverse = store.run(assign_role, flight, ROLE, kai.id)
    assert set(owners(store, flight).values()) == {"Kai Brandt"}
    store.run(undo, inverse)
    assert set(owners(store, flight).values()) == {"A. Lindqvist"}


def test_what_was_begun_stays_with_who_began_it(store: Store) -> None:
    flight = store.run(make_flight, State.IN_PROGRESS)
    first, *others = owners(store, flight)

    def begin(uow: UnitOfWork) -> None:
        step = step_of(uow, flight, first)
        step.state, step.started_at = StepState.RUNNING, uow.now
        uow.log("begun", step)

    store.run(begin)
    kai = store.run(make_person, "Kai Brandt")
    store.run(assign_role, flight, ROLE, kai.id)
    now = owners(store, flight)
    assert now[first] == "A. Lindqvist"
    assert {now[code] for code in others} == {"Kai Brandt"}


def test_the_roles_say_who_plays_them_and_what_nobody_owns(store: Store) -> None:
    flight = store.run(make_flight, State.PLANNED)
    code = next(iter(owners(store, flight)))

    def leave_open(uow: UnitOfWork) -> None:
        step = step_of(uow, flight, code)
        step.owner_id = None
        uow.log("left open", step)

    store.run(leave_open)
    row = next(r for r in store.read(roles_of, flight).rows if r.role == ROLE)
    assert row.owners == ("A. Lindqvist",)
    assert row.unowned == 1
    assert code in row.to_give


def test_after_the_freeze_a_reason_is_asked(store: Store) -> None:
    flight = store.run(make_flight, State.ANNOUNCED)
    clock_of(store).set(START - timedelta(days=2))
    kai = store.run(make_person, "Kai Brandt")
    with pytest.raises(BadInput, match="frozen"):
        store.run(assign_role, flight, ROLE, kai.id)
    store.run(assign_role, flight, ROLE, kai.id, why="Lindqvist is ill")
    assert set(owners(store, flight).values()) == {"Kai Brandt"}


def test_nobody_is_assigned_once_it_is_over(store: Store) -> None:
    flight = store.run(make_flight, State.COMPLETE)
    kai = store.run(make_person, "Kai Brandt")
    with pytest.raises(NotAllowed):
        store.run(assign_role, flight, ROLE, kai.id)


def test_who_plays_the_checker_is_the_checker_unless_one_was_named(store: Store) -> None:
    flight = store.run(make_flight, State.PLANNED)
    ada = store.run(make_person, "Ada Nurse", phone="555 0171")

    def checker() -> tuple[str, str]:
        outage = store.read(lambda uow: uow.fetch(Outage, flight))
        return outage.checker, outage.checker_phone

    def forget(uow: UnitOfWork) -> None:
        outage = uow.fetch(Outage, flight)
        outage.checker = outage.checker_phone = ""
        uow.log("no checker named", outage)

    store.run(assign_role, flight, CHECKER_ROLE, ada.id)
    assert checker() == ("D. Moreau, Radiology", "555 0140")
    store.run(forget)
    inverse = store.run(assign_role, flight, CHECKER_ROLE, ada.id)
    assert checker() == ("Ada Nurse", "555 0171")
    store.run(undo, inverse)
    assert checker() == ("", "")
