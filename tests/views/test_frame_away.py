"""A window that was killed in flight comes back to that flight, and says how long it was away."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.models.outages.lifecycle import State
from app.services.database import Store
from app.services.live.away import note_seen, seen_last
from app.services.log import read_log
from app.views.frame_strip import Strip
from app.views.live.away_dialog import AwayDialog
from app.views.ops import Beside, Ops
from app.views.theme import Theme
from app.wiring import Console
from app.wiring.away import AwayWatch
from app.wiring.window import Window
from tests.flights import START, flight_store, make_flight, set_state
from tests.makers import clock_of
from tests.views.telling import Silent


class Cockpit:
    """A window in flight, whose machine may be put to sleep."""

    def __init__(self, store: Store, qapp: QApplication, qtbot: QtBot) -> None:
        self.store, self.qtbot = store, qtbot
        self.outage_id = store.run(make_flight, State.GO_NO_GO)
        clock_of(store).set(START)
        store.run(set_state, self.outage_id, State.IN_PROGRESS)
        self.window = Window(store.folder, qapp, store.clock, remember=False)
        self.window.attach(Console(store.folder, store.clock, store.bus, store))
        self.window.furnish()
        self.window.shell.show()
        self.slept = 0.0
        self.thread = Beside()
        beside = Ops(self.thread, Silent(), lambda: None, self.window)
        self.watch = AwayWatch(self.window, beside, lambda: self.slept)

    def sleep(self, minutes: float) -> None:
        """Its lid is closed."""
        clock_of(self.store).advance(minutes=minutes)
        self.slept += minutes * 60

    def settle(self) -> None:
        self.qtbot.waitUntil(lambda: self.window.idle)

    @property
    def newest(self) -> str:
        return self.store.read(read_log, self.outage_id)[-1].what

    @property
    def dialogs(self) -> list[AwayDialog]:
        return self.window.shell.findChildren(AwayDialog)


@pytest.fixture
def cockpit(theme: Theme, qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Cockpit]:
    store = flight_store(tmp_path)
    made = Cockpit(store, qapp, qtbot)
    made.settle()
    yield made
    made.settle()
    for dialog in made.dialogs:
        dialog.close()
    made.watch.stop()
    made.thread.close()
    made.window.console = None  # the store is the fixture's
    made.window.close()
    store.close()


def test_killed_and_back_at_once_it_is_on_live_again(cockpit: Cockpit) -> None:
    note_seen(cockpit.store.folder, START - timedelta(seconds=20))
    cockpit.watch.start()
    cockpit.qtbot.waitUntil(lambda: cockpit.window.shell.current == "live")
    assert cockpit.dialogs == []


def test_closed_on_purpose_it_opens_as_ever(cockpit: Cockpit) -> None:
    note_seen(cockpit.store.folder, START - timedelta(seconds=20), closed=True)
    cockpit.watch.start()
    cockpit.settle()
    assert cockpit.window.shell.current != "live"


def test_killed_and_back_later_it_says_for_how_long(cockpit: Cockpit) -> None:
    note_seen(cockpit.store.folder, START)
    clock_of(cockpit.store).set(START + timedelta(minutes=19))
    cockpit.watch.start()
    cockpit.qtbot.waitUntil(lambda: len(cockpit.dialogs) == 1)
    assert cockpit.newest.startswith("away 19:00–19:19 (19 min)")
    assert cockpit.window.shell.current == "live"


def test_who_chose_a_page_meanwhile_stays_on_it(cockpit: Cockpit) -> None:
    note_seen(cockpit.store.folder, START)
    clock_of(cockpit.store).set(START + timedelta(minutes=19))
    QTest.keyClick(cockpit.window.shell, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    cockpit.watch.start()
    cockpit.qtbot.waitUntil(lambda: len(cockpit.dialogs) == 1)
    QTest.keyClick(cockpit.dialogs[0], Qt.Key.Key_Return)
    assert cockpit.window.shell.current == "calendar"


def test_a_closed_lid_is_said_as_well(cockpit: Cockpit) -> None:
    cockpit.watch.start()
    cockpit.sleep(minutes=31)
    cockpit.watch.look()
    cockpit.qtbot.waitUntil(lambda: len(cockpit.dialogs) == 1)
    assert cockpit.newest.startswith("away 19:00–19:31 (31 min)")


def test_a_clock_that_was_set_on_is_no_absence(cockpit: Cockpit) -> None:
    cockpit.watch.start()
    clock_of(cockpit.store).advance(hours=1)
    cockpit.watch.look()
    cockpit.settle()
    assert cockpit.dialogs == []


def test_closing_it_is_noted_as_that(cockpit: Cockpit) -> None:
    cockpit.watch.start()
    cockpit.settle()
    cockpit.watch.stop()
    seen = seen_last(cockpit.store.folder)
    assert seen is not None and seen.closed


def test_a_clock_set_back_is_said_over_every_page(cockpit: Cockpit) -> None:
    cockpit.watch.start()
    cockpit.settle()
    clock_of(cockpit.store).set(START - timedelta(hours=1))
    cockpit.watch.look()
    strip = cockpit.window.shell.findChild(Strip)
    assert strip is not None
    assert "clock went back 1 h" in strip.words.text()
    assert "Nothing is lost" in strip.words.text()
    clock_of(cockpit.store).set(START)
    cockpit.watch.look()
    assert strip.isHidden()
