"""Evidence in the review of a change: files dropped, a picture pasted, opened again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.models.changes_evidence import files_in
from app.services.changes_evidence_copies import FOLDER
from app.views.changes.evidence_keeping import EvidenceKeeping
from app.views.changes.review_form import ReviewForm
from app.views.ops import Beside, Ops
from app.views.theme import Theme
from tests.views.flying import Told, until


@dataclass
class Desk:
    form: ReviewForm
    told: Told
    folder: Path
    opened: list[Path] = field(default_factory=list)

    def open(self, path: Path) -> bool:
        self.opened.append(path)
        return True


@pytest.fixture
def desk(tmp_path: Path, qtbot: QtBot, theme: Theme) -> Iterator[Desk]:
    threads, told = Beside(), Told()
    made = Desk(ReviewForm(), told, tmp_path)
    qtbot.addWidget(made.form)
    EvidenceKeeping(Ops(threads, told, lambda: None), tmp_path, told, made.open).serve(made.form)
    made.form.show()
    yield made
    threads.close()


def drop(desk: Desk, *paths: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    desk.form.evidence.insertFromMimeData(mime)


def named(desk: Desk) -> list[str]:
    return [kept.name for kept in files_in(desk.form.evidence.toPlainText())]


def test_files_dropped_are_kept_and_named(desk: Desk, tmp_path: Path, qtbot: QtBot) -> None:
    for name in ("version.txt", "shot.png"):
        (tmp_path / name).write_text(name)
    drop(desk, tmp_path / "version.txt", tmp_path / "shot.png")
    until(qtbot, lambda: sorted(named(desk)) == ["shot.png", "version.txt"])
    assert len(list((tmp_path / FOLDER).iterdir())) == 2


def test_a_picture_pasted_is_kept_as_a_file(desk: Desk, qtbot: QtBot) -> None:
    image = QImage(4, 4, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    mime = QMimeData()
    mime.setImageData(image)
    desk.form.evidence.insertFromMimeData(mime)
    until(qtbot, lambda: named(desk) == ["picture.png"])


def test_pasted_output_stays_words(desk: Desk) -> None:
    mime = QMimeData()
    mime.setText("fwctl status\nversion 5.0.3")
    desk.form.evidence.insertFromMimeData(mime)
    assert desk.form.evidence.toPlainText() == "fwctl status\nversion 5.0.3"
    assert not named(desk)


def test_a_file_named_there_is_opened(desk: Desk, tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "shot.png").write_bytes(b"picture")
    drop(desk, tmp_path / "shot.png")
    until(qtbot, lambda: bool(named(desk)))
    made = next(
        b for b in desk.form.findChildren(QPushButton) if b.accessibleName() == "Open shot.png"
    )
    made.click()
    until(qtbot, lambda: bool(desk.opened))
    assert desk.opened[0].parent == tmp_path / FOLDER


def test_what_cannot_be_kept_is_told(desk: Desk, tmp_path: Path, qtbot: QtBot) -> None:
    drop(desk, tmp_path / "gone.png")
    until(qtbot, lambda: bool(desk.told.errors))
    assert "cannot be read" in desk.told.errors[0]
