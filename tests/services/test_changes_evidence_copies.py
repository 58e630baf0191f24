"""Files of evidence stand beside every copy of the store, and come back with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.__main__ import main
from app.models.changes_evidence import Kept
from app.models.errors import StoreTrouble
from app.models.tables.changes import ChangeRecord
from app.services.changes_evidence import evidence_file, keep_evidence
from app.services.changes_evidence_copies import BESIDE, FOLDER, copy_evidence, files_of
from app.services.database import Store
from app.services.settings.backups import make_backup
from app.services.settings.doctor import examine
from app.services.settings.restore import restore
from app.services.settings.second_folder import choose_second_folder, place_of
from app.services.settings.second_writing import SecondFolder, SecondState
from app.services.settings.taking_over import take_over_now
from app.services.uow import UnitOfWork
from app.wiring import Console
from tests.makers import NOW, TestClock, make_ci, make_outage, make_store
from tests.small_disk import small_disk

__all__ = ["small_disk"]


@dataclass
class Desk:
    """A store with a change record, to which two files are the evidence."""

    store: Store
    picture: Kept
    output: Kept

    @property
    def data(self) -> Path:
        return self.store.folder

    @property
    def both(self) -> set[str]:
        return {self.picture.file_name, self.output.file_name}

    def own(self, kept: Kept) -> Path:
        return self.data / FOLDER / kept.file_name


def record(uow: UnitOfWork, evidence: str) -> None:
    outage, ci = make_outage(uow), make_ci(uow)
    uow.session.flush()
    row = ChangeRecord(
        organisation_id=uow.organisation_id, outage_id=outage.id, ci_id=ci.id, at=uow.now,
        evidence=evidence,
    )  # fmt: skip
    uow.add(row)
    uow.log("a change", row)


def at_a_desk(data: Path) -> Desk:
    store = make_store(data)
    picture = keep_evidence(data, "shot.png", b"picture" * 9_000)
    output = keep_evidence(data, "version.txt", b"5.0.3")
    store.run(record, f"seen\n{picture.line}\n{output.line}")
    return Desk(store, picture, output)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = at_a_desk(tmp_path / "data")
    yield made
    made.store.close()


# --- backups -----------------------------------------------------------------------------------


def test_a_backup_has_its_evidence_beside_it(desk: Desk) -> None:
    backup = make_backup(desk.store.path, NOW)
    assert set(files_of(backup.parent / BESIDE)) == desk.both


def test_a_second_backup_adds_what_is_new_and_overwrites_nothing(desk: Desk) -> None:
    backup = make_backup(desk.store.path, NOW)
    copy = backup.parent / BESIDE / desk.picture.file_name
    before = copy.stat()
    later = keep_evidence(desk.data, "later.png", b"later")
    make_backup(desk.store.path, NOW.replace(day=7))
    assert set(files_of(backup.parent / BESIDE)) == desk.both | {later.file_name}
    assert (copy.stat().st_ino, copy.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_backup_carried_to_another_laptop_brings_its_evidence(desk: Desk, tmp_path: Path) -> None:
    stick, other = tmp_path / "stick", tmp_path / "other"
    stick.mkdir()
    assert main(["--data", str(desk.data), "backup", str(stick / "of-today.sqlite")]) == 0
    desk.data.rename(tmp_path / "gone")
    restored = restore(other, stick / "of-today.sqlite", TestClock())
    assert restored.lost == ()
    for kept in (desk.picture, desk.output):
        assert evidence_file(other, kept).parent == other / FOLDER


def test_one_of_the_daily_backups_brings_the_evidence_also_from_an_old_disk(
    desk: Desk, tmp_path: Path
) -> None:
    """Before the first backup that had its evidence beside it, it lay in the data folder alone."""
    backup = make_backup(desk.store.path, NOW)
    for copy in (backup.parent / BESIDE).iterdir():
        copy.unlink()
    assert restore(tmp_path / "other", backup, TestClock()).lost == ()
    assert set(files_of(tmp_path / "other" / FOLDER)) == desk.both


def test_a_restore_says_which_evidence_it_could_not_bring(desk: Desk, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    assert main(["--data", str(desk.data), "backup", str(stick / "of-today.sqlite")]) == 0
    (stick / BESIDE / desk.output.file_name).unlink()
    restored = restore(tmp_path / "other", stick / "of-today.sqlite", TestClock())
    assert restored.lost == (desk.output,)
    assert "1 file of evidence is not here (version.txt)" in restored.sentence
    assert evidence_file(tmp_path / "other", desk.picture).is_file()


def test_evidence_added_after_a_backup_stays_when_it_is_restored(desk: Desk) -> None:
    backup = make_backup(desk.store.path, NOW)
    later = keep_evidence(desk.data, "later.png", b"later")
    desk.store.close()
    restore(desk.data, backup, TestClock())
    assert evidence_file(desk.data, later).read_bytes() == b"later"


# --- damage ------------------------------------------------------------------------------------


def test_a_damaged_file_is_brought_back_from_the_backup_when_it_is_opened(desk: Desk) -> None:
    make_backup(desk.store.path, NOW)
    desk.own(desk.output).write_bytes(b"5.0.4")
    assert evidence_file(desk.data, desk.output).read_bytes() == b"5.0.3"


def test_what_was_written_over_it_is_put_aside_not_lost(desk: Desk) -> None:
    make_backup(desk.store.path, NOW)
    desk.own(desk.output).write_bytes(b"5.0.4")
    evidence_file(desk.data, desk.output)
    found = {path.read_bytes() for path in (desk.data / FOLDER).glob("*-version.txt")}
    assert found == {b"5.0.3", b"5.0.4"}


def test_a_file_that_is_gone_is_brought_back_from_the_second_folder(
    desk: Desk, tmp_path: Path
) -> None:
    (tmp_path / "share").mkdir()
    choose_second_folder(desk.data, tmp_path / "share")
    SecondFolder(desk.data).turn()
    desk.own(desk.picture).unlink()
    assert evidence_file(desk.data, desk.picture) == desk.own(desk.picture)


def test_a_damaged_file_never_takes_the_place_of_a_right_copy(desk: Desk) -> None:
    backup = make_backup(desk.store.path, NOW)
    desk.own(desk.output).write_bytes(b"something longer")
    make_backup(desk.store.path, NOW.replace(day=7))
    assert (backup.parent / BESIDE / desk.output.file_name).read_bytes() == b"5.0.3"


def test_a_backup_says_which_file_it_cannot_vouch_for(desk: Desk) -> None:
    desk.own(desk.output).write_bytes(b"5.0.4")
    with pytest.raises(StoreTrouble, match=r"version\.txt \(it was changed since it was added\)"):
        make_backup(desk.store.path, NOW)
    copies = desk.data / "backups"
    assert list(copies.glob("*.sqlite"))  # the store itself is copied all the same
    assert set(files_of(copies / BESIDE)) == {desk.picture.file_name}


def test_a_day_whose_evidence_was_not_copied_is_not_said_to_have_no_backup(desk: Desk) -> None:
    desk.own(desk.output).write_bytes(b"5.0.4")
    console = Console(desk.data, TestClock(), desk.store.bus, desk.store)
    assert console.back_up().startswith("The store is backed up, but 1 file of evidence")


def test_a_restore_sets_right_what_was_changed_here(desk: Desk) -> None:
    backup = make_backup(desk.store.path, NOW)
    desk.own(desk.output).write_bytes(b"5.0.4")
    desk.store.close()
    restore(desk.data, backup, TestClock())
    assert desk.own(desk.output).read_bytes() == b"5.0.3"


def test_the_doctor_tells_what_is_gone_or_changed_and_whether_a_copy_is_known(desk: Desk) -> None:
    assert any("Evidence lies here as it was added (2 files)" in s for s in said(desk, ok=True))
    make_backup(desk.store.path, NOW)
    desk.own(desk.output).write_bytes(b"5.0.4")
    alone = keep_evidence(desk.data, "alone.txt", b"alone")
    desk.own(alone).write_bytes(b"other")
    wrong = [each for each in said(desk, ok=False) if "evidence" in each]
    assert any("version.txt" in each and "A copy is in" in each for each in wrong)
    assert any("alone.txt" in each and "No copy is known" in each for each in wrong)


def said(desk: Desk, *, ok: bool) -> list[str]:
    return [each.sentence for each in examine(desk.data, TestClock()) if each.ok is ok]


# --- the second folder -------------------------------------------------------------------------


def test_the_second_folder_has_every_file_and_a_take_over_brings_it(
    desk: Desk, tmp_path: Path
) -> None:
    (tmp_path / "share").mkdir()
    choose_second_folder(desk.data, tmp_path / "share")
    assert SecondFolder(desk.data).turn().state is SecondState.CURRENT
    taken, _ = take_over_now(tmp_path / "deputy", tmp_path / "share", "J. Sato")
    assert taken.restored.lost == ()
    assert set(files_of(tmp_path / "deputy" / FOLDER)) == desk.both


def test_a_file_added_later_is_there_after_the_next_turn(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "share").mkdir()
    choose_second_folder(desk.data, tmp_path / "share")
    writer = SecondFolder(desk.data)
    writer.turn()
    later = keep_evidence(desk.data, "later.png", b"later")
    writer.turn()
    assert later.file_name in files_of(place_of(desk.data).copies / BESIDE)


def test_a_file_that_is_not_there_is_said_and_the_journal_goes_on(
    desk: Desk, tmp_path: Path
) -> None:
    (tmp_path / "share").mkdir()
    choose_second_folder(desk.data, tmp_path / "share")
    writer = SecondFolder(desk.data)
    desk.own(desk.output).write_bytes(b"5.0.4")
    report = writer.turn()
    assert report.state is SecondState.BEHIND
    assert "version.txt" in report.why
    taken, _ = take_over_now(tmp_path / "deputy", tmp_path / "share", "J. Sato")
    assert taken.restored.lost == (desk.output,)
    assert "1 file of evidence is not here (version.txt)" in taken.sentence("UTC")


def test_what_was_thrown_away_in_the_second_folder_comes_again(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "share").mkdir()
    choose_second_folder(desk.data, tmp_path / "share")
    seconds = [0.0]
    writer = SecondFolder(desk.data, pace=lambda: seconds[0])
    writer.turn()
    (place_of(desk.data).copies / BESIDE / desk.output.file_name).unlink()
    seconds[0] = 60.0
    writer.turn()
    assert set(files_of(place_of(desk.data).copies / BESIDE)) == desk.both


# --- a full disk -------------------------------------------------------------------------------


def test_on_a_full_disk_a_file_is_not_half_kept(small_disk: Path) -> None:
    with pytest.raises(StoreTrouble, match="disk is full"):
        keep_evidence(small_disk, "large.bin", b"x" * 4_000_000)
    assert list((small_disk / FOLDER).iterdir()) == []


def test_a_full_stick_is_told_and_what_had_room_is_there(desk: Desk, small_disk: Path) -> None:
    large = keep_evidence(desk.data, "large.bin", b"x" * 4_000_000)
    copied = copy_evidence(desk.data / FOLDER, small_disk / BESIDE)
    assert copied.refused == ("large.bin (the disk is full)",)
    assert set(files_of(small_disk / BESIDE)) == desk.both
    assert not list((small_disk / BESIDE).glob(".*"))
    assert evidence_file(desk.data, large).is_file()


def test_on_a_full_share_the_journal_still_goes_on(desk: Desk, small_disk: Path) -> None:
    choose_second_folder(desk.data, small_disk)
    keep_evidence(desk.data, "large.bin", b"x" * 4_000_000)
    report = SecondFolder(desk.data).turn()
    assert report.state is SecondState.BEHIND
    assert "large.bin (the disk is full)" in report.why
    assert report.upto is not None


def test_a_store_restored_to_a_full_disk_names_the_evidence_that_had_no_room(
    desk: Desk, small_disk: Path, tmp_path: Path
) -> None:
    large = keep_evidence(desk.data, "large.bin", b"x" * 4_000_000)
    desk.store.run(record_more, large.line)
    backup = make_backup(desk.store.path, NOW)
    restored = restore(small_disk / "data", backup, TestClock())
    assert restored.lost == (large,)


def record_more(uow: UnitOfWork, line: str) -> None:
    row = uow.all(ChangeRecord)[0]
    row.evidence += f"\n{line}"
    uow.log("more evidence", row)
