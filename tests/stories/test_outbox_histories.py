"""Whatever happens to the outbox, each message leaves once, or waits where it is seen."""

from __future__ import annotations

import logging
import random
import shutil
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from tests.flights import START
from tests.makers import make_store
from tests.stories.posting import History, make_scene

note = logging.getLogger(__name__)


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("posting")
    make_scene(folder)
    return folder / "data"


def test_every_notice_is_sent_exactly_once_or_waits_visibly(
    scene: Path, tmp_path: Path, count: Callable[[int, int], int]
) -> None:
    first = random.SystemRandom().randrange(2**32)
    ended: Counter[str] = Counter()
    for seed in range(first, first + count(60, 2_000)):
        ended += tell(scene, tmp_path / "data", seed)
    note.warning("%s", dict(ended))
    assert ended["sent"] > ended.total() / 5, "too little left to prove anything"


def tell(scene: Path, folder: Path, seed: int) -> Counter[str]:
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(scene, folder)
    store = make_store(folder, START - timedelta(days=25))
    history = History(store, random.Random(seed))
    try:
        history.live()
        return history.check()
    except BaseException:
        note.error("seed %d: %s", seed, " · ".join(history.told))
        raise
    finally:
        store.close()
