"""The outbox, Graph's client and the practice tenant together, with faults of every kind: each
message is among the sent once."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.models.notices.kinds import NoticeKind
from app.models.outages.lifecycle import State
from app.models.outbox import ItemState, PartState
from app.models.tables.outbox import OutboxItem, OutboxPart
from app.services.graph.keys import KEY_PROPERTY
from app.services.graph.mail import GraphMailbox
from app.services.notices.sending import queue
from app.services.practice.people import User
from app.services.sync.mail import MailRound
from tests.contracts.practice import Practice
from tests.flights import START, make_flight
from tests.makers import clock_of
from tests.services.notices_flights import desk_store

KINDS = (NoticeKind.PLANNED, NoticeKind.CREW_BRIEF, NoticeKind.KICK_OFF)
FAULTS = ("reset-before", "reset-after", "half", "504", "429=2", "429=none", "503=1", "401", "html")
STORMY, MOST = 25, 300


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Practice]:
    served = Practice(tmp_path_factory.mktemp("served"))
    yield served
    served.stop()


def test_each_message_is_among_the_sent_once(
    practice: Practice, tmp_path: Path, count: Callable[[int, int], int], first_seed: int
) -> None:
    for seed in range(first_seed, first_seed + count(2, 100)):
        _tell(practice, tmp_path / str(seed), seed)


def _tell(practice: Practice, folder: Path, seed: int) -> None:
    chance = random.Random(seed)
    store = desk_store(folder, max(START - timedelta(days=20), practice.now))
    clock = clock_of(store)
    outage = store.run(make_flight, State.PLANNED)
    for kind in KINDS:
        store.run(queue, outage, kind)
    user = practice.person()
    with practice.client(user) as client:
        mailbox = GraphMailbox(client)
        worker = MailRound(store, mailbox)
        practice.faults.set(",".join(f"{each}@{chance.uniform(0, 0.15):.3f}" for each in FAULTS))
        for turn in range(MOST):
            if turn == STORMY:
                practice.faults.clear()
            if chance.random() < 0.1:
                worker = MailRound(store, mailbox)  # the process was killed
            practice.later(max(clock.now() - practice.now, timedelta()))
            report = worker.turn()
            if report.again_at is None and turn > STORMY:
                break
            clock.set(max(report.again_at or clock.now(), clock.now() + timedelta(seconds=1)))
        parts = store.read(lambda uow: uow.all(OutboxPart))
        items = store.read(lambda uow: uow.all(OutboxItem))
    told = f"seed {seed}: {Counter(part.state.value for part in parts)}"
    assert parts, told
    there = _sent(practice, user)
    for part in parts:
        assert there[part.key] <= 1, told
        assert (part.state is PartState.SENT) == (there[part.key] == 1), (told, part.last_answer)
    assert all(item.state in (ItemState.SENT, ItemState.ATTENTION) for item in items), told
    store.close()


def _sent(practice: Practice, user: User) -> Counter[str]:
    with practice.tenant.turn():
        box = practice.tenant.mail.box(user)
        return Counter(
            message.properties.get(KEY_PROPERTY, "")
            for message in box.in_folder(box.well_known("sentitems"))
        )
