"""The window's sync thread: it wakes by itself, says how it stands, and ends when told."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import col

from app.models.account import AccountSettings, Profile
from app.models.notices.kinds import NoticeKind
from app.models.outages.lifecycle import State
from app.models.outbox import ItemState
from app.models.tables.outbox import OutboxItem
from app.services.account.settings import (
    account_settings,
    note_sign_in,
    note_sign_out,
    save_account_settings,
)
from app.services.clock import PracticeClock
from app.services.database import Store
from app.services.events import Event, EventBus, SyncStateChanged
from app.services.graph.mail import GraphMailbox
from app.services.notices.sending import queue
from app.services.outbox.reading import outbox
from app.services.ports.trouble import Refused, SignInNeeded
from app.services.sync.lock import only_sender
from app.services.sync.state import SyncState
from app.services.uow import UnitOfWork
from app.wiring.remote import Reached, Remote
from app.wiring.syncing import Syncing
from tests.contracts.memory_mailbox import MemoryMailbox
from tests.flights import START, make_flight
from tests.makers import COORDINATOR, make_organisation
from tests.services.graph.scripted import Answer
from tests.services.graph.speaking import speaking

PATIENCE_S = 30.0


@dataclass
class Office:
    """A store on a quick clock, and what its bus said."""

    store: Store
    mailbox: MemoryMailbox
    said: list[Event] = field(default_factory=list)
    heard: threading.Condition = field(default_factory=threading.Condition)

    def note(self, event: Event) -> None:
        with self.heard:
            self.said.append(event)
            self.heard.notify_all()

    def until(self, state: SyncState) -> None:
        with self.heard:
            assert self.heard.wait_for(lambda: self.state == state.value, PATIENCE_S), self.said

    def until_sent(self) -> None:
        def sent() -> bool:
            rows = self.store.read(lambda uow: outbox(uow))
            return {row.state for row in rows} == {ItemState.SENT}

        known = -1
        while not sent():  # asked without the lock, as those who tell stand on the store's thread
            known = self.more_than(known)

    def more_than(self, known: int) -> int:
        """How much was said, once it is more than that."""
        with self.heard:
            assert self.heard.wait_for(lambda: len(self.said) > known, PATIENCE_S), self.said
            return len(self.said)

    @property
    def state(self) -> str:
        states = [e.state for e in self.said if isinstance(e, SyncStateChanged)]
        return states[-1] if states else ""


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    clock = PracticeClock(START, 60)
    store = Store(tmp_path / "data", clock, EventBus(), COORDINATOR)
    store.open()
    store.run(make_organisation, objection_route="Call the service desk, 555-0111.")
    made = Office(store, MemoryMailbox(clock.now))
    store.bus.subscribe(made.note)
    yield made
    store.close()


def syncing(office: Office) -> Syncing:
    return Syncing(office.store, lambda _: Remote(Profile.PRACTICE, mailbox=office.mailbox))


def queue_one(office: Office) -> None:
    flight = office.store.run(
        make_flight, State.IN_PROGRESS, start="2025-01-10 18:00", end="2025-01-10 22:00"
    )
    office.store.run(queue_soon, flight)


def queue_soon(uow: UnitOfWork, flight: str) -> None:
    """To be taken back for one second instead of ten, as a person waits for it."""
    queue(uow, flight, NoticeKind.CREW_BRIEF)
    for item in uow.all(OutboxItem, col(OutboxItem.state) == ItemState.WAITING):
        item.not_before = uow.on_the_wall(timedelta(seconds=1))


def test_what_is_queued_leaves_without_being_asked(office: Office) -> None:
    thread = syncing(office)
    thread.start()
    office.until(SyncState.IN_SYNC)
    queue_one(office)
    office.until_sent()
    thread.stop()
    assert len(office.mailbox.sent) == 3


def test_a_missing_sign_in_is_said_and_asked_for_again(office: Office) -> None:
    queue_one(office)
    for act in ("create", "find"):
        office.mailbox.weather.lay(act, SignInNeeded("Sign in again."))
    thread = syncing(office)
    thread.start()
    office.until(SyncState.SIGN_IN)
    thread.retry()
    office.until_sent()
    thread.stop()


def test_while_another_process_sends_it_waits(office: Office) -> None:
    with only_sender(office.store.folder):
        thread = syncing(office)
        thread.start()
        office.until(SyncState.WORKING)
        thread.stop()
    assert office.mailbox.acts == []


def test_without_an_account_it_rests(office: Office) -> None:
    queue_one(office)
    thread = Syncing(office.store, lambda _: Remote(Profile.NONE))
    thread.start()
    office.until(SyncState.OFF)
    thread.stop()
    (row,) = office.store.read(lambda uow: outbox(uow, sends=False))
    assert row.state is ItemState.WAITING


@dataclass
class Ends:
    """A practice tenant that has ended, or not."""

    fell: bool

    def practice(self) -> Reached:
        raise AssertionError("nobody asks")

    def close(self) -> None: ...


def test_a_practice_tenant_that_ended_is_opened_again_whatever_else_is_said(
    office: Office,
) -> None:
    opened: list[Remote] = []

    def opens(store: Store) -> Remote:
        house = Ends(fell=not opened)
        opened.append(Remote(Profile.PRACTICE, mailbox=office.mailbox, _house=house))
        return opened[-1]

    queue_one(office)
    office.mailbox.weather.lay("create", Refused("Not so."))  # a person is asked meanwhile
    thread = Syncing(office.store, opens)
    thread.start()
    office.until(SyncState.ATTENTION)
    thread.stop()
    assert len(opened) == 2


def test_who_signs_in_does_so_in_the_account_that_is_open(office: Office) -> None:
    """Without a keyring its tokens are in memory, and gone with another one."""
    opened: list[Remote] = []
    another = threading.Event()

    def opens(store: Store) -> Remote:
        settings = store.read(account_settings)
        opened.append(Remote(settings.profile, mailbox=office.mailbox, settings=settings))
        if len(opened) == 2:
            another.set()
        return opened[-1]

    practice = AccountSettings(Profile.PRACTICE)
    office.store.run(save_account_settings, practice)
    thread = Syncing(office.store, opens)
    thread.start()
    office.until(SyncState.IN_SYNC)
    office.store.run(note_sign_out, Profile.PRACTICE)
    office.store.run(note_sign_in, Profile.PRACTICE)
    queue_one(office)
    office.until_sent()
    assert len(opened) == 1
    office.store.run(save_account_settings, replace(practice, shared_mailbox="it@b.example"))
    assert another.wait(PATIENCE_S)
    queue_one(office)
    office.until_sent()
    thread.stop()
    assert len(opened) == 2


def test_it_ends_at_once_though_every_request_is_reset(office: Office) -> None:
    """And says that it is offline before it has tried everything."""
    with speaking(Answer(502)) as graph:
        remote = Remote(Profile.PRACTICE, mailbox=GraphMailbox(graph.client), _client=graph.client)
        queue_one(office)
        thread = Syncing(office.store, lambda _: remote)
        thread.start()
        office.until(SyncState.OFFLINE)
        thread.stop()
        assert thread.remote is None
