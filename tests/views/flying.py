"""What the tests of Board and Live share: a store, its events on the GUI thread, and an Ops."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from pytestqt.qtbot import QtBot

from app.services.database import Store
from app.services.events import EventBus
from app.services.uow import Undo
from app.views.bridge import Bridge
from app.views.ops import Beside, Ops
from app.views.runbook.step_acts import StepActs
from tests.flights import BEFORE, flight_store

Action = tuple[str, Callable[[], object]]


@dataclass
class Told:
    """A teller that keeps what it was given."""

    errors: list[str] = field(default_factory=list)
    infos: list[str] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)

    def error(self, sentence: str, /, *, action: Action | None = None) -> None:
        self.errors.append(sentence)
        if action is not None:
            self.actions.append(action)

    def count_down(self, sentence: str, action: Action, seconds: int, /) -> None:
        self.info(sentence, action=action)

    def info(self, sentence: str, /, *, action: Action | None = None) -> None:
        self.infos.append(sentence)
        if action is not None:
            self.actions.append(action)

    def remark(self, sentence: str, /, *, action: Action | None = None, warn: bool = False) -> None:
        self.infos.append(sentence)
        if action is not None:
            self.actions.append(action)


@dataclass
class Cockpit:
    """Everything a page is given."""

    store: Store
    bus: EventBus
    told: Told
    ops: Ops
    beside: Ops
    bridge: Bridge
    acts: StepActs
    undos: list[Undo]


def cockpit(folder: Path) -> Cockpit:
    bus = EventBus()
    store = flight_store(folder, BEFORE, bus)
    told, undos = Told(), list[Undo]()
    ops = Ops(store, told, lambda: None)
    acts = StepActs(ops, told, undos.append, lambda: "M. Okafor")
    beside = Ops(Beside(), told, lambda: None)  # its thread begins with the first job
    return Cockpit(store, bus, told, ops, beside, Bridge(bus), acts, undos)


def until(qtbot: QtBot, true: Callable[[], bool]) -> None:
    """As long as a crowded machine may take; what never comes true costs it once."""
    qtbot.waitUntil(true, timeout=20_000)
