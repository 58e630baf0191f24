"""The store: what is acknowledged is on disk, one writer at a time, others are followed."""

from __future__ import annotations

import gc
import logging
import sqlite3
import stat
import threading
import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.models.errors import NotFound, StoreTrouble
from app.models.tables.directory import Person
from app.services.database import Store, organisation
from app.services.database_sqlite import connect
from app.services.events import ChangedElsewhere, DirectoryChanged, Event, EventBus
from app.services.folder import FILE_NAME
from app.services.log import chain_break
from app.services.uow import Actor, UnitOfWork
from tests.makers import TestClock, clock_of, make_person, make_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = make_store(tmp_path)
    yield store
    store.close()


def second(store: Store, busy_seconds: float = 0.05) -> Store:
    """Another console on the same folder, as a headless command beside the window is."""
    other = Store(
        store.folder, TestClock(), EventBus(), Actor("J. Sato"), busy_seconds=busy_seconds
    )
    other.open()
    return other


def pragma(connection: sqlite3.Connection, name: str) -> object:
    return connection.execute(f"PRAGMA {name}").fetchone()[0]


def names(uow: UnitOfWork) -> list[str]:
    return sorted(person.name for person in uow.all(Person))


def test_every_connection_waits_for_the_disk(store: Store, tmp_path: Path) -> None:
    assert store.raw(lambda c: pragma(c, "synchronous")) == 2
    other = connect(store.path)
    try:
        assert pragma(other, "synchronous") == 2
        assert pragma(other, "journal_mode") == "wal"
        assert pragma(other, "foreign_keys") == 1
        assert pragma(other, "fullfsync") == 1
        assert pragma(other, "checkpoint_fullfsync") == 1
    finally:
        other.close()


def test_the_folder_and_the_store_are_their_owner_s_alone(tmp_path: Path) -> None:
    store = Store(tmp_path / "new" / "data", TestClock(), EventBus(), Actor("x"))
    store.open()
    try:
        assert stat.S_IMODE(store.folder.stat().st_mode) == 0o700
        for path in store.folder.iterdir():
            assert stat.S_IMODE(path.stat().st_mode) == 0o600, path.name
    finally:
        store.close()


def test_a_folder_in_which_other_things_lie_keeps_its_mode(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o755)
    (shared / "else.txt").write_text("mine", encoding="utf-8")
    store = Store(shared, TestClock(), EventBus(), Actor("x"))
    store.open()
    store.close()
    assert stat.S_IMODE(shared.stat().st_mode) == 0o755
    assert stat.S_IMODE((shared / FILE_NAME).stat().st_mode) == 0o600


def test_a_new_store_has_no_organisation_and_says_what_to_do(tmp_path: Path) -> None:
    store = make_store(tmp_path / "empty", organisation=False)
    try:
        with pytest.raises(NotFound, match="sample"):
            store.read(organisation)
    finally:
        store.close()


def test_events_are_told_after_the_commit(store: Store) -> None:
    seen: list[int] = []

    def count(event: Event) -> None:
        with sqlite3.connect(store.path) as other:
            seen.append(other.execute("SELECT count(*) FROM person").fetchone()[0])
        other.close()

    store.bus.subscribe(count)

    def add(uow: UnitOfWork) -> None:
        make_person(uow)
        uow.session.flush()
        uow.emit(DirectoryChanged())
        assert not seen

    store.run(add)
    assert seen == [1]


def test_a_listener_that_fails_does_not_fail_the_change(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    heard: list[Event] = []

    def fail(event: Event) -> None:
        raise ValueError("a bug in a listener")

    store.bus.subscribe(fail)

    def add(uow: UnitOfWork) -> None:
        make_person(uow)
        uow.emit(DirectoryChanged())

    with caplog.at_level(logging.CRITICAL):
        store.run(add)
    assert heard == []
    assert store.read(names) == ["Kai Ito"]


def test_use_cases_run_on_one_thread_of_their_own(store: Store) -> None:
    ran = {store.submit_read(lambda uow: threading.get_ident()).result() for _ in range(5)}
    assert len(ran) == 1
    assert threading.get_ident() not in ran


def test_a_listener_may_read_at_once(store: Store) -> None:
    read: list[list[str]] = []
    store.bus.subscribe(lambda event: read.append(store.read(names)))

    def add(uow: UnitOfWork) -> None:
        make_person(uow)
        uow.emit(DirectoryChanged())

    store.run(add)
    assert read == [["Kai Ito"]]


def test_two_stores_on_one_folder_see_each_other_s_changes(store: Store) -> None:
    other = second(store)
    try:
        other.run(make_person, "From the shell")
        assert store.read(names) == ["From the shell"]
        store.run(make_person, "From the window")
        assert other.read(names) == ["From the shell", "From the window"]
        assert store.read(chain_break) is None
    finally:
        other.close()


def test_a_change_made_elsewhere_is_noticed_once(store: Store) -> None:
    heard: list[Event] = []
    store.bus.subscribe(heard.append)
    store.run(make_person, "Own")
    assert store.look_elsewhere().result() is False
    other = second(store)
    try:
        other.run(make_person, "Theirs")
    finally:
        other.close()
    assert store.look_elsewhere().result() is True
    assert heard == [ChangedElsewhere()]
    assert store.look_elsewhere().result() is False


def test_while_another_writes_the_store_says_busy_and_changes_nothing(store: Store) -> None:
    other = second(store)
    blocker = connect(store.path)
    try:
        blocker.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreTrouble, match="busy") as raised:
            other.run(make_person)
        assert raised.value.about["trouble"] == "busy"
        assert other.read(names) == []
        blocker.execute("ROLLBACK")
        other.run(make_person)
        assert other.read(names) == ["Kai Ito"]
    finally:
        blocker.close()
        other.close()


def test_reading_goes_on_while_another_writes(store: Store) -> None:
    store.run(make_person)
    blocker = connect(store.path)
    try:
        blocker.execute("BEGIN IMMEDIATE")
        blocker.execute("UPDATE person SET name = 'Half'")
        assert store.read(names) == ["Kai Ito"]
    finally:
        blocker.close()


def test_a_store_opened_again_has_everything(store: Store, tmp_path: Path) -> None:
    store.run(make_person)
    store.close()
    again = make_store(tmp_path)
    try:
        assert again.read(names) == ["Kai Ito"]
        assert again.organisation_id == store.organisation_id
    finally:
        again.close()


def test_closing_twice_is_no_trouble(store: Store) -> None:
    store.close()
    store.close()


def test_a_clock_set_back_breaks_nothing(store: Store) -> None:
    store.run(make_person, "Before")
    clock_of(store).advance(days=-400)
    person = store.run(make_person, "After")
    assert person.created_at == clock_of(store).now()
    assert store.read(chain_break) is None
    assert store.read(names) == ["After", "Before"]


def test_a_use_case_that_ended_leaves_none_of_its_rows_to_the_collector(store: Store) -> None:
    def add(uow: UnitOfWork) -> weakref.ref[Person]:
        person = make_person(uow, "Ada Ruiz")
        uow.log("added Ada Ruiz", person)
        return weakref.ref(person)

    gc.disable()
    try:
        added = store.run(add)
        store.read(organisation)  # the thread has let go of the use case
        assert added() is None
    finally:
        gc.enable()
