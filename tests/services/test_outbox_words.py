"""What the Outbox says of who sends an item, and of its last answer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select

from app.models.notices.kinds import NoticeKind
from app.models.outbox import ItemState, Route
from app.models.tables.log import LogEntry
from app.services.notices.sending import cancel_queued, record_sent
from app.services.outbox.acting import choose_route, export_instead, hold
from app.services.ports.trouble import Unclear, Unreachable
from tests.makers import clock_of
from tests.services.outbox_desk import Desk, make_desk

K = NoticeKind


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = make_desk(tmp_path)
    yield made
    made.store.close()


def test_what_a_person_sent_from_files_is_not_said_to_be_taken_back(desk: Desk) -> None:
    item = desk.queue(K.PLANNED)
    desk.run(choose_route, item, Route.OUTLOOK_DRAFT)
    desk.turn()
    desk.run(export_instead, item)
    desk.go_on()
    assert desk.row(item).last_answer == "Outlook deleted the draft"
    desk.run(record_sent, desk.outage_id, K.PLANNED, clock_of(desk.store).now())
    assert desk.row(item).last_answer == ""
    assert desk.row(item).sender.startswith("sent by ")


def test_while_it_is_held_nobody_sends_it(desk: Desk) -> None:
    item = desk.queue(K.PLANNED)
    desk.run(choose_route, item, Route.OUTLOOK_HOLDS)
    desk.run(hold, item)
    assert desk.row(item).sender == "nobody, while it is held"


def test_what_left_after_an_outage_of_the_network_is_not_said_to_be_unsent(desk: Desk) -> None:
    item = desk.queue(K.PLANNED)
    clock_of(desk.store).set(desk.item(item).not_before or clock_of(desk.store).now())
    desk.weather.lay("create", Unreachable("It cannot be reached. Nothing was sent."))
    desk.turn()
    assert "Nothing was sent" in desk.row(item).last_answer
    desk.go_on()
    assert desk.state(item) is ItemState.SENT
    assert desk.item(item).last_answer == "seen among the sent"
    said = desk.store.read(lambda uow: uow.session.exec(select(LogEntry.what)).all())
    assert "outbox: planned left: taken by Outlook" in said


def test_what_left_before_it_was_taken_back_is_not_said_to_be_taken_back(desk: Desk) -> None:
    item = desk.queue(K.PLANNED)
    clock_of(desk.store).set(desk.item(item).not_before or clock_of(desk.store).now())
    desk.weather.lay("send", Unclear("The connection was reset."), after=True)
    desk.turn()
    desk.run(cancel_queued, desk.item(item).about_id)
    desk.go_on()
    assert desk.row(item).last_answer == "it left before it could be taken back"
