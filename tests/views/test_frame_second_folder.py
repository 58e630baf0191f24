"""The frame says how the second folder stands, and a console that was taken over sends nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from app.services.database import Store
from app.services.settings.second_folder import choose_second_folder, place_of, taken_file
from app.services.settings.second_reading import LaterEntry
from app.views.theme import Theme
from app.wiring import Console
from app.wiring.window import Window
from tests.makers import NOW, make_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = make_store(tmp_path / "data")
    (tmp_path / "share").mkdir()
    choose_second_folder(store.folder, tmp_path / "share")
    yield store
    store.close()


def opened(store: Store, qapp: QApplication, qtbot: QtBot) -> Window:
    window = Window(store.folder, qapp, store.clock, remember=False, syncs=True)
    window.attach(Console(store.folder, store.clock, store.bus, store))
    window.furnish()
    window.shell.show()
    assert window.pages is not None
    second = window.pages.second
    qtbot.waitUntil(lambda: second.last is not None, timeout=20_000)
    return window


def close(window: Window) -> None:
    window.console = None  # the store is the fixture's
    window.close()


def foot(window: Window) -> list[str]:
    return [label.text() for label in window.shell.rail.findChildren(QLabel)]


def test_a_kept_folder_is_said_at_the_foot_and_sending_begins(
    store: Store, theme: Theme, qapp: QApplication, qtbot: QtBot
) -> None:
    window = opened(store, qapp, qtbot)
    try:
        assert "Second folder current" in foot(window)
        assert window.pages is not None
        assert window.pages.outside.is_started
    finally:
        close(window)


def test_after_a_take_over_it_says_so_and_nothing_is_sent(
    store: Store, theme: Theme, qapp: QApplication, qtbot: QtBot, tmp_path: Path
) -> None:
    copies = place_of(store.folder).copies
    taken_file(copies, 2).write_text("J. Sato on deputy", encoding="utf-8")
    window = opened(store, qapp, qtbot)
    try:
        assert "Taken over elsewhere" in foot(window)
        words = [label.text() for label in window.shell.findChildren(QLabel)]
        assert any("Taken over by J. Sato on deputy" in each for each in words)
        assert window.pages is not None
        assert not window.pages.outside.is_started
    finally:
        close(window)


def test_a_pulled_out_stick_is_said_with_the_minute_it_knows(
    store: Store, theme: Theme, qapp: QApplication, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "share").rename(tmp_path / "away")
    window = opened(store, qapp, qtbot)
    try:
        assert "Second folder not written" in foot(window)
        (tmp_path / "away").rename(tmp_path / "share")
        qtbot.waitUntil(lambda: "Second folder current" in foot(window), timeout=20_000)
    finally:
        close(window)


def test_what_the_console_taken_over_from_records_later_is_told(
    store: Store, theme: Theme, qapp: QApplication, qtbot: QtBot
) -> None:
    window = opened(store, qapp, qtbot)
    try:
        assert window.pages is not None
        later = LaterEntry(store.organisation_id, 7, NOW, "M. Okafor", "finished 7", "laptop-1")
        window.pages.second._on_later([later])
        words = [label.text() for label in window.shell.findChildren(QLabel)]
        assert any("laptop-1 recorded something after it was taken over" in w for w in words)
    finally:
        close(window)
