"""The whole store in one sealed file: it comes back whole or not at all, the old copy is for
reading, and whenever it is broken off it is handed over or it is not."""

from __future__ import annotations

import hashlib
import re
import shutil
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from app.models.errors import BadInput, ConsoleError, NotAllowed, StoreTrouble
from app.models.outbox import ItemState
from app.models.tables.directory import Person
from app.models.tables.log import LogEntry
from app.models.tables.outbox import OutboxItem
from app.services.changes_evidence import keep_evidence
from app.services.database import Store
from app.services.log import chain_break
from app.services.settings.handed import FILE_NAME as MARK
from app.services.settings.handed import handed, name_file
from app.services.settings.handing_over import (
    hand_over,
    make_ready_to_open,
    open_here,
    take_back,
)
from app.services.settings.restore import make_ready
from app.services.settings.sealed_file import MAGIC, Entry, Opened, seal
from app.services.settings.second_folder import choose_second_folder
from app.services.settings.second_reading import look_into
from app.services.settings.second_writing import SecondFolder, SecondState
from app.services.settings.taking_over import take_over_now
from app.services.sync.lock import only_sender
from app.services.working import Stopped, Work
from tests.makers import TestClock, make_outbox_item, make_person, make_store

WORDS = "correct horse battery"


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.services.settings.sealed_file.COST", 16)


@dataclass
class Desk:
    """The leaving coordinator's store, a stick, and the folder of whoever comes."""

    store: Store
    stick: Path
    incoming: Path

    @property
    def file(self) -> Path:
        return self.stick / "december.handover"

    def opened(self, words: str = WORDS) -> Store:
        made = make_ready_to_open(self.incoming, self.file, words, clock=TestClock())
        open_here(self.incoming, made, TestClock())
        return make_store(self.incoming)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    store = make_store(tmp_path / "old")
    store.run(make_person, "Kai Ito")
    store.run(make_outbox_item)
    keep_evidence(store.folder, "proof.txt", b"the array is green")
    (tmp_path / "stick").mkdir()
    yield Desk(store, tmp_path / "stick", tmp_path / "new")
    store.close()


def test_everything_is_there_and_nothing_leaves_until_it_is_released(desk: Desk) -> None:
    done = hand_over(desk.store, desk.file, "Kai Ito", WORDS)
    assert done.files == 1
    assert "Kai Ito" not in desk.file.read_bytes().decode("latin-1")
    there = desk.opened()
    assert [p.name for p in there.read(lambda uow: uow.all(Person))] == ["Kai Ito"]
    [item] = there.read(lambda uow: uow.all(OutboxItem))
    assert item.state is ItemState.HELD
    assert there.read(chain_break) is None
    assert [f.read_bytes() for f in (desk.incoming / "evidence").iterdir()] == [
        b"the array is green"
    ]
    there.run(make_person, "It is in use")
    there.close()


def test_the_old_copy_is_for_reading_until_it_is_taken_back(desk: Desk) -> None:
    hand_over(desk.store, desk.file, "Kai Ito", WORDS)
    with pytest.raises(NotAllowed, match=r"Handed over to Kai Ito on .*\(december.handover\)"):
        desk.store.run(make_person, "Too late")
    with pytest.raises(NotAllowed, match="Handed over"):
        hand_over(desk.store, desk.stick / "again.handover", "Kai Ito", WORDS)
    with pytest.raises(NotAllowed, match="Handed over"):
        make_ready(desk.store.folder, desk.store.path)
    desk.store.close()
    again = make_store(desk.store.folder)
    assert len(again.read(lambda uow: uow.all(Person))) == 1
    with pytest.raises(NotAllowed, match="Handed over"):
        again.run(make_person, "Too late")
    again.close()
    assert "tell Kai Ito not to go on" in take_back(desk.store.folder, "M. Okafor", TestClock())
    again = make_store(desk.store.folder)
    again.run(make_person, "In use again")
    last = again.read(lambda uow: [e.what for e in uow.session.exec(select(LogEntry))][-2])
    assert last.startswith("took the store back")
    again.close()


def test_a_store_that_comes_back_to_the_old_laptop_is_in_use_there(desk: Desk) -> None:
    hand_over(desk.store, desk.file, "Kai Ito", WORDS)
    desk.store.close()
    there = desk.opened()
    back = desk.stick / "january.handover"
    hand_over(there, back, "M. Okafor", WORDS)
    there.close()
    open_here(
        desk.store.folder, make_ready_to_open(desk.store.folder, back, WORDS, clock=TestClock())
    )
    home = make_store(desk.store.folder)
    home.run(make_person, "In use at home")
    assert handed(home.folder) is None
    home.close()


def test_its_second_folder_cannot_be_taken_over_unless_it_is_taken_back(
    desk: Desk, tmp_path: Path
) -> None:
    share = tmp_path / "share"
    share.mkdir()
    choose_second_folder(desk.store.folder, share)
    hand_over(desk.store, desk.file, "Kai Ito", WORDS)
    assert SecondFolder(desk.store.folder).turn().state is SecondState.CURRENT
    with pytest.raises(BadInput, match=r"Handed over to Kai Ito on .* Only if it is lost, put .*e"):
        take_over_now(tmp_path / "deputy", share, "J. Sato", clock=TestClock())
    desk.store.close()
    take_back(desk.store.folder, "M. Okafor", TestClock())
    SecondFolder(desk.store.folder).turn()
    assert look_into(share).copy.epoch == 1


def test_a_wrong_passphrase_changes_nothing(desk: Desk) -> None:
    hand_over(desk.store, desk.file, "Kai Ito", WORDS)
    with pytest.raises(BadInput, match="not the passphrase"):
        desk.opened("correct horse batterY")
    assert not (desk.incoming / "flight-console.sqlite").exists()


@pytest.mark.parametrize(
    ("words", "to", "said"),
    [("short", "Kai Ito", "at least 12"), (WORDS, "  ", "to whom")],
)
def test_what_cannot_be_handed_over_is_said(desk: Desk, words: str, to: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        hand_over(desk.store, desk.file, to, words)
    with pytest.raises(BadInput, match="within the data folder"):
        hand_over(desk.store, desk.store.folder / "here", "Kai Ito", WORDS)
    with only_sender(desk.store.folder), pytest.raises(StoreTrouble, match="sending"):
        hand_over(desk.store, desk.file, "Kai Ito", WORDS)
    desk.store.run(make_person, "Still in use")


def test_stopped_it_is_not_handed_over(desk: Desk) -> None:
    work = Work()
    work.stop.set()
    with pytest.raises(Stopped):
        hand_over(desk.store, desk.file, "Kai Ito", WORDS, work)
    assert list(desk.stick.iterdir()) == []
    desk.store.run(make_person, "Still in use")


def test_killed_at_any_moment_it_is_handed_over_or_it_is_not(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What lies on the disk at each step is what a kill would leave; the next start settles it."""
    moments: list[Path] = []

    def freeze(*_: object) -> None:
        here = tmp_path / f"moment-{len(moments)}"
        for part in ("old", "stick"):
            shutil.copytree(tmp_path / part, here / part)
        mark = here / "old" / MARK
        if mark.exists():
            mark.write_text(mark.read_text().replace(str(desk.stick), str(here / "stick")))
        moments.append(here)

    def named(file: Path) -> None:
        freeze()
        name_file(file)

    monkeypatch.setattr("app.services.settings.handing_over.name_file", named)
    hand_over(desk.store, desk.file, "Kai Ito", WORDS, Work(freeze))
    freeze()
    outcomes = []
    for here in moments:
        store = make_store(here / "old")
        file = here / "stick" / desk.file.name
        try:
            store.run(make_person, "Changed")
            outcomes.append("in use")
            assert not file.exists()
        except NotAllowed:
            outcomes.append("handed over")
            opened = Opened(file, WORDS)
            assert [name for name, _ in opened.entries()][:2] == [
                "manifest.json",
                "flight-console.sqlite",
            ]
            opened.close()
        store.close()
    assert len(moments) > 6
    assert outcomes == sorted(outcomes, reverse=True)
    assert outcomes[-2:] == ["handed over", "handed over"]


# --- the file itself ---------------------------------------------------------------------------


def _sealed(*contents: bytes) -> bytes:
    target = BytesIO()
    seal(target, tuple(Entry(f"e{n}", c) for n, c in enumerate(contents)), WORDS)
    return target.getvalue()


def _read(path: Path) -> list[bytes]:
    opened = Opened(path, WORDS)
    try:
        return [b"".join(opened.pieces()) for _ in opened.entries()]
    finally:
        opened.close()


@given(st.lists(st.binary(max_size=400), min_size=1, max_size=4), st.integers(1, 64))
@settings(max_examples=30, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
def test_what_is_sealed_comes_out_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, contents: list[bytes], piece: int
) -> None:
    monkeypatch.setattr("app.services.settings.sealed_file.PIECE", piece)
    path = tmp_path / "f"
    path.write_bytes(_sealed(*contents))
    assert _read(path) == contents


@given(st.data())
@settings(max_examples=60, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
def test_a_file_that_was_cut_changed_or_added_to_is_refused_with_its_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: st.DataObject
) -> None:
    monkeypatch.setattr("app.services.settings.sealed_file.PIECE", 64)
    whole = _sealed(b"manifest", b"x" * 300)
    path = tmp_path / "f"
    at = data.draw(st.integers(0, len(whole) - 1))
    way = data.draw(st.sampled_from(("cut", "changed", "more", "swapped")))
    said = "was changed|no hand-over|its end is missing|not the passphrase"
    if way == "cut":
        bad, said = whole[:at], "its end is missing|no hand-over"
    elif way == "more":
        bad, said = whole + b"y", "was changed"
    elif way == "swapped":
        bad = whole[:-160] + whole[-80:] + whole[-160:-80]
    else:
        bad = (
            whole[:at] + bytes([whole[at] ^ (1 << data.draw(st.integers(0, 7)))]) + whole[at + 1 :]
        )
        if at > 60 and at < 300:
            said = "was changed"
    path.write_bytes(bad)
    try:
        read = _read(path)
    except ConsoleError as refusal:
        assert isinstance(refusal, BadInput)
        assert re.search(said, refusal.sentence), refusal.sentence
    else:
        assert read == [b"manifest", b"x" * 300]  # the length alone, which is never believed
        assert way == "changed"
        assert 29 <= at < 37


@pytest.mark.parametrize(
    "head",
    [
        b"not json",
        b"[]",
        b'{"cost": 3, "salt": "00", "prefix": "00", "check": "x"}',
        b'{"cost": 1048577, "salt": "'
        + b"00" * 16
        + b'", "prefix": "00000000000000", "check": ""}',
        b'{"cost": 16, "salt": "zz", "prefix": 5, "check": null}',
    ],
)
def test_a_head_that_was_made_up_is_refused_though_it_fits_its_hash(
    tmp_path: Path, head: bytes
) -> None:
    path = tmp_path / "f"
    begin = MAGIC + struct.pack(">QI", 0, len(head)) + head
    path.write_bytes(begin + hashlib.sha256(MAGIC + head).digest())
    with pytest.raises(BadInput, match="was changed"):
        Opened(path, WORDS)
