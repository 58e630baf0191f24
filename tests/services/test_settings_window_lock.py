"""One window on a data folder, by a lock that a crash frees."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from app.models.errors import StoreTrouble
from app.services.settings.window_lock import only_window
from tests.makers import make_person, make_store

HOLD = """
import sys
from pathlib import Path
from app.services.settings.window_lock import only_window
with only_window(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def holder(folder: Path) -> subprocess.Popen[str]:
    """Another process that holds the lock until its input ends."""
    child = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "held\n"
    return child


def test_a_second_window_is_refused_politely(tmp_path: Path) -> None:
    child = holder(tmp_path)
    try:
        with pytest.raises(StoreTrouble, match="open already") as raised, only_window(tmp_path):
            pass
        assert raised.value.about["trouble"] == "window"
    finally:
        child.communicate("")
    with only_window(tmp_path):
        pass


def test_a_window_that_crashed_frees_the_lock(tmp_path: Path) -> None:
    child = holder(tmp_path)
    child.kill()
    child.communicate()
    with only_window(tmp_path):
        pass


def test_two_windows_in_one_process_are_refused_too(tmp_path: Path) -> None:
    with only_window(tmp_path), pytest.raises(StoreTrouble), only_window(tmp_path):
        pass


def test_windows_on_two_folders_stand_side_by_side(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    with only_window(tmp_path / "a"), only_window(tmp_path / "b"):
        pass


def test_a_command_works_beside_an_open_window(tmp_path: Path) -> None:
    child = holder(tmp_path)
    try:
        store = make_store(tmp_path)
        store.run(make_person)
        store.close()
    finally:
        child.communicate("")


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(StoreTrouble) as raised, only_window(tmp_path / "file"):
        pass
    assert raised.value.about["trouble"] == "folder"
