"""One use case is one transaction: versions, the log it owes, what it refuses."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from app.models.errors import BadInput, NotFound, Stale
from app.models.tables.directory import Organisation, Person, Service, ServiceCi
from app.models.tables.log import LogEntry
from app.models.tables.settings import Setting
from app.services.database import Store
from app.services.events import DirectoryChanged, Event, TakenBack
from app.services.log import chain_break, chain_head
from app.services.uow import Actor, Undo, UnitOfWork, undo
from tests.makers import clock_of, make_ci, make_organisation, make_person, make_service, make_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = make_store(tmp_path)
    yield store
    store.close()


def rename(uow: UnitOfWork, person_id: str, name: str, seen: int | None = None) -> Person:
    row = uow.fetch(Person, person_id, seen)
    row.name = name
    uow.log(f"renamed {name}", row)
    uow.emit(DirectoryChanged())
    return row


def newest(uow: UnitOfWork) -> LogEntry:
    query = select(LogEntry).order_by(LogEntry.number.desc())  # type: ignore[attr-defined]
    return uow.session.exec(query).first()  # type: ignore[return-value]


def entry_of(store: Store) -> dict[str, object]:
    entry: dict[str, object] = json.loads(store.read(newest).text)
    return entry


def test_a_change_raises_the_version_by_one(store: Store) -> None:
    person = store.run(make_person)
    assert person.version == 1
    assert store.run(rename, person.id, "K. Ito").version == 2


def test_a_row_changed_and_flushed_twice_in_one_use_case_rises_by_one(store: Store) -> None:
    person = store.run(make_person)

    def twice(uow: UnitOfWork) -> Person:
        rename(uow, person.id, "K.")
        uow.session.flush()
        return rename(uow, person.id, "K. Ito")

    assert store.run(twice).version == 2


def test_setting_the_value_that_is_there_changes_nothing(store: Store) -> None:
    person = store.run(make_person)
    assert store.run(rename, person.id, person.name).version == 1


def test_times_of_making_and_changing_are_the_use_case_moment(store: Store) -> None:
    person = store.run(make_person)
    made = clock_of(store).now()
    clock_of(store).advance(minutes=5)
    changed = store.run(rename, person.id, "K. Ito")
    assert (changed.created_at, changed.updated_at) == (made, clock_of(store).now())


def test_a_row_changed_since_it_was_seen_is_not_overwritten(store: Store) -> None:
    person = store.run(make_person)
    store.run(rename, person.id, "First", seen=1)
    with pytest.raises(Stale):
        store.run(rename, person.id, "Second", seen=1)
    assert store.read(lambda uow: uow.fetch(Person, person.id).name) == "First"


def test_an_archived_row_is_no_longer_there(store: Store) -> None:
    person = store.run(make_person)

    def archive(uow: UnitOfWork) -> None:
        uow.archive(uow.fetch(Person, person.id))
        uow.log("archived Kai Ito")

    store.run(archive)
    with pytest.raises(NotFound):
        store.read(lambda uow: uow.fetch(Person, person.id))
    assert store.read(lambda uow: uow.all(Person)) == []


def test_a_change_without_a_log_entry_is_refused_and_not_kept(store: Store) -> None:
    person = store.run(make_person)

    def silently(uow: UnitOfWork) -> None:
        uow.fetch(Person, person.id).name = "Nobody saw"

    with pytest.raises(RuntimeError, match="without a log entry"):
        store.run(silently)
    assert store.read(lambda uow: uow.fetch(Person, person.id).name) == person.name


def test_what_a_person_entered_is_never_deleted(store: Store) -> None:
    person = store.run(make_person)

    def delete(uow: UnitOfWork) -> None:
        uow.session.delete(uow.fetch(Person, person.id))
        uow.log("deleted")

    with pytest.raises(RuntimeError, match="archive"):
        store.run(delete)
    assert store.read(lambda uow: uow.find(Person, person.id)) is not None


def test_a_setting_needs_no_log_entry(store: Store) -> None:
    store.run(lambda uow: uow.add(Setting(name="scale", value="1.25")))
    row = store.read(lambda uow: uow.find(Setting, "scale"))
    assert row is not None
    assert row.value == "1.25"


def test_the_entry_holds_the_rows_as_they_are_after_the_change(store: Store) -> None:
    person = store.run(make_person)
    store.run(rename, person.id, "K. Ito")
    entry = entry_of(store)
    assert entry["what"] == "renamed K. Ito"
    assert entry["about"] == ["person", person.id]
    rows = entry["rows"]
    assert isinstance(rows, list)
    (row,) = rows
    assert (row["table"], row["name"], row["version"]) == ("person", "K. Ito", 2)


def test_a_use_case_with_two_entries_keeps_its_rows_once(store: Store) -> None:
    person = store.run(make_person)

    def twice(uow: UnitOfWork) -> None:
        rename(uow, person.id, "K. Ito")
        uow.log("and said so")

    store.run(twice)
    assert entry_of(store)["rows"] == []
    assert store.read(chain_break) is None


def test_a_note_alone_is_logged_without_rows(store: Store) -> None:
    before = store.read(chain_head)[0]
    store.run(lambda uow: uow.log("looked around"))
    assert store.read(chain_head)[0] == before + 1


def test_a_refused_use_case_leaves_nothing(store: Store) -> None:
    before = store.read(chain_head)
    heard: list[Event] = []
    store.bus.subscribe(heard.append)

    def refuse(uow: UnitOfWork) -> None:
        make_person(uow, "Half")
        uow.emit(DirectoryChanged())
        uow.session.flush()
        raise BadInput("no")

    with pytest.raises(BadInput):
        store.run(refuse)
    assert store.read(lambda uow: uow.all(Person)) == []
    assert store.read(chain_head) == before
    assert heard == []


def test_what_a_query_changes_is_forgotten(store: Store) -> None:
    person = store.run(make_person)

    def meddle(uow: UnitOfWork) -> None:
        uow.fetch(Person, person.id).name = "Meddled"
        uow.session.flush()

    store.read(meddle)
    assert store.read(lambda uow: uow.fetch(Person, person.id).name) == person.name


def test_undo_puts_a_changed_row_back_as_a_new_version(store: Store) -> None:
    person = store.run(make_person)

    def with_inverse(uow: UnitOfWork, name: str) -> Undo:
        rename(uow, person.id, name)
        return uow.undo("renaming")

    inverse = store.run(with_inverse, "K. Ito")
    heard: list[Event] = []
    store.bus.subscribe(heard.append)
    store.run(undo, inverse)
    row = store.read(lambda uow: uow.fetch(Person, person.id))
    assert (row.name, row.version) == (person.name, 3)
    assert entry_of(store)["what"] == "undid: renaming"
    assert heard == [DirectoryChanged(), TakenBack(rows=inverse.keys)]


def test_undo_of_a_value_that_was_empty_empties_it_again(store: Store) -> None:
    service = store.run(make_service)
    person = store.run(make_person)

    def own(uow: UnitOfWork) -> Undo:
        row = uow.fetch(Service, service.id)
        row.owner_id = person.id
        uow.log("owner", row)
        return uow.undo("the owner")

    store.run(undo, store.run(own))
    assert store.read(lambda uow: uow.fetch(Service, service.id).owner_id) is None


def test_undo_archives_what_was_made(store: Store) -> None:
    def make(uow: UnitOfWork) -> Undo:
        make_person(uow)
        return uow.undo("adding Kai Ito")

    store.run(undo, store.run(make))
    assert store.read(lambda uow: uow.all(Person)) == []


def test_undo_is_refused_when_the_row_changed_since_and_puts_nothing_back(store: Store) -> None:
    first, second = store.run(make_person, "A"), store.run(make_person, "B")

    def both(uow: UnitOfWork) -> Undo:
        rename(uow, first.id, "A2")
        rename(uow, second.id, "B2")
        return uow.undo("renaming both")

    inverse = store.run(both)
    store.run(rename, second.id, "B3")
    with pytest.raises(Stale, match="cannot be undone"):
        store.run(undo, inverse)
    names = {p.name for p in store.read(lambda uow: uow.all(Person))}
    assert names == {"A2", "B3"}


def test_an_undo_twice_is_refused(store: Store) -> None:
    def make(uow: UnitOfWork) -> Undo:
        make_person(uow)
        return uow.undo("adding Kai Ito")

    inverse = store.run(make)
    store.run(undo, inverse)
    with pytest.raises(Stale):
        store.run(undo, inverse)


def test_links_end_up_at_exactly_the_wanted_ones(store: Store) -> None:
    a, b, c = (store.run(make_ci, name) for name in "abc")
    service = store.run(make_service)

    def link(uow: UnitOfWork, *ids: str) -> None:
        uow.set_links(ServiceCi, {"service_id": service.id}, "ci_id", ids)
        uow.log("linked", service)

    def linked(uow: UnitOfWork) -> list[str]:
        return sorted(row.ci_id for row in uow.all(ServiceCi))

    store.run(link, a.id, b.id, b.id)
    assert store.read(linked) == sorted([a.id, b.id])
    store.run(link, c.id, b.id)
    assert store.read(linked) == sorted([b.id, c.id])
    store.run(link, a.id)
    assert store.read(linked) == [a.id]
    assert len(store.read(lambda uow: list(uow.session.exec(select(ServiceCi))))) == 3


def test_rows_of_another_organisation_are_not_seen(store: Store) -> None:
    store.run(make_person, "Ours")
    ours = store.organisation_id
    store.run(make_organisation, "Elsewhere")
    assert store.read(lambda uow: uow.all(Person)) == []
    assert store.read(chain_head)[0] == 1
    store.organisation_id = ours
    assert [p.name for p in store.read(lambda uow: uow.all(Person))] == ["Ours"]
    assert store.read(chain_head)[0] == 2


def test_the_organisation_itself_keeps_a_version(store: Store) -> None:
    def rezone(uow: UnitOfWork) -> Organisation:
        row = uow.find(Organisation, uow.organisation_id)
        assert row is not None
        row.zone = "Europe/London"
        uow.log("zone", row)
        return row

    assert store.run(rezone).version == 2


def test_many_acts_at_moments_of_their_own_are_one_transaction(store: Store) -> None:
    """How a sample flies: each act's entry holds its own rows, and all are there or none."""
    start = clock_of(store).now()

    def acts(uow: UnitOfWork, fail: bool) -> None:
        person = make_person(uow, "First")
        uow.go_on(start + timedelta(hours=1), Actor("J. Sato"))
        rename(uow, person.id, "Second")
        uow.go_on(start + timedelta(hours=2))
        if fail:
            raise BadInput("no")
        rename(uow, person.id, "Third")

    with pytest.raises(BadInput):
        store.run(acts, fail=True)
    assert store.read(lambda uow: uow.all(Person)) == []
    store.run(acts, fail=False)
    (person,) = store.read(lambda uow: uow.all(Person))
    assert (person.name, person.version) == ("Third", 3)
    assert person.updated_at == start + timedelta(hours=2)
    entry = entry_of(store)
    assert (entry["who"], entry["at"]) == ("J. Sato", "2025-01-06T16:00:00.000000Z")
    assert store.read(chain_break) is None


def test_two_acts_on_one_row_are_undone_in_turn(store: Store) -> None:
    ito = store.run(make_person, "Kai Ito").id

    def rename(uow: UnitOfWork, name: str) -> Undo:
        uow.fetch(Person, ito).name = name
        uow.log("renamed")
        return uow.undo(f"renaming to {name}")

    first = store.run(rename, "K. Ito")
    second = store.run(rename, "Ito, Kai")
    undone = store.run(undo, second)
    store.run(undo, undone.rebased(first))
    assert store.read(lambda uow: uow.fetch(Person, ito).name) == "Kai Ito"


def test_an_earlier_act_on_another_row_is_left_as_it_was_by_rebasing(store: Store) -> None:
    ito, sato = (store.run(make_person, name).id for name in ("Kai Ito", "Jo Sato"))

    def rename(uow: UnitOfWork, person: str) -> Undo:
        uow.fetch(Person, person).name = "X"
        uow.log("renamed")
        return uow.undo("renaming")

    earlier = store.run(rename, sato)
    undone = store.run(undo, store.run(rename, ito))
    assert undone.rebased(earlier) == earlier


def test_what_a_query_asks_for_again_is_worked_out_once(store: Store) -> None:
    asked = []

    def twice(uow: UnitOfWork) -> int:
        uow.once("many", lambda: asked.append(1))
        uow.once("many", lambda: asked.append(1))
        return len(asked)

    assert store.read(twice) == 1
    assert store.read(twice) == 2, "another query looks anew"
    assert store.run(twice) == 4, "a use case may have changed it meanwhile"
