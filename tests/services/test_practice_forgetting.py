"""What was sent in practice goes with the sample."""

from __future__ import annotations

from pathlib import Path

from app.services.folder_lock import locked
from app.services.practice.forgetting import forget_practice
from app.services.practice.process import FOLDER, LOCK


def made(folder: Path) -> Path:
    place = folder / FOLDER
    place.mkdir()
    (place / "tenant.sqlite").write_bytes(b"mailboxes")
    return place


def test_nothing_of_the_practice_tenant_is_left(tmp_path: Path) -> None:
    place = made(tmp_path)
    assert forget_practice(tmp_path)
    assert not place.exists()


def test_where_there_was_none_nothing_is_to_be_forgotten(tmp_path: Path) -> None:
    assert forget_practice(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_one_that_another_process_runs_is_left_alone(tmp_path: Path) -> None:
    place = made(tmp_path)
    with locked(place / LOCK):
        assert not forget_practice(tmp_path, wait=0.0)
    assert (place / "tenant.sqlite").read_bytes() == b"mailboxes"
