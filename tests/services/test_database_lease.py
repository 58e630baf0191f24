"""Of the consoles that share a store one drives; another takes over when it is gone."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.models.errors import StoreTrouble
from app.services.database import Store
from app.services.database_lease import Lease, leased
from app.services.database_place import keep_place, place_of
from app.services.events import EventBus
from app.services.sync.lock import only_sender
from tests.makers import COORDINATOR, TestClock, make_organisation, make_person
from tests.served import MISSING, can_serve, server

pytestmark = pytest.mark.skipif(not can_serve(), reason=MISSING)
BRIEF_S = 0.3


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    folder = tmp_path / "one"
    server().make(folder)
    made = Store(folder, TestClock(), EventBus(), COORDINATOR)
    made.open()
    made.run(make_organisation)
    yield made
    made.close()


@pytest.fixture
def other(store: Store, tmp_path: Path) -> Path:
    """The data folder of another console on the same database."""
    folder = tmp_path / "two"
    folder.mkdir()
    keep_place(folder, place_of(store.folder))
    return folder


def test_one_console_sends_and_the_next_once_it_is_done(store: Store, other: Path) -> None:
    with (
        only_sender(store.folder),
        pytest.raises(StoreTrouble, match="drives mail") as raised,
        only_sender(other),
    ):
        pass
    assert raised.value.about["trouble"] == "sender"
    with only_sender(other):
        pass


def test_of_a_holder_that_is_gone_another_takes_over(store: Store, other: Path) -> None:
    gone = Lease(store.folder, "sender", BRIEF_S)  # never renewed: as after a kill
    assert gone.take()
    late = Lease(other, "sender", 30)
    waited = threading.Event()
    while not late.take():
        waited.wait(0.02)
    assert not gone.take(), "who wakes up later has lost it"
    assert late.holder()
    late.leave()


def test_a_holder_keeps_it_for_longer_than_it_runs(store: Store, other: Path) -> None:
    with leased(store.folder, "sender", BRIEF_S):
        late = Lease(other, "sender")
        threading.Event().wait(2 * BRIEF_S)
        assert not late.take()


def test_who_lost_the_lease_writes_nothing_more_of_what_it_drove(store: Store, other: Path) -> None:
    with leased(store.folder, "sender", BRIEF_S) as lease:
        assert lease is not None
        store.run(make_person, "While it holds")
        lease.leave()  # as if it had slept, and run out
        late = Lease(other, "sender")
        assert late.take()
        with pytest.raises(StoreTrouble, match="Another console drives"):
            store.run(make_person, "Too late")
    store.run(make_person, "What a person does, goes on")
    assert (
        store.read(
            lambda uow: len(uow.session.connection().exec_driver_sql("SELECT 1 FROM person").all())
        )
        == 2
    )
    late.leave()
