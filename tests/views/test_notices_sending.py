"""With an account a notice is sent from the Communication tab, and its way out is seen there."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from app.models.account import AccountSettings, Profile
from app.models.notices.kinds import NoticeKind, NoticeState
from app.models.outbox import ItemState, Route
from app.models.tables.outbox import OutboxItem
from app.services.account.settings import save_account_settings
from app.services.notices.sending import queue
from app.views.widgets.sheet import Sheet
from app.views.widgets.working import WorkBar
from tests.flights import START
from tests.makers import clock_of
from tests.views.notices_scene import Scene, scene

K = NoticeKind
__all__ = ["scene"]


@pytest.fixture
def sends(scene: Scene) -> Scene:
    scene.store.run(save_account_settings, AccountSettings(profile=Profile.PRACTICE))
    scene.show(K.PLANNED)
    return scene


def item(scene: Scene) -> OutboxItem:
    return scene.store.read(lambda uow: uow.all(OutboxItem)[-1])


def test_the_primary_act_sends_when_it_is_due(sends: Scene) -> None:
    assert sends.tab.bar.queue.text() == "Send Tue 31 Dec 09:00"
    sends.tab.bar.queue.click()
    sends.settle()
    assert item(sends).route is Route.CONSOLE
    assert "leaves Tue 31 Dec 09:00" in sends.told.said[-1]


def test_while_it_is_queued_it_can_be_cancelled_and_stays_a_draft(sends: Scene) -> None:
    go_on = threading.Event()
    sends.store.submit_read(lambda _uow: go_on.wait(10))
    sends.tab.bar.queue.click()
    sends.tab.acts.queueing.cancel.click()
    go_on.set()
    sends.settle()
    assert sends.told.said == ["Cancelled: it is a draft as before."]
    assert sends.left(K.PLANNED) is NoticeState.DRAFT


def test_while_it_is_noted_as_sent_it_can_be_cancelled(sends: Scene) -> None:
    sends.tab.bar.sent.click()
    sheet = sends.tab.findChildren(Sheet)[-1]
    go_on = threading.Event()
    sends.store.submit_read(lambda _uow: go_on.wait(10))
    sheet.yes.click()
    sheet.findChildren(WorkBar)[0].cancel.click()
    go_on.set()
    sends.settle()
    assert sheet.refused == "Stopped, as you asked; nothing was changed."
    assert sends.left(K.PLANNED) is NoticeState.DRAFT
    sheet.reject()


def test_what_is_done_by_hand_is_under_one_button(sends: Scene) -> None:
    bar = sends.tab.bar
    assert bar.by_hand.isVisible()
    assert not any(each.isVisible() for each in (bar.save, bar.mail, bar.sent, bar.copy))


def test_outlook_can_be_asked_to_hold_it(sends: Scene) -> None:
    sends.tab.bar.choose(Route.OUTLOOK_HOLDS)
    assert sends.tab.bar.queue.text() == "Give it to Outlook for Tue 31 Dec 09:00"
    sends.tab.bar.queue.click()
    sends.settle()
    assert item(sends).route is Route.OUTLOOK_HOLDS
    assert item(sends).sender == "held by Outlook until its time"


def test_it_can_become_a_draft_in_outlook(sends: Scene) -> None:
    sends.tab.bar.choose(Route.OUTLOOK_DRAFT)
    sends.tab.bar.queue.click()
    sends.settle()
    assert item(sends).route is Route.OUTLOOK_DRAFT
    assert "Send it there" in sends.told.said[-1]


def test_what_leaves_at_once_is_not_given_to_outlook_to_hold(sends: Scene) -> None:
    clock_of(sends.store).set(START - timedelta(days=9))
    sends.tab.bar.choose(Route.OUTLOOK_HOLDS)
    sends.show(K.PLANNED)
    assert sends.tab.bar.route is Route.CONSOLE
    assert sends.tab.bar.queue.text() == "Send"


def test_it_can_be_taken_back_for_ten_seconds(sends: Scene) -> None:
    clock_of(sends.store).set(START - timedelta(days=9))
    sends.show(K.PLANNED)
    sends.tab.bar.queue.click()
    sends.settle()
    assert sends.told.counting is not None
    take_back, seconds = sends.told.counting
    assert seconds == 10
    take_back()
    sends.settle()
    assert item(sends).state is ItemState.VOID
    assert sends.left(K.PLANNED) is NoticeState.DRAFT


def test_without_a_network_it_is_not_said_to_leave_now(sends: Scene) -> None:
    clock_of(sends.store).set(START - timedelta(days=9))
    sends.tab.acts.waits_for = sends.tab.leaving.waits_for = lambda: "the network"
    sends.show(K.PLANNED)
    sends.tab.bar.queue.click()
    sends.settle()
    assert sends.told.said[-1] == "Planned notice waits for the network and leaves after that."
    sends.qtbot.waitUntil(sends.tab.leaving.isVisible)
    assert sends.tab.leaving.words.text().startswith("Waits for the network")


def test_the_tab_says_how_it_stands_and_leads_to_the_outbox(sends: Scene) -> None:
    sends.store.run(queue, sends.outage_id, K.PLANNED)
    sends.show(K.PLANNED)
    sends.qtbot.waitUntil(sends.tab.leaving.isVisible)
    assert sends.tab.leaving.words.text().startswith("Leaves Tue 31 Dec 09:00")
    row = next(row for row in sends.tab.plan.model_rows.rows() if row.title == "Planned notice")
    assert row.sub.startswith("leaves Tue 31 Dec 09:00")
    with sends.qtbot.waitSignal(sends.tab.outboxRequested) as asked:
        sends.tab.leaving.outbox.click()
    assert asked.args == [item(sends).id]


def test_what_waits_is_never_shown_as_a_draft(sends: Scene) -> None:
    sends.store.run(queue, sends.outage_id, K.PLANNED)
    sends.show(K.PLANNED)
    sends.tab.composer.edited.emit()
    sends.settle()
    assert not sends.tab.bar.queue.isVisible()
    assert sends.tab.bar.take_back.isVisible()


def test_a_draft_that_lies_in_outlook_is_opened_there(sends: Scene) -> None:
    sends.store.run(queue, sends.outage_id, K.PLANNED, route=Route.OUTLOOK_DRAFT)
    sends.show(K.PLANNED)
    assert not sends.tab.leaving.open.isVisible()


def test_without_an_account_nothing_is_said_of_sending(scene: Scene) -> None:
    scene.store.run(queue, scene.outage_id, K.PLANNED)
    scene.show(K.PLANNED)
    assert not scene.tab.leaving.isVisible()
    assert not scene.tab.bar.by_hand.isVisible()
