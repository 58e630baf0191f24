"""The Outages section over a real store, as its tests drive it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from PySide6.QtCore import Qt, Signal
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from app.models.tables.outages import Outage
from app.services.uow import Undo
from app.views.bridge import Bridge
from app.views.ops import Ops
from app.views.outages.page import OutagesPage
from app.views.page import HeaderAction
from app.views.theme import Theme
from app.views.widgets.sheet import Sheet
from tests.services.outages_flights import World


@dataclass(slots=True)
class Told:
    """Keeps what the user was told. Implements `notify.Telling`."""

    said: list[str] = field(default_factory=list)

    def info(self, sentence: str, /, *, action: object = None) -> None:
        self.said.append(sentence)

    def remark(self, sentence: str, /, *, action: object = None, warn: bool = False) -> None:
        self.said.append(sentence)

    def error(self, sentence: str, /, *, action: object = None) -> None:
        self.said.append(f"error: {sentence}")


class Tab(QLabel):
    """A tab of another feature."""

    def show_outage(self, outage_id: str) -> None:
        self.setText(outage_id)


class Leading(Tab):
    """A tab that has an act of its own to lead with, or none."""

    leadsChanged = Signal()  # noqa: N815
    passedOn = Signal()  # noqa: N815
    leads = True


@dataclass(slots=True)
class Desk:
    """The page over the store, with its undos and what was told."""

    page: OutagesPage
    world: World
    qtbot: QtBot
    told: Told
    undos: list[Undo]
    ops: Ops

    def settle(self) -> None:
        self.qtbot.waitUntil(lambda: self.ops.idle)

    def until(self, what: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(what, timeout=5_000)

    def open(self, action: str = "") -> None:
        self.page.activate(self.world.outage, action)
        self.until(lambda: self.page.workspace.brief is not None)
        self.settle()

    def press(self, words: str) -> None:
        """A header action, or one of its choices."""
        for part in self.page.header_parts():
            if isinstance(part, HeaderAction):
                for choice in (part, *part.choices):
                    if choice.words == words:
                        choice.act()
                        return
        raise AssertionError(f"no action {words}")

    def sheet(self) -> Sheet:
        return next(s for s in self.page.findChildren(Sheet) if s.isVisible())

    def write(self, key: str, text: str) -> None:
        editor = self.sheet().editor(key)
        if isinstance(editor, QLineEdit):
            editor.setText(text)
        else:
            editor.setPlainText(text)  # type: ignore[attr-defined]

    def answer(self) -> None:
        QTest.mouseClick(self.sheet().yes, Qt.MouseButton.LeftButton)
        self.settle()

    def row(self) -> Outage:
        return self.world.row()


@pytest.fixture
def desk(flight: World, qtbot: QtBot, theme: Theme) -> Iterator[Desk]:
    told = Told()
    undos: list[Undo] = []
    ops = Ops(flight.store, told, lambda: None)
    page = OutagesPage(
        ops, told, flight.store.clock.now, undos.append, {"Board": Tab, "Changes": Leading}
    )
    bridge = Bridge(flight.store.bus, page)
    bridge.happened.connect(page.on_event)
    qtbot.addWidget(page)
    page.resize(1200, 800)
    page.show()
    page.activate()
    made = Desk(page, flight, qtbot, told, undos, ops)
    made.settle()
    yield made
    made.settle()
