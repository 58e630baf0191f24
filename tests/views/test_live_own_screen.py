from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.models.outages.lifecycle import State
from app.models.runbook import StepAct
from app.views.live.own_screen import OwnScreen
from app.views.live.page import LivePage
from app.views.theme import Theme
from tests.flights import do, make_flight
from tests.views.flying import Cockpit, cockpit, until


@pytest.fixture
def seat(tmp_path: Path, qtbot: QtBot, theme: Theme) -> Iterator[Cockpit]:
    made = cockpit(tmp_path)
    yield made
    made.store.close()


def placed(seat: Cockpit, kept: Path | None) -> OwnScreen:
    page = LivePage(seat.ops, seat.acts, seat.told, seat.store.clock.now, seat.undos.append)
    page.alone()
    seat.bridge.happened.connect(page.on_event)
    here = QGuiApplication.primaryScreen()
    return OwnScreen(page, QGuiApplication.screens(), here, settings=kept)


def alone(seat: Cockpit, qtbot: QtBot, kept: Path | None = None) -> OwnScreen:
    window = placed(seat, kept)
    page = window.page
    with qtbot.waitSignal(page.headerChanged):
        page.activate()
    window.resize(1440, 900)  # narrower it leaves out the date
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return window


def test_it_shows_the_flight_with_its_clock_and_follows_it(seat: Cockpit, qtbot: QtBot) -> None:
    flight = seat.store.run(make_flight, State.GO_NO_GO)
    window = alone(seat, qtbot)
    assert window.windowTitle() == "File cluster firmware — Live"
    window.tick(seat.store.clock.now())
    words = [label.text() for label in window.findChildren(QLabel) if label.isVisible()]
    assert any("Fri 10 Jan 18:42" in text for text in words)
    with qtbot.waitSignal(window.page.headerChanged):
        do(seat.store, flight, "1", StepAct.FINISH)
    window.close()


def test_f11_fills_the_screen_and_escape_leaves_it(seat: Cockpit, qtbot: QtBot) -> None:
    seat.store.run(make_flight, State.GO_NO_GO)
    window = alone(seat, qtbot)
    QTest.keyClick(window, Qt.Key.Key_F11)
    until(qtbot, window.isFullScreen)
    QTest.keyClick(window, Qt.Key.Key_Escape)
    until(qtbot, lambda: not window.isFullScreen())
    window.close()


def test_closing_it_says_so_and_with_no_second_screen_left_it_hides_nothing(
    seat: Cockpit, qtbot: QtBot, tmp_path: Path
) -> None:
    seat.store.run(make_flight, State.GO_NO_GO)
    window = alone(seat, qtbot, tmp_path / "window.ini")
    window.showFullScreen()
    told: list[str] = []
    window.closed.connect(lambda: told.append("closed"))
    window.close()
    until(qtbot, lambda: not shiboken6.isValid(window))
    assert told == ["closed"]
    again = placed(seat, tmp_path / "window.ini")
    assert not again.isFullScreen()
    again.close()
