"""Other people's calendars, and their free and busy, read now and then from a service in memory."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.models.outages.lifecycle import State
from app.models.tables.calendar import BusinessEvent
from app.models.tables.directory import Leave
from app.services.calendar.outlook_busy import asking
from app.services.calendar.outlook_layers import follow_calendar
from app.services.database import Store
from app.services.ports.calendars import BusyKind, BusySpan
from app.services.ports.trouble import Refused
from app.services.sync.asking import AskingRound
from app.services.sync.layers import BusyRound, LayersRound
from app.services.sync.state import SyncState
from tests.contracts.memory_calendars import MemoryCalendars
from tests.flights import START, make_flight
from tests.makers import TestClock
from tests.services.notices_flights import desk_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = desk_store(tmp_path, START - timedelta(days=20))
    yield made
    made.close()


@pytest.fixture
def flight(store: Store) -> str:
    return store.run(make_flight, State.PLANNED)


@pytest.fixture
def calendars() -> MemoryCalendars:
    return MemoryCalendars(page=10)


def go_on(store: Store, round_: AskingRound, turns: int = 4) -> None:
    """So many turns, with time enough between them for all to be asked again."""
    clock = store.clock
    assert isinstance(clock, TestClock)
    for _ in range(turns):
        round_.turn()
        clock.advance(minutes=20)


def events(store: Store) -> set[str]:
    return store.read(lambda uow: {row.title for row in uow.all(BusinessEvent)})


@pytest.fixture
def layer(store: Store, calendars: MemoryCalendars) -> str:
    return store.run(follow_calendar, calendars.calendars()[0].id, "Clinic events")


def test_a_followed_calendar_of_several_pages_is_read_whole(
    store: Store, layer: str, calendars: MemoryCalendars
) -> None:
    for number in range(25):
        calendars.put(f"Event {number}", START, START + timedelta(hours=1))
    go_on(store, LayersRound(store, calendars), turns=6)
    assert len(events(store)) == 25


def test_what_is_gone_after_a_lost_place_is_taken_out(
    store: Store, layer: str, calendars: MemoryCalendars
) -> None:
    kept = calendars.put("Kept", START, START + timedelta(hours=1))
    gone = calendars.put("Gone", START, START + timedelta(hours=1))
    round_ = LayersRound(store, calendars)
    go_on(store, round_)
    calendars.remove(gone.id)
    calendars.forget_cursors()
    go_on(store, round_)
    assert events(store) == {kept.subject}


def test_a_change_there_is_a_change_here(
    store: Store, layer: str, calendars: MemoryCalendars
) -> None:
    made = calendars.put("Board", START, START + timedelta(hours=1))
    round_ = LayersRound(store, calendars)
    go_on(store, round_)
    calendars.change(made.id, subject="Board, long")
    go_on(store, round_)
    assert events(store) == {"Board, long"}


def test_a_calendar_followed_just_now_is_not_waited_for(
    store: Store, calendars: MemoryCalendars
) -> None:
    made = calendars.put("Board", START, START + timedelta(hours=1))
    round_ = LayersRound(store, calendars)
    assert round_.turn().again_at is not None, "it would come again in minutes"
    store.run(follow_calendar, calendars.calendars()[0].id, "Clinic events")
    round_.turn()
    assert events(store) == {made.subject}


def test_a_calendar_of_another_mailbox_keeps_nobody_from_the_others(
    store: Store, calendars: MemoryCalendars
) -> None:
    store.run(follow_calendar, "of-another", "Away")
    store.run(follow_calendar, "default", "Clinic events")
    calendars.put("Clinic", START, START + timedelta(hours=1))
    report = LayersRound(store, calendars).turn()
    assert events(store) == {"Clinic"}
    assert "“Away”" in report.why


def test_a_calendar_that_is_refused_needs_a_person(
    store: Store, layer: str, calendars: MemoryCalendars
) -> None:
    calendars.weather.lay("changes", Refused("Ask whoever owns the calendar."))
    report = LayersRound(store, calendars).turn()
    assert (report.state, report.why) == (SyncState.ATTENTION, "Ask whoever owns the calendar.")


def test_the_crew_is_asked_about_and_told_once(
    store: Store, flight: str, calendars: MemoryCalendars
) -> None:
    asked = store.read(asking)
    assert asked is not None
    span = BusySpan(START, START + timedelta(hours=1), BusyKind.BUSY)
    calendars.busy[asked.emails[0].casefold()] = [span]
    go_on(store, BusyRound(store, calendars))
    assert [row.kind for row in store.read(lambda uow: uow.all(Leave))] == ["busy in Outlook"]
