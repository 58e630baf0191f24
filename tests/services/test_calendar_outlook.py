"""Our outages in Outlook’s calendar: owed with each change, written once, edits proposed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import col

from app.models.errors import BadInput, NotAllowed
from app.models.outages.lifecycle import State
from app.models.outbox import ItemState
from app.models.tables.outages import Outage
from app.models.tables.outbox import OutboxItem
from app.models.times import Window
from app.services.bridge.meeting import use_line
from app.services.calendar.outlook import (
    Wanted,
    proposal_of,
    put_back,
    take_in_events,
    take_over,
    taken_out,
    wanted,
    written,
)
from app.services.calendar.owed import Chosen, choose_calendar
from app.services.database import Store
from app.services.events import OutboxChanged
from app.services.outages.brief import brief
from app.services.outages.leading import Going, advance
from app.services.outages.moving import move_window
from app.services.outages.today import today
from app.services.outbox.reading import Standing, outbox
from app.services.ports.calendars import Entry, RemoteEvent
from app.services.uow import UnitOfWork, undo
from tests.flights import START, make_flight
from tests.makers import ZONE
from tests.services.notices_flights import desk_store

NOW = START - timedelta(days=20)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = desk_store(tmp_path, NOW)
    yield made
    made.close()


@pytest.fixture
def outage_id(store: Store) -> str:
    """Planned, with a calendar chosen afterwards."""
    made = store.run(make_flight, State.PLANNED)
    store.run(choose_calendar, Chosen("cal", "Outages"))
    return made


def items(store: Store, state: ItemState = ItemState.WAITING) -> list[OutboxItem]:
    where = (col(OutboxItem.kind) == "event", col(OutboxItem.state) == state)
    return store.read(lambda uow: uow.all(OutboxItem, *where))


def asked(store: Store) -> Wanted:
    [item] = items(store)
    found = store.read(wanted, item.id)
    assert found is not None
    return found


def event_for(entry: Entry) -> RemoteEvent:
    """As the calendar has it after it was written."""
    window = Window.of(entry.start, entry.end, entry.zone)
    return RemoteEvent("e1", "u1", "k1", entry.subject, window.start_utc, window.end_utc)


def write(store: Store) -> RemoteEvent:
    """What the worker does with the one that waits."""
    [item] = items(store)
    found = asked(store)
    assert found.entry is not None
    event = event_for(found.entry)
    store.run(written, item.id, found.calendar_id, found.entry, event)
    return event


def outage(store: Store, outage_id: str) -> Outage:
    return store.read(lambda uow: uow.fetch(Outage, outage_id))


def move(store: Store, outage_id: str, days: int = 1) -> None:
    row = outage(store, outage_id)
    day = timedelta(days=days)
    window = Window.of(row.window.start + day, row.window.end + day, row.zone)
    store.run(move_window, outage_id, window, "the vendor is late", seen=row.version)


def test_without_a_calendar_nothing_is_owed(store: Store) -> None:
    store.run(make_flight, State.PLANNED)
    assert items(store) == []


def test_choosing_a_calendar_owes_it_what_is_planned(store: Store, outage_id: str) -> None:
    assert [item.about_id for item in items(store)] == [outage_id]


def test_the_entry_says_which_outage_and_when(store: Store, outage_id: str) -> None:
    row = outage(store, outage_id)
    entry = asked(store).entry
    assert entry is not None
    assert entry.subject == f"{row.code} {row.title}"
    assert (entry.start, entry.end, entry.zone) == (row.window.start, row.window.end, row.zone)


def test_another_conference_line_is_owed_to_the_calendar(store: Store, outage_id: str) -> None:
    write(store)
    store.run(use_line, outage_id, "212 555 0199, code 7731")
    entry = asked(store).entry
    assert entry is not None
    assert entry.location == "212 555 0199, code 7731"


def test_what_counts_what_is_to_leave_hears_of_it(store: Store, outage_id: str) -> None:
    heard: list[object] = []
    store.bus.subscribe(heard.append)
    write(store)
    assert OutboxChanged(outage_id) in heard
    heard.clear()
    move(store, outage_id)
    assert OutboxChanged(outage_id) in heard


def test_several_changes_before_it_leaves_are_one(store: Store, outage_id: str) -> None:
    move(store, outage_id)
    move(store, outage_id)
    assert len(items(store)) == 1


def test_a_move_after_it_was_written_changes_the_same_entry(store: Store, outage_id: str) -> None:
    write(store)
    move(store, outage_id)
    assert asked(store).event_id == "e1"
    assert not asked(store).same


def test_what_stands_there_already_is_not_written_again(store: Store, outage_id: str) -> None:
    write(store)
    move(store, outage_id, 1)
    move(store, outage_id, -1)
    assert asked(store).same


def test_a_cancelled_outage_is_taken_out(store: Store, outage_id: str) -> None:
    write(store)
    store.run(advance, outage_id, State.CANCELLED, Going(why="dropped"))
    assert asked(store).entry is None
    store.run(taken_out, items(store)[0].id)
    assert items(store) == []


def test_cancelled_before_it_was_ever_written_there_is_nothing_to_do(
    store: Store, outage_id: str
) -> None:
    store.run(advance, outage_id, State.CANCELLED, Going(why="dropped"))
    assert store.read(wanted, items(store)[0].id) is None


def test_our_own_writing_read_back_proposes_nothing(store: Store, outage_id: str) -> None:
    event = write(store)
    assert store.run(take_in_events, {"e1": event}, frozenset()) == 0
    assert store.read(proposal_of, outage_id) is None


def edit(store: Store, event: RemoteEvent, hours: int = 1) -> RemoteEvent:
    later = timedelta(hours=hours)
    edited = replace(event, start=event.start + later, end=event.end + later, change_key="k2")
    store.run(take_in_events, {"e1": edited}, frozenset())
    return edited


def test_an_edit_in_outlook_is_a_proposal_and_changes_nothing(store: Store, outage_id: str) -> None:
    before = outage(store, outage_id).window
    edited = edit(store, write(store))
    found = store.read(proposal_of, outage_id)
    assert found is not None
    assert found.start == edited.start
    assert outage(store, outage_id).window == before


def test_an_edit_taken_over_moves_the_window(store: Store, outage_id: str) -> None:
    edited = edit(store, write(store))
    found = store.read(proposal_of, outage_id)
    assert found is not None
    store.run(take_over, found.link_id, "as agreed with the vendor")
    assert outage(store, outage_id).start_utc == edited.start
    assert store.read(proposal_of, outage_id) is None


@pytest.mark.parametrize("is_written", [False, True])
def test_a_taking_over_undone_is_a_proposal_again(
    store: Store, outage_id: str, is_written: bool
) -> None:
    before = outage(store, outage_id).start_utc
    edited = edit(store, write(store))
    found = store.read(proposal_of, outage_id)
    assert found is not None
    taken = store.run(take_over, found.link_id, "as agreed with the vendor")
    if is_written:
        write(store)
    store.run(undo, taken)
    assert outage(store, outage_id).start_utc == before
    again = store.read(proposal_of, outage_id)
    assert again is not None
    assert again.start == edited.start
    assert asked(store).waits
    [row] = [row for row in store.read(outbox) if row.standing is Standing.TO_LEAVE]
    assert row.last_answer == "the change made in Outlook is to be answered first"
    store.run(take_in_events, {"e1": edited}, frozenset())
    assert store.read(proposal_of, outage_id) is not None


def test_an_edit_put_back_is_written_again(store: Store, outage_id: str) -> None:
    edit(store, write(store))
    found = store.read(proposal_of, outage_id)
    assert found is not None
    store.run(put_back, found.link_id)
    assert not asked(store).same
    assert asked(store).event_id == "e1"


def test_an_entry_taken_out_in_outlook_is_a_proposal_and_can_be_made_again(
    store: Store, outage_id: str
) -> None:
    first = asked(store).entry
    write(store)
    store.run(take_in_events, {}, frozenset({"e1"}))
    found = store.read(proposal_of, outage_id)
    assert found is not None
    assert found.removed
    store.run(put_back, found.link_id)
    again = asked(store)
    assert again.event_id == ""
    assert again.entry is not None
    assert first is not None
    assert again.entry.key != first.key


def test_a_removal_is_not_taken_over_by_itself(store: Store, outage_id: str) -> None:
    write(store)
    store.run(take_in_events, {}, frozenset({"e1"}))
    found = store.read(proposal_of, outage_id)
    assert found is not None
    with pytest.raises(NotAllowed, match="cancel the flight"):
        store.run(take_over, found.link_id, "")


def test_a_time_that_has_passed_is_refused_and_the_proposal_stays(
    store: Store, outage_id: str
) -> None:
    edit(store, write(store), hours=-24 * 60)
    found = store.read(proposal_of, outage_id)
    assert found is not None
    with pytest.raises(BadInput, match="has passed"):
        store.run(take_over, found.link_id, "")
    assert store.read(proposal_of, outage_id) is not None


def test_events_of_others_are_none_of_ours(store: Store, outage_id: str) -> None:
    now = datetime(2025, 1, 1, tzinfo=UTC)
    other = RemoteEvent("x", "ux", "k", "Somebody’s meeting", now, now)

    def count(uow: UnitOfWork) -> int:
        return take_in_events(uow, {"x": other}, frozenset({"y"}))

    assert store.run(count) == 0


def test_the_brief_says_what_outlook_has(store: Store, outage_id: str) -> None:
    edit(store, write(store))
    row = store.read(brief, outage_id).outlook
    assert row is not None
    assert row.sentence.startswith("In Outlook it stands there Fri 10 Jan 20:00")
    assert row.can_take_over


def test_a_changed_title_is_said_to_be_written_back_when_the_time_is_taken_over(
    store: Store, outage_id: str
) -> None:
    before = write(store)
    later, end = before.start + timedelta(hours=1), before.end + timedelta(hours=1)
    named = replace(before, subject="Firmware, not now", start=later, end=end)
    store.run(lambda uow: take_in_events(uow, {"e1": named}, frozenset()))
    row = store.read(brief, outage_id).outlook
    assert row is not None and row.can_take_over
    assert "it is called “Firmware, not now”" in row.sentence
    title = f"{outage(store, outage_id).code} {outage(store, outage_id).title}"
    assert row.sentence.endswith(f"the title is written back as “{title}”.")


def test_today_asks_for_an_answer(store: Store, outage_id: str) -> None:
    edit(store, write(store))
    assert any(need.words.startswith("Changed in Outlook") for need in store.read(today).needs)


def test_putting_back_is_undone(store: Store, outage_id: str) -> None:
    edit(store, write(store))
    found = store.read(proposal_of, outage_id)
    assert found is not None
    store.run(undo, store.run(put_back, found.link_id))
    assert store.read(proposal_of, outage_id) is not None


def undone_after_it_was_written(store: Store, outage_id: str) -> datetime:
    """Moved, written there, and taken back; the start as it is again."""
    row = outage(store, outage_id)
    later = Window.of(
        row.window.start + timedelta(days=1), row.window.end + timedelta(days=1), ZONE
    )
    moved = store.run(move_window, outage_id, later, "late", seen=row.version)
    write(store)
    store.run(undo, moved)
    return row.start_utc


def test_a_move_is_undone_though_it_was_written_meanwhile(store: Store, outage_id: str) -> None:
    before = undone_after_it_was_written(store, outage_id)
    assert outage(store, outage_id).start_utc == before


def test_undoing_a_move_owes_the_calendar_the_old_time(store: Store, outage_id: str) -> None:
    undone_after_it_was_written(store, outage_id)
    entry = asked(store).entry
    assert entry is not None
    assert entry.start == outage(store, outage_id).window.start


def test_a_planning_undone_takes_out_what_was_written(store: Store) -> None:
    store.run(choose_calendar, Chosen("cal", "Outages"))
    made = store.run(make_flight, State.DRAFT)
    planned = store.run(advance, made, State.PLANNED)
    write(store)
    store.run(undo, planned)
    assert asked(store).event_id == "e1"
    assert asked(store).entry is None


def test_a_cancelling_undone_makes_another_entry(store: Store, outage_id: str) -> None:
    entry = asked(store).entry
    write(store)
    cancelled = store.run(advance, outage_id, State.CANCELLED, Going(why="dropped"))
    store.run(taken_out, items(store)[0].id)
    store.run(undo, cancelled)
    again = asked(store).entry
    assert entry is not None
    assert again is not None
    assert again.key != entry.key


def test_what_changes_while_it_is_written_is_still_owed(store: Store, outage_id: str) -> None:
    [item] = items(store)
    found = asked(store)
    assert found.entry is not None
    move(store, outage_id)
    store.run(written, item.id, found.calendar_id, found.entry, event_for(found.entry))
    entry = asked(store).entry
    assert entry is not None
    assert entry.start == outage(store, outage_id).window.start
