"""Every screen of the window, with the sample in it, as a keyboard and a screen reader find it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from app.services.sample.loading import load_sample
from app.views.runbook.board_view import BoardView
from app.views.theme import Theme
from app.wiring import Console
from app.wiring.shots import settle
from app.wiring.window import Window
from tests.makers import make_store
from tests.services.test_sample_loading import NOW
from tests.views import walking

CONTROL = Qt.KeyboardModifier.ControlModifier
SIZE = (1440, 900)


@dataclass(frozen=True, slots=True)
class Screen:
    """What is wrong with one screen, each control in words."""

    name: str
    unnamed: tuple[str, ...]
    too_low: tuple[str, ...]
    without_size: tuple[str, ...]
    unreached: tuple[str, ...]
    came_round: bool


@pytest.fixture(scope="module")
def walked(
    tmp_path_factory: pytest.TempPathFactory, qapp: QApplication, dressed: Theme
) -> Iterator[list[Screen]]:
    """Each screen and dialog, looked at once."""
    store = make_store(tmp_path_factory.mktemp("walk"), NOW, organisation=False)
    load_sample(store)
    window = Window(store.folder, qapp, store.clock, remember=False)
    window.shell.resize(*SIZE)
    window.shell.show()
    window.shell.activateWindow()
    window.attach(Console(store.folder, store.clock, store.bus, store))
    window.furnish()
    settle(qapp, window)
    yield [*_pages(qapp, window), *_dialogs(qapp, window)]
    window.leave()
    window.shell.deleteLater()
    window.deleteLater()
    store.close()


def _pages(app: QApplication, window: Window) -> Iterator[Screen]:
    assert window.pages is not None
    for name, go in window.pages.screens():
        go()
        settle(app, window)
        yield _look(name, window.shell)
    window.shell.goto("outages", "", "new")
    settle(app, window)
    yield _look("plan form", window.shell)
    QTest.keyClick(window.shell, Qt.Key.Key_Escape)
    settle(app, window)


def _dialogs(app: QApplication, window: Window) -> Iterator[Screen]:
    shell = window.shell
    shell.goto("today")
    for name, key, held in (
        ("palette", Qt.Key.Key_K, CONTROL),
        ("help", Qt.Key.Key_F1, Qt.KeyboardModifier.NoModifier),
    ):
        QTest.keyClick(shell, key, held)
        settle(app, window)
        yield _close(name, shell)
        shell.activateWindow()
        settle(app, window)
    screens = dict(window.pages.screens()) if window.pages is not None else {}
    screens["outage-board"]()
    settle(app, window)
    board = shell.findChild(BoardView)
    assert board is not None
    QTest.keyClick(board, Qt.Key.Key_Return)
    settle(app, window)
    yield _close("step", shell)


def _close(name: str, shell: QWidget) -> Screen:
    asked = [each for each in shell.findChildren(QDialog) if each.isVisible()]
    assert asked, name
    seen = _look(name, asked[-1])
    asked[-1].reject()
    return seen


def _look(name: str, root: QWidget) -> Screen:
    unnamed, too_low = tuple(walking.unnamed(root)), tuple(walking.too_low(root))
    without_size = tuple(walking.without_size(root))
    wanted = [each for each in walking.controls(root) if walking.by_tab(each)]
    reached, came_round = walking.round_by_tab(root)
    missed = tuple(walking.told(each) for each in wanted if each not in reached)
    return Screen(name, unnamed, too_low, without_size, missed, came_round)


def faults(walked: list[Screen], which: str) -> str:
    """One a line; empty when there is none."""
    return "\n".join(f"{s.name}: {each}" for s in walked for each in getattr(s, which))


def test_every_control_has_a_name_for_screen_readers(walked: list[Screen]) -> None:
    assert faults(walked, "unnamed") == ""


def test_every_button_is_high_enough_to_hit(walked: list[Screen]) -> None:
    assert faults(walked, "too_low") == ""


def test_nothing_that_takes_the_focus_is_without_size(walked: list[Screen]) -> None:
    assert faults(walked, "without_size") == ""


def test_tab_reaches_every_control(walked: list[Screen]) -> None:
    assert faults(walked, "unreached") == ""


def test_tab_comes_round_again(walked: list[Screen]) -> None:
    assert [screen.name for screen in walked if not screen.came_round] == []
