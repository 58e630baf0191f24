"""The sheet of a named decision: the card's name first, another one only with a reason."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.models.outages.decisions import Act, CardLine, Decided
from app.views.theme import Theme
from app.views.widgets.deciding import (
    decided_from,
    decided_words,
    decision_sheet,
    waiver_asks,
)
from app.views.widgets.sheet import Ask, Sheet

LINE = CardLine(Act.NO_RETURN, "R. Vance", "555 0110", "S. Moreau", "555 0111")


@pytest.fixture
def host(qtbot: QtBot, theme: Theme) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    return made


def asked(host: QWidget, line: CardLine | None = LINE) -> Sheet:
    made = decision_sheet(host, "Start 8 late", "", "Record it", line)
    made.open()
    return made


def who(sheet: Sheet) -> QComboBox:
    found = sheet.editor("who")
    assert isinstance(found, QComboBox)
    return found


def type_in(sheet: Sheet, key: str, words: str) -> None:
    line = sheet.editor(key)
    assert isinstance(line, QLineEdit)
    line.setText(words)


def test_a_key_alone_decides_in_nobodys_name_and_one_word_does(qtbot: QtBot, host: QWidget) -> None:
    sheet = asked(host)
    with qtbot.assertNotEmitted(sheet.answered):
        sheet.yes.click()
    type_in(sheet, "why", "go on")
    with qtbot.waitSignal(sheet.answered) as said:
        sheet.yes.click()
    assert said.args is not None
    assert decided_from(said.args[0]) == Decided("R. Vance", "go on")


def test_who_types_at_once_types_the_reason_and_changes_no_choice(host: QWidget) -> None:
    asks = (*waiver_asks("A. Lima"), Ask("why", "Why", needed="Say why."))
    waiving = Sheet(host, "Accept this conflict", "", asks, "Accept")
    nobody = (*waiver_asks(""), Ask("why", "Why", needed="Say why."))
    unled = Sheet(host, "Accept this conflict", "", nobody, "Accept")
    for sheet, key in ((asked(host), "why"), (waiving, "why"), (unled, "by")):
        sheet.show()
        assert sheet.focusWidget() is sheet.editor(key)


def test_the_deputy_stands_second(host: QWidget) -> None:
    sheet = asked(host)
    assert [who(sheet).itemText(i) for i in range(3)] == [
        "R. Vance, as the card says · 555 0110",
        "S. Moreau, the deputy · 555 0111",
        "somebody else…",
    ]


def test_somebody_else_needs_a_name_and_a_reason(qtbot: QtBot, host: QWidget) -> None:
    sheet = asked(host)
    assert not sheet.editor("by").isVisible()
    who(sheet).setCurrentIndex(2)
    assert sheet.editor("by").isVisible()
    type_in(sheet, "by", "A. Lima")
    type_in(sheet, "why", "go on")
    with qtbot.assertNotEmitted(sheet.answered):
        sheet.yes.click()
    shown = [each.text() for each in sheet.findChildren(QLabel) if each.isVisible()]
    assert "The card names R. Vance: say why somebody else decides." in shown
    type_in(sheet, "instead", "R. Vance is in the air")
    with qtbot.waitSignal(sheet.answered) as said:
        sheet.yes.click()
    assert said.args is not None
    assert decided_from(said.args[0]) == Decided(
        "A. Lima", "go on", instead="R. Vance is in the air"
    )


def test_a_card_without_a_name_asks_for_one(host: QWidget) -> None:
    sheet = asked(host, CardLine(Act.NO_RETURN))
    assert sheet.editor("by").isVisible()


def test_who_stood_in_is_said_in_words() -> None:
    assert decided_words(Decided("A. Lima"), LINE) == "decided by A. Lima instead of R. Vance"
    assert decided_words(Decided("Vance"), LINE) == "decided by R. Vance"
