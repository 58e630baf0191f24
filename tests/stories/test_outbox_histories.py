"""Whatever happens to the outbox, each message leaves once, or waits where it is seen."""

from __future__ import annotations

import logging
import random
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from app.services.database import Store
from app.services.database_place import is_served, keep_place, place_of
from app.services.events import EventBus
from tests.contracts.practice import Practice
from tests.flights import START
from tests.makers import make_store
from tests.served import on_postgresql, server
from tests.stories.post_offices import MemoryOffice, practice_office
from tests.stories.posting import History, make_scene

note = logging.getLogger(__name__)


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("posting")
    make_scene(folder)
    return folder / "data"


def test_every_notice_is_sent_exactly_once_or_waits_visibly(
    scene: Path, tmp_path: Path, count: Callable[[int, int], int], first_seed: int
) -> None:
    ended: Counter[str] = Counter()
    for seed in range(first_seed, first_seed + count(24, 2_000)):
        ended += tell(scene, tmp_path / "data", seed)
    note.warning("%s", dict(ended))
    assert ended["times sent"], "nothing left, so nothing is proven"


def test_the_same_holds_over_https_with_the_practice_tenant(
    scene: Path, tmp_path: Path, count: Callable[[int, int], int], first_seed: int
) -> None:
    ended: Counter[str] = Counter()
    for seed in range(first_seed, first_seed + count(4, 100)):
        ended += tell_over_https(scene, tmp_path / str(seed), seed)
    note.warning("%s", dict(ended))
    assert ended["sent"]


def tell(scene: Path, folder: Path, seed: int) -> Counter[str]:
    chance = random.Random(seed)
    with opened(scene, folder) as store:
        office = MemoryOffice(store.clock.now, chance)
        if not is_served(folder):
            return _told(History(store, chance, office), seed)
        with another(store) as other:
            return _told(History(store, chance, office, other), seed)


def tell_over_https(scene: Path, folder: Path, seed: int) -> Counter[str]:
    chance = random.Random(seed)
    served = Practice(folder / "served")
    try:
        with (
            opened(scene, folder / "data") as store,
            practice_office(served, store.clock.now, chance) as office,
        ):
            return _told(History(store, chance, office), seed)
    finally:
        served.stop()


def _told(history: History, seed: int) -> Counter[str]:
    try:
        history.live()
        return history.check()
    except BaseException:
        note.error("seed %d: %s", seed, " · ".join(history.told))
        raise


@contextmanager
def another(store: Store) -> Iterator[Store]:
    """A second console on the same database, with the same time."""
    folder = store.folder.with_name(f"{store.folder.name}-other")
    folder.mkdir(exist_ok=True)
    keep_place(folder, place_of(store.folder))
    other = Store(folder, store.clock, EventBus(), store.actor)
    other.open()
    try:
        yield other
    finally:
        other.close()


@contextmanager
def opened(scene: Path, folder: Path) -> Iterator[Store]:
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(scene, folder)
    if on_postgresql():
        server().copy(folder)
    store = make_store(folder, START - timedelta(days=25))
    try:
        yield store
    finally:
        store.close()
