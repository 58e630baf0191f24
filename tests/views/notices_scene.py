"""The Communication tab over a real store, for its tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.models.notices.kinds import NoticeKind, NoticeState
from app.models.outages.lifecycle import State
from app.services.database import Store
from app.services.events import EventBus
from app.services.notices.composing import compose
from app.services.uow import Undo
from app.views.bridge import Bridge
from app.views.notices.acts import Outside
from app.views.notices.communication_page import CommunicationTab
from app.views.ops import Beside, Ops
from app.views.theme import Theme
from tests.flights import START, make_flight
from tests.makers import clock_of
from tests.services.notices_flights import desk_store

K = NoticeKind


@dataclass
class Told:
    said: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    action: tuple[str, Callable[[], object]] | None = None
    counting: tuple[Callable[[], object], int] | None = None

    def info(
        self, sentence: str, /, *, action: tuple[str, Callable[[], object]] | None = None
    ) -> None:
        self.said.append(sentence)

    def remark(
        self,
        sentence: str,
        /,
        *,
        action: tuple[str, Callable[[], object]] | None = None,
        warn: bool = False,
    ) -> None:
        self.said.append(sentence)

    def count_down(
        self, sentence: str, action: tuple[str, Callable[[], object]], seconds: int, /
    ) -> None:
        self.said.append(sentence)
        self.counting = (action[1], seconds)

    def error(
        self, sentence: str, /, *, action: tuple[str, Callable[[], object]] | None = None
    ) -> None:
        self.errors.append(sentence)
        self.action = action

    def withdraw(self, sentence: str, /) -> None:
        self.errors = [each for each in self.errors if each != sentence]


@dataclass
class Scene:
    tab: CommunicationTab
    store: Store
    outage_id: str
    told: Told
    undos: list[Undo]
    opened: list[Path]
    ops: Ops
    beside: Ops
    qtbot: QtBot

    def show(self, kind: NoticeKind) -> None:
        self.tab.show_outage(self.outage_id, kind)
        self.settle()
        assert self.tab.composed is not None
        assert self.tab.composed.kind is kind

    def settle(self) -> None:
        for _ in range(2):
            self.qtbot.waitUntil(lambda: self.ops.idle and self.beside.idle)
            self.qtbot.wait(1)
        self.qtbot.waitUntil(lambda: self.ops.idle)

    def left(self, kind: NoticeKind) -> NoticeState:
        return self.store.read(compose, self.outage_id, kind).state


@pytest.fixture
def scene(qtbot: QtBot, theme: Theme, tmp_path: Path) -> Iterator[Scene]:
    bus = EventBus()
    store = desk_store(tmp_path, START - timedelta(days=20), bus)
    outage_id = store.run(make_flight, State.PLANNED)
    told = Told()
    undos: list[Undo] = []
    opened: list[Path] = []

    def open_file(path: Path) -> bool:
        opened.append(path)
        return True

    ops = Ops(store, told, lambda: None)
    threads = Beside()
    beside = Ops(threads, told, lambda: None)
    bridge = Bridge(bus)
    tab = CommunicationTab(
        ops,
        beside,
        told,
        undos.append,
        clock_of(store).now,
        tmp_path / "outgoing",
        Outside(lambda _parent: tmp_path, open_file),
    )
    bridge.happened.connect(tab.on_event)
    qtbot.addWidget(tab)
    tab.resize(1200, 800)
    tab.show()
    made = Scene(tab, store, outage_id, told, undos, opened, ops, beside, qtbot)
    yield made
    made.settle()
    threads.close()
    store.close()


def write(scene: Scene, words: str) -> None:
    """A paragraph typed under the text."""
    text = scene.tab.composer.text
    text.moveCursor(QTextCursor.MoveOperation.End)
    QTest.keyClick(text, Qt.Key.Key_Return)
    QTest.keyClick(text, Qt.Key.Key_Return)
    QTest.keyClicks(text, words)
