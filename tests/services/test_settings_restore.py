"""A restored store has everything of the backup, keeps the old file, and sends nothing."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import col, select

from app.models.errors import BadInput, StoreTrouble
from app.models.tables.directory import Person
from app.models.tables.log import LogEntry
from app.models.tables.outbox import OutboxItem
from app.services.crew.served_lock import FOLDER, LOCK
from app.services.database import Store
from app.services.database_sqlite import connect
from app.services.folder import FILE_NAME
from app.services.folder_lock import locked
from app.services.log import chain_break, chain_head
from app.services.settings.backups import copy_verified
from app.services.settings.doctor import examine
from app.services.settings.restore import make_ready, put_in_place, restore
from app.services.uow import UnitOfWork
from app.services.working import Stopped, Work
from tests.makers import (
    NOW,
    TestClock,
    make_organisation,
    make_outbox_item,
    make_person,
    make_store,
)


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    """Of a store with one person, one item waiting and one sent."""
    store = make_store(tmp_path / "data")
    store.run(make_person, "Before")
    store.run(make_outbox_item, "planned-1")
    store.run(make_outbox_item, "kick-off-1", state="sent")
    copy_verified(store.path, tmp_path / "backup.sqlite")
    store.run(make_person, "After")
    store.close()
    return tmp_path / "backup.sqlite"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def restored(backup: Path, folder: Path) -> Iterator[Store]:
    restore(folder, backup, TestClock())
    store = make_store(folder)
    yield store
    store.close()


def names(uow: UnitOfWork) -> list[str]:
    return sorted(person.name for person in uow.all(Person))


def states(uow: UnitOfWork) -> dict[str, str]:
    return {item.key: item.state for item in uow.all(OutboxItem)}


def test_a_restored_store_is_as_the_backup_was(restored: Store) -> None:
    assert restored.read(names) == ["Before"]
    assert restored.read(chain_break) is None


def test_nothing_that_waited_leaves_after_a_restore(restored: Store) -> None:
    assert restored.read(states) == {"planned-1": "held", "kick-off-1": "sent"}


def test_the_log_says_that_it_was_restored_and_what_is_held(restored: Store) -> None:
    number = restored.read(chain_head)[0]
    entry = restored.read(
        lambda uow: uow.session.exec(select(LogEntry).where(col(LogEntry.number) == number)).one()
    )
    assert entry.what == "restored from backup.sqlite; 1 waiting item held"
    assert entry.kind == "restore"


def test_items_of_every_organisation_are_held(tmp_path: Path) -> None:
    store = make_store(tmp_path / "data")
    store.run(make_outbox_item, "first")
    store.run(make_organisation, "Second Clinic")
    store.run(make_outbox_item, "second")
    copy_verified(store.path, tmp_path / "backup.sqlite")
    store.close()
    restore(tmp_path / "new", tmp_path / "backup.sqlite", TestClock())
    with sqlite3.connect(tmp_path / "new" / FILE_NAME) as link:
        assert set(link.execute("SELECT state FROM outbox_item")) == {("held",)}
    link.close()


def test_the_old_store_is_kept_whole_beside_it(backup: Path, folder: Path) -> None:
    kept = restore(folder, backup, TestClock()).kept
    assert kept is not None
    assert kept.name == f"flight-console-kept-{NOW:%Y%m%dT%H%M%S}Z.sqlite"
    with sqlite3.connect(kept) as link:
        found = {row[0] for row in link.execute("SELECT name FROM person")}
    link.close()
    assert found == {"Before", "After"}


def test_what_is_told_afterwards_names_what_is_held_and_where_the_old_store_is(
    backup: Path, folder: Path
) -> None:
    told = restore(folder, backup, TestClock())
    assert told.held == 1
    assert told.kept is not None
    assert told.sentence == (
        "The store is as it was in backup.sqlite. 1 item that waited to leave is held in the "
        "Outbox until you release what has not left since. The store of "
        f"before is kept as {told.kept.name}."
    )


def test_making_ready_touches_the_open_store_in_nothing(backup: Path, folder: Path) -> None:
    store = make_store(folder)
    ready = make_ready(folder, backup, clock=TestClock())
    store.run(make_person, "Meanwhile")
    assert store.read(names) == ["After", "Before", "Meanwhile"]
    store.close()
    kept = put_in_place(folder, ready, TestClock()).kept
    assert kept is not None
    with sqlite3.connect(kept) as link:
        found = {row[0] for row in link.execute("SELECT name FROM person")}
    link.close()
    assert found == {"After", "Before", "Meanwhile"}


def test_no_store_takes_the_place_of_one_that_phones_write_to(backup: Path, folder: Path) -> None:
    (folder / FOLDER).mkdir()
    before = (folder / FILE_NAME).read_bytes()
    with (
        locked(folder / FOLDER / LOCK),
        pytest.raises(StoreTrouble, match="crew board is served"),
    ):
        restore(folder, backup, TestClock())
    assert (folder / FILE_NAME).read_bytes() == before
    restore(folder, backup, TestClock())


def test_a_stopped_restore_leaves_no_copy_behind(backup: Path, folder: Path) -> None:
    work = Work()
    work.stop.set()
    with pytest.raises(Stopped):
        make_ready(folder, backup, work, clock=TestClock())
    assert not list(folder.glob(".restoring-*"))


def test_two_restores_in_one_second_keep_both_old_stores(backup: Path, folder: Path) -> None:
    first = restore(folder, backup, TestClock()).kept
    second = restore(folder, backup, TestClock()).kept
    assert first is not None and second is not None
    assert first != second
    assert first.exists() and second.exists()


def test_the_write_ahead_log_of_a_crashed_store_is_kept_and_not_replayed(
    backup: Path, folder: Path, tmp_path: Path
) -> None:
    store = make_store(folder)
    store.run(make_person, "Only in the log")
    crashed = tmp_path / "crashed"
    crashed.mkdir()
    for name in (FILE_NAME, FILE_NAME + "-wal"):
        (crashed / name).write_bytes((folder / name).read_bytes())
    store.close()
    kept = restore(crashed, backup, TestClock()).kept
    assert kept is not None
    with sqlite3.connect(kept) as link:
        found = {row[0] for row in link.execute("SELECT name FROM person")}
    link.close()
    assert "Only in the log" in found
    again = make_store(crashed)
    assert again.read(names) == ["Before"]
    again.close()


def test_a_damaged_store_is_kept_byte_for_byte(backup: Path, folder: Path) -> None:
    damaged = random.Random(3).randbytes(50_000)
    (folder / FILE_NAME).write_bytes(damaged)
    kept = restore(folder, backup, TestClock()).kept
    assert kept is not None
    assert kept.read_bytes() == damaged
    store = make_store(folder)
    assert store.read(names) == ["Before"]
    store.close()


def test_a_backup_restores_into_a_folder_without_a_store(backup: Path, tmp_path: Path) -> None:
    assert restore(tmp_path / "new", backup, TestClock()).kept is None
    store = make_store(tmp_path / "new")
    assert store.read(names) == ["Before"]
    store.close()


def test_a_damaged_backup_is_refused_and_the_store_left_alone(backup: Path, folder: Path) -> None:
    with backup.open("rb+") as file:
        file.seek(8_192)
        file.write(random.Random(1).randbytes(40_000))
    before = (folder / FILE_NAME).read_bytes()
    with pytest.raises(BadInput, match="nothing was changed"):
        restore(folder, backup, TestClock())
    assert (folder / FILE_NAME).read_bytes() == before
    assert sorted(each.name for each in folder.iterdir()) == [FILE_NAME]


def test_a_backup_of_a_newer_console_is_refused(backup: Path, folder: Path) -> None:
    with sqlite3.connect(backup) as link:
        link.execute("UPDATE alembic_version SET version_num = '0999'")
    link.close()
    with pytest.raises(BadInput, match="newer"):
        restore(folder, backup, TestClock())


def test_a_store_that_another_writes_to_is_not_replaced(backup: Path, folder: Path) -> None:
    writer = connect(folder / FILE_NAME)
    try:
        writer.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreTrouble, match="busy"):
            restore(folder, backup, TestClock())
    finally:
        writer.close()
    store = make_store(folder)
    assert store.read(names) == ["After", "Before"]
    store.close()


def test_a_restored_store_passes_the_doctor(restored: Store) -> None:
    assert [f.sentence for f in examine(restored.folder, TestClock()) if not f.ok] == []
