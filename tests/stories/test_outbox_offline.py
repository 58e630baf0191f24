"""Without a network the console does everything but send, and catches up when it is back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import col

from app.models.account import AccountSettings, Profile
from app.models.notices.kinds import NoticeKind, NoticeState
from app.models.notices.replies import ObjectionDecision, ReplyKind
from app.models.outages.lifecycle import State
from app.models.outbox import ItemState
from app.models.runbook import StepAct
from app.models.tables.notices import Notice, Reply
from app.models.tables.outages import Outage
from app.models.tables.outbox import OutboxItem, OutboxPart
from app.models.times import Window
from app.services.account.settings import practice_people, save_account_settings
from app.services.bridge.line import close_bridge, open_bridge
from app.services.bridge.meeting import ask_meeting
from app.services.database import Store
from app.services.notices.exporting import export
from app.services.notices.facts import NoticeExtra
from app.services.notices.replies import decide_objection, note_reply, sort_reply
from app.services.notices.sending import queue, record_sent
from app.services.outages.moving import extend, move_window
from app.services.outages.planning import bridge_of
from app.services.outbox.reading import outbox
from app.services.reports.building import mark_printed, packet_data
from app.services.sync.state import SyncState
from app.services.sync.worker import Worker
from app.services.uow import UnitOfWork
from app.wiring.rehearsing import HouseWithin, NoSecrets, open_rehearsal
from app.wiring.remote import open_remote
from app.wiring.syncing import make_worker
from tests.flights import START, do, make_flight, set_state
from tests.makers import clock_of
from tests.services.notices_flights import desk_store
from tests.stories.practised import kept, require_sent_once

SETTINGS = AccountSettings(Profile.PRACTICE)
TURNS = 60


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = desk_store(tmp_path, START - timedelta(days=20))
    made.run(save_account_settings, SETTINGS)
    yield made
    made.close()


@contextmanager
def cut_off(store: Store) -> Iterator[Worker]:
    """A worker signed in to a practice tenant that has gone since."""
    people = store.read(practice_people)
    house = HouseWithin(store.folder, store.clock, people, ())
    remote = open_remote(
        store.folder, SETTINGS, people=people, secrets=NoSecrets(), house=house, clock=store.clock
    )
    try:
        worker = make_worker(store, remote)
        worker.turn()
        house.close()
        yield worker
    finally:
        remote.close()


def plan_and_tell(store: Store, flight: str) -> None:
    """All of the weeks before."""
    outage = store.read(lambda uow: uow.fetch(Outage, flight))
    old = outage.window
    later = Window.of(old.start + timedelta(minutes=30), old.end + timedelta(minutes=30), old.zone)
    store.run(move_window, flight, later, "the vendor is late", seen=outage.version)
    store.run(queue, flight, NoticeKind.KICK_OFF)
    store.run(queue, flight, NoticeKind.PLANNED)
    store.run(ask_meeting, flight)
    store.run(note_reply, flight, "D. Moreau", "Please not that evening.")
    [reply] = store.read(lambda uow: uow.all(Reply))
    store.run(sort_reply, reply.id, ReplyKind.OBJECTION)
    store.run(decide_objection, reply.id, ObjectionDecision.KEEP, "It stays; we call you before.")
    assert store.read(packet_data, flight)
    store.run(mark_printed, flight)


def fly_the_night(store: Store, flight: str) -> None:
    """What is done in the window; what cannot wait leaves by hand."""
    store.run(open_bridge, flight, line="555 0199, code 7731")
    left = store.run(export, flight, NoticeKind.STARTED)
    assert left.eml
    store.run(record_sent, flight, NoticeKind.STARTED, store.clock.now())
    do(store, flight, "1", StepAct.START)
    clock_of(store).advance(minutes=20)
    do(store, flight, "1", StepAct.FINISH)
    end = store.read(lambda uow: uow.fetch(Outage, flight)).end_utc
    store.run(extend, flight, end + timedelta(minutes=30), "the array is slow")
    more = NoticeExtra(next_update=end + timedelta(minutes=15))
    store.run(queue, flight, NoticeKind.EXTENDED, more)
    store.run(close_bridge, flight, "dialled in again: it had ended")


def test_everything_but_sending_goes_on_and_then_catches_up(store: Store, tmp_path: Path) -> None:
    coming = store.run(make_flight, State.PLANNED, bridge_line="")
    tonight = store.run(
        make_flight,
        State.PLANNED,
        title="Label printing",
        start="2024-12-21 19:00",
        end="2024-12-21 23:00",
        bridge_line="",
    )
    store.run(record_sent, tonight, NoticeKind.PLANNED, store.clock.now())
    store.run(set_state, tonight, State.IN_PROGRESS)
    with cut_off(store) as worker:
        for night in (False, True):
            fly_the_night(store, tonight) if night else plan_and_tell(store, coming)
            clock_of(store).advance(minutes=1)
            worker.hurry()
            report = worker.turn()
            assert (report.state, bool(report.why)) == (SyncState.OFFLINE, True)
            assert report.again_at is not None
    waiting = store.read(lambda uow: outbox(uow))
    assert {row.state for row in waiting if row.kind == "notice"} >= {ItemState.WAITING}
    assert not any(row.left for row in waiting if row.state is ItemState.WAITING)

    back = open_rehearsal(store)
    try:
        until(store, back.worker, nothing_waits)
        bridge = store.read(bridge_of, coming)
        assert bridge is not None
        assert back.meetings.get(bridge.meeting_id).join_link == bridge.join_link
    finally:
        back.close()
    notices = store.read(lambda uow: uow.all(Notice))
    assert Counter(notice.state for notice in notices) == {NoticeState.SENT: 5}
    require_in_calendar(store, coming, tonight)
    assert require_sent_once(store.folder) == len(messages(store))


def until(store: Store, worker: Worker, done: Callable[[Store], bool]) -> None:
    for _ in range(TURNS):
        report = worker.turn()
        if done(store):
            return
        pause = timedelta() if report.did else timedelta(hours=6)
        clock_of(store).set(max(report.again_at or store.clock.now(), store.clock.now() + pause))
    raise AssertionError(f"never done: {report}")


def nothing_waits(store: Store) -> bool:
    return not store.read(
        lambda uow: uow.all(
            OutboxItem, col(OutboxItem.state).in_([ItemState.WAITING, ItemState.LEAVING])
        )
    ) and all(part.state.value == "sent" for part in messages(store))


def messages(store: Store) -> list[OutboxPart]:
    return store.read(lambda uow: uow.all(OutboxPart))


def require_in_calendar(store: Store, *flights: str) -> None:
    """Each stands there once, with the time it has."""
    tenant = kept(store.folder)
    with tenant.turn():
        events = [e for u in tenant.people.all() for e in tenant.calendar.box(u).events.values()]
    tenant.close()
    found = {(e.data["subject"], e.starts, e.ends) for e in events}
    outages = [store.read(UnitOfWork.fetch, Outage, each) for each in flights]
    assert found == {
        (f"{each.code} {each.title}", each.start_utc, each.promised_end_utc) for each in outages
    }
    assert len(events) == len(flights)
