"""Who opened their link before the GO, and who reports otherwise."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import col

from app.models.crew.serving import Proof, Serving
from app.models.live.go import Criterion, Judged, judge
from app.models.outages.errands import Errand
from app.models.outages.lifecycle import State
from app.models.tables.directory import Person
from app.models.tables.outages import Outage
from app.services.crew.desk import at_start, crew_desk
from app.services.crew.links import crew_links, note_opened, switch_off, switch_on
from app.services.crew.reached import Otherwise, reports_otherwise
from app.services.crew.serving import links_told, note_served
from app.services.database import Store
from app.services.live.roll_call import go_facts
from app.services.outages.today import today
from app.services.uow import UnitOfWork, undo
from tests.flights import BEFORE, make_flight
from tests.makers import clock_of


def announced(store: Store, *, on: bool = True) -> str:
    flight = store.run(make_flight, State.ANNOUNCED)
    if on:
        store.run(switch_on, flight)
    return flight


def judged(store: Store, flight: str) -> Judged | None:
    def look(uow: UnitOfWork) -> Judged | None:
        found = judge(go_facts(uow, uow.fetch(Outage, flight)))
        return next((each for each in found if each.criterion is Criterion.CREW_BOARD), None)

    return store.read(look)


def person(store: Store, name: str) -> str:
    return store.read(lambda uow: uow.all(Person, col(Person.name) == name)[0].id)


def open_links(store: Store, flight: str, *names: str) -> None:
    for row in store.read(crew_links, flight).rows:
        if row.name in names:
            store.run(note_opened, row.link_id)


def test_while_the_board_is_off_nobody_is_asked_to_open_it(store: Store) -> None:
    flight = announced(store, on=False)
    assert judged(store, flight) is None
    store.run(switch_on, flight)
    assert judged(store, flight) is not None
    store.run(switch_off, flight)
    assert judged(store, flight) is None


def test_whoever_did_not_open_it_is_red_at_the_go_but_who_leads(store: Store) -> None:
    flight = announced(store)
    open_links(store, flight, "K. Ito")

    found = judged(store, flight)

    assert found is not None and not found.met
    assert "not opened: A. Lindqvist +1 212 555 0142, R. Ramos" in found.evidence
    assert "1 of 3 opened it" in found.evidence and "Okafor" not in found.evidence
    missing = {row.link.name for row in store.read(crew_desk, flight).rows if row.is_missing}
    assert missing == {"A. Lindqvist", "R. Ramos"}


def test_from_the_day_before_unopened_links_are_a_row_of_today(store: Store) -> None:
    flight = announced(store)
    rows = [n.words for n in store.read(today).needs if n.errand is Errand.CREW]
    assert rows == ["3 of 3 did not open the crew board"]
    clock_of(store).set(BEFORE - timedelta(days=2))
    assert not [n for n in store.read(today).needs if n.errand is Errand.CREW]
    assert not store.read(crew_desk, flight).late


def test_who_reports_by_phone_is_not_waited_for_until_that_is_taken_back(store: Store) -> None:
    flight = announced(store)
    open_links(store, flight, "K. Ito", "A. Lindqvist")
    inverse = store.run(reports_otherwise, flight, person(store, "R. Ramos"), Otherwise.PHONE)

    found = judged(store, flight)
    assert found is not None and found.met
    assert "reports otherwise: R. Ramos by phone" in found.evidence

    store.run(undo, inverse)
    found = judged(store, flight)
    assert found is not None and not found.met


def test_links_are_told_only_while_phones_reach_them(store: Store) -> None:
    flight = announced(store)
    assert store.read(links_told, flight) == {}
    store.run(note_served, Serving())
    assert store.read(links_told, flight) == {}

    behind = Serving(proof=Proof.PROXY, public="https://crew.example")
    store.run(note_served, behind)
    told = store.read(links_told, flight)
    assert len(told) == 4
    assert all(link.startswith("https://crew.example/c/") for link in told.values())
    assert store.read(at_start)[0].serving == behind
    assert len(store.read(at_start)[1]) == 1

    store.run(note_served, behind, on=False)
    assert store.read(links_told, flight) == {}
