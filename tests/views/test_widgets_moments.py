"""A date and a time, typed as people write them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QDateTime, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.views.theme import Theme
from app.views.widgets.moments import MomentEdit


@pytest.fixture
def editor(qtbot: QtBot, theme: Theme) -> MomentEdit:
    made = MomentEdit("Start")
    qtbot.addWidget(made)
    made.setDateTime(QDateTime.fromString("2026-12-21T19:00Z", Qt.DateFormat.ISODate))
    made.show()
    made.setFocus()
    return made


def now(editor: MomentEdit) -> str:
    return editor.dateTime().toString("yyyy-MM-ddTHH:mm")


@pytest.mark.parametrize(
    "typed", ["29 Nov 2026  20:01", "29 Nov 2026 20:01", "29Nov20262001", "29-nov-2026 20.01"]
)
def test_it_is_typed_as_it_is_written(editor: MomentEdit, typed: str) -> None:
    editor.selectAll()
    QTest.keyClicks(editor, typed)
    assert now(editor) == "2026-11-29T20:01"


def test_a_day_of_one_digit_goes_on_at_the_space(editor: MomentEdit) -> None:
    editor.selectAll()
    QTest.keyClicks(editor, "1 Nov 2026 7:05")
    assert now(editor) == "2026-11-01T07:05"


def test_home_leads_to_the_day(editor: MomentEdit) -> None:
    editor.setSelectedSection(MomentEdit.Section.MinuteSection)
    QTest.keyClick(editor, Qt.Key.Key_Home)
    QTest.keyClicks(editor, "05")
    assert now(editor) == "2026-12-05T19:00"
