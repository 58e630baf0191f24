"""The rounds of the worker that are no mail: meetings, and our calendar with what comes back;
against services in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import col

from app.models.outages.lifecycle import State
from app.models.outbox import ItemState
from app.models.tables.outages import Outage
from app.models.tables.outbox import OutboxItem
from app.models.times import Window
from app.services.bridge.meeting import ask_meeting
from app.services.calendar.outlook import link_of, proposal_of, put_back, take_over
from app.services.calendar.owed import (
    Chosen,
    choose_calendar,
    chosen_calendar,
    forget_calendar,
)
from app.services.database import Store
from app.services.live.reading import live
from app.services.outages.leading import Going, advance
from app.services.outages.moving import move_window
from app.services.ports.trouble import Refused, SignInNeeded, Unclear, Unreachable
from app.services.sync.asking import AskingRound
from app.services.sync.calendar import CalendarRound
from app.services.sync.meetings import MeetingRound
from app.services.sync.state import SyncState
from tests.contracts.memory_calendars import MemoryCalendars
from tests.contracts.memory_meetings import MemoryMeetings
from tests.flights import START, make_flight
from tests.makers import TestClock
from tests.services.notices_flights import desk_store

NOW = START - timedelta(days=20)
OKAFOR, SATO = "m.okafor@example.org", "j.sato@example.org"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = desk_store(tmp_path, NOW)
    yield made
    made.close()


@pytest.fixture
def flight(store: Store) -> str:
    return store.run(make_flight, State.PLANNED, bridge_line="")


@pytest.fixture
def calendars() -> MemoryCalendars:
    return MemoryCalendars(page=10)


@pytest.fixture
def chosen(store: Store, flight: str, calendars: MemoryCalendars) -> str:
    """The flight, with the default calendar chosen."""
    [default] = [c for c in calendars.calendars() if c.is_default]
    store.run(choose_calendar, Chosen(default.id, default.name))
    return flight


def go_on(store: Store, round_: AskingRound, turns: int = 4) -> None:
    """So many turns, with time enough between them for all to be asked again."""
    clock = store.clock
    assert isinstance(clock, TestClock)
    for _ in range(turns):
        round_.turn()
        clock.advance(minutes=20)


def items(store: Store, kind: str) -> list[tuple[ItemState, str]]:
    found = store.read(lambda uow: uow.all(OutboxItem, col(OutboxItem.kind) == kind))
    return [(item.state, item.last_answer) for item in found]


def outage(store: Store, outage_id: str) -> Outage:
    return store.read(lambda uow: uow.fetch(Outage, outage_id))


def move(store: Store, outage_id: str) -> None:
    row = outage(store, outage_id)
    day = timedelta(days=1)
    window = Window.of(row.window.start + day, row.window.end + day, row.zone)
    store.run(move_window, outage_id, window, "the vendor is late", seen=row.version)


# --- meetings ------------------------------------------------------------------------------


def test_a_meeting_asked_for_is_there_after_a_turn(store: Store, flight: str) -> None:
    store.run(ask_meeting, flight)
    MeetingRound(store, MemoryMeetings()).turn()
    row = store.read(live, flight).bridge
    assert row is not None
    assert row.line


def test_an_answer_that_was_lost_leaves_one_meeting(store: Store, flight: str) -> None:
    meetings = MemoryMeetings()
    meetings.weather.lay("open", Unclear("The answer was lost."), after=True)
    store.run(ask_meeting, flight)
    go_on(store, MeetingRound(store, meetings))
    assert items(store, "meeting")[0][0] is ItemState.SENT


def test_a_meeting_that_is_refused_waits_for_a_person(store: Store, flight: str) -> None:
    meetings = MemoryMeetings()
    meetings.weather.lay("open", Refused("No licence for meetings."), after=False)
    store.run(ask_meeting, flight)
    go_on(store, MeetingRound(store, meetings))
    assert items(store, "meeting") == [(ItemState.ATTENTION, "No licence for meetings.")]


def test_without_a_sign_in_it_waits_and_says_so(store: Store, flight: str) -> None:
    meetings = MemoryMeetings()
    meetings.weather.lay("open", SignInNeeded("Sign in."), after=False)
    store.run(ask_meeting, flight)
    report = MeetingRound(store, meetings).turn()
    assert report.state is SyncState.SIGN_IN
    assert items(store, "meeting")[0][0] is ItemState.WAITING


# --- our calendar --------------------------------------------------------------------------


def test_an_outage_stands_in_the_calendar_after_a_turn(
    store: Store, chosen: str, calendars: MemoryCalendars
) -> None:
    CalendarRound(store, calendars).turn()
    [event] = calendars.alive()
    assert event.subject.startswith(outage(store, chosen).code)
    assert event.start == outage(store, chosen).start_utc


def test_after_a_move_the_same_entry_has_the_new_time(
    store: Store, chosen: str, calendars: MemoryCalendars
) -> None:
    round_ = CalendarRound(store, calendars)
    round_.turn()
    move(store, chosen)
    go_on(store, round_)
    [event] = calendars.alive()
    assert event.start == outage(store, chosen).start_utc


def test_where_nobody_chose_the_mailbox_s_own_calendar_is_taken(
    store: Store, flight: str, calendars: MemoryCalendars
) -> None:
    CalendarRound(store, calendars, takes_default=True).turn()
    assert store.read(chosen_calendar).name == "Calendar"
    assert [event.subject for event in calendars.alive()] == [
        f"{outage(store, flight).code} {outage(store, flight).title}"
    ]


def test_who_chose_none_is_given_none(
    store: Store, flight: str, calendars: MemoryCalendars
) -> None:
    store.run(choose_calendar, Chosen())
    go_on(store, CalendarRound(store, calendars, takes_default=True))
    assert calendars.alive() == []


def test_without_a_calendar_nothing_that_was_owed_is_written(
    store: Store, chosen: str, calendars: MemoryCalendars
) -> None:
    store.run(choose_calendar, Chosen())
    go_on(store, CalendarRound(store, calendars))
    assert calendars.alive() == []
    assert items(store, "event") == [(ItemState.VOID, "no calendar is chosen")]


def test_another_calendar_is_owed_every_planned_outage(store: Store, chosen: str) -> None:
    CalendarRound(store, MemoryCalendars()).turn()
    store.run(choose_calendar, Chosen("another", "Another"))
    assert [state for state, _ in items(store, "event")] == [ItemState.SENT, ItemState.WAITING]


def test_another_mailbox_knows_nothing_of_what_stood_in_the_old_one(
    store: Store, chosen: str, calendars: MemoryCalendars
) -> None:
    CalendarRound(store, calendars).turn()
    store.run(forget_calendar)
    other = MemoryCalendars()
    go_on(store, CalendarRound(store, other, takes_default=True))
    assert len(other.alive()) == 1
    assert store.read(proposal_of, chosen) is None


def test_what_another_person_s_calendar_does_not_show_is_not_called_taken_out(
    store: Store, flight: str, calendars: MemoryCalendars
) -> None:
    store.run(choose_calendar, Chosen("default", "Calendar", OKAFOR))
    CalendarRound(store, calendars, who=lambda: OKAFOR).turn()
    move(store, flight)
    round_ = CalendarRound(store, MemoryCalendars(), who=lambda: SATO)
    report = round_.turn()
    assert (report.state, OKAFOR in report.why) == (SyncState.ATTENTION, True)
    assert store.read(proposal_of, flight) is None


def test_in_a_calendar_of_one_s_own_the_outage_stands_anew_and_the_other_s_stays(
    store: Store, flight: str, calendars: MemoryCalendars
) -> None:
    store.run(choose_calendar, Chosen("default", "Calendar", OKAFOR))
    CalendarRound(store, calendars, who=lambda: OKAFOR).turn()
    store.run(choose_calendar, Chosen("default", "Calendar", SATO))
    other = MemoryCalendars()
    go_on(store, CalendarRound(store, other, who=lambda: SATO))
    assert (len(calendars.alive()), len(other.alive())) == (1, 1)
    assert store.read(proposal_of, flight) is None


def test_an_answer_that_was_lost_leaves_one_entry(
    store: Store, chosen: str, calendars: MemoryCalendars
) -> None:
    calendars.weather.lay("create", Unclear("The answer was lost."), after=True)
    go_on(store, CalendarRound(store, calendars))
    assert len(calendars.alive()) == 1
    assert items(store, "event")[0][0] is ItemState.SENT


def test_a_cancelled_outage_is_gone_from_the_calendar(
    store: Store, chosen: str, calendars: MemoryCalendars
) -> None:
    round_ = CalendarRound(store, calendars)
    round_.turn()
    store.run(advance, chosen, State.CANCELLED, Going(why="dropped"))
    go_on(store, round_)
    assert calendars.alive() == []


def test_our_own_writing_comes_back_as_no_proposal(
    store: Store, chosen: str, calendars: MemoryCalendars
) -> None:
    round_ = CalendarRound(store, calendars)
    go_on(store, round_)
    move(store, chosen)
    go_on(store, round_)
    assert store.read(proposal_of, chosen) is None


@pytest.fixture
def edited(store: Store, chosen: str, calendars: MemoryCalendars) -> CalendarRound:
    """Written, then moved by an hour in Outlook, and read."""
    round_ = CalendarRound(store, calendars)
    go_on(store, round_)
    calendars.change(calendars.alive()[0].id, later=timedelta(hours=1))
    go_on(store, round_)
    return round_


def test_an_edit_made_there_is_a_proposal(store: Store, chosen: str, edited: CalendarRound) -> None:
    found = store.read(proposal_of, chosen)
    assert found is not None
    assert found.start == outage(store, chosen).start_utc + timedelta(hours=1)


def test_nothing_is_written_over_an_edit_that_has_no_answer(
    store: Store, chosen: str, edited: CalendarRound, calendars: MemoryCalendars
) -> None:
    before = calendars.alive()
    move(store, chosen)
    go_on(store, edited)
    assert calendars.alive() == before


def test_an_edit_not_read_yet_is_not_written_over(
    store: Store, chosen: str, calendars: MemoryCalendars
) -> None:
    round_ = CalendarRound(store, calendars)
    go_on(store, round_)
    calendars.change(calendars.alive()[0].id, later=timedelta(hours=1))
    before = calendars.alive()
    move(store, chosen)
    round_.turn()
    assert calendars.alive() == before
    assert store.read(proposal_of, chosen) is not None


def answer(store: Store, outage_id: str, use_case: Callable[..., object], *args: str) -> None:
    link = store.read(link_of, outage_id)
    assert link is not None
    store.run(use_case, link.id, *args)


def test_put_back_the_calendar_has_our_time_again(
    store: Store, chosen: str, edited: CalendarRound, calendars: MemoryCalendars
) -> None:
    answer(store, chosen, put_back)
    go_on(store, edited)
    assert calendars.alive()[0].start == outage(store, chosen).start_utc
    assert store.read(proposal_of, chosen) is None


def test_taken_over_both_have_the_time_set_there(
    store: Store, chosen: str, edited: CalendarRound, calendars: MemoryCalendars
) -> None:
    there = calendars.alive()[0].start
    answer(store, chosen, take_over, "as agreed")
    go_on(store, edited)
    assert outage(store, chosen).start_utc == there
    assert calendars.alive()[0].start == there
    assert store.read(proposal_of, chosen) is None


def test_an_entry_deleted_there_is_a_proposal_and_comes_back_when_put_back(
    store: Store, chosen: str, calendars: MemoryCalendars
) -> None:
    round_ = CalendarRound(store, calendars)
    go_on(store, round_)
    calendars.remove(calendars.alive()[0].id)
    go_on(store, round_)
    found = store.read(proposal_of, chosen)
    assert found is not None
    assert found.removed
    answer(store, chosen, put_back)
    go_on(store, round_)
    assert len(calendars.alive()) == 1


def test_a_lost_place_doubles_nothing(
    store: Store, chosen: str, calendars: MemoryCalendars
) -> None:
    round_ = CalendarRound(store, calendars)
    go_on(store, round_)
    calendars.forget_cursors()
    go_on(store, round_)
    assert len(calendars.alive()) == 1
    assert store.read(proposal_of, chosen) is None


def test_offline_it_waits_and_catches_up(
    store: Store, chosen: str, calendars: MemoryCalendars
) -> None:
    calendars.weather.lay("find", Unreachable("No network."), after=False)
    round_ = CalendarRound(store, calendars)
    assert round_.turn().state is SyncState.OFFLINE
    go_on(store, round_)
    assert len(calendars.alive()) == 1
