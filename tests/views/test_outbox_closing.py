"""The question when the console is closed while something waits to leave."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.services.outbox.closing import Kept
from app.services.sync.state import SyncState
from app.views.outbox.closing import ClosingDialog
from app.views.theme import Theme


@pytest.fixture
def over(qtbot: QtBot, theme: Theme) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    return made


def test_closing_while_something_waits_offers_outlook(qtbot: QtBot, over: QWidget) -> None:
    dialog = ClosingDialog(over, Kept(2, 2), SyncState.IN_SYNC)
    dialog.open()
    with qtbot.waitSignal(dialog.handOver):
        dialog.hold.click()
    assert not dialog.close_now.isEnabled()
    dialog.fail("1 could not be handed over yet.")
    assert dialog.close_now.isEnabled()
    with qtbot.waitSignal(dialog.closeAnyway):
        dialog.close_now.click()


def test_enter_presses_the_button_one_is_on(qtbot: QtBot, over: QWidget) -> None:
    dialog = ClosingDialog(over, Kept(1, 1), SyncState.IN_SYNC)
    dialog.open()
    with qtbot.waitSignal(dialog.handOver):
        QTest.keyClick(dialog.hold, Qt.Key.Key_Return)
    dialog.reject()


def test_closing_offline_says_that_it_waits(over: QWidget) -> None:
    dialog = ClosingDialog(over, Kept(1, 1), SyncState.OFFLINE)
    dialog.open()
    assert not dialog.hold.isVisible()
    assert "leaves when the console runs again" in dialog.words.text()
    dialog.reject()


def test_right_after_the_start_it_says_that_nothing_is_known_yet(over: QWidget) -> None:
    dialog = ClosingDialog(over, Kept(1, 1), SyncState.OFF)
    dialog.open()
    assert dialog.hold.isVisible()
    assert "cannot be reached" not in dialog.words.text()
    assert "has not answered yet since the start" in dialog.words.text()
    dialog.show_outlook(SyncState.IN_SYNC)
    assert "since the start" not in dialog.words.text()
    dialog.show_outlook(SyncState.OFFLINE)
    assert not dialog.hold.isVisible()
    dialog.reject()


def test_without_a_sign_in_it_is_not_called_unreachable(over: QWidget) -> None:
    dialog = ClosingDialog(over, Kept(1, 1), SyncState.SIGN_IN)
    dialog.open()
    assert not dialog.hold.isVisible()
    assert "asks for a sign-in" in dialog.words.text()
    dialog.reject()


def test_what_is_on_its_way_already_is_not_offered_to_outlook(over: QWidget) -> None:
    dialog = ClosingDialog(over, Kept(1, 0), SyncState.IN_SYNC)
    dialog.open()
    assert not dialog.hold.isVisible()
    assert "cannot be given to Outlook" in dialog.words.text()
    dialog.reject()
    both = ClosingDialog(over, Kept(3, 2), SyncState.IN_SYNC)
    both.open()
    assert both.hold.isVisible()
    assert "2 of them" in both.words.text()
    assert "1 on the way already cannot be held" in both.words.text()
    both.reject()
