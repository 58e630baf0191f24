"""Live proposes the crew's times; one key sends them, and the sheet shows their words first."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.models.tables.outbox import OutboxItem
from app.services.account.settings import turn_to_practice
from app.services.uow import UnitOfWork
from app.views.live.page import LivePage
from app.views.live.times_bar import TimesBar
from app.views.live.times_sheet import TimesSheet
from app.views.theme import px
from tests.views.flying import Cockpit, until
from tests.views.live_scene import flying, opened, press, says
from tests.views.test_live_page import seat as seat


def mails(uow: UnitOfWork) -> list[str]:
    items = uow.all(OutboxItem, OutboxItem.kind == "times", order=(OutboxItem.id,))
    return [f"{item.payload['name']} {item.state.value}" for item in items]


def times_sheet(page: LivePage, qtbot: QtBot) -> TimesSheet:
    until(qtbot, lambda: any(s.isVisible() for s in page.findChildren(TimesSheet)))
    return page.findChildren(TimesSheet)[-1]


def test_one_key_sends_the_times_that_are_due(seat: Cockpit, qtbot: QtBot) -> None:
    flying(seat)
    seat.store.run(turn_to_practice)
    page = opened(seat, qtbot)
    until(qtbot, lambda: says(page, "The crew does not know its times yet"))
    QTest.keyClick(page, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    until(qtbot, lambda: len(seat.store.read(mails)) == 2)
    until(qtbot, lambda: not says(page, "does not know its times"))
    assert seat.told.infos[-1].startswith("Times to ")


def test_what_was_sent_can_be_taken_back_while_it_waits(seat: Cockpit, qtbot: QtBot) -> None:
    flying(seat)
    seat.store.run(turn_to_practice)
    page = opened(seat, qtbot)
    until(qtbot, lambda: says(page, "K. Ito 19:00–"))
    press(page, qtbot, "Send to 2")
    until(qtbot, lambda: bool(seat.told.actions))
    seat.told.actions[-1][1]()
    until(qtbot, lambda: says(page, "The crew does not know its times yet"))
    assert {each.rpartition(" ")[2] for each in seat.store.read(mails)} == {"void"}


def test_the_sheet_shows_the_words_before_they_are_sent(seat: Cockpit, qtbot: QtBot) -> None:
    flying(seat)
    seat.store.run(turn_to_practice)
    page = opened(seat, qtbot)
    until(qtbot, lambda: says(page, "K. Ito 19:00–"))
    press(page, qtbot, "Look at the times")
    sheet = times_sheet(page, qtbot)
    until(qtbot, lambda: "Be ready: Fri 10 Jan 19:00 EST" in sheet.draft.toPlainText())
    assert seat.store.read(mails) == []
    QTest.keyClick(sheet, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    until(qtbot, lambda: len(seat.store.read(mails)) == 2)


def test_told_by_phone_is_one_key(seat: Cockpit, qtbot: QtBot) -> None:
    flying(seat)
    seat.store.run(turn_to_practice)
    page = opened(seat, qtbot)
    until(qtbot, lambda: says(page, "K. Ito 19:00–"))
    press(page, qtbot, "Look at the times")
    sheet = times_sheet(page, qtbot)
    until(qtbot, lambda: "Be ready" in sheet.draft.toPlainText())
    QTest.keyClick(sheet.list, Qt.Key.Key_P)
    until(qtbot, lambda: seat.store.read(mails) == ["K. Ito sent"])
    until(qtbot, lambda: sheet.draft.toPlainText().startswith("A. Lindqvist"))  # the next one
    sheet.reject()


def test_where_everything_is_large_it_needs_no_more_than_its_column(
    seat: Cockpit, qtbot: QtBot
) -> None:
    flying(seat)
    page = opened(seat, qtbot)
    until(qtbot, lambda: says(page, "The crew does not know its times yet"))
    bar = page.findChild(TimesBar)
    assert bar is not None
    assert bar.minimumSizeHint().width() <= px(420)


def test_without_an_account_each_mail_is_opened_and_then_noted(seat: Cockpit, qtbot: QtBot) -> None:
    flight = flying(seat)
    opened_links: list[str] = []
    page = opened(seat, qtbot)
    sheet = TimesSheet(page, seat.ops, flight, opened_links.append)
    sheet.open()
    until(qtbot, lambda: "Be ready" in sheet.draft.toPlainText())
    QTest.keyClick(sheet, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert opened_links[0].startswith("mailto:k..ito@hospital.example?subject=Your%20times")
    assert seat.store.read(mails) == []
    QTest.keyClick(sheet.list, Qt.Key.Key_P)
    until(qtbot, lambda: seat.store.read(mails) == ["K. Ito sent"])
    sheet.reject()


def test_the_key_says_calmly_that_everybody_knows(seat: Cockpit, qtbot: QtBot) -> None:
    flying(seat)
    seat.store.run(turn_to_practice)
    page = opened(seat, qtbot)
    until(qtbot, lambda: says(page, "The crew does not know its times yet"))
    QTest.keyClick(page, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    until(qtbot, lambda: not says(page, "does not know its times"))
    QTest.keyClick(page, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    assert any("Everybody knows their times" in said for said in seat.told.infos)
    assert not seat.told.errors
