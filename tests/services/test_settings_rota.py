"""The rota: a month to one person, what reached into it makes room, and it can be undone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from app.models.tables.directory import RotaTurn
from app.services.database import Store
from app.services.directory.rota import on_duty
from app.services.settings.rota import rota, set_month
from app.services.uow import UnitOfWork, undo
from tests.makers import make_person, make_store

JANUARY = date(2025, 1, 1)
FEBRUARY = date(2025, 2, 1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = make_store(tmp_path)
    yield opened
    opened.close()


def _turn(uow: UnitOfWork, person_id: str, starts: date, ends: date) -> None:
    uow.add(RotaTurn(organisation_id="", person_id=person_id, starts=starts, ends=ends))
    uow.log("a turn")


def duty(store: Store, day: date) -> str:
    found = store.read(on_duty, day)
    return found.name if found is not None else ""


def test_a_month_is_given_to_a_person(store: Store) -> None:
    ito = store.run(make_person, "Kai Ito")
    store.run(set_month, FEBRUARY, ito.id)
    assert store.read(rota).months[1].person_id == ito.id
    assert duty(store, date(2025, 2, 28)) == "Kai Ito"
    assert duty(store, date(2025, 3, 1)) == ""


def test_a_turn_that_spans_the_month_goes_on_after_it(store: Store) -> None:
    ito, ada = store.run(make_person, "Kai Ito"), store.run(make_person, "Ada Lindqvist")
    store.run(_turn, ito.id, JANUARY, date(2025, 3, 31))
    store.run(set_month, FEBRUARY, ada.id)
    assert [duty(store, date(2025, month, 15)) for month in (1, 2, 3)] == [
        "Kai Ito",
        "Ada Lindqvist",
        "Kai Ito",
    ]


def test_a_month_shared_by_two_says_both(store: Store) -> None:
    ito, ada = store.run(make_person, "Kai Ito"), store.run(make_person, "Ada Lindqvist")
    store.run(_turn, ito.id, JANUARY, date(2025, 1, 14))
    store.run(_turn, ada.id, date(2025, 1, 15), date(2025, 1, 31))
    month = store.read(rota).months[0]
    assert (month.person_id, month.names) == ("", "Kai Ito, Ada Lindqvist")


def test_nobody_can_be_on_duty(store: Store) -> None:
    ito = store.run(make_person, "Kai Ito")
    store.run(set_month, FEBRUARY, ito.id)
    store.run(set_month, FEBRUARY, "")
    assert duty(store, FEBRUARY) == ""


def test_the_change_can_be_undone(store: Store) -> None:
    ito, ada = store.run(make_person, "Kai Ito"), store.run(make_person, "Ada Lindqvist")
    store.run(set_month, FEBRUARY, ito.id)
    inverse = store.run(set_month, FEBRUARY, ada.id)
    store.run(undo, inverse)
    assert duty(store, date(2025, 2, 10)) == "Kai Ito"
