"""The network comes back: whoever is answered first tells the others, and nobody is hammered."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.models.notices.kinds import NoticeKind
from app.models.outages.lifecycle import State
from app.models.outbox import TAKE_BACK
from app.services.database import Store
from app.services.notices.sending import queue
from app.services.ports.trouble import Unreachable
from app.services.sync.state import Report, SyncState, together
from app.services.sync.worker import Worker
from tests.contracts.memory_calendars import MemoryCalendars
from tests.contracts.memory_mailbox import MemoryMailbox
from tests.contracts.memory_meetings import MemoryMeetings
from tests.contracts.weather import Fault
from tests.flights import START, make_flight
from tests.makers import clock_of
from tests.services.notices_flights import desk_store

NO_NETWORK = Fault(Unreachable("It cannot be reached. Nothing was sent."))


class World:
    """A worker on services in memory, which can all be cut off at once."""

    def __init__(self, store: Store, chance: random.Random) -> None:
        self.store = store
        self.mailbox = MemoryMailbox(store.clock.now)
        self.calendars = MemoryCalendars(page=10)
        self.worker = Worker(
            store,
            self.mailbox,
            self.calendars,
            MemoryMeetings(),
            chance=chance,
            takes_default=True,
        )
        self.asked = 0
        self.away = False
        for each in (self.mailbox.weather, self.calendars.weather):
            each.draw = self._draw

    def _draw(self, _act: str) -> Fault | None:
        self.asked += 1
        return NO_NETWORK if self.away else None

    def turn_for(self, span: timedelta) -> None:
        clock, until = clock_of(self.store), self.store.clock.now() + span
        while True:
            self.report = self.worker.turn()
            following = self.report.again_at or until
            if following >= until:
                clock.set(until)
                return
            clock.set(max(following, clock.now()))


@pytest.fixture
def world(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[World]:
    store = desk_store(tmp_path, START - timedelta(days=11))
    made = World(store, random.Random(getattr(request, "param", 4)))
    yield made
    store.close()


@pytest.mark.parametrize("world", range(5), indirect=True)
def test_all_are_in_sync_with_the_first_that_is_answered(world: World) -> None:
    flight = world.store.run(make_flight, State.PLANNED)
    world.turn_for(timedelta(minutes=1))
    world.away = True
    world.store.run(queue, flight, NoticeKind.KICK_OFF, soon=True)
    world.turn_for(TAKE_BACK + timedelta(minutes=10))
    assert world.report.state is SyncState.OFFLINE
    world.away = False
    answered_at = None
    for _ in range(200):
        before = world.asked
        report = world.worker.turn()
        now = world.store.clock.now()
        if world.asked > before and answered_at is None:
            answered_at = now
        if report.state is SyncState.IN_SYNC:
            break
        clock_of(world.store).set(max(report.again_at or now, now))
    assert answered_at is not None
    assert world.store.clock.now() - answered_at <= timedelta(seconds=3)
    assert world.mailbox.sent


def test_that_the_network_is_away_is_said_before_what_needs_a_person() -> None:
    reports = Report(SyncState.OFFLINE, "No network."), Report(SyncState.ATTENTION, "Look.")
    assert together(reports).why == "No network."


def test_offline_it_is_asked_no_more_than_every_five_seconds(world: World) -> None:
    flight = world.store.run(make_flight, State.PLANNED)
    world.away = True
    world.store.run(queue, flight, NoticeKind.KICK_OFF, soon=True)
    world.turn_for(timedelta(minutes=2))
    before = world.asked
    world.turn_for(timedelta(minutes=10))
    assert world.asked - before <= 600 / 5
