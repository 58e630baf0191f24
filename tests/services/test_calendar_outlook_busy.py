"""What Outlook says of the crew: away is absent, a meeting is double-booked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.models.calendar.facts import Reason
from app.models.outages.lifecycle import State
from app.models.tables.directory import Leave
from app.models.tables.outages import Outage
from app.services.calendar.conflicts import conflicts_of
from app.services.calendar.outlook_busy import Asking, asking, take_in_busy
from app.services.database import Store
from app.services.ports.calendars import BusyKind, BusySpan, Schedule
from app.services.uow import UnitOfWork
from tests.flights import START, make_flight
from tests.services.notices_flights import desk_store

NOW = START - timedelta(days=20)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = desk_store(tmp_path, NOW)
    made.run(make_flight, State.PLANNED)
    yield made
    made.close()


def asked(store: Store) -> Asking:
    found = store.read(asking)
    assert found is not None
    return found


def said(store: Store, kind: BusyKind, trouble: str = "") -> Schedule:
    span = BusySpan(START, START + timedelta(hours=1), kind)
    return Schedule(asked(store).emails[0].upper(), (span,), trouble)


def take_in(store: Store, *schedules: Schedule) -> int:
    return store.run(take_in_busy, asked(store), schedules)


def kinds(store: Store) -> list[str]:
    return store.read(lambda uow: [row.kind for row in uow.all(Leave)])


def reasons(store: Store) -> dict[Reason, str]:
    def look(uow: UnitOfWork) -> dict[Reason, str]:
        [outage] = uow.all(Outage)
        return {c.reason: c.sentence for c in conflicts_of(uow, outage)}

    return store.read(look)


def test_the_crew_of_the_next_flights_is_asked_about(store: Store) -> None:
    assert all(email.endswith(".example") for email in asked(store).emails)


def test_without_a_flight_ahead_nobody_is_asked_about(tmp_path: Path) -> None:
    bare = desk_store(tmp_path / "bare", NOW)
    assert bare.read(asking) is None
    bare.close()


def test_who_is_away_is_absent_from_the_flight(store: Store) -> None:
    take_in(store, said(store, BusyKind.OUT))
    assert "as Outlook says" in reasons(store)[Reason.OWNER_ABSENT]


def test_who_has_a_meeting_is_double_booked(store: Store) -> None:
    take_in(store, said(store, BusyKind.BUSY))
    assert "busy in Outlook" in reasons(store)[Reason.OWNER_DOUBLE_BOOKED]


def test_a_tentative_meeting_counts_as_free(store: Store) -> None:
    assert take_in(store, said(store, BusyKind.TENTATIVE)) == 0


def test_the_same_answer_again_changes_nothing(store: Store) -> None:
    take_in(store, said(store, BusyKind.BUSY))
    assert take_in(store, said(store, BusyKind.BUSY)) == 0
    assert kinds(store) == ["busy in Outlook"]


def test_what_outlook_no_longer_says_is_gone(store: Store) -> None:
    take_in(store, said(store, BusyKind.BUSY))
    take_in(store, Schedule(asked(store).emails[0], ()))
    assert kinds(store) == []


def test_of_whom_it_cannot_tell_nothing_is_changed(store: Store) -> None:
    take_in(store, said(store, BusyKind.BUSY))
    take_in(store, Schedule(asked(store).emails[0], (), "the mailbox is on another server"))
    assert kinds(store) == ["busy in Outlook"]
