"""A store in a PostgreSQL database keeps the promises of one in a file."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection, create_engine, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from app.models.errors import BadInput, NotAllowed, Stale, StoreTrouble
from app.models.tables.directory import Person
from app.services.database import Store
from app.services.database_place import Place, keep_place, place_of
from app.services.database_postgres import _passwords, keep_password, served_engine
from app.services.database_words import not_moved
from app.services.events import ChangedElsewhere, Event, EventBus, StoreReached
from app.services.log import chain_break
from app.services.uow import Actor, UnitOfWork
from tests.makers import COORDINATOR, TestClock, make_organisation, make_person
from tests.served import MISSING, Server, can_serve
from tests.served import server as own_server
from tests.services.account_doors import MemorySecrets

pytestmark = pytest.mark.skipif(not can_serve(), reason=MISSING)
WAIT_S = 20


@pytest.fixture(scope="module")
def server() -> Server:
    return own_server()


@pytest.fixture
def store(server: Server, tmp_path: Path) -> Iterator[Store]:
    server.make(tmp_path)
    made = console(tmp_path)
    made.run(make_organisation)
    yield made
    made.close()


def console(folder: Path, busy_seconds: float = 5.0) -> Store:
    made = Store(folder, TestClock(), EventBus(), COORDINATOR, busy_seconds=busy_seconds)
    made.open()
    return made


def names(uow: UnitOfWork) -> list[str]:
    return sorted(person.name for person in uow.all(Person))


@contextmanager
def admin_of(url: str) -> Iterator[Connection]:
    """Beside the consoles, as whoever runs the server."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as link:
        yield link


class Ear:
    """Waits until a store announced what another wrote."""

    def __init__(self, store: Store) -> None:
        self.heard, self.away, self.back = (threading.Event() for _ in range(3))
        self.said = ""
        store.bus.subscribe(self._on_event)

    def _on_event(self, event: Event) -> None:
        if isinstance(event, ChangedElsewhere):
            self.heard.set()
        if isinstance(event, StoreReached):
            self.said = event.said
            (self.back if event.there else self.away).set()

    def wait(self) -> bool:
        return self.heard.wait(WAIT_S)


def test_two_consoles_write_and_hear_of_each_other(store: Store) -> None:
    ear, own = Ear(store), Ear(other := console(store.folder))
    try:
        other.run(make_person, "Theirs")
        assert ear.wait()
        assert store.read(names) == ["Theirs"]
        store.run(make_person, "Ours")
        assert own.wait()
        assert other.read(names) == ["Ours", "Theirs"]
        assert store.read(chain_break) is None
    finally:
        other.close()


def test_what_a_console_writes_itself_is_no_news(store: Store) -> None:
    ear = Ear(store)
    store.run(make_person, "Own")
    other = console(store.folder)
    other.close()
    assert not ear.heard.is_set()
    assert store.look_elsewhere().result() is False


def test_a_row_that_another_console_changed_is_not_overwritten(store: Store) -> None:
    def rename(uow: UnitOfWork, row_id: str, name: str, *, seen: int) -> None:
        row = uow.fetch(Person, row_id, seen)
        row.name = name
        uow.log("renamed", row)

    person = store.run(make_person, "Kai Ito")
    other = console(store.folder)
    try:
        other.run(rename, person.id, "Theirs", seen=1)
        with pytest.raises(Stale):
            store.run(rename, person.id, "Ours", seen=1)
    finally:
        other.close()
    assert store.read(names) == ["Theirs"]


def test_while_another_writes_the_store_says_busy_and_changes_nothing(store: Store) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slowly(uow: UnitOfWork) -> None:
        make_person(uow, "Theirs")
        uow.session.flush()
        begun.set()
        assert go_on.wait(WAIT_S)

    other = console(store.folder, busy_seconds=0.05)
    try:
        waiting = store.submit(slowly)
        assert begun.wait(WAIT_S)
        with pytest.raises(StoreTrouble, match="busy in another console") as raised:
            other.run(make_person, "Ours")
        assert raised.value.about["trouble"] == "busy"
        assert other.read(names) == []
        go_on.set()
        waiting.result()
        other.run(make_person, "Ours")
    finally:
        go_on.set()
        other.close()


def test_a_query_sees_one_moment(store: Store) -> None:
    other = console(store.folder)

    def twice(uow: UnitOfWork) -> tuple[list[str], list[str]]:
        before = names(uow)
        other.run(make_person, "Meanwhile")
        return before, names(uow)

    try:
        assert store.read(twice) == ([], [])
        assert store.read(names) == ["Meanwhile"]
    finally:
        other.close()


def test_text_is_ordered_by_its_characters_as_in_a_file(store: Store) -> None:
    for name in ("b", "B", "a", "Ä", "_"):
        store.run(make_person, name)

    def ordered(uow: UnitOfWork) -> list[str]:
        return [person.name for person in uow.all(Person, order=(Person.name,))]

    assert store.read(ordered) == sorted(["b", "B", "a", "Ä", "_"])


def test_half_a_character_and_none_are_refused_in_plain_words(store: Store) -> None:
    for name, said in (("a\udc00", "half a character"), ("a\0b", "NUL")):
        with pytest.raises(BadInput, match=said):
            store.run(make_person, name)
    assert store.read(names) == []


def test_what_needs_a_file_is_refused_in_plain_words(store: Store) -> None:
    with pytest.raises(NotAllowed, match="own backup"):
        _ = store.path


def test_a_server_that_went_away_is_said_and_nothing_is_lost(tmp_path: Path) -> None:
    """A server of its own, which is killed and started again under two open consoles."""
    server = Server()
    try:
        server.make(tmp_path)
        store, other = console(tmp_path, busy_seconds=0.3), console(tmp_path)
        store.run(make_organisation)
        store.run(make_person, "Before")
        ear = Ear(store)
        server.stop()
        assert ear.away.wait(WAIT_S), "it is said before anybody asks for anything"
        with pytest.raises(StoreTrouble, match="does not answer") as raised:
            store.run(make_person, "Meanwhile")
        assert raised.value.about["trouble"] == "away"
        with pytest.raises(StoreTrouble, match="does not answer"):
            store.read(names)
        server.start()
        assert ear.wait(), "what may have been missed is looked at"
        assert ear.back.is_set()
        store.run(make_person, "After")
        assert other.look_elsewhere().result() in (True, False)
        assert other.read(names) == ["After", "Before"]
        assert other.read(chain_break) is None
        other.close()
        store.close()
    finally:
        server.end()


def test_a_commit_whose_answer_was_lost_counts_when_it_took_place(store: Store) -> None:
    """The connection breaks as the commit is asked for: before it, then just after it."""
    engine = store.engine
    assert engine is not None

    def cut(link: Connection, *, committed: bool) -> None:
        raw: Any = link.connection.dbapi_connection
        if committed:
            raw.commit()
            raw.execute("SELECT 1")  # so that there is something to ask the server for
        with admin_of(place_of(store.folder).url) as admin:
            admin.exec_driver_sql("SELECT pg_terminate_backend(%s)", (raw.info.backend_pid,))

    for committed in (False, True):
        event.listen(engine, "commit", listener := lambda link, c=committed: cut(link, committed=c))
        if committed:
            store.run(make_person, "Written")
        else:
            with pytest.raises(StoreTrouble, match="was not written"):
                store.run(make_person, "Not written")
        event.remove(engine, "commit", listener)
    assert store.read(names) == ["Written"]
    assert store.read(chain_break) is None


def test_a_server_that_falls_silent_is_given_up(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.services.database_patience.SILENT_S", 0.1)

    def silent(uow: UnitOfWork) -> None:
        make_person(uow, "Not written")
        uow.session.connection().exec_driver_sql("SELECT pg_sleep(2)")

    with pytest.raises(StoreTrouble, match="does not answer") as raised:
        store.run(silent)
    assert raised.value.about["trouble"] == "away"
    monkeypatch.undo()
    assert store.read(names) == []


def test_the_first_answer_after_silence_says_that_the_server_is_there(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that no notice goes on saying that what is shown may be old."""
    ear = Ear(store)

    def slowly(uow: UnitOfWork) -> None:
        uow.session.connection().exec_driver_sql("SELECT pg_sleep(0.5)")

    with monkeypatch.context() as impatient:
        impatient.setattr("app.services.database_patience.SILENT_S", 0.1)
        with pytest.raises(StoreTrouble, match="may be old") as raised:
            store.read(slowly)
    assert not ear.back.is_set()
    store.read(names)
    assert ear.back.is_set() and ear.said == raised.value.sentence


def test_what_listens_finds_out_that_nothing_comes_any_more(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server's side of the connection stands still, and nothing breaks."""
    monkeypatch.setattr("app.services.database_patience.SILENT_S", 0.1)
    monkeypatch.setattr("app.services.database_listening.ASK_S", 0.05)
    monkeypatch.setattr("app.services.database_listening.TRY_AGAIN_S", 0.05)
    other = console(store.folder)
    ear = Ear(other)
    query = """SELECT pid FROM pg_stat_activity WHERE datname = current_database()
               AND pid <> pg_backend_pid() AND query ~ 'advisory_lock_shared|SELECT 1'"""
    with admin_of(place_of(store.folder).url) as admin:
        pids = admin.exec_driver_sql(query).scalars().all()
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        assert ear.away.wait(WAIT_S) and ear.back.wait(WAIT_S)
        store.run(make_person, "Theirs")
        assert ear.wait()
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)
        other.close()


def test_what_a_connection_failed_for_is_said() -> None:
    """As the driver says it; it gives no code then."""
    for said, words, trouble in (
        (
            'connection to server at "h", port 1 failed: SSL error: certificate verify failed',
            "show that it is the one meant",
            "refused",
        ),
        ('root certificate file "/x" does not exist', "show that it is the one meant", "refused"),
        ('failed: FATAL:  no pg_hba.conf entry for host "h", user "u"', "not let", "refused"),
        (
            'failed: FATAL:  password authentication failed for user "u"',
            "--ask-password",
            "refused",
        ),
        ("failed: FATAL:  sorry, too many clients already", "no connection left", "away"),
        ("failed to resolve host 'h'", "does not answer (failed to resolve", "away"),
    ):
        refusal = not_moved(OperationalError("", None, psycopg.OperationalError(said)), "")
        assert words in refusal.sentence
        assert refusal.about["trouble"] == trouble


def test_a_database_that_is_not_a_store_is_left_alone(server: Server, tmp_path: Path) -> None:
    url = server.make(empty=True)
    with admin_of(url) as admin:
        admin.exec_driver_sql("CREATE TABLE theirs (x int)")
    keep_place(tmp_path, Place(url))
    with pytest.raises(StoreTrouble, match="another program"):
        console(tmp_path)


def test_an_empty_database_becomes_a_store(server: Server, tmp_path: Path) -> None:
    keep_place(tmp_path, Place(server.make(empty=True)))
    made = console(tmp_path)
    made.run(make_organisation)
    made.close()


def test_a_store_that_is_not_there_or_not_reached_is_said(server: Server, tmp_path: Path) -> None:
    keep_place(tmp_path, Place(server.url("nowhere")))
    with pytest.raises(StoreTrouble, match="no such database"):
        console(tmp_path)
    keep_place(tmp_path, Place(f"postgresql+psycopg://flight@/x?host={tmp_path}"))
    with pytest.raises(StoreTrouble, match="was not opened"):
        console(tmp_path)


def test_a_password_is_kept_once_the_server_let_it_in(server: Server) -> None:
    """Other folders of this machine open with the one that is there."""
    secrets = MemorySecrets()
    nowhere, there = server.url("nowhere"), server.make(empty=True)
    secrets.set(nowhere, "good")
    with pytest.raises(StoreTrouble):
        keep_password(secrets, nowhere, "mistyped")
    assert secrets.get(nowhere) == "good"
    assert keep_password(secrets, there, "typed") == Place(there, in_keyring=True)
    assert secrets.get(there) == "typed"


def test_a_password_that_was_refused_is_asked_for_anew(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An open window goes on with the one that was given meanwhile; nobody closes it for that."""
    server.make(tmp_path)
    url = place_of(tmp_path).url.replace("flight@", "locked@")
    with admin_of(place_of(tmp_path).url) as admin:
        admin.exec_driver_sql("CREATE ROLE locked LOGIN PASSWORD 'new'")
    monkeypatch.setitem(_passwords, url, "old")
    engine = served_engine(Place(url, in_keyring=True))
    with pytest.raises(OperationalError, match="password authentication failed"):
        engine.connect()
    monkeypatch.setitem(_passwords, url, "new")
    engine.connect().close()
    engine.dispose()


def test_no_password_is_kept_in_the_file(tmp_path: Path) -> None:
    for url in ("postgresql+psycopg://a:secret@h/d", "postgresql+psycopg://a@h/d?password=x"):
        with pytest.raises(BadInput, match="password"):
            keep_place(tmp_path, Place(url))
    with pytest.raises(BadInput, match="PostgreSQL"):
        keep_place(tmp_path, Place("mysql://a@h/d"))
    assert place_of(tmp_path) == Place()
    (tmp_path / "database.json").write_text("{", encoding="utf-8")
    with pytest.raises(StoreTrouble, match="does not say where"):
        Store(tmp_path, TestClock(), EventBus(), Actor("x"))
