"""The card of the second folder: chosen, how it stands, given up."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.services.events import SecondFolderChanged
from app.services.settings.second_folder import choose_second_folder, place_of
from app.services.settings.second_writing import SecondState
from app.views.ops import Beside, Ops
from app.views.settings.second_card import SecondCard
from app.views.theme import Theme
from tests.makers import NOW
from tests.views.telling import Silent


class Room:
    def __init__(self, data: Path, beside: Beside) -> None:
        self.last: SecondFolderChanged | None = None
        self.holder = QWidget()
        self.ops = Ops(beside, Silent(), lambda: None, self.holder)
        self.card = SecondCard(self.ops, Silent(), data, lambda: self.last)

    def stands(self, state: SecondState, why: str = "") -> None:
        self.last = SecondFolderChanged("", state, why, NOW.isoformat())
        self.card.on_event(self.last)


@pytest.fixture
def room(theme: Theme, qtbot: QtBot, tmp_path: Path) -> Iterator[Room]:
    beside = Beside()
    (tmp_path / "data").mkdir()
    (tmp_path / "share").mkdir()
    made = Room(tmp_path / "data", beside)
    qtbot.addWidget(made.card)
    qtbot.addWidget(made.holder)
    made.card.show()
    made.card.refresh()
    qtbot.waitUntil(lambda: made.ops.idle)
    yield made
    beside.close()


def test_without_one_it_says_that_the_store_is_here_alone(room: Room) -> None:
    assert "this laptop alone" in room.card.where.text()
    assert room.card.forget.isHidden()


def test_a_chosen_folder_is_kept_from_now_on(room: Room, qtbot: QtBot, tmp_path: Path) -> None:
    room.card.set_folder(tmp_path / "share")
    qtbot.waitUntil(lambda: room.ops.idle)
    assert place_of(tmp_path / "data").folder == tmp_path / "share"
    assert room.card.where.text() == str(tmp_path / "share")
    assert room.card.state.text() == "The first copy is being made."
    room.stands(SecondState.CURRENT)
    assert room.card.state.text() == "Everything is there."


def test_what_is_behind_says_why_and_up_to_when_it_knows(
    room: Room, qtbot: QtBot, tmp_path: Path
) -> None:
    choose_second_folder(tmp_path / "data", tmp_path / "share")
    room.card.refresh()
    qtbot.waitUntil(lambda: room.ops.idle)
    room.stands(SecondState.BEHIND, "The stick was pulled out.")
    assert room.card.state.text().startswith("The stick was pulled out. It knows everything up to")


def test_it_can_be_given_up(room: Room, qtbot: QtBot, tmp_path: Path) -> None:
    room.card.set_folder(tmp_path / "share")
    qtbot.waitUntil(lambda: room.ops.idle)
    room.card.forget.click()
    qtbot.waitUntil(lambda: room.ops.idle)
    assert place_of(tmp_path / "data").folder is None
