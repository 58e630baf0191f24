"""The two sides of Live beside the main window, and again after the console was left."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.models.live.sides import Side
from app.models.outages.lifecycle import State
from app.services.database import Store
from app.views.live.comms_page import CommsPage
from app.views.live.own_screen import OwnScreen
from app.views.live.page import LivePage
from app.views.theme import Theme
from app.wiring.window import Window
from tests.flights import START, done_before, flight_store, make_flight, set_state
from tests.makers import clock_of
from tests.views.test_frame_window import close, opened


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = flight_store(tmp_path)
    flight = made.run(make_flight, State.GO_NO_GO)
    done_before(made, flight)
    clock_of(made).set(START)
    made.run(set_state, flight, State.IN_PROGRESS)
    yield made
    made.close()


def beside() -> list[OwnScreen]:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    return [w for w in app.topLevelWidgets() if isinstance(w, OwnScreen) and w.isVisible()]


def on_live(window: Window, qtbot: QtBot) -> LivePage:
    window.shell.goto("live")
    page = window.shell.page("live")
    assert isinstance(page, LivePage)
    qtbot.waitUntil(lambda: page.alert, timeout=10_000)
    qtbot.waitUntil(lambda: window.idle, timeout=10_000)
    return page


def test_what_is_done_in_a_window_of_its_own_is_answered_there(
    theme: Theme, qapp: QApplication, qtbot: QtBot, store: Store
) -> None:
    window = opened(store, qapp, qtbot)
    page = on_live(window, qtbot)
    page.ownScreenRequested.emit(Side.COMMUNICATION.value, page.outage_id)
    (own,) = beside()
    own.activateWindow()
    qtbot.waitUntil(own.isActiveWindow)
    window.shell.notify.info("Sent.")
    assert (own.notify.shown(), window.shell.notify.shown()) == (("Sent.",), ())
    window.shell.activateWindow()
    qtbot.waitUntil(window.shell.isActiveWindow)
    window.shell.notify.info("Done.")
    assert "Done." in window.shell.notify.shown()
    own.activateWindow()
    qtbot.waitUntil(own.isActiveWindow)
    with qtbot.waitSignal(own.destroyed):
        own.close()
    window.shell.notify.info("Closed.")
    assert "Closed." in window.shell.notify.shown()
    close(window)


def test_a_side_that_stood_beside_the_flight_stands_there_again(
    theme: Theme, qapp: QApplication, qtbot: QtBot, store: Store
) -> None:
    first = opened(store, qapp, qtbot, remember=True)
    page = on_live(first, qtbot)
    assert beside() == []
    page.ownScreenRequested.emit(Side.COMMUNICATION.value, page.outage_id)
    assert [type(own.page) for own in beside()] == [CommsPage]
    qtbot.waitUntil(lambda: first.idle, timeout=10_000)
    close(first)
    qtbot.waitUntil(lambda: beside() == [])
    again = opened(store, qapp, qtbot, remember=True)
    on_live(again, qtbot)
    assert [type(own.page) for own in beside()] == [CommsPage]
    qtbot.waitUntil(lambda: again.idle, timeout=10_000)
    close(again)
