"""The inbox is followed from the first notice that left; a lost place doubles nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from app.models.outages.lifecycle import State
from app.models.tables.outbox import OutboxPart
from app.services.database import Store
from app.services.notices.reading import communication
from app.services.ports.trouble import SyncLost
from app.services.sync.replies import RepliesRound
from app.services.sync.state import SyncState
from app.services.uow import UnitOfWork
from tests.contracts.memory_mailbox import MemoryMailbox
from tests.contracts.weather import Fault
from tests.flights import make_flight
from tests.makers import TestClock
from tests.services.notices_flights import desk_store
from tests.services.test_notices_arriving import NOW, mail, make_left


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = desk_store(tmp_path, NOW)
    yield made
    made.close()


@pytest.fixture
def mailbox(store: Store) -> MemoryMailbox:
    return MemoryMailbox(store.clock.now)


def make_accepted(uow: UnitOfWork) -> None:
    for part in uow.all(OutboxPart):
        part.accepted_at = uow.now - timedelta(days=1)
        uow.log("accepted", part)


@pytest.fixture
def outage_id(store: Store) -> str:
    made = store.run(make_flight, State.ANNOUNCED)
    store.run(make_left, made)
    store.run(make_accepted)
    return made


def go_on(store: Store, round_: RepliesRound, turns: int = 3) -> None:
    clock = store.clock
    assert isinstance(clock, TestClock)
    for _ in range(turns):
        round_.turn()
        clock.advance(minutes=2)


def texts(store: Store, outage_id: str) -> list[str]:
    return [reply.text for reply in store.read(communication, outage_id).replies]


def test_an_answer_in_the_inbox_is_a_card(
    store: Store, outage_id: str, mailbox: MemoryMailbox
) -> None:
    mailbox.receive(mail("We cannot stop that night."))
    go_on(store, RepliesRound(store, mailbox))
    assert texts(store, outage_id) == ["We cannot stop that night."]


def test_a_later_answer_is_found_by_the_place_that_was_kept(
    store: Store, outage_id: str, mailbox: MemoryMailbox
) -> None:
    mailbox.receive(mail("First."))
    go_on(store, RepliesRound(store, mailbox))
    mailbox.receive(replace(mail("Second."), id="m2", internet_id="<2@harbour.example>"))
    go_on(store, RepliesRound(store, mailbox))
    assert texts(store, outage_id) == ["First.", "Second."]


def test_a_clock_that_is_ahead_of_the_service_s_misses_no_answer(
    store: Store, outage_id: str, mailbox: MemoryMailbox
) -> None:
    mailbox.receive(replace(mail("At once."), received_at=NOW - timedelta(days=1, hours=3)))
    go_on(store, RepliesRound(store, mailbox))
    assert texts(store, outage_id) == ["At once."]


def test_a_lost_place_doubles_nothing(store: Store, outage_id: str, mailbox: MemoryMailbox) -> None:
    mailbox.receive(mail("First."))
    round_ = RepliesRound(store, mailbox)
    go_on(store, round_)
    mailbox.forget_cursors()
    go_on(store, round_)
    assert texts(store, outage_id) == ["First."]


def test_an_answer_that_came_while_a_colleague_was_signed_in_is_read_later_and_once(
    store: Store, outage_id: str, mailbox: MemoryMailbox
) -> None:
    mailbox.receive(mail("First."))
    go_on(store, RepliesRound(store, mailbox, who=lambda: "a@example.org"))
    mailbox.receive(replace(mail("Second."), id="m2", internet_id="<2@harbour.example>"))
    other = MemoryMailbox(store.clock.now)
    go_on(store, RepliesRound(store, other, who=lambda: "b@example.org"))
    go_on(store, RepliesRound(store, mailbox, who=lambda: "a@example.org"))
    assert texts(store, outage_id) == ["First.", "Second."]


def test_nothing_is_asked_while_no_notice_left(store: Store, mailbox: MemoryMailbox) -> None:
    store.run(make_flight, State.ANNOUNCED)
    mailbox.receive(mail("First."))
    assert RepliesRound(store, mailbox).turn().did == 0


def test_a_service_that_forgets_every_place_is_not_asked_without_end(
    store: Store, outage_id: str, mailbox: MemoryMailbox
) -> None:
    asked: list[str] = []

    def forgets(act: str) -> Fault:
        asked.append(act)
        return Fault(SyncLost("The place is forgotten."))

    mailbox.weather.draw = forgets
    round_, clock = RepliesRound(store, mailbox), store.clock
    assert isinstance(clock, TestClock)
    end = clock.now() + timedelta(minutes=1)
    while clock.now() < end:
        report = round_.turn()
        assert report.state is SyncState.WORKING
        clock.set(report.again_at or end)
    assert len(asked) < 10
