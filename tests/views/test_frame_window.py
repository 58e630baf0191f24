"""The window as a whole, over a store of its own: help, palette, sample and the last section."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from app.services.database import Store, organisation
from app.services.events import DirectoryChanged
from app.services.uow import UnitOfWork
from app.views.keys_help import how_this_works
from app.views.page import HeaderAction
from app.views.palette import Palette
from app.views.settings.first_start_page import FirstStartPage
from app.views.theme import Theme
from app.wiring import Console
from app.wiring.window import Window
from tests.makers import make_person, make_store

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    opened = make_store(tmp_path_factory.mktemp("frame"))
    opened.run(make_person, "Ada Lindqvist")
    yield opened
    opened.close()


def opened(store: Store, qapp: QApplication, qtbot: QtBot, *, remember: bool = False) -> Window:
    window = Window(store.folder, qapp, store.clock, remember=remember)
    window.shell.show()
    window.attach(Console(store.folder, store.clock, store.bus, store))
    window.furnish()
    qtbot.waitUntil(lambda: window.idle)
    return window


@pytest.fixture
def window(theme: Theme, qapp: QApplication, qtbot: QtBot, store: Store) -> Iterator[Window]:
    made = opened(store, qapp, qtbot)
    yield made
    qtbot.waitUntil(lambda: made.idle)
    close(made)


def close(window: Window) -> None:
    window.leave()
    window.shell.deleteLater()
    window.deleteLater()


def as_sample(uow: UnitOfWork, is_sample: bool) -> None:
    organisation(uow).is_sample = is_sample
    uow.log("a sample, or none")
    uow.emit(DirectoryChanged())


def test_every_section_tells_its_keys_and_how_it_works(window: Window, qtbot: QtBot) -> None:
    for section in window.shell.sections:
        window.shell.goto(section.key)
        qtbot.waitUntil(lambda: window.idle)
        page = window.shell.front
        assert page is not None
        assert page.keys(), section.key
        assert how_this_works(page.help_topic or section.key), section.key


def test_a_section_is_opened_through_the_palette_by_keys(window: Window, qtbot: QtBot) -> None:
    QTest.keyClick(window.shell, Qt.Key.Key_K, CONTROL)
    palette = window.shell.findChild(Palette)
    assert palette is not None
    QTest.keyClicks(palette.line, "go to set")
    QTest.keyClick(palette.line, Qt.Key.Key_Return)
    assert window.shell.current == "settings"


def test_the_title_of_the_page_finds_no_act_of_it(window: Window, qtbot: QtBot) -> None:
    """Whoever types an outage's title wants the outage, not its first act."""
    window.shell.goto("directory")
    qtbot.waitUntil(lambda: window.idle)
    page = window.shell.front
    assert page is not None
    acts = {part.words for part in page.header_parts() if isinstance(part, HeaderAction)}
    assert acts
    QTest.keyClick(window.shell, Qt.Key.Key_K, CONTROL)
    palette = window.shell.findChild(Palette)
    assert palette is not None
    QTest.keyClicks(palette.line, page.title)
    found = {row.title for row in palette.list.model_rows.rows()}
    assert found
    assert not found & acts


def test_a_person_is_found_and_shown_in_the_directory(window: Window, qtbot: QtBot) -> None:
    QTest.keyClick(window.shell, Qt.Key.Key_K, CONTROL)
    palette = window.shell.findChild(Palette)
    assert palette is not None
    QTest.keyClicks(palette.line, "lindq")
    qtbot.waitUntil(lambda: palette.list.current() is not None)
    QTest.keyClick(palette.line, Qt.Key.Key_Return)
    assert window.shell.current == "directory"


def test_the_sample_says_that_it_is_one_until_it_is_left(
    window: Window, qtbot: QtBot, store: Store
) -> None:
    pages = window.pages
    assert pages is not None
    assert not pages.sample.is_sample
    store.run(as_sample, True)
    try:
        qtbot.waitUntil(lambda: pages.sample.is_sample)
        pages.sample.ask_to_leave()
        asked = window.shell.findChildren(QDialog)[-1]
        assert "cannot be undone" in asked.accessibleDescription()
        asked.reject()
        assert window.restart_after is None
    finally:
        store.run(as_sample, False)
        qtbot.waitUntil(lambda: not pages.sample.is_sample)


def test_the_window_opens_where_it_was_closed(
    theme: Theme, qapp: QApplication, qtbot: QtBot, store: Store
) -> None:
    first = opened(store, qapp, qtbot, remember=True)
    first.shell.goto("notices")
    qtbot.waitUntil(lambda: first.idle)
    close(first)
    second = opened(store, qapp, qtbot, remember=True)
    qtbot.waitUntil(lambda: second.shell.current == "notices")
    qtbot.waitUntil(lambda: second.idle)
    close(second)
    Path(store.folder / "window.ini").unlink()


@pytest.fixture
def closed_on_notices(
    theme: Theme, qapp: QApplication, qtbot: QtBot, store: Store
) -> Iterator[Store]:
    first = opened(store, qapp, qtbot, remember=True)
    first.shell.goto("notices")
    qtbot.waitUntil(lambda: first.idle)
    close(first)
    yield store
    Path(store.folder / "window.ini").unlink()


def loading(store: Store, qapp: QApplication) -> Window:
    """Painted, and its store still to be opened."""
    window = Window(store.folder, qapp, store.clock, syncs=False)
    window.shell.show()
    return window


def loaded(window: Window, store: Store, qtbot: QtBot) -> None:
    window.attach(Console(store.folder, store.clock, store.bus, store))
    window.furnish()
    qtbot.wait(1)
    qtbot.waitUntil(lambda: window.idle)


def test_what_was_clicked_while_it_loads_stays(
    closed_on_notices: Store, qapp: QApplication, qtbot: QtBot
) -> None:
    window = loading(closed_on_notices, qapp)
    QTest.mouseClick(window.shell.rail.button("today"), Qt.MouseButton.LeftButton)
    loaded(window, closed_on_notices, qtbot)
    assert window.shell.current == "today"
    close(window)


def test_what_today_was_asked_for_while_it_loads_is_done(
    closed_on_notices: Store, qapp: QApplication, qtbot: QtBot
) -> None:
    window = loading(closed_on_notices, qapp)
    window.today.goRequested.emit("outages", "", "new")
    loaded(window, closed_on_notices, qtbot)
    assert window.shell.current == "outages"
    close(window)


def test_an_own_organisation_opens_every_place_and_its_lists_come_first(
    theme: Theme, qapp: QApplication, qtbot: QtBot, tmp_path: Path
) -> None:
    empty = make_store(tmp_path, organisation=False)
    window = opened(empty, qapp, qtbot)
    begin = window.shell.page("begin")
    assert isinstance(begin, FirstStartPage)
    begin.name.setText("Quay Clinic")
    begin.start.click()
    qtbot.waitUntil(begin.to_import.isVisible)
    begin.to_import.click()
    qtbot.waitUntil(lambda: window.idle)
    keys = [section.key for section in window.shell.sections]
    assert window.shell.current == "import"
    assert "begin" not in keys
    assert keys.index("directory") < keys.index("import") < keys.index("settings")
    close(window)
    empty.close()
