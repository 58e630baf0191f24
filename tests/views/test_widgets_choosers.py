"""Choosing with the keyboard: several of many, and one."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.views.theme import Theme
from app.views.widgets.choosers import ManyOf, OneOf


@dataclass(frozen=True, slots=True)
class Thing:
    id: str
    name: str
    sub: str = ""


THINGS = [
    Thing(str(n), name)
    for n, name in enumerate(
        ("BACKUP-1", "MAIL-1", "SAN-01", "SAN-02", "SAN-10", "VPN-1", "WIFI-1"), 1
    )
]


@pytest.fixture
def many(theme: Theme, qtbot: QtBot) -> ManyOf:
    made = ManyOf("CIs", THINGS)
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    made.search.setFocus()
    qtbot.waitUntil(made.search.hasFocus)
    return made


def test_enter_in_the_search_ticks_what_was_found(many: ManyOf) -> None:
    for words in ("san-01", "san-02"):
        QTest.keyClicks(many.search, words)
        QTest.keyClick(many.search, Qt.Key.Key_Return)
    assert many.chosen() == ("3", "4")


def test_enter_again_takes_the_tick_away(many: ManyOf) -> None:
    QTest.keyClicks(many.search, "vpn")
    QTest.keyClick(many.search, Qt.Key.Key_Return)
    QTest.keyClick(many.search, Qt.Key.Key_Return)
    assert many.chosen() == ()


def test_enter_without_a_search_ticks_nothing(many: ManyOf) -> None:
    QTest.keyClick(many.search, Qt.Key.Key_Return)
    assert many.chosen() == ()


def test_down_goes_from_the_search_to_the_first_it_found(many: ManyOf) -> None:
    QTest.keyClicks(many.search, "san")
    QTest.keyClick(many.search, Qt.Key.Key_Down)
    assert many.list.hasFocus()
    assert [i.data() for i in many.list.selectedIndexes()] == ["SAN-01"]
    QTest.keyClick(many.list, Qt.Key.Key_Space)
    assert many.chosen() == ("3",)


@pytest.mark.parametrize(("typed", "chosen"), [("vpn", "6"), ("san", ""), ("nobody", "")])
def test_part_of_one_name_chooses_it(theme: Theme, qtbot: QtBot, typed: str, chosen: str) -> None:
    place = QWidget()
    qtbot.addWidget(place)
    box = QVBoxLayout(place)
    one, other = OneOf("CI", THINGS), OneOf("Other", THINGS)
    box.addWidget(one)
    box.addWidget(other)
    place.show()
    place.activateWindow()
    one.setFocus()
    qtbot.waitUntil(one.hasFocus)
    line = one.lineEdit()
    assert line is not None
    line.selectAll()
    QTest.keyClicks(line, typed)
    found = QApplication.activePopupWidget()  # it has the keys while it is open
    QTest.keyClick(found or line, Qt.Key.Key_Tab)
    assert other.hasFocus()
    assert one.chosen() == chosen
    assert one.unknown() == ("" if chosen else typed), "what was not taken is told"
    assert not one.unknown(), "once"


def test_a_click_offers_all_and_what_is_typed_then_finds_one(theme: Theme, qtbot: QtBot) -> None:
    box = OneOf("CI", THINGS)
    qtbot.addWidget(box)
    box.show()
    qtbot.waitExposed(box)
    box.choose("2")
    line, finder = box.lineEdit(), box.completer()
    assert line is not None and finder is not None
    QTest.mouseClick(line, Qt.MouseButton.LeftButton)
    popup = finder.popup()
    assert popup is not None and popup.isVisible()
    assert popup.model().rowCount() == 1 + len(THINGS), "nobody, too"
    QTest.keyClicks(line, "vpn")
    assert popup.model().rowCount() == 1
    first = popup.visualRect(popup.model().index(0, 0)).center()
    QTest.mouseClick(popup.viewport(), Qt.MouseButton.LeftButton, pos=first)
    assert box.chosen() == "6"


def test_one_of_shows_the_name_and_not_the_end_of_what_is_said_of_it(
    theme: Theme, qtbot: QtBot
) -> None:
    who = OneOf("Who", [Thing("1", "J. Sato", "coordinator, technician")])
    qtbot.addWidget(who)
    who.choose("1")
    line = who.lineEdit()
    assert line is not None
    assert line.cursorPosition() == 0
