"""The card of an edit made in Outlook, on the Overview."""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.services.outages.brief_outlook import OutlookRow
from app.views.outages.outlook_card import OutlookCard

ROW = OutlookRow("link", 2, "In Outlook it stands there Fri 10 Jan 20:00–23:00 EST.", True, True)


def press(card: OutlookCard, words: str) -> None:
    [found] = [b for b in card.findChildren(QPushButton) if b.text() == words]
    found.click()


def test_nothing_is_shown_while_nothing_waits(qtbot: QtBot) -> None:
    card = OutlookCard()
    qtbot.addWidget(card)
    card.show_row(None)
    assert card.isHidden()


def test_it_is_taken_over_or_put_back(qtbot: QtBot) -> None:
    card = OutlookCard()
    qtbot.addWidget(card)
    card.show_row(ROW)
    heard: list[tuple[object, bool]] = []
    card.answered.connect(lambda row, over: heard.append((row, over)))
    press(card, "Take over…")
    press(card, "Put back in Outlook")
    assert heard == [(ROW, True), (ROW, False)]


def test_what_cannot_be_taken_over_is_only_put_back(qtbot: QtBot) -> None:
    card = OutlookCard()
    qtbot.addWidget(card)
    card.show_row(OutlookRow("link", 2, "In Outlook it was taken out.", False, False))
    assert [b.text() for b in card.findChildren(QPushButton)] == ["Put back in Outlook"]
