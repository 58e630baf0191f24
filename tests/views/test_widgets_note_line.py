"""A note that is too long is said to be, and what is typed meanwhile stays."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.views.theme import Theme
from app.views.widgets.note_line import NoteLine


@pytest.fixture
def line(qtbot: QtBot, theme: Theme) -> NoteLine:
    made = NoteLine(20)
    qtbot.addWidget(made)
    made.show()
    return made


def paste(line: NoteLine, text: str) -> None:
    QApplication.clipboard().setText(text)
    QTest.keyClick(line, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)


def test_a_paste_that_does_not_fit_is_said(line: NoteLine) -> None:
    said: list[str] = []
    line.tooLong.connect(said.append)
    paste(line, "x" * 1_000_000)
    assert said and "first 20 characters" in said[0]
    assert len(line.text()) == 20


def test_one_that_fits_says_nothing(line: NoteLine) -> None:
    said: list[str] = []
    line.tooLong.connect(said.append)
    paste(line, "the disk is slow")
    assert not said
    assert line.text() == "the disk is slow"


def test_what_was_typed_while_it_was_written_stays(line: NoteLine) -> None:
    line.setText("first")
    line.written("first")
    assert line.text() == ""
    line.setText("first and more")
    line.written("first")
    assert line.text() == "first and more"
