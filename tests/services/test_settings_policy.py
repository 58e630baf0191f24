"""The organisation's facts, and the console as the system of record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.models.errors import BadInput, Stale
from app.models.outages.debt import DebtKind
from app.models.outages.lifecycle import State
from app.models.tables.changes import ChangeRecord
from app.models.tables.outages import Outage
from app.services.database import Store
from app.services.outages.debt import debts_of
from app.services.settings.policy import (
    change_organisation,
    declare_system_of_record,
)
from app.services.settings.reading import SettingsRow, settings
from app.services.uow import Undo, UnitOfWork, undo
from tests.flights import flight_store, make_flight, step_of


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = flight_store(tmp_path)
    yield opened
    opened.close()


def change(store: Store, **facts: str) -> Undo:
    now = store.read(settings)
    return store.run(change_organisation, replace(now.facts, **facts), seen=now.version)


def test_the_facts_are_changed_and_logged(store: Store) -> None:
    change(store, name="  Harbour   Clinics ", objection_route="Call 555 0100")
    now = store.read(settings)
    assert now.facts.name == "Harbour Clinics"
    assert now.facts.objection_route == "Call 555 0100"
    assert now.version == 2


def test_the_facts_can_be_undone(store: Store) -> None:
    before = store.read(settings)
    store.run(undo, change(store, name="Another", country="US"))
    assert store.read(settings).facts == before.facts


def test_facts_changed_since_are_not_put_back(store: Store) -> None:
    inverse = change(store, name="Another")
    change(store, name="A third")
    with pytest.raises(Stale, match="changed again since"):
        store.run(undo, inverse)
    assert store.read(settings).facts.name == "A third"


def test_public_holidays_are_counted_for_the_country_and_its_part(store: Store) -> None:
    whole = store.read(settings).holidays
    change(store, subdivision="ny")
    now = store.read(settings)
    assert now.facts.subdivision == "NY"
    assert now.holidays > whole > 0


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "   "),
        ("name", "x" * 201),
        ("zone", "Mars/Olympus"),
        ("country", "ZZ"),
        ("subdivision", "ATLANTIS"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(store: Store, field: str, value: str) -> None:
    before = store.read(settings)
    with pytest.raises(BadInput) as refusal:
        change(store, **{field: value})
    assert refusal.value.about["field"] == field
    assert store.read(settings) == before


def test_a_region_needs_its_country(store: Store) -> None:
    with pytest.raises(BadInput, match="needs its country"):
        change(store, country="", subdivision="NY")


def test_the_same_again_is_refused_kindly(store: Store) -> None:
    with pytest.raises(BadInput, match="Nothing is different"):
        change(store)


def test_facts_seen_before_somebody_changed_them_overwrite_nothing(store: Store) -> None:
    before = store.read(settings)
    change(store, name="Another")
    with pytest.raises(Stale):
        store.run(change_organisation, before.facts, seen=before.version)
    with pytest.raises(Stale):
        store.run(declare_system_of_record, True, seen=before.version)
    assert store.read(settings).facts.name == "Another"


def reviewed_change(uow: UnitOfWork) -> str:
    flight = make_flight(uow, State.COMPLETE)
    step = step_of(uow, flight, "8")
    assert step.ci_id is not None
    row = ChangeRecord(
        organisation_id=uow.organisation_id,
        outage_id=flight,
        ci_id=step.ci_id,
        step_id=step.id,
        after="5.0.3",
        at=uow.now,
        reviewed_at=uow.now,
    )
    uow.add(row)
    uow.log("reviewed", row)
    return flight


def owes_a_number(store: Store, flight: str) -> bool:
    owed = store.read(lambda uow: debts_of(uow, uow.fetch(Outage, flight)))
    return any(d.kind is DebtKind.CHANGE_RECORD and "configuration" in d.sentence for d in owed)


def test_the_system_of_record_needs_no_external_numbers(store: Store) -> None:
    flight = store.run(reviewed_change)
    assert owes_a_number(store, flight)
    store.run(declare_system_of_record, True, seen=store.read(settings).version)
    assert not owes_a_number(store, flight)


def test_the_declaration_can_be_taken_back(store: Store) -> None:
    for declared in (True, True, False):
        store.run(declare_system_of_record, declared, seen=store.read(settings).version)
    now: SettingsRow = store.read(settings)
    assert not now.system_of_record
    assert now.version == 3


def test_the_declaration_can_be_undone(store: Store) -> None:
    inverse = store.run(declare_system_of_record, True, seen=store.read(settings).version)
    assert inverse is not None
    store.run(undo, inverse)
    assert not store.read(settings).system_of_record
