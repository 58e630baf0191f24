"""A damaged, newer or foreign file is told in plain words, and left as it is."""

from __future__ import annotations

import hashlib
import random
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlmodel import select

from app.models.errors import StoreTrouble
from app.models.tables.directory import Person
from app.models.tables.log import LogEntry
from app.services.database import Store
from app.services.events import EventBus
from app.services.folder import FILE_NAME
from app.services.settings.backups import backup_if_due, backups
from app.services.settings.restore import restore
from app.services.uow import Actor, UnitOfWork
from tests.makers import NOW, TestClock, make_person, make_store


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The file of a closed store with some hundred rows."""
    store = make_store(tmp_path)

    def fill(uow: UnitOfWork) -> None:
        for number in range(200):
            make_person(uow, f"Person {number}")

    store.run(fill)
    store.close()
    return tmp_path / FILE_NAME


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def refusal(path: Path) -> StoreTrouble:
    """What opening says; the file must be byte for byte as it was."""
    before = digest(path)
    store = Store(path.parent, TestClock(), EventBus(), Actor("x"))
    try:
        with pytest.raises(StoreTrouble) as raised:
            store.open()
    finally:
        store.close()
    assert digest(path) == before
    return raised.value


def cut_in_half(path: Path) -> None:
    with path.open("rb+") as file:
        file.truncate(path.stat().st_size // 2)


def overwrite_header(path: Path) -> None:
    with path.open("rb+") as file:
        file.write(b"\x00" * 100)


def write_text(path: Path) -> None:
    path.write_text("name,email\nKai Ito,kai@hospital.example\n" * 500, encoding="utf-8")


def scramble_the_schema(path: Path) -> None:
    with path.open("rb+") as file:
        file.seek(100)
        file.write(random.Random(7).randbytes(3_900))


@pytest.mark.parametrize("harm", [cut_in_half, overwrite_header, write_text, scramble_the_schema])
def test_a_damaged_store_is_refused_and_left_as_it_is(
    path: Path, harm: Callable[[Path], None]
) -> None:
    harm(path)
    said = refusal(path)
    assert said.about["trouble"] == "damaged"
    assert "left as it is" in said.sentence
    assert "restore" in said.sentence.casefold()


def test_an_emptied_or_missing_store_with_backups_is_no_new_store(path: Path) -> None:
    kept = backup_if_due(path, NOW)
    assert kept is not None
    path.write_bytes(b"")
    said = refusal(path)
    assert said.about["trouble"] == "gone"
    assert "is empty, but 1 backup of it is left" in said.sentence
    path.unlink()
    store = Store(path.parent, TestClock(), EventBus(), Actor("x"))
    with pytest.raises(StoreTrouble, match="is gone, but 1 backup"):
        store.open()
    store.close()
    assert not path.exists()
    assert restore(path.parent, kept, TestClock()).kept is None
    again = make_store(path.parent)
    assert len(again.read(lambda uow: uow.all(Person))) == 200
    again.close()


def test_an_empty_file_without_backups_is_a_first_start_broken_off(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).touch()
    make_store(tmp_path).close()


@pytest.mark.parametrize("seed", range(8))
def test_random_bytes_in_the_middle_are_found_by_the_daily_backup(path: Path, seed: int) -> None:
    chance = random.Random(seed)
    size = path.stat().st_size
    with path.open("rb+") as file:
        file.seek(chance.randrange(8_192, size - 20_000))
        file.write(chance.randbytes(16_384))
    before = digest(path)
    with pytest.raises(StoreTrouble) as raised:
        backup_if_due(path, NOW)
    assert raised.value.about["trouble"] == "damaged"
    assert digest(path) == before
    assert backups(path.parent) == []


@pytest.mark.parametrize("seed", range(8))
def test_reading_a_store_with_a_broken_page_is_an_answer_or_plain_words(
    path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    with path.open("rb+") as file:
        file.seek(chance.randrange(8_192, path.stat().st_size - 20_000))
        file.write(chance.randbytes(16_384))
    store = Store(path.parent, TestClock(), EventBus(), Actor("x"))
    try:
        store.open()
        store.read(lambda uow: (uow.all(Person), list(uow.session.exec(select(LogEntry)))))
    except StoreTrouble as said:
        assert said.about["trouble"] == "damaged"
    finally:
        store.close()


def test_a_store_of_a_newer_console_is_refused_and_left_as_it_is(path: Path) -> None:
    with sqlite3.connect(path) as link:
        link.execute("UPDATE alembic_version SET version_num = '0999'")
    link.close()
    said = refusal(path)
    assert said.about["trouble"] == "newer"
    assert "newer" in said.sentence


def test_a_database_of_another_program_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    with sqlite3.connect(path) as link:
        link.execute("CREATE TABLE bookmarks (url TEXT)")
    link.close()
    said = refusal(path)
    assert said.about["trouble"] == "damaged"
    assert "another program" in said.sentence


def test_an_empty_file_becomes_a_new_store(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).touch()
    store = make_store(tmp_path)
    store.run(make_person)
    store.close()


def test_a_file_where_the_folder_should_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("not a folder", encoding="utf-8")
    store = Store(tmp_path / "data", TestClock(), EventBus(), Actor("x"))
    with pytest.raises(StoreTrouble) as raised:
        store.open()
    store.close()
    assert raised.value.about["trouble"] == "folder"
    assert "--data" in raised.value.sentence
