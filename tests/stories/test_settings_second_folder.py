"""The second folder is kept while the window is open and by commands beside it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from app.__main__ import main
from app.services.events import DirectoryChanged, Event, SecondFolderChanged
from app.services.log import chain_head
from app.services.settings.second_folder import (
    choose_second_folder,
    copies_in,
    place_of,
    read_file,
)
from app.services.uow import UnitOfWork
from app.wiring.second_keeping import SecondKeeping
from tests.makers import make_person, make_store

PROMISED_S = 5.0


def until(met: Callable[[], bool], seconds: float = PROMISED_S) -> bool:
    end = time.monotonic() + seconds
    while not met():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def copied_head(data: Path, organisation_id: str) -> tuple[int, str]:
    return read_file(copies_in(place_of(data).copies)[0].journal).heads[organisation_id]


def add(uow: UnitOfWork, name: str) -> None:
    make_person(uow, name)
    uow.emit(DirectoryChanged())


def test_a_change_is_in_the_second_folder_within_five_seconds(tmp_path: Path) -> None:
    store = make_store(tmp_path / "data")
    (tmp_path / "share").mkdir()
    choose_second_folder(store.folder, tmp_path / "share")
    keeping = SecondKeeping(store)
    heard: list[Event] = []
    store.bus.subscribe(heard.append)
    keeping.start()
    try:
        assert until(lambda: any(isinstance(each, SecondFolderChanged) for each in heard), 20)
        for name in ("Ada Ruiz", "Bo Lind"):
            store.run(add, name)
            head = store.read(chain_head)
            assert until(lambda: copied_head(store.folder, store.organisation_id) == head)  # noqa: B023
    finally:
        keeping.stop()
        store.close()


def test_what_is_done_last_is_there_when_the_console_is_closed(tmp_path: Path) -> None:
    store = make_store(tmp_path / "data")
    (tmp_path / "share").mkdir()
    choose_second_folder(store.folder, tmp_path / "share")
    keeping = SecondKeeping(store)
    keeping.start()
    store.run(make_person, "Ada Ruiz")
    keeping.stop()
    head = store.read(chain_head)
    store.close()
    assert copied_head(tmp_path / "data", store.organisation_id) == head


def test_a_command_keeps_it_too_and_says_when_it_cannot(tmp_path: Path) -> None:
    data, share = tmp_path / "data", tmp_path / "share"
    share.mkdir()
    assert main(["--data", str(data), "organisation", "Harbour", "--zone", "Europe/Paris"]) == 0
    assert main(["second-folder", str(share), "--data", str(data)]) == 0
    first = read_file(copies_in(place_of(data).copies)[0].journal)
    assert main(["--data", str(data), "organisation", "Harbour Two", "--zone", "Europe/Paris"]) in (
        0,
        2,
    )
    after = read_file(copies_in(place_of(data).copies)[0].journal)
    assert after.upto is not None and first.upto is not None
    assert after.upto >= first.upto
    share.rename(tmp_path / "away")
    assert main(["second-folder", "--data", str(data)]) == 1
