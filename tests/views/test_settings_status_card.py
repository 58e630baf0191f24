"""The folder of the status page: chosen in the Settings, kept by the window."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.models.notices.kinds import NoticeKind
from app.models.outages.lifecycle import State
from app.services.events import EventBus, StatusPageChanged
from app.services.notices.sending import record_sent
from app.services.status.place import choose_status_folder, place_of
from app.services.status.writing import StatusState
from app.views.ops import Beside, Ops
from app.views.settings.status_card import StatusCard
from app.views.theme import Theme
from app.wiring.status_keeping import StatusKeeping
from tests.flights import START, make_flight
from tests.makers import clock_of
from tests.services.notices_flights import desk_store
from tests.views.telling import Silent


class Publisher:
    def __init__(self) -> None:
        self.last: StatusPageChanged | None = None
        self.looks = 0

    def look(self) -> None:
        self.looks += 1


class Room:
    def __init__(self, data: Path, beside: Beside) -> None:
        self.publisher = Publisher()
        self.holder = QWidget()
        self.ops = Ops(beside, Silent(), lambda: None, self.holder)
        self.card = StatusCard(self.ops, Silent(), data, self.publisher)


@pytest.fixture
def room(theme: Theme, qtbot: QtBot, tmp_path: Path) -> Iterator[Room]:
    beside = Beside()
    (tmp_path / "data").mkdir()
    (tmp_path / "public").mkdir()
    made = Room(tmp_path / "data", beside)
    qtbot.addWidget(made.card)
    qtbot.addWidget(made.holder)
    made.card.show()
    made.card.refresh()
    qtbot.waitUntil(lambda: made.ops.idle)
    yield made
    beside.close()


def test_a_folder_is_chosen_and_given_up(room: Room, qtbot: QtBot, tmp_path: Path) -> None:
    card = room.card
    assert card.forget.isHidden()
    card.set_folder(tmp_path / "public")
    qtbot.waitUntil(lambda: room.ops.idle)
    assert place_of(tmp_path / "data").folder == tmp_path / "public"
    assert room.publisher.looks == 1
    card.address.setText("status.example")
    card.address.editingFinished.emit()
    qtbot.waitUntil(lambda: room.ops.idle)
    assert "no web address" in card.field.error
    card.address.setText("https://status.example")
    card.address.editingFinished.emit()
    qtbot.waitUntil(lambda: room.ops.idle)
    assert card.address.text() == place_of(tmp_path / "data").address == "https://status.example/"
    room.publisher.last = StatusPageChanged("", StatusState.BEHIND, "The disk is full.")
    card.on_event(room.publisher.last)
    assert card.state.text() == "The disk is full."
    card.forget.click()
    qtbot.waitUntil(lambda: room.ops.idle)
    assert place_of(tmp_path / "data").folder is None


def test_what_is_told_is_written_before_the_window_closes(tmp_path: Path) -> None:
    folder = tmp_path / "public"
    folder.mkdir()
    bus = EventBus()
    store = desk_store(tmp_path, START - timedelta(days=20), bus)
    outage_id = store.run(make_flight, State.PLANNED)
    choose_status_folder(store.folder, folder)
    keeping = StatusKeeping(store)
    keeping.start()
    store.run(record_sent, outage_id, NoticeKind.PLANNED, clock_of(store).now())
    keeping.stop()
    assert "Shared folders" in (folder / "index.html").read_text(encoding="utf-8")
    store.close()
