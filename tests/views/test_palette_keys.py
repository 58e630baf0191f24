"""The command palette by keys alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.services.search import Found, Index, Item, find
from app.views.palette import Palette
from app.views.theme import Theme

THINGS = Index(
    (
        Item(Found.OUTAGE, "1", "File cluster firmware", "Fri 10 Jan", "OUT-2025-001"),
        Item(Found.OUTAGE, "2", "File cluster expansion", "Sat 1 Feb", "OUT-2025-002"),
        Item(Found.PERSON, "3", "K. Ito"),
    )
)


@pytest.fixture
def palette(theme: Theme, qtbot: QtBot) -> Iterator[Palette]:
    window = QWidget()
    window.resize(1000, 700)
    qtbot.addWidget(window)
    window.show()
    made = Palette(window, lambda typed: find(typed, (THINGS,)))
    made.open()
    qtbot.waitExposed(made)
    yield made
    window.close()


def test_typing_and_enter_go_to_the_best(palette: Palette, qtbot: QtBot) -> None:
    QTest.keyClicks(palette.line, "ito")
    with qtbot.waitSignal(palette.chosen) as chosen:
        QTest.keyClick(palette.line, Qt.Key.Key_Return)
    assert chosen.args is not None
    assert chosen.args[0].title == "K. Ito"


def test_down_moves_the_choice_while_the_line_keeps_the_keyboard(
    palette: Palette, qtbot: QtBot
) -> None:
    QTest.keyClicks(palette.line, "file")
    QTest.keyClick(palette.line, Qt.Key.Key_Down)
    with qtbot.waitSignal(palette.chosen) as chosen:
        QTest.keyClick(palette.line, Qt.Key.Key_Enter)
    assert chosen.args is not None
    assert chosen.args[0].title == "File cluster expansion"


def test_escape_leaves_and_goes_nowhere(palette: Palette, qtbot: QtBot) -> None:
    gone: list[object] = []
    palette.chosen.connect(gone.append)
    with qtbot.waitSignal(palette.finished):
        QTest.keyClick(palette.line, Qt.Key.Key_Escape)
    assert not gone


def test_what_is_not_found_is_said(palette: Palette) -> None:
    QTest.keyClicks(palette.line, "zzzz")
    assert palette.list.isHidden()
    assert palette.list.current() is None


def test_more_that_was_read_meanwhile_is_shown(theme: Theme, qtbot: QtBot) -> None:
    window = QWidget()
    window.resize(1000, 700)
    qtbot.addWidget(window)
    known: list[Item] = []
    palette = Palette(window, lambda typed: find(typed, (Index(known),)))
    palette.line.setText("ito")
    known.append(THINGS.items[2])
    palette.refresh()
    found = palette.list.current()
    assert found is not None
    assert found.title == "K. Ito"
