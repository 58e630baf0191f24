"""The words on `?`: how a screen works, and its keys."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QGridLayout, QLabel, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from app.resources import resource
from app.views.keys_help import KeysHelp, how_this_works
from app.views.theme import Theme

SECTIONS = (
    *("today", "calendar", "outages", "notices", "outbox", "live"),
    *("directory", "import", "account", "settings"),
)
TABS = ("board", "timeline", "communication", "people", "crew-board", "changes", "log")
TOPICS = (*SECTIONS, *TABS, "begin", "numbers", "rota", "runbooks", "templates", "trouble")


@pytest.mark.parametrize("topic", TOPICS)
def test_each_screen_has_a_few_sentences_of_its_own(topic: str) -> None:
    words = how_this_works(topic)
    sentences = re.findall(r"[.!?](?=\s|$)", words)
    assert 3 <= len(sentences) <= 10
    assert len(words.split()) <= 160
    assert not re.search(r"[*_`#]|(?:^|\s)- ", words), "they are shown as they stand"


def test_no_words_lie_about_for_a_screen_that_is_not_there() -> None:
    assert {path.stem for path in Path(resource("help")).glob("*.md")} == set(TOPICS)


def test_a_screen_without_words_still_has_its_keys() -> None:
    assert how_this_works("nowhere") == ""


def test_the_help_says_how_it_works_and_its_keys(theme: Theme, qtbot: QtBot) -> None:
    window = QWidget()
    window.resize(1200, 700)
    qtbot.addWidget(window)
    shown = KeysHelp(window, "Today", (("Ctrl+N", "plan"),), 5, how_this_works("today"))
    said = [label.text() for label in shown.findChildren(QLabel)]
    assert "How Today works" in said
    assert "Ctrl+N" in said
    assert shown.height() <= window.height()
    columns = {grid.columnMinimumWidth(0) for grid in shown.findChildren(QGridLayout)}
    assert len(columns) == 1, "the two tables stand in line"
    assert "Ctrl+N: plan" in shown.accessibleDescription()


def test_a_help_too_long_for_the_window_is_read_on_by_keys(theme: Theme, qtbot: QtBot) -> None:
    window = QWidget()
    window.resize(700, 420)
    qtbot.addWidget(window)
    window.show()
    keys = tuple((f"Ctrl+{n}", "does it") for n in range(20))
    shown = KeysHelp(window, "Live", keys, 5, how_this_works("live"))
    shown.show()
    qtbot.waitUntil(shown.isActiveWindow)
    area = shown.findChild(QScrollArea)
    assert area is not None
    held = shown.focusWidget()
    assert held is not None
    QTest.keyClick(held, Qt.Key.Key_PageDown)
    assert area.verticalScrollBar().value() > 0
    QTest.keyClick(held, Qt.Key.Key_Return)
    assert shown.isHidden()
