"""A taken-over flight is as the other console left it, sends nothing by itself, and lists what the
other records later."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from app.models.errors import BadInput, StoreTrouble
from app.models.tables.directory import Person
from app.models.tables.outbox import OutboxItem
from app.services.database import Store
from app.services.log import chain_break, chain_head
from app.services.settings.doctor import examine
from app.services.settings.second_folder import choose_second_folder, copies_in, place_of
from app.services.settings.second_reading import look_into
from app.services.settings.second_writing import SecondFolder, SecondState
from app.services.settings.taking_over import (
    later_entries,
    make_ready_to_take,
    say_typed_in,
    still_heard,
    take_over,
    take_over_now,
)
from app.services.uow import Undo, UnitOfWork, undo
from tests.makers import NOW, TestClock, make_outbox_item, make_person, make_store

DEPUTY = "J. Sato"


@dataclass
class Night:
    """The first console with a second folder, and room for a deputy's."""

    first: Store
    share: Path
    deputy: Path
    writer: SecondFolder

    def copy_on(self) -> SecondState:
        return self.writer.turn().state

    def taken(self) -> Store:
        take_over_now(self.deputy, self.share, DEPUTY, clock=TestClock())
        return make_store(self.deputy)


@pytest.fixture
def night(tmp_path: Path) -> Iterator[Night]:
    first = make_store(tmp_path / "first")
    share = tmp_path / "share"
    share.mkdir()
    first.run(make_person, "Before")
    choose_second_folder(first.folder, share)
    made = Night(first, share, tmp_path / "deputy", SecondFolder(first.folder, "M. Okafor"))
    made.copy_on()
    yield made
    first.close()


def names(uow: UnitOfWork) -> list[str]:
    return sorted(person.name for person in uow.all(Person))


def rename(uow: UnitOfWork, old: str, new: str) -> None:
    row = next(person for person in uow.all(Person) if person.name == old)
    row.name, row.key = new, new.casefold()
    uow.log(f"{old} is {new}", row)


def test_it_is_as_the_first_console_left_it(night: Night) -> None:
    night.first.run(make_person, "After the base")
    night.first.run(rename, "Before", "Renamed")
    night.copy_on()
    head = night.first.read(chain_head)
    store = night.taken()
    assert store.read(names) == ["After the base", "Renamed"]
    assert store.read(chain_break) is None
    assert store.read(chain_head)[0] == head[0] + 1  # that it was taken over
    store.close()
    assert [f.sentence for f in examine(night.deputy, TestClock()) if not f.ok] == []


def test_names_that_changed_hands_do_not_clash(night: Night) -> None:
    night.first.run(make_person, "Other")
    night.copy_on()
    for old, new in (("Before", "Third"), ("Other", "Before"), ("Third", "Other")):
        night.first.run(rename, old, new)
    night.copy_on()
    store = night.taken()
    assert store.read(names) == ["Before", "Other"]
    store.close()


def test_what_was_undone_is_undone_there_too(night: Night) -> None:
    def add(uow: UnitOfWork) -> Undo:
        make_person(uow, "Mistake")
        return uow.undo("Mistake")

    inverse = night.first.run(add)
    night.copy_on()
    night.first.run(undo, inverse)
    night.copy_on()
    store = night.taken()
    assert store.read(names) == ["Before"]
    store.close()


def test_what_waits_to_leave_is_held(night: Night) -> None:
    night.first.run(make_outbox_item, "planned-1")
    night.copy_on()
    store = night.taken()
    items = store.read(lambda uow: [(i.key, i.state.value) for i in uow.all(OutboxItem)])
    assert items == [("planned-1", "held")]
    store.close()


def test_the_epoch_rises_and_the_folder_is_kept_on(night: Night) -> None:
    store = night.taken()
    place = place_of(night.deputy)
    assert (place.epoch, place.folder) == (2, night.share)
    writer = SecondFolder(night.deputy, DEPUTY)
    assert writer.turn().state is SecondState.CURRENT
    assert [copy.epoch for copy in copies_in(place.copies)] == [2, 1]
    store.close()


def test_the_first_console_is_told_who_took_over(night: Night) -> None:
    night.taken().close()
    report = night.writer.turn()
    assert report.state is SecondState.TAKEN
    assert DEPUTY in report.why
    assert place_of(night.first.folder).lost_to == 2


def test_who_was_taken_over_from_knows_it_also_when_the_folder_is_gone(
    night: Night, tmp_path: Path
) -> None:
    night.taken().close()
    night.writer.turn()
    night.share.rename(tmp_path / "away")
    assert SecondFolder(night.first.folder, "M. Okafor").turn().state is SecondState.TAKEN


def test_what_the_first_records_later_is_listed_until_typed_in(night: Night) -> None:
    store = night.taken()
    night.first.run(make_person, "Late")
    night.copy_on()
    later = later_entries(night.deputy)
    assert [entry.what for entry in later] == ["added Late"]
    assert store.read(names) == ["Before"]  # never merged
    say_typed_in(night.deputy, later)
    assert later_entries(night.deputy) == []
    night.first.run(make_person, "Later still")
    night.copy_on()
    assert [entry.what for entry in later_entries(night.deputy)] == ["added Later still"]
    store.close()


def test_what_was_not_in_the_folder_yet_when_it_was_taken_over_is_listed_too(night: Night) -> None:
    night.first.run(make_person, "A second ago")
    night.taken().close()
    night.copy_on()
    assert [entry.what for entry in later_entries(night.deputy)] == ["added A second ago"]


def test_that_the_first_was_away_is_nothing_to_type_in(night: Night) -> None:
    night.taken().close()
    night.first.run(lambda uow: uow.log("away 01:12–01:31", kind="away"))
    night.copy_on()
    assert later_entries(night.deputy) == []


def test_it_says_up_to_which_minute_it_knows(night: Night) -> None:
    taken, _ = take_over_now(night.deputy, night.share, DEPUTY, clock=TestClock())
    assert taken.known.upto == look_into(night.share).upto
    assert "everything up to" in taken.sentence("UTC")
    assert "epoch 2" in taken.sentence("UTC")


def test_a_console_heard_a_moment_ago_is_warned_of(night: Night) -> None:
    known = look_into(night.share)
    assert "may still be running" in still_heard(known, known.upto + timedelta(seconds=40))
    assert still_heard(known, known.upto + timedelta(minutes=3)) == ""


def test_of_two_deputies_the_second_is_refused(night: Night, tmp_path: Path) -> None:
    one = make_ready_to_take(night.deputy, night.share, clock=TestClock())
    two = make_ready_to_take(tmp_path / "other", night.share, clock=TestClock())
    take_over(night.deputy, one, DEPUTY, TestClock())
    with pytest.raises(StoreTrouble, match="moment ago"):
        take_over(tmp_path / "other", two, "L. Cohen", TestClock())
    assert not list((tmp_path / "other").glob("*.sqlite"))
    assert place_of(tmp_path / "other").taken is None


def test_a_torn_journal_is_taken_over_up_to_its_last_mark(night: Night) -> None:
    night.first.run(make_person, "Whole")
    night.copy_on()
    whole = copies_in(night.share / "flight-console-copy")[0].journal
    size = whole.stat().st_size
    night.first.run(make_person, "Torn")
    night.copy_on()
    with whole.open("rb+") as file:
        file.truncate((size + whole.stat().st_size) // 2)
    store = night.taken()
    assert store.read(names) == ["Before", "Whole"]
    assert store.read(chain_break) is None
    store.close()


def test_a_damaged_base_is_refused_and_nothing_is_changed(night: Night) -> None:
    base = copies_in(night.share / "flight-console-copy")[0].base
    with base.open("rb+") as file:
        file.seek(8_192)
        file.write(b"\0\xff" * 20_000)
    with pytest.raises((BadInput, StoreTrouble)):
        take_over_now(night.deputy, night.share, DEPUTY, clock=TestClock())
    assert not list(night.deputy.glob("*.sqlite"))
    assert place_of(night.deputy).epoch == 1


def test_the_copy_of_a_newer_console_is_refused(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.services.settings.second_writing.HEAD", "0999")
    SecondFolder(night.first.folder, "M. Okafor").turn()
    with pytest.raises(BadInput, match="is newer than this one"):
        take_over_now(night.deputy, night.share, DEPUTY, clock=TestClock())


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadInput, match="No console keeps a copy"):
        look_into(tmp_path / "empty")


def test_the_store_of_before_is_kept(night: Night) -> None:
    own = make_store(night.deputy)
    own.run(make_person, "Own")
    own.close()
    taken, _ = take_over_now(night.deputy, night.share, DEPUTY, clock=TestClock(NOW))
    assert taken.restored.kept is not None and taken.restored.kept.exists()
    store = make_store(night.deputy)
    assert store.read(names) == ["Before"]
    store.close()


def test_it_can_be_taken_back(night: Night) -> None:
    night.taken().close()
    SecondFolder(night.deputy, DEPUTY).turn()
    night.first.close()
    take_over_now(night.first.folder, night.share, "M. Okafor", clock=TestClock())
    assert place_of(night.first.folder).epoch == 3
    assert SecondFolder(night.deputy, DEPUTY).turn().state is SecondState.TAKEN
