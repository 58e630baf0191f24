"""Backups: once a day, 14 kept, each verified, one file that opens anywhere."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.models.errors import BadInput, StoreTrouble
from app.services.database import Store
from app.services.schema import HEAD
from app.services.settings.backups import (
    KEEP,
    backup_if_due,
    backups,
    copy_verified,
    make_backup,
    require_backup,
    restore_command,
)
from tests.makers import NOW, make_person, make_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = make_store(tmp_path / "data")
    store.run(make_person)
    yield store
    store.close()


def people_in(path: Path) -> int:
    with sqlite3.connect(path) as link:
        count: int = link.execute("SELECT count(*) FROM person").fetchone()[0]
    link.close()
    return count


def test_a_backup_holds_what_was_acknowledged_a_moment_ago(store: Store) -> None:
    assert people_in(make_backup(store.path, NOW)) == 1


def test_a_backup_is_one_file_for_its_owner_alone(store: Store) -> None:
    path = make_backup(store.path, NOW)
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with sqlite3.connect(f"{path.as_uri()}?immutable=1", uri=True) as link:
        assert link.execute("PRAGMA journal_mode").fetchone()[0] == "delete"
    link.close()


def test_there_is_one_backup_a_day(store: Store) -> None:
    assert backup_if_due(store.path, NOW) is not None
    assert backup_if_due(store.path, NOW + timedelta(hours=2)) is None
    assert backup_if_due(store.path, NOW + timedelta(days=1)) is not None
    assert len(backups(store.folder)) == 2


def test_the_newest_fourteen_are_kept(store: Store) -> None:
    for day in range(KEEP + 5):
        make_backup(store.path, NOW + timedelta(days=day))
    kept = backups(store.folder)
    assert len(kept) == KEEP
    assert kept[0].made_at == NOW + timedelta(days=KEEP + 4)
    assert kept[-1].made_at == NOW + timedelta(days=5)


def test_backups_go_on_after_the_clock_was_set_back(store: Store) -> None:
    for day in range(KEEP):
        make_backup(store.path, NOW + timedelta(days=3_650 + day))
    for day in range(3):
        assert backup_if_due(store.path, NOW + timedelta(days=day)) is not None
    kept = {each.made_at for each in backups(store.folder)}
    assert len(kept) == KEEP
    assert {NOW + timedelta(days=day) for day in range(3)} <= kept


def test_what_is_no_backup_is_not_listed(store: Store) -> None:
    make_backup(store.path, NOW)
    folder = store.folder / "backups"
    (folder / "flight-console-mine.sqlite").touch()
    (folder / "notes.txt").touch()
    assert len(backups(store.folder)) == 1


def test_a_backup_to_a_named_file_takes_the_place_of_what_was_there(
    store: Store, tmp_path: Path
) -> None:
    target = tmp_path / "elsewhere.sqlite"
    target.write_text("old", encoding="utf-8")
    copy_verified(store.path, target)
    assert people_in(target) == 1


def test_a_backup_into_a_folder_that_is_not_there_is_told(store: Store, tmp_path: Path) -> None:
    with pytest.raises(StoreTrouble, match="untouched"):
        copy_verified(store.path, tmp_path / "nowhere" / "copy.sqlite")


def test_a_store_that_is_not_there_is_not_made_by_a_backup(tmp_path: Path) -> None:
    with pytest.raises(StoreTrouble):
        copy_verified(tmp_path / "missing.sqlite", tmp_path / "copy.sqlite")
    assert list(tmp_path.iterdir()) == []


def test_a_backup_can_be_checked_where_nothing_can_be_written(store: Store) -> None:
    path = make_backup(store.path, NOW)
    path.chmod(0o400)
    assert require_backup(path) == HEAD


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 a zip", b"SQLite format 3\x00 and no more"])
def test_what_is_not_a_store_is_no_backup(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.sqlite"
    path.write_bytes(content)
    with pytest.raises(BadInput, match="nothing was changed"):
        require_backup(path)


def test_a_missing_file_is_no_backup(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no file"):
        require_backup(tmp_path / "gone.sqlite")


def test_what_to_type_names_the_data_folder(store: Store) -> None:
    newest = make_backup(store.path, NOW)
    assert restore_command(store.folder) == f"`restore {newest} --data {store.folder}`"
