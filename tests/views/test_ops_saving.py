"""Files are written beside the window, with progress and cancel."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.services.uow import Undo
from app.services.working import Work
from app.views.ops import Beside, Ops
from app.views.ops_saving import Saving
from app.views.theme import Theme
from tests.views.telling import Told


@dataclass
class Letters:
    """Goes on once `go_on` is set."""

    go_on: threading.Event
    left: bool = False
    marked: Undo | None = None

    def write_to(self, folder: Path, work: Work) -> tuple[Path, ...]:
        work.at(1, 2)
        assert self.go_on.wait(10)
        work.at(2, 2)
        self.left = True
        return (folder,)


@dataclass
class Desk:
    page: QWidget
    saving: Saving
    beside: Ops
    told: Told
    letters: Letters
    written: list[Path]

    def save(self) -> None:
        self.saving.save(
            lambda work: self.letters,
            place=lambda _made: Path("letters"),
            then=lambda _made, paths: self.written.extend(paths),
        )


@pytest.fixture
def desk(qtbot: QtBot, theme: Theme) -> Iterator[Desk]:
    threads = Beside()
    told, page = Told(), QWidget()
    beside = Ops(threads, told, lambda: None)
    saving = Saving(beside, beside, told, "Saving", page)
    QVBoxLayout(page).addWidget(saving.bar)
    page.show()
    yield Desk(page, saving, beside, told, Letters(threading.Event()), [])
    threads.close()


def test_it_shows_how_far_it_is_and_is_cancelled(desk: Desk, qtbot: QtBot) -> None:
    desk.save()
    bar = desk.saving.bar
    qtbot.waitUntil(lambda: bar.isVisible() and (bar.bar.value(), bar.bar.maximum()) == (1, 2))
    bar.cancel.click()
    desk.letters.go_on.set()
    qtbot.waitUntil(lambda: desk.beside.idle)
    assert desk.told.sentences == ["Cancelled: no file was written."]
    assert not desk.letters.left and not desk.written and not bar.isVisible()


def test_the_page_may_be_gone_when_it_is_written(desk: Desk, qtbot: QtBot) -> None:
    desk.save()
    qtbot.waitUntil(lambda: desk.saving.bar.bar.maximum() == 2)
    shiboken6.delete(desk.page)
    desk.letters.go_on.set()
    qtbot.waitUntil(lambda: desk.beside.idle)
    assert desk.letters.left and not desk.written
