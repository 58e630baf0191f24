"""The files of a notice are all there or none is, and the folder is as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.models.errors import StoreTrouble
from app.services.notices.files import leave_together
from app.services.working import Stopped, Work
from tests.small_disk import small_disk

__all__ = ["small_disk"]
ABOUT = {"outage": "OUT-2025-001", "notice": "planned", "number": 1}
NEW = (("a.eml", b"new"), ("b.eml", lambda: b"made when it is written"))


def holds(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_it_says_how_far_it_is(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    leave_together(tmp_path, NEW, ABOUT, Work(lambda *at: told.append(at)))
    assert told[0] == (0, 3)
    assert sorted(told) == told
    assert holds(tmp_path)["b.eml"] == b"made when it is written"


def test_cancelled_the_folder_is_as_it_was(tmp_path: Path) -> None:
    leave_together(tmp_path, (("a.eml", b"old"), ("c.eml", b"too many")), ABOUT)
    before = holds(tmp_path)
    work = Work(lambda done, _: work.stop.set() if done == 1 else None)
    for folder in (tmp_path, tmp_path / "new" / "planned"):
        work.stop.clear()
        with pytest.raises(Stopped):
            leave_together(folder, NEW, ABOUT, work)
    assert holds(tmp_path) == before


def test_on_a_full_disk_nothing_is_half_there(small_disk: Path) -> None:
    files = (("a.eml", b"small"), ("b.eml", b"x" * 4_000_000))
    with pytest.raises(StoreTrouble, match=r"disk is full, so b\.eml was not written"):
        leave_together(small_disk / "planned", files, ABOUT)
    assert list(small_disk.iterdir()) == []
