"""The Calendar page shown on a real store: January 2025, told on Monday the 6th; the flight is on
Friday the 10th, a freeze lies from the 14th to the 16th."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.models.calendar.events import Occurrence as Found
from app.models.severity import Severity
from app.models.tables.calendar import BusinessEvent, CalendarLayer
from app.services.calendar.occurrences import Horizon, replace_occurrences
from app.services.uow import Undo, UnitOfWork
from app.views.bridge import Bridge
from app.views.calendar.page import CalendarPage
from app.views.ops import Ops
from app.views.theme import Theme
from app.views.widgets.sheet import Sheet
from tests.makers import NOW, ZONE
from tests.services.outages_flights import World, flight, world
from tests.views.telling import Told

__all__ = ["flight", "shown", "world"]

FRIDAY = date(2025, 1, 10)
Key = Qt.Key
PLAIN = Qt.KeyboardModifier.NoModifier
CONTROL = Qt.KeyboardModifier.ControlModifier


@dataclass(slots=True)
class Shown:
    page: CalendarPage
    world: World
    qtbot: QtBot
    ops: Ops
    told: Told
    undos: list[Undo]
    gone: list[tuple[str, str, str]] = field(default_factory=list)

    def press(self, key: Key, modifier: Qt.KeyboardModifier = PLAIN) -> None:
        QTest.keyClick(self.page.month_view, key, modifier)

    def settle(self) -> None:
        self.qtbot.waitUntil(lambda: self.ops.idle)

    def on(self, day: date, entry_key: str = "") -> QPoint:
        view = self.page.month_view
        return view.layout_now().box_of(day, entry_key).center()

    def chosen(self) -> tuple[date, str]:
        row = self.page.month_view.current_row()
        assert row is not None
        return row.day, row.entry.title if row.entry else ""

    def sheet(self) -> Sheet:
        self.qtbot.waitUntil(lambda: bool(self.page.findChildren(Sheet)))
        found: Sheet = self.page.findChildren(Sheet)[-1]
        return found


@pytest.fixture
def shown(flight: World, qtbot: QtBot, theme: Theme) -> Iterator[Shown]:
    flight.store.run(_freeze)
    told, undos = Told(), list[Undo]()
    ops = Ops(flight.store, told, lambda: None)
    page = CalendarPage(ops, told, lambda: NOW, undos.append)
    bridge = Bridge(flight.store.bus, page)
    bridge.happened.connect(page.on_event)
    qtbot.addWidget(page)
    page.resize(1240, 800)
    page.show()
    page.activate()
    made = Shown(page, flight, qtbot, ops, told, undos)
    page.goRequested.connect(lambda *where: made.gone.append(where))
    made.settle()
    yield made
    made.settle()


def _freeze(uow: UnitOfWork) -> None:
    mine: dict[str, Any] = {"organisation_id": uow.organisation_id}
    layer = CalendarLayer(
        **mine, name="Audit", key="audit", is_freeze=True, severity=Severity.BLOCK
    )
    uow.add(layer)
    uow.session.flush()
    event = uow.add(BusinessEvent(**mine, layer_id=layer.id, uid="a", title="Audit"))
    first, last = date(2025, 1, 14), date(2025, 1, 16)
    start, end = datetime(2025, 1, 14, 5, tzinfo=UTC), datetime(2025, 1, 17, 5, tzinfo=UTC)
    found = Found("a", "Audit days", start, start, end, first, last)
    replace_occurrences(uow, layer.id, [(event.id, found)], Horizon.around(NOW, ZONE))
    uow.log("a freeze")
