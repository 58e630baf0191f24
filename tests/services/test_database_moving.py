"""A store moves from its file into PostgreSQL and back, whole, or not at all."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from app.cli.running import run
from app.models.errors import ConsoleError, NotAllowed, StoreTrouble
from app.models.tables.directory import Person
from app.models.tables.outages import Outage
from app.services.crew.served_lock import FOLDER, LOCK
from app.services.database import Store
from app.services.database_check import check, findings
from app.services.database_moving import move_to_file, move_to_server, use_store
from app.services.database_place import Place, place_of
from app.services.events import EventBus
from app.services.folder import FILE_NAME
from app.services.folder_lock import locked
from app.services.live.rehearsing import rehearse
from app.services.settings.backups import make_backup
from app.services.settings.doctor import examine
from app.services.settings.second_folder import choose_second_folder
from app.services.settings.window_lock import only_window
from app.services.uow import UnitOfWork
from tests.flights import make_flight
from tests.makers import COORDINATOR, NOW, TestClock, make_organisation, make_person
from tests.served import MISSING, Server, can_serve
from tests.served import server as own_server

pytestmark = pytest.mark.skipif(not can_serve(), reason=MISSING)


@pytest.fixture(scope="module")
def server() -> Server:
    return own_server()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A store in a file, with a flight and its log."""
    store = Store(tmp_path / "data", TestClock(NOW), EventBus(), COORDINATOR)
    store.open()
    store.run(make_organisation)
    store.run(make_flight)
    for name in ("Zoë Ångström", "李雷", "a'b\"c\\d", "_%"):
        store.run(make_person, name)
    store.close()
    return store.folder


def opened(folder: Path) -> Store:
    store = Store(folder, TestClock(NOW), EventBus(), COORDINATOR)
    store.open()
    return store


def test_there_and_back_everything_is_as_it_was(server: Server, folder: Path) -> None:
    store = opened(folder)
    before = check(store)
    store.close()
    url = server.make(empty=True)
    there = move_to_server(folder, Place(url), NOW)
    assert there.found == before.contents
    assert before.contents.is_whole
    assert place_of(folder).url == url
    assert not (folder / FILE_NAME).exists(), "the old one is no longer opened"
    assert Path(there.kept).is_file()

    store = opened(folder)
    assert check(store).contents == before.contents
    assert check(store).server.startswith("PostgreSQL")
    store.run(make_person, "Made there")
    now = check(store).contents
    store.close()

    back = move_to_file(folder, NOW)
    assert back.found == now
    assert place_of(folder).url == ""
    store = opened(folder)
    assert check(store).contents == now
    store.run(make_person, "Made here")
    assert check(store).contents.is_whole
    store.close()
    (folder.parent / "other").mkdir()
    with pytest.raises(StoreTrouble, match="was moved to"):
        use_store(folder.parent / "other", Place(url))


def test_a_second_console_joins_the_store(server: Server, folder: Path) -> None:
    url = server.make(empty=True)
    move_to_server(folder, Place(url), NOW)
    other = folder.parent / "other"
    other.mkdir()
    use_store(other, Place(url))
    one, two = opened(folder), opened(other)
    assert one.organisation_id == two.organisation_id
    two.run(make_person, "From the second")
    assert one.read(has, "From the second")
    with pytest.raises(StoreTrouble, match="Another console has the store open"):
        move_to_file(folder, NOW)
    one.close()
    two.close()


def has(uow: UnitOfWork, name: str) -> bool:
    return any(person.name == name for person in uow.all(Person))


def test_what_forbids_a_move_leaves_all_as_it_was(
    server: Server, folder: Path, tmp_path: Path
) -> None:
    empty, used = server.make(empty=True), server.make()
    before = (folder / FILE_NAME).read_bytes()
    with pytest.raises(NotAllowed, match="holds a store already"):
        move_to_server(folder, Place(used), NOW)
    with only_window(folder), pytest.raises(StoreTrouble, match="open already"):
        move_to_server(folder, Place(empty), NOW)
    (folder / FOLDER).mkdir()
    with locked(folder / FOLDER / LOCK), pytest.raises(StoreTrouble, match="crew board is served"):
        move_to_server(folder, Place(empty), NOW)
    (tmp_path / "share").mkdir()
    choose_second_folder(folder, tmp_path / "share")
    with pytest.raises(NotAllowed, match="second folder"):
        move_to_server(folder, Place(empty), NOW)
    choose_second_folder(folder, None)
    with closing(sqlite3.connect(folder / FILE_NAME)) as link:
        link.execute("UPDATE log_entry SET text = text || ' ' WHERE number = 2")
        link.commit()
    with pytest.raises(StoreTrouble, match="log of the store is broken"):
        move_to_server(folder, Place(empty), NOW)
    with closing(sqlite3.connect(folder / FILE_NAME)) as link:
        link.execute("UPDATE log_entry SET text = rtrim(text) WHERE number = 2")
        link.execute("UPDATE person SET name = 'a' || char(0) WHERE name = '_%'")
        link.commit()
    with pytest.raises(ConsoleError, match="NUL"):
        move_to_server(folder, Place(empty), NOW)
    assert place_of(folder).url == ""
    assert (folder / FILE_NAME).exists()
    assert before
    with closing(sqlite3.connect(folder / FILE_NAME)) as link:
        link.execute("UPDATE person SET name = '_%' WHERE name LIKE 'a%' AND length(name) < 3")
        link.commit()
    move_to_server(folder, Place(empty), NOW)  # nothing of the attempts is left there


def test_who_waited_to_write_finds_that_the_store_was_moved(server: Server, folder: Path) -> None:
    waiting = opened(folder)
    move_to_server(folder, Place(server.make(empty=True)), NOW)
    with pytest.raises(StoreTrouble):
        waiting.run(make_person, "Too late")
    waiting.close()


def test_what_only_a_file_has_says_what_does_it_instead(
    server: Server, folder: Path, tmp_path: Path
) -> None:
    move_to_server(folder, Place(server.make(empty=True)), NOW)
    (tmp_path / "share").mkdir()
    with pytest.raises(NotAllowed, match="own backup"):
        choose_second_folder(folder, tmp_path / "share")
    with pytest.raises(NotAllowed, match="own backup"):
        make_backup(folder / FILE_NAME, NOW)
    [finding] = examine(folder)
    assert "database check" in finding.sentence
    store = opened(folder)
    outage = store.read(lambda uow: uow.all(Outage)[0].id)
    made = rehearse(store, outage, 1.0)
    store.close()
    assert (made.folder / FILE_NAME).is_file()
    assert place_of(made.folder).url == "", "a rehearsal is a file of its own"


def test_from_a_terminal(
    server: Server, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def typed(*words: str) -> str:
        assert run(["--data", str(folder), *words]) == 0, capsys.readouterr().err
        return capsys.readouterr().out

    url = server.make(empty=True)
    assert "every row compared" in typed("database", "move", url)
    found = json.loads(typed("database", "check", "--json"))
    assert found["place"] == url
    assert [log["broken"] for log in found["logs"]] == [None]
    copy = tmp_path / "copy.sqlite"
    typed("backup", str(copy))
    with closing(sqlite3.connect(copy)) as link:
        [entries] = link.execute("SELECT count(*) FROM log_entry").fetchone()
    assert entries == found["rows"]["log_entry"]
    typed("database", "move", "file")
    assert "SQLite" in typed("database", "check")


def test_a_store_in_a_server_is_looked_over_in_words(server: Server, folder: Path) -> None:
    move_to_server(folder, Place(server.make(empty=True)), NOW)
    store = opened(folder)
    assert [finding.ok for finding in store.read(findings)] == [True] * 3
    store.run(break_the_log)
    [wrong] = [finding.sentence for finding in store.read(findings) if not finding.ok]
    store.close()
    assert "broken at entry 2" in wrong


def break_the_log(uow: UnitOfWork) -> None:
    broken = "UPDATE log_entry SET text = text || ' ' WHERE number = 2"
    uow.session.connection().exec_driver_sql(broken)
