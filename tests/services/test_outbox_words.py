"""What the Outbox says of who sends an item, and of its last answer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select

from app.models.notices.kinds import NoticeKind
from app.models.outbox import ItemState, Route
from app.models.tables.log import LogEntry
from app.models.tables.outages import Outage
from app.services.notices.composing import compose
from app.services.notices.sending import cancel_queued, notice_taken_back, record_sent
from app.services.outages.debt import debts_of
from app.services.outages.people import asked_at_kick_off
from app.services.outbox.acting import choose_route, export_instead, hold
from app.services.outbox.reading import recipients
from app.services.ports.trouble import Unclear, Unreachable
from tests.contracts.weather import Fault
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


def half_taken_back(desk: Desk, kind: NoticeKind = K.CREW_BRIEF) -> str:
    """Three messages, of which one left before the others were taken back."""
    item = desk.queue(kind)
    clock_of(desk.store).set(desk.item(item).not_before or clock_of(desk.store).now())
    cut = Fault(Unreachable("No connection."))
    desk.weather.draw = lambda act: cut if desk.mailbox.sent else None
    desk.turn()
    desk.weather.draw = None
    assert sum(part.state.left for part in desk.parts(item)) == 1
    desk.run(cancel_queued, desk.item(item).about_id)
    return item


def test_whom_a_half_taken_back_brief_did_not_reach_is_still_owed_it_and_alone(desk: Desk) -> None:
    item = half_taken_back(desk)
    reached = {r.key for r in desk.store.read(recipients, item)}
    outage = desk.store.read(lambda uow: uow.fetch(Outage, desk.outage_id))
    owed = desk.store.read(debts_of, outage)
    brief = next(debt for debt in owed if debt.notice is K.CREW_BRIEF)
    assert brief.count == 2
    assert "2 addresses" in brief.sentence
    again = desk.store.read(lambda uow: compose(uow, desk.outage_id, K.CREW_BRIEF))
    assert {r.key for r in again.recipients} == brief.owed_to
    assert not brief.owed_to & reached


def test_whom_a_half_taken_back_kick_off_did_not_reach_was_not_asked(desk: Desk) -> None:
    item = half_taken_back(desk, K.KICK_OFF)
    reached = {r.name.casefold() for r in desk.store.read(recipients, item)}
    asked = desk.store.read(asked_at_kick_off, desk.outage_id)
    assert (len(asked), set(asked)) == (1, reached)


def test_once_the_rest_was_told_the_brief_is_owed_to_nobody(desk: Desk) -> None:
    half_taken_back(desk)
    desk.queue(K.CREW_BRIEF)
    clock_of(desk.store).advance(minutes=1)
    desk.go_on()
    assert len(desk.mailbox.sent) == 3
    outage = desk.store.read(lambda uow: uow.fetch(Outage, desk.outage_id))
    owed = desk.store.read(debts_of, outage)
    assert K.CREW_BRIEF not in {debt.notice for debt in owed}


def test_taking_back_says_how_many_had_left(desk: Desk) -> None:
    item = half_taken_back(desk)
    said = desk.store.read(notice_taken_back, desk.item(item).about_id)
    assert said.startswith("1 of its 3 messages had left and cannot be called back")
    told = desk.store.read(lambda uow: uow.session.exec(select(LogEntry.what)).all())
    assert "took back the crew brief" in told
    assert "took back the crew brief before it left" not in told
