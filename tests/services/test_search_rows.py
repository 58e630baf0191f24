"""What the palette reads of a store."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.models.outages.lifecycle import State
from app.services.search import Found, find
from app.services.search_rows import search_index
from app.services.uow import UnitOfWork
from tests.flights import flight_store, make_flight
from tests.makers import make_ci, make_person, make_service, make_store


def _fill(uow: UnitOfWork) -> None:
    make_person(uow, "Ada Lindqvist")
    make_ci(uow, "sw-core-1")
    make_service(uow, "File cluster")
    uow.archive(make_person(uow, "Gone Away"))
    uow.log("filled the directory")


def test_the_directory_is_found_and_what_was_archived_is_not(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    try:
        store.run(_fill)
        index = store.read(search_index)
    finally:
        store.close()
    assert {item.kind for item in index.items} == {Found.PERSON, Found.CI, Found.SERVICE}
    assert find("lindq", (index,))[0].title == "Ada Lindqvist"
    assert not find("gone", (index,))


@pytest.mark.parametrize(
    ("typed", "state", "found"),
    [
        ("replay", State.COMPLETE, "Replay File cluster firmware"),
        ("report", State.FILED, "After-action report of File cluster firmware"),
        ("evidence", State.IN_PROGRESS, "Changes and evidence of File cluster firmware"),
        ("export changes", State.COMPLETE, "Changes and evidence of File cluster firmware"),
        ("lessons", State.COMPLETE, "What was taught by File cluster firmware"),
        ("extend", State.IN_PROGRESS, "Extend File cluster firmware"),
        ("paper", State.IN_PROGRESS, "Enter paper for File cluster firmware"),
        ("crew board", State.PLANNED, "Crew board of File cluster firmware"),
        ("rehearse", State.PLANNED, "Rehearse File cluster firmware"),
        ("packet", State.PLANNED, "Print the packet of File cluster firmware"),
    ],
)
def test_an_act_is_found_by_its_common_word(
    tmp_path: Path, typed: str, state: State, found: str
) -> None:
    store = flight_store(tmp_path)
    try:
        store.run(make_flight, state)
        index = store.read(search_index)
    finally:
        store.close()
    assert found in [item.title for item in find(typed, (index,))]


def test_what_cannot_be_done_yet_is_not_offered(tmp_path: Path) -> None:
    store = flight_store(tmp_path)
    try:
        store.run(make_flight, State.PLANNED)
        index = store.read(search_index)
    finally:
        store.close()
    offered = {item.title.split()[0] for item in index.items if item.kind is Found.FLIGHT}
    assert offered == {"Crew", "Rehearse"}
