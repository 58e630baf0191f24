"""The second folder holds every acknowledged change, catches up after trouble, and is one
console's alone."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from app.models.errors import BadInput
from app.models.settings_journal import Journal
from app.services.database import Store
from app.services.log import chain_head
from app.services.settings.second_folder import (
    Copy,
    Place,
    choose_second_folder,
    copies_in,
    place_of,
    read_file,
)
from app.services.settings.second_writing import (
    MARK_S,
    SecondFolder,
    SecondState,
)
from app.services.uow import UnitOfWork
from tests.makers import NOW, make_person, make_store


@dataclass
class Desk:
    """A store with a second folder, and time that stands still."""

    store: Store
    share: Path
    seconds: float = 0.0
    writer: SecondFolder = field(init=False)

    def __post_init__(self) -> None:
        self.begin_anew()

    def begin_anew(self) -> None:
        """As after the console was closed and opened."""
        self.writer = SecondFolder(self.store.folder, "M. Okafor", self.now, lambda: self.seconds)

    def now(self) -> datetime:
        return NOW + timedelta(seconds=self.seconds)

    @property
    def place(self) -> Place:
        return place_of(self.store.folder)

    @property
    def copy(self) -> Copy:
        return copies_in(self.place.copies)[0]

    def journal(self) -> Journal:
        return read_file(self.copy.journal)

    def head(self) -> tuple[int, str]:
        return self.store.read(chain_head)

    def copied_head(self) -> tuple[int, str]:
        return self.journal().heads[self.store.organisation_id]


def note_many(uow: UnitOfWork, number: int) -> None:
    for each in range(400):
        uow.log(f"{number}-{each}")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    store = make_store(tmp_path / "data")
    share = tmp_path / "share"
    share.mkdir()
    choose_second_folder(store.folder, share)
    yield Desk(store, share)
    store.close()


def test_without_a_second_folder_nothing_is_done(tmp_path: Path) -> None:
    store = make_store(tmp_path / "data")
    assert SecondFolder(store.folder).turn().state is SecondState.NONE
    store.close()


def test_the_first_turn_makes_a_base_copy(desk: Desk) -> None:
    desk.store.run(make_person)
    assert desk.writer.turn().state is SecondState.CURRENT
    assert desk.copy.base.is_file()
    assert desk.copied_head() == desk.head()


def test_each_turn_adds_what_was_logged_since(desk: Desk) -> None:
    desk.writer.turn()
    before = desk.copy.journal.stat().st_size
    desk.store.run(make_person)
    report = desk.writer.turn()
    assert report.upto == desk.now()
    assert desk.copy.journal.stat().st_size > before
    assert [entry.number for entry in desk.journal().entries] == [desk.head()[0]]
    assert desk.copied_head() == desk.head()


def test_a_turn_in_which_nothing_happened_writes_nothing_but_a_mark_now_and_then(
    desk: Desk,
) -> None:
    desk.writer.turn()
    size = desk.copy.journal.stat().st_size
    desk.seconds += 2
    desk.writer.turn()
    assert desk.copy.journal.stat().st_size == size
    desk.seconds += MARK_S
    desk.writer.turn()
    assert desk.journal().upto == desk.now()


def test_many_entries_at_once_are_all_there(desk: Desk) -> None:
    desk.writer.turn()
    for number in range(3):
        desk.store.run(note_many, number)
    desk.writer.turn()
    assert len(desk.journal().entries) == 1200
    assert desk.copied_head() == desk.head()


def test_a_console_opened_again_goes_on_with_the_same_journal(desk: Desk) -> None:
    desk.writer.turn()
    first = desk.copy
    desk.begin_anew()
    desk.store.run(make_person)
    desk.writer.turn()
    assert desk.copy == first
    assert desk.copied_head() == desk.head()


def test_a_torn_last_line_is_cut_and_written_anew(desk: Desk) -> None:
    desk.writer.turn()
    desk.store.run(make_person)
    desk.writer.turn()
    first = desk.copy
    with first.journal.open("rb+") as file:
        file.truncate(first.journal.stat().st_size - 7)
    desk.begin_anew()
    desk.writer.turn()
    assert desk.copy == first
    assert not desk.journal().torn
    assert desk.copied_head() == desk.head()


def test_a_damaged_journal_is_replaced_by_a_new_base(desk: Desk) -> None:
    desk.writer.turn()
    for _ in range(3):
        desk.store.run(make_person, f"Person {desk.head()[0]}")
        desk.writer.turn()
    first = desk.copy
    raw = bytearray(first.journal.read_bytes())
    raw[len(raw) // 2] ^= 0xFF
    first.journal.write_bytes(raw)
    desk.begin_anew()
    desk.writer.turn()
    assert desk.copy > first
    assert desk.copied_head() == desk.head()
    assert not first.base.exists()


def test_a_missing_folder_is_said_and_caught_up_with(desk: Desk, tmp_path: Path) -> None:
    desk.writer.turn()
    away = tmp_path / "pulled out"
    desk.share.rename(away)
    desk.store.run(make_person)
    report = desk.writer.turn()
    assert report.state is SecondState.BEHIND
    assert "catches up" in report.why
    assert report.upto == NOW
    away.rename(desk.share)
    assert desk.writer.turn().state is SecondState.CURRENT
    assert desk.copied_head() == desk.head()


def test_an_emptied_folder_gets_a_new_base(desk: Desk) -> None:
    desk.writer.turn()
    shutil.rmtree(desk.place.copies)
    desk.store.run(make_person)
    assert desk.writer.turn().state is SecondState.CURRENT
    assert desk.copied_head() == desk.head()


def test_a_full_disk_is_said_and_what_was_half_written_is_cut(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.writer.turn()
    desk.store.run(make_person)
    with monkeypatch.context() as patch:

        def full(_number: int) -> None:
            raise OSError(28, "No space left on device")

        patch.setattr("os.fsync", full)
        report = desk.writer.turn()
    assert report.state is SecondState.BEHIND
    assert "No space left" in report.why
    assert desk.writer.turn().state is SecondState.CURRENT
    assert desk.copied_head() == desk.head()
    assert not desk.journal().torn


def test_the_folder_of_another_console_is_not_written(desk: Desk, tmp_path: Path) -> None:
    desk.writer.turn()
    before = desk.copy.journal.read_bytes()
    other = make_store(tmp_path / "other")
    choose_second_folder(other.folder, desk.share)
    report = SecondFolder(other.folder).turn()
    other.close()
    assert report.state is SecondState.BEHIND
    assert "another console" in report.why
    assert desk.copy.journal.read_bytes() == before


def test_a_store_put_back_to_an_earlier_state_begins_anew(desk: Desk, tmp_path: Path) -> None:
    desk.writer.turn()
    first = desk.copy
    desk.store.run(make_person)
    desk.writer.turn()
    desk.store.close()
    shutil.rmtree(tmp_path / "data")
    shutil.copytree(desk.share, tmp_path / "kept")
    store = make_store(tmp_path / "data")  # another log altogether
    choose_second_folder(store.folder, desk.share)
    place = tmp_path / "data" / "second-folder.json"
    writer = read_file(first.journal).writer
    assert writer is not None
    place.write_text(
        place.read_text("utf-8").replace(place_of(store.folder).console, writer.console), "utf-8"
    )
    again = Desk(store, desk.share)
    assert again.writer.turn().state is SecondState.CURRENT
    assert again.copy > first
    assert again.copied_head() == again.head()
    store.close()


def test_a_folder_within_the_data_folder_is_refused(desk: Desk) -> None:
    (desk.store.folder / "inside").mkdir()
    with pytest.raises(BadInput, match="lost with it"):
        choose_second_folder(desk.store.folder, desk.store.folder / "inside")
    assert desk.place.folder == desk.share


def test_a_folder_that_is_not_there_is_refused(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no folder"):
        choose_second_folder(desk.store.folder, tmp_path / "nowhere")
