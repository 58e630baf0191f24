"""A moved flight that is flown while somebody still believes in the old time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.models.errors import NotAllowed
from app.models.notices.kinds import NoticeKind
from app.models.outages.lifecycle import ImpactClass, State
from app.models.tables.outages import Outage
from app.services.database import Store
from app.services.notices.composing import compose
from app.services.notices.sending import queue, record_sent
from app.services.outages.debt import debts_of
from app.services.outages.moving import extend, move_window
from app.services.uow import UnitOfWork
from tests.flights import START, make_flight, set_state
from tests.makers import clock_of, make_window
from tests.services.notices_flights import desk_store

K = NoticeKind
NEW_START = START + timedelta(hours=1)
"""It was announced for 19:00 and moved to 20:00."""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = desk_store(tmp_path, START - timedelta(days=20))
    yield made
    made.close()


def moved(store: Store) -> str:
    """A critical flight with a GO ten minutes before its new time; nobody heard of the move."""
    outage_id = store.run(make_flight, State.PLANNED)

    def critical(uow: UnitOfWork) -> None:
        outage = uow.fetch(Outage, outage_id)
        outage.impact = ImpactClass.CRITICAL
        uow.log("classified", outage)

    def later(uow: UnitOfWork) -> None:
        version = uow.fetch(Outage, outage_id).version
        window = make_window("2025-01-10T20:00", "2025-01-10T23:00")
        move_window(uow, outage_id, window, "the vendor is late", seen=version)

    store.run(critical)
    store.run(record_sent, outage_id, K.PLANNED, clock_of(store).now())
    store.run(later)
    clock_of(store).set(NEW_START - timedelta(minutes=10))
    store.run(set_state, outage_id, State.IN_PROGRESS)
    return outage_id


def owed(store: Store, outage_id: str) -> set[NoticeKind]:
    debts = store.read(lambda uow: debts_of(uow, uow.fetch(Outage, outage_id)))
    return {d.notice for d in debts if d.notice is not None}


def test_the_lead_time_does_not_stop_the_new_time_from_leaving_in_flight(store: Store) -> None:
    outage_id = moved(store)
    composed = store.read(compose, outage_id, K.RESCHEDULED)
    assert not composed.blocked, composed.findings
    store.run(queue, outage_id, K.RESCHEDULED)


def test_nor_once_the_window_has_begun(store: Store) -> None:
    outage_id = moved(store)
    clock_of(store).set(NEW_START + timedelta(minutes=10))
    store.run(record_sent, outage_id, K.RESCHEDULED, clock_of(store).now())
    assert K.RESCHEDULED not in owed(store, outage_id)


def test_the_new_time_is_owed_until_the_window_has_begun_whatever_else_was_said(
    store: Store,
) -> None:
    outage_id = moved(store)
    store.run(record_sent, outage_id, K.STARTED, clock_of(store).now())
    assert K.RESCHEDULED in owed(store, outage_id)
    clock_of(store).set(NEW_START)
    assert K.RESCHEDULED not in owed(store, outage_id), "started said the real window"


def test_who_heard_that_it_has_started_is_not_told_the_new_time_as_well(store: Store) -> None:
    outage_id = moved(store)
    clock_of(store).set(NEW_START + timedelta(minutes=1))
    store.run(record_sent, outage_id, K.STARTED, clock_of(store).now())
    with pytest.raises(NotAllowed, match="People know the window as it is"):
        store.run(queue, outage_id, K.RESCHEDULED)


def test_an_extension_in_flight_is_no_new_time(store: Store) -> None:
    outage_id = moved(store)
    store.run(record_sent, outage_id, K.RESCHEDULED, clock_of(store).now())
    store.run(extend, outage_id, NEW_START + timedelta(hours=4), "slow node")
    assert store.read(compose, outage_id, K.RESCHEDULED).sent_at is not None, "as it left"
