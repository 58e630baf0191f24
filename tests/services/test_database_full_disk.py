"""A full disk and a folder that cannot be written: plain words, nothing half-written, and the
store opens again. Real file systems where the tests may mount one, else a limit on file size.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.models.errors import StoreTrouble
from app.models.tables.directory import Person
from app.services.database import Store
from app.services.events import EventBus
from app.services.folder import FILE_NAME
from app.services.log import add_note, chain_break, chain_head
from app.services.settings.backups import backups, make_backup
from app.services.settings.doctor import examine
from app.services.uow import Actor, UnitOfWork
from app.services.working import UNWATCHED, Work
from tests.makers import NOW, TestClock, make_outage, make_person, make_store
from tests.small_disk import small_disk

__all__ = ["small_disk"]

LIMITED = """
import resource, signal, sys
from pathlib import Path
from tests.makers import make_store, make_person
from app.models.errors import StoreTrouble
store = make_store(Path(sys.argv[1]))
store.run(make_person, "Kept")
size = max(each.stat().st_size for each in store.folder.glob("*.sqlite*"))
resource.setrlimit(resource.RLIMIT_FSIZE, (size + 60_000, size + 60_000))
written = 1
try:
    while written < 500:
        store.run(make_person, f"Person {written}")
        written += 1
except StoreTrouble as said:
    print(said.about["trouble"], written)
"""


def write_until_refused(store: Store) -> tuple[StoreTrouble, int]:
    """Notes until the disk is full: what was said, and how many were acknowledged."""
    flight = store.run(make_outage)
    written = 0
    with pytest.raises(StoreTrouble) as raised:
        while written < 2_000:
            store.run(add_note, flight.id, "The vendor says wait. " * 200)
            written += 1
    return raised.value, written


def test_a_full_disk_is_told_and_nothing_is_half_written(small_disk: Path) -> None:
    store = make_store(small_disk / "data")
    said, written = write_until_refused(store)
    assert said.about["trouble"] == "full"
    assert "disk is full" in said.sentence
    head = store.read(chain_head)
    assert head[0] == written + 2  # the organisation, the outage, the notes
    assert store.read(chain_break) is None
    store.close()
    again = make_store(small_disk / "data")
    assert again.read(chain_head) == head
    again.close()


def test_a_long_job_that_is_refused_gives_its_room_back(small_disk: Path) -> None:
    def much(uow: UnitOfWork, _work: Work) -> None:
        flight = make_outage(uow)
        for _ in range(100):
            add_note(uow, flight.id, "w" * 19_999)
            uow.session.flush()

    store = make_store(small_disk / "data")
    with pytest.raises(StoreTrouble, match="disk is full"):
        store.run(much, UNWATCHED)
    assert store.path.with_name(f"{FILE_NAME}-wal").stat().st_size == 0
    store.close()


def test_with_room_again_the_console_goes_on(small_disk: Path) -> None:
    (small_disk / "ballast").write_bytes(b"x" * 1_000_000)
    store = make_store(small_disk / "data")
    write_until_refused(store)
    (small_disk / "ballast").unlink()
    person = store.run(make_person)
    assert store.read(lambda uow: uow.fetch(Person, person.id).name) == person.name
    assert store.read(chain_break) is None
    store.close()


def test_a_backup_for_which_there_is_no_room_is_not_half_made(small_disk: Path) -> None:
    store = make_store(small_disk / "data")
    write_until_refused(store)
    with pytest.raises(StoreTrouble):
        make_backup(store.path, NOW)
    assert backups(store.folder) == []
    assert list((store.folder / "backups").iterdir()) == []
    store.close()


def test_a_new_store_for_which_there_is_no_room_is_told(small_disk: Path) -> None:
    free = os.statvfs(small_disk)
    (small_disk / "ballast").write_bytes(b"x" * (free.f_bavail * free.f_frsize - 40_000))
    store = Store(small_disk / "data", TestClock(), EventBus(), Actor("x"))
    with pytest.raises(StoreTrouble) as raised:
        store.open()
    store.close()
    assert raised.value.about["trouble"] == "full"
    (small_disk / "ballast").unlink()
    again = Store(small_disk / "data", TestClock(), EventBus(), Actor("x"))
    again.open()
    again.close()


def test_the_doctor_says_that_the_disk_is_full(small_disk: Path) -> None:
    make_store(small_disk / "data").close()
    said = [f.sentence for f in examine(small_disk / "data", TestClock()) if not f.ok]
    assert any("are free on the disk" in each for each in said)


def test_a_file_that_may_not_grow_is_told_and_the_store_opens_again(tmp_path: Path) -> None:
    child = subprocess.run(
        [sys.executable, "-c", LIMITED, str(tmp_path)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    trouble, written = child.stdout.split()
    assert trouble in ("disk", "full"), child.stderr
    store = make_store(tmp_path)
    assert len(store.read(_people)) == int(written)
    assert store.read(chain_break) is None
    store.close()


def _people(uow: UnitOfWork) -> list[Person]:
    return uow.all(Person)


@pytest.fixture
def read_only(tmp_path: Path) -> Iterator[Path]:
    """The folder of a store on a file system mounted read-only."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=5m", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("no right to mount a disk here")
    store = make_store(disk / "data")
    store.run(make_person)
    store.close()
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    yield disk / "data"
    subprocess.run(["umount", str(disk)], check=True)


def test_a_folder_that_cannot_be_written_is_told(read_only: Path) -> None:
    before = (read_only / FILE_NAME).read_bytes()
    store = Store(read_only, TestClock(), EventBus(), Actor("x"))
    with pytest.raises(StoreTrouble) as raised:
        store.open()
    store.close()
    assert raised.value.about["trouble"] == "folder"
    assert "--data" in raised.value.sentence
    assert (read_only / FILE_NAME).read_bytes() == before


def test_a_new_folder_where_nothing_can_be_written_is_told(read_only: Path) -> None:
    store = Store(read_only.parent / "new", TestClock(), EventBus(), Actor("x"))
    with pytest.raises(StoreTrouble) as raised:
        store.open()
    store.close()
    assert raised.value.about["trouble"] == "folder"


def test_the_doctor_reads_a_store_that_cannot_be_written(read_only: Path) -> None:
    said = [f.sentence for f in examine(read_only, TestClock()) if not f.ok]
    assert any("read but not written" in each for each in said)
    assert not any("damaged" in each for each in said)
