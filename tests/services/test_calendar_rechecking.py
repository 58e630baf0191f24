"""Windows to come looked at again: what is news, and how long it stays so."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.models.calendar.conflicts import Conflict, conflicts
from app.models.outages.lifecycle import State
from app.models.tables.directory import CiDependency, ConfigurationItem, Leave, Person, Service
from app.models.tables.outages import Outage
from app.services.calendar.conflicts import judge
from app.services.calendar.importing import import_calendar
from app.services.calendar.looking import Scope
from app.services.calendar.rechecking import clashes, news_words, recheck, to_look_at
from app.services.calendar.scopes import scopes_of
from app.services.calendar.surroundings import look_around_each
from app.services.database import Store
from app.services.outages.moving import accept_conflict, move_window
from app.services.outages.today import today
from app.services.uow import UnitOfWork
from app.services.working import Stopped, Work
from tests.makers import (
    clock_of,
    make_ci,
    make_outage,
    make_person,
    make_service,
    make_step,
    make_store,
    make_window,
)

FRIDAY = make_window("2025-01-17 19:00", "2025-01-17 22:00")
LATER = make_window("2025-01-24 19:00", "2025-01-24 22:00")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Monday 6 January 2025."""
    made = make_store(tmp_path / "store")
    yield made
    made.close()


@pytest.fixture
def owner(store: Store) -> Person:
    return store.run(make_person)


@pytest.fixture
def files(store: Store) -> Service:
    return store.run(make_service, "File cluster", store.run(make_ci, "SAN-02"))


@pytest.fixture
def planned(store: Store, files: Service, owner: Person) -> Outage:
    """On Friday, looked at once, with one step of Kai Ito's."""
    made = store.run(make_outage, "Firmware", services=(files,), state=State.PLANNED, window=FRIDAY)
    store.run(make_step, made, owner_id=owner.id)
    recheck(store)
    return made


def freeze(store: Store, folder: Path) -> None:
    path = folder / "freeze.ics"
    path.write_text(
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:f\nSUMMARY:Audit\nDTSTART:20250116\nDTEND:20250119\n"
        "END:VEVENT\nEND:VCALENDAR\n",
        encoding="utf-8",
    )
    import_calendar(store, path, "Freezes", is_freeze=True)


def leave(uow: UnitOfWork, person: Person) -> None:
    uow.add(
        Leave(
            organisation_id=uow.organisation_id,
            person_id=person.id,
            start_utc=FRIDAY.start_utc - timedelta(days=1),
            end_utc=FRIDAY.end_utc,
        )
    )
    uow.log("away")


def said(store: Store, outage: Outage) -> list[str]:
    return [clash.sentence for clash in store.read(clashes).get(outage.id, ())]


def test_what_stood_against_it_when_it_was_planned_is_no_news(
    store: Store, owner: Person, files: Service
) -> None:
    store.run(leave, owner)
    made = store.run(make_outage, services=(files,), state=State.PLANNED, window=FRIDAY)
    store.run(make_step, made, owner_id=owner.id)
    recheck(store)
    assert said(store, made) == []


def test_a_freeze_imported_later_is_news_and_said_on_today(
    store: Store, tmp_path: Path, planned: Outage
) -> None:
    freeze(store, tmp_path)
    assert recheck(store).fresh == (planned.id,)
    assert "freeze “Audit”" in said(store, planned)[0]
    words, about = store.read(news_words, (planned.id,))
    assert words.startswith(f"New conflict of {planned.code} “Firmware”: The freeze")
    assert about == planned.id
    need = next(n for n in store.read(today).needs if n.key.endswith(":clash"))
    assert need.words == "New conflict: Firmware"
    assert need.late


def test_a_link_in_the_tree_of_items_brings_two_windows_against_each_other(
    store: Store, planned: Outage, files: Service
) -> None:
    rack = store.run(make_ci, "RACK-7")
    other = store.run(make_outage, "Rack power", cis=(rack,), state=State.PLANNED, window=FRIDAY)
    recheck(store)

    def links(uow: UnitOfWork) -> None:
        san = next(ci for ci in uow.all(ConfigurationItem) if ci.name == "SAN-02")
        uow.add(
            CiDependency(organisation_id=uow.organisation_id, ci_id=san.id, depends_on_id=rack.id)
        )
        uow.log("SAN-02 rests on RACK-7")

    store.run(links)
    assert set(recheck(store).fresh) == {planned.id, other.id}
    assert "Rack power" in said(store, planned)[0]


def test_windows_looked_at_together_stand_as_each_by_itself(
    store: Store, tmp_path: Path, planned: Outage, owner: Person, files: Service
) -> None:
    def busy_weeks(uow: UnitOfWork) -> None:
        other = make_service(uow, "Mail", make_ci(uow, "MX-1", make_ci(uow, "RACK-7")))
        lead = make_person(uow, "Ana Ruiz")
        for number, day in enumerate((14, 16, 17, 17, 17, 18, 25, 31)):
            hour = 8 + 2 * number
            window = make_window(f"2025-01-{day} {hour:02}:00", f"2025-01-{day} {hour + 1:02}:30")
            made = make_outage(
                uow,
                f"Work {number}",
                services=(files, other) if number % 2 else (other,),
                state=State.DRAFT if number == 3 else State.PLANNED,
                window=window,
                coordinator_id=lead.id,
            )
            make_step(uow, made, owner_id=(owner if number % 3 else lead).id)

    store.run(busy_weeks)
    store.run(leave, owner)
    freeze(store, tmp_path)
    together = store.read(scopes_to_come)
    assert len(together) == 9
    assert store.read(judged_together, together) == [store.read(judge, one) for one in together]


def scopes_to_come(uow: UnitOfWork) -> list[Scope]:
    return scopes_of(uow, [uow.fetch(Outage, i) for i in to_look_at(uow)])


def judged_together(uow: UnitOfWork, scopes: list[Scope]) -> list[tuple[Conflict, ...]]:
    return [conflicts(*seen) for seen in look_around_each(uow, scopes)]


def test_an_accepted_conflict_is_news_no_longer(
    store: Store, planned: Outage, owner: Person
) -> None:
    store.run(leave, owner)
    recheck(store)
    sentence = said(store, planned)[0]
    store.run(accept_conflict, planned.id, "owner_absent", sentence, "back in time", "Mara Reyes")
    recheck(store)
    assert said(store, planned) == []


def test_moving_out_of_its_way_ends_it(store: Store, owner: Person, planned: Outage) -> None:
    store.run(leave, owner)
    recheck(store)
    store.run(move_window, planned.id, LATER, seen=planned.version)
    recheck(store)
    assert said(store, planned) == []


def test_a_change_of_the_outage_that_leaves_it_as_it_is_hides_no_news(
    store: Store, planned: Outage, owner: Person
) -> None:
    store.run(leave, owner)
    recheck(store)
    store.run(make_step, planned, "2", owner_id=store.run(make_person, "Ada Nwosu").id)
    recheck(store)
    assert "Kai Ito is away" in said(store, planned)[0]


def test_looking_twice_says_nothing_twice(store: Store, owner: Person, planned: Outage) -> None:
    store.run(leave, owner)
    recheck(store)
    assert recheck(store).fresh == ()


def test_a_window_that_has_passed_is_not_looked_at(store: Store, planned: Outage) -> None:
    clock_of(store).set(FRIDAY.end_utc)
    assert recheck(store).total == 0


def test_it_says_how_far_it_is_and_can_be_stopped(store: Store, planned: Outage) -> None:
    heard: list[tuple[int, int]] = []
    recheck(store, Work(lambda done, total: heard.append((done, total))))
    assert heard == [(0, 1), (1, 1)]
    stop = threading.Event()
    stop.set()
    with pytest.raises(Stopped):
        recheck(store, Work(stop=stop))
