"""Taking over in the window: looked at, asked, made ready; and what the other recorded later."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QDialog, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.services.settings.second_folder import choose_second_folder
from app.services.settings.second_writing import SecondFolder
from app.services.settings.taking_over import ReadyToTake, take_over, take_over_now
from app.views.ops import Beside, Ops
from app.views.settings.take_over_card import TakeOverCard
from app.views.theme import Theme
from tests.makers import TestClock, make_person, make_store
from tests.views.telling import Silent


class Room:
    def __init__(self, data: Path, beside: Beside) -> None:
        self.ready: list[ReadyToTake] = []
        self.holder = QWidget()
        self.ops = Ops(beside, Silent(), lambda: None, self.holder)
        self.card = TakeOverCard(self.ops, Silent(), data, self.ready.append)


@pytest.fixture
def share(tmp_path: Path) -> Path:
    """What a first console with one person keeps."""
    store = make_store(tmp_path / "first")
    (tmp_path / "share").mkdir()
    choose_second_folder(store.folder, tmp_path / "share")
    store.run(make_person)
    SecondFolder(store.folder, "M. Okafor").turn()
    store.close()
    return tmp_path / "share"


@pytest.fixture
def room(theme: Theme, qtbot: QtBot, tmp_path: Path) -> Iterator[Room]:
    beside = Beside()
    made = Room(tmp_path / "deputy", beside)
    qtbot.addWidget(made.card)
    qtbot.addWidget(made.holder)
    made.card.show()
    yield made
    beside.close()


def test_it_asks_with_what_the_copy_knows_and_makes_it_ready(
    room: Room, qtbot: QtBot, share: Path, tmp_path: Path
) -> None:
    room.card.look_at(share)
    qtbot.waitUntil(lambda: bool(room.card.findChildren(QDialog)))
    [dialog] = room.card.findChildren(QDialog)
    words = " ".join(label.text() for label in dialog.findChildren(QLabel))
    assert "led by M. Okafor" in words
    assert "everything up to" in words
    assert "may still be running" in words
    next(b for b in dialog.findChildren(QPushButton) if b.text() == "Take over").click()
    qtbot.waitUntil(lambda: bool(room.ready))
    [made] = room.ready
    assert take_over(tmp_path / "deputy", made, "J. Sato", TestClock()).epoch == 2


def test_what_the_other_recorded_later_is_listed_until_it_is_typed_in(
    room: Room, qtbot: QtBot, share: Path, tmp_path: Path
) -> None:
    take_over_now(tmp_path / "deputy", share, "J. Sato", clock=TestClock())
    first = make_store(tmp_path / "first")
    first.run(make_person, "Late Comer")
    SecondFolder(first.folder, "M. Okafor").turn()
    first.close()
    room.card.refresh()
    qtbot.waitUntil(lambda: bool(room.card.list.model_rows.rows()))
    assert [row.title for row in room.card.list.model_rows.rows()] == ["added Late Comer"]
    assert room.card.list.isVisible()
    room.card.typed.click()
    qtbot.waitUntil(lambda: not room.card.list.isVisible())
