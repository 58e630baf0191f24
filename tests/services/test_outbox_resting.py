"""A notice to more people than a mailbox reaches in a day: its rest waits, and says so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.models.notices.kinds import NoticeKind
from app.models.outbox import ItemState, PartState
from app.models.outbox_pace import A_DAY, DAY
from app.models.tables.outbox import OutboxItem, OutboxPart
from app.services.outbox.resting import rest_of
from app.services.sync.state import SyncState
from app.services.uow import UnitOfWork
from tests.services.outbox_desk import Desk, make_desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = make_desk(tmp_path)
    yield made
    made.store.close()


def use_up_the_day(uow: UnitOfWork, outage_id: str) -> None:
    ours = uow.organisation_id
    item = OutboxItem(organisation_id=ours, key="before", kind="answer", outage_id=outage_id)
    item.state = ItemState.SENT
    uow.add(item)
    uow.session.flush()
    part = OutboxPart(organisation_id=ours, item_id=item.id, number=1, key="before-1")
    part.state, part.reach, part.accepted_at = PartState.SENT, A_DAY, uow.now
    uow.add(part)
    uow.log("the day is used up", item)


def test_the_rest_says_when_it_leaves_and_nobody_is_at_work_until_then(desk: Desk) -> None:
    item = desk.queue(NoticeKind.CREW_BRIEF)
    due = desk.item(item).not_before
    assert due is not None
    desk.turn(minutes=(due - desk.store.clock.now()).total_seconds() / 60 - 1)
    used_up = desk.store.clock.now()
    desk.run(use_up_the_day, desk.outage_id)
    report = desk.turn(minutes=2)
    assert desk.state(item) is ItemState.LEAVING
    assert report.state is SyncState.IN_SYNC
    rest = desk.store.read(rest_of, item)
    assert rest is not None
    assert rest.messages == len(desk.parts(item))
    assert rest.last_at == report.again_at == used_up + DAY


def test_of_what_the_pace_does_not_hold_up_nothing_is_said(desk: Desk) -> None:
    item = desk.queue(NoticeKind.CREW_BRIEF)
    assert desk.store.read(rest_of, item) is None
    desk.go_on()
    assert desk.store.read(rest_of, item) is None
