from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.models.errors import NotAllowed
from app.models.notices.kinds import NoticeKind
from app.models.outages.lifecycle import State
from app.models.runbook import Phase, StepKind, StepState
from app.models.tables.runbook import Step
from app.services.database import Store
from app.services.live.reading import live
from app.services.live.rows import NextAct
from app.services.notices.composing import NoticeExtra
from app.services.notices.sending import queue, record_sent
from app.services.outages.leading import Going, advance
from app.services.uow import UnitOfWork
from tests.flights import START, make_flight, set_state
from tests.makers import clock_of
from tests.services.notices_flights import desk_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = desk_store(tmp_path / "desk", START - timedelta(days=20))
    yield made
    made.close()


@pytest.fixture
def flight(store: Store) -> str:
    """In its window; all of its work is done, and Started is not told."""
    made = store.run(make_flight, State.PLANNED)
    store.run(record_sent, made, NoticeKind.PLANNED, clock_of(store).now())
    clock_of(store).set(START)
    store.run(set_state, made, State.IN_PROGRESS)
    store.run(work_done, made)
    return made


def work_done(uow: UnitOfWork, outage_id: str) -> None:
    for row in uow.all(Step):
        if row.phase in (Phase.BEFORE, Phase.WINDOW) and row.kind is not StepKind.NOTICE:
            row.state, row.started_at, row.ended_at = StepState.DONE, uow.now, uow.now
            uow.log(f"set {row.code}", row)


def started_step(uow: UnitOfWork) -> Step:
    return next(row for row in uow.all(Step) if row.notice_kind == NoticeKind.STARTED)


def test_a_notice_nobody_sent_keeps_the_flight_from_its_checks(store: Store, flight: str) -> None:
    with pytest.raises(NotAllowed, match="Started"):
        store.run(advance, flight, State.VERIFYING, Going())


def test_a_notice_that_waits_for_the_network_does_not(store: Store, flight: str) -> None:
    store.run(queue, flight, NoticeKind.STARTED, NoticeExtra())
    assert store.read(live, flight).next_act is NextAct.VERIFY
    store.run(advance, flight, State.VERIFYING, Going())
    assert store.read(started_step).state is StepState.TODO, "done as the notice leaves"
