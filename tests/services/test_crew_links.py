"""Who gets a link to the crew board, and what ends it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.models.crew.links import STAYS, LinkKind
from app.models.errors import BadInput, NotAllowed
from app.models.outages.lifecycle import State
from app.services.crew.links import (
    crew_links,
    link_person,
    note_opened,
    renew,
    revoke,
    scope_of,
    switch_off,
    switch_on,
)
from app.services.database import Store
from app.services.log import log_as_json, read_log
from app.services.uow import undo
from tests.flights import make_flight, set_state
from tests.makers import clock_of, make_person
from tests.services.crew_flight import ITO, crew_store, flying, link_of, token_in


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = crew_store(tmp_path)
    yield made
    made.close()


@pytest.fixture
def flight(store: Store) -> str:
    return flying(store)


def opens(store: Store, token: str, kind: LinkKind = LinkKind.CREW) -> bool:
    return store.read(scope_of, kind, token) is not None


def test_everybody_with_a_step_gets_a_link_and_observers_and_status_one_each(
    store: Store, flight: str
) -> None:
    rows = store.read(crew_links, flight).rows
    crew = [row.name for row in rows if row.kind is LinkKind.CREW]
    assert sorted(crew) == ["A. Lindqvist", "K. Ito", "M. Okafor", "R. Ramos"]
    assert [row.kind for row in rows[4:]] == [LinkKind.OBSERVER, LinkKind.STATUS]


def test_a_link_opens_its_flight_as_its_person(store: Store, flight: str) -> None:
    row = link_of(store, flight, ITO)
    found = store.read(scope_of, LinkKind.CREW, token_in(row))
    assert found is not None
    assert (found.outage_id, found.name) == (flight, ITO)


def test_a_link_is_of_one_kind_alone(store: Store, flight: str) -> None:
    token = token_in(link_of(store, flight, ITO))
    assert not opens(store, token, LinkKind.OBSERVER)


def test_switched_on_again_only_who_joined_gets_one(store: Store, flight: str) -> None:
    with pytest.raises(BadInput):
        store.run(switch_on, flight)


def test_a_revoked_link_opens_nothing_until_that_is_undone(store: Store, flight: str) -> None:
    row = link_of(store, flight, ITO)
    inverse = store.run(revoke, row.link_id, seen=row.version)
    assert not opens(store, token_in(row))
    assert store.read(crew_links, flight).without == (ITO,)
    store.run(undo, inverse)
    assert opens(store, token_in(row))


def test_a_renewed_link_is_another(store: Store, flight: str) -> None:
    row = link_of(store, flight, ITO)
    store.run(renew, row.link_id)
    fresh = link_of(store, flight, ITO)
    assert (opens(store, token_in(row)), opens(store, token_in(fresh))) == (False, True)


def test_switched_off_no_link_opens_anything(store: Store, flight: str) -> None:
    tokens = [token_in(row) for row in store.read(crew_links, flight).rows]
    store.run(switch_off, flight)
    assert not any(opens(store, token) for token in tokens)


def test_it_ends_with_the_flight(store: Store, flight: str) -> None:
    token = token_in(link_of(store, flight, ITO))
    clock_of(store).advance(days=3)
    assert opens(store, token)  # still in the air
    store.run(set_state, flight, State.COMPLETE)
    clock_of(store).advance(hours=STAYS[LinkKind.CREW] / timedelta(hours=1))
    assert not opens(store, token)


def test_nobody_gets_one_to_a_draft(store: Store) -> None:
    with pytest.raises(NotAllowed):
        store.run(switch_on, store.run(make_flight))


def test_somebody_without_a_step_can_be_given_one(store: Store, flight: str) -> None:
    helper = store.run(make_person, "Jo Almeida")
    store.run(link_person, flight, helper.id)
    assert opens(store, token_in(link_of(store, flight, "Jo Almeida")))


def test_who_has_not_opened_theirs_is_named(store: Store, flight: str) -> None:
    row = link_of(store, flight, ITO)
    for _ in range(2):
        store.run(note_opened, row.link_id)
    assert ITO not in store.read(crew_links, flight).unopened
    said = [entry.what for entry in store.read(read_log, flight) if entry.who == ITO]
    assert said.count("opened the crew board") == 1


def test_no_log_entry_holds_what_opens_the_board(store: Store, flight: str) -> None:
    tokens = [token_in(row) for row in store.read(crew_links, flight).rows]
    log = str(store.read(log_as_json))
    assert not any(token in log for token in tokens)
