"""A layer from the web that could not be refreshed, told of beside the calendar."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.models.calendar.web import SOURCE
from app.models.errors import ConsoleError
from app.models.tables.calendar import CalendarLayer
from app.services.calendar.web_known import Known, StaleLayer, keep_known
from app.services.uow import UnitOfWork
from app.views.calendar.stale import StaleLayers
from app.views.theme import Theme
from tests.services.outages_flights import flight, world
from tests.views.calendar_shown import Shown, shown

__all__ = ["flight", "shown", "world"]
WHY = "calendars.example did not answer in time; try again later."


def test_the_layers_say_which_could_not_be_refreshed_since_when_and_why(shown: Shown) -> None:
    def trouble(uow: UnitOfWork) -> None:
        (layer,) = uow.all(CalendarLayer)
        layer.source = f"{SOURCE}https://calendars.example/audit.ics"
        known = Known(
            read_at="2025-01-04T12:00:00+00:00", tried_at="2025-01-06T11:00:00+00:00", trouble=WHY
        )
        keep_known(uow, layer.id, known)
        uow.log("a layer from the web", layer)

    shown.world.store.run(trouble)
    shown.page.refresh()
    shown.settle()
    assert shown.page.layers.stale.sentences() == [
        "“Audit” could not be refreshed.",
        WHY,
        "Its events are as of Sat 4 Jan 07:00 EST; asked for last at Mon 6 Jan 06:00 EST.",
    ]


def test_try_again_asks_once_and_says_what_is_refused(qtbot: QtBot, theme: Theme) -> None:
    asked: list[tuple[str, Callable[[ConsoleError], object]]] = []

    def refresh(owner: object, layer_id: str, *, then: Any, failed: Any) -> None:
        asked.append((layer_id, failed))

    part = StaleLayers(refresh)
    qtbot.addWidget(part)
    part.show_layers((StaleLayer("7", "Audit", "Its events are old.", WHY),))
    (again,) = part.findChildren(QPushButton)
    again.click()
    part.ask("7")
    ((layer_id, failed),) = asked
    assert layer_id == "7"
    failed(ConsoleError("This is a rehearsal."))
    assert part.sentences()[1] == "This is a rehearsal."
