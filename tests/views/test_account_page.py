"""The account page over a connection made of plain data."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from app.models.account import AccountSettings, Profile
from app.services.account.listening import SignInCancelled
from app.services.account.reading import AccountRow, account
from app.services.account.session import Prompt, SignedIn, Way
from app.services.account.settings import save_account_settings
from app.services.calendar.owed import Chosen, chosen_calendar
from app.services.database import Store
from app.services.events import SyncStateChanged
from app.services.ports.calendars import RemoteCalendar
from app.services.sync.state import SyncState
from app.views.account.page import AccountPage
from app.views.ops import Beside, Ops
from tests.makers import make_store
from tests.views.telling import Silent

GUID = "5f0e2f6a-2d5a-4c0e-9a58-0d7a53d9b6c1"
ME = SignedIn("ito@harbour.example", frozenset({"User.Read", "Mail.ReadWrite"}), False, "memory")


class Made:
    """A connection of plain data: what the page asks is answered at once."""

    pages = ""

    def __init__(self, store: Store) -> None:
        self.store = store
        store.run(save_account_settings, AccountSettings(profile=Profile.PRACTICE))
        self.who: SignedIn | None = None
        self.opening = False
        self.way: Way | None = None
        self.cancelled = False
        self.told: Callable[[Prompt], object] = lambda prompt: None
        self.ended: Callable[[Future[SignedIn]], object] = lambda future: None

    def row(self) -> AccountRow:
        return self.store.read(account, self.who, "memory", False, opening=self.opening)

    def change(self, settings: AccountSettings) -> None:
        self.store.run(save_account_settings, settings)

    def begin_sign_in(
        self,
        way: Way,
        tell: Callable[[Prompt], object],
        ended: Callable[[Future[SignedIn]], object],
    ) -> Made:
        self.way, self.told, self.ended = way, tell, ended
        return self

    def cancel(self) -> None:
        self.cancelled = True

    def sign_out(self) -> None:
        self.who = None

    def calendars(self) -> Sequence[RemoteCalendar]:
        return (RemoteCalendar("c1", "Calendar", True, True), RemoteCalendar("c2", "Clinic", False))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = make_store(tmp_path)
    yield made
    made.close()


@pytest.fixture
def made(store: Store) -> Made:
    return Made(store)


@pytest.fixture
def page(qtbot: QtBot, store: Store, made: Made) -> Iterator[AccountPage]:
    told = Silent()
    threads = Beside()
    ops = Ops(store, told, lambda: None)
    beside = Ops(threads, told, lambda: None)
    shown = AccountPage(ops, beside, told, made)
    qtbot.addWidget(shown)
    shown.show()
    shown.activate()
    qtbot.waitUntil(lambda: ops.idle and beside.idle)
    yield shown
    qtbot.waitUntil(lambda: ops.idle and beside.idle)
    threads.close()


def visible(page: AccountPage) -> set[str]:
    return {b.text() for b in page.findChildren(QPushButton) if b.isVisible()}


def test_signed_out_it_offers_both_ways(page: AccountPage) -> None:
    assert {"Sign in with the browser", "Sign in with a code"} <= visible(page)


def test_until_the_account_is_open_nobody_is_called_signed_out(
    qtbot: QtBot, page: AccountPage, made: Made
) -> None:
    made.opening = True
    page.refresh()
    qtbot.waitUntil(lambda: page.context == "practice tenant · opening")
    assert not {"Sign in with the browser", "Sign in with a code"} & visible(page)
    made.opening, made.who = False, ME
    page.on_event(SyncStateChanged(state=SyncState.IN_SYNC.value))
    qtbot.waitUntil(lambda: page.context == "practice tenant · ito@harbour.example")


def test_an_account_opened_anew_is_shown_though_no_event_tells_of_it(
    qtbot: QtBot, page: AccountPage, made: Made
) -> None:
    made.opening = True
    page.refresh()
    qtbot.waitUntil(lambda: page.context == "practice tenant · opening")
    made.opening, made.who = False, ME
    qtbot.waitUntil(lambda: page.context == "practice tenant · ito@harbour.example")


def test_a_code_is_shown_to_type_on_another_device(
    qtbot: QtBot, page: AccountPage, made: Made
) -> None:
    page.sign_in.begin(Way.DEVICE)
    made.told(Prompt("https://login.example/device", "ABCD-1234", 900))
    qtbot.waitUntil(lambda: page.sign_in.code.text() == "ABCD-1234")
    assert "15:00 left" in page.sign_in.hint.text()


def test_a_sign_in_can_be_cancelled(qtbot: QtBot, page: AccountPage, made: Made) -> None:
    page.sign_in.begin(Way.DEVICE)
    page.sign_in.cancel.click()
    assert made.cancelled
    future: Future[SignedIn] = Future()
    future.set_exception(SignInCancelled("Cancelled."))
    made.ended(future)
    qtbot.waitUntil(lambda: not page.sign_in.is_waiting)
    assert "Sign in with a code" in visible(page)


def test_after_a_sign_in_it_says_who_and_what_is_off(
    qtbot: QtBot, page: AccountPage, made: Made
) -> None:
    page.sign_in.begin(Way.DEVICE)
    made.who = ME
    future: Future[SignedIn] = Future()
    future.set_result(ME)
    made.ended(future)
    qtbot.waitUntil(lambda: "ito@harbour.example" in page.sign_in.words.text())
    assert page._missing.isVisible()


def test_microsoft_asks_for_its_app_and_practice_does_not(page: AccountPage) -> None:
    assert page.settings.client.isHidden()
    page.settings.choose(Profile.MICROSOFT)
    assert not page.settings.client.isHidden()


def test_what_is_wrong_is_said_at_its_field(qtbot: QtBot, page: AccountPage) -> None:
    page.settings.choose(Profile.MICROSOFT)
    editor = page.settings.client.editor
    assert isinstance(editor, QLineEdit)
    QTest.keyClicks(editor, "no id")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "is no ID" in page.settings.client.error)


def test_what_is_typed_survives_a_refresh(qtbot: QtBot, page: AccountPage) -> None:
    page.settings.choose(Profile.MICROSOFT)
    editor = page.settings.client.editor
    assert isinstance(editor, QLineEdit)
    QTest.keyClicks(editor, GUID)
    page.refresh()
    qtbot.wait(50)
    assert editor.text() == GUID


def test_a_calendar_is_chosen_for_the_outages(
    qtbot: QtBot, page: AccountPage, made: Made, store: Store
) -> None:
    made.who = ME
    page.refresh()
    choice = page.calendars.choice
    qtbot.waitUntil(lambda: choice.findData("c1") >= 0)
    choice.setCurrentIndex(choice.findData("c1"))
    choice.activated.emit(choice.currentIndex())
    qtbot.waitUntil(lambda: store.read(chosen_calendar) == Chosen("c1", "Calendar", ME.email))


def test_a_calendar_that_may_not_be_changed_is_not_offered_for_outages(
    qtbot: QtBot, page: AccountPage, made: Made
) -> None:
    made.who = ME
    page.refresh()
    qtbot.waitUntil(lambda: page.calendars.choice.findData("c1") >= 0)
    assert page.calendars.choice.findData("c2") < 0


def test_only_of_other_peoples_calendars_it_is_said_whose_they_are(
    qtbot: QtBot, page: AccountPage
) -> None:
    own, other = "ito@harbour.example", "sato@harbour.example"
    page.calendars.show_found(
        (
            RemoteCalendar("c1", "Calendar", True, True, own),
            RemoteCalendar("c3", "Outages", True, False, own),
            RemoteCalendar("c4", "Calendar", True, False, other),
        )
    )
    choice = page.calendars.choice
    found = [choice.itemText(place) for place in range(choice.count())]
    assert found == ["no calendar", "Calendar", "Outages", f"Calendar ({other})"]
