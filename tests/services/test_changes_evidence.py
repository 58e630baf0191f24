"""Files of evidence beside the store."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.models.errors import BadInput, NotFound, StoreTrouble
from app.services.changes_evidence import (
    MAX_BYTES,
    evidence_file,
    keep_evidence,
    keep_evidence_file,
)
from app.services.changes_evidence_copies import FOLDER


def test_what_is_kept_is_found_again_as_it_was(tmp_path: Path) -> None:
    kept = keep_evidence(tmp_path, "shot.png", b"picture")
    assert evidence_file(tmp_path, kept).read_bytes() == b"picture"


def test_the_same_file_lies_there_once(tmp_path: Path) -> None:
    assert keep_evidence(tmp_path, "a.log", b"x") == keep_evidence(tmp_path, "a.log", b"x")
    assert len(list((tmp_path / FOLDER).iterdir())) == 1


def test_a_copy_is_taken_and_the_file_stays(tmp_path: Path) -> None:
    source = tmp_path / "output.txt"
    source.write_text("5.0.3")
    kept = keep_evidence_file(tmp_path, source)
    source.write_text("changed later")
    assert evidence_file(tmp_path, kept).read_text() == "5.0.3"


def test_a_file_that_was_changed_proves_nothing(tmp_path: Path) -> None:
    kept = keep_evidence(tmp_path, "shot.png", b"picture")
    (tmp_path / FOLDER / kept.file_name).write_bytes(b"another")
    with pytest.raises(StoreTrouble, match="was changed"):
        evidence_file(tmp_path, kept)


def test_a_file_that_is_not_here_is_said(tmp_path: Path) -> None:
    kept = keep_evidence(tmp_path, "shot.png", b"picture")
    (tmp_path / FOLDER / kept.file_name).unlink()
    with pytest.raises(NotFound, match="Look for"):
        evidence_file(tmp_path, kept)


def test_empty_unreadable_and_huge_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="empty"):
        keep_evidence(tmp_path, "a.log", b"")
    with pytest.raises(BadInput, match="cannot be read"):
        keep_evidence_file(tmp_path, tmp_path / "nowhere")
    with pytest.raises(BadInput, match="25 MB"):
        keep_evidence(tmp_path, "a.log", b"x" * (MAX_BYTES + 1))
    assert not (tmp_path / FOLDER).exists()
