"""The card beside the plan: conflicts, and free windows to take."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.models.calendar.free import FreeWindow
from app.views.outages.conflict_card import ConflictCard
from app.views.theme import Theme
from tests.makers import make_window


def test_a_free_window_is_taken_by_a_key(theme: Theme, qtbot: QtBot) -> None:
    card = ConflictCard(lambda: None)
    qtbot.addWidget(card)
    card.show()
    window = make_window()
    card.show_found((), complete=True)
    card.free.show_found([FreeWindow(window, ("the window you asked for",), 0.0)])
    taken: list[object] = []
    card.taken.connect(taken.append)
    take = next(b for b in card.findChildren(QPushButton) if b.text() == "Take")
    assert take.accessibleName() == "Take Fri 10 Jan 19:00–22:00 EST"
    QTest.keyClick(take, Qt.Key.Key_Space)
    assert taken == [window]


def test_without_a_service_no_window_is_looked_for(theme: Theme, qtbot: QtBot) -> None:
    card = ConflictCard(lambda: None)
    qtbot.addWidget(card)
    card.show()
    card.show_found((), complete=False)
    assert not card.free.look.isVisible()
