"""The first console is killed at any moment; a deputy takes over from the second folder and has
everything acknowledged more than five seconds before."""

from __future__ import annotations

import logging
import multiprocessing
import random
import shutil
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from app.services.folder import FILE_NAME
from app.services.settings.second_folder import choose_second_folder
from app.services.settings.taking_over import take_over_now
from app.wiring.second_keeping import SecondKeeping
from tests.makers import TestClock, make_store
from tests.stories.killing import Work, make_scene, require_sound

PROMISED_S = 5.0
LONGEST_S = 7.0
note = logging.getLogger(__name__)
Acknowledged = list[tuple[float, tuple[int, str]]]

forking = multiprocessing.get_context("forkserver")
forking.set_forkserver_preload(["tests.stories.killing", "app.wiring.second_keeping"])


def work_and_copy_until_killed(folder: Path, seed: int, acknowledge: Connection) -> None:
    """The first console. Never returns by itself."""
    store = make_store(folder)
    keeping = SecondKeeping(store)
    keeping.start()
    chance = random.Random(seed)
    work = Work(store, chance)
    while True:
        head = work.one()
        acknowledge.send((time.time(), head))
        time.sleep(chance.random() * 0.02)


def kill_at_random(folder: Path, chance: random.Random) -> tuple[float, Acknowledged]:
    """When it was killed, and what it had acknowledged."""
    ours, theirs = forking.Pipe(duplex=False)
    child = forking.Process(
        target=work_and_copy_until_killed, args=(folder, chance.randrange(2**32), theirs)
    )
    child.start()
    theirs.close()
    heard: Acknowledged = [ours.recv()]
    until = time.monotonic() + chance.random() * LONGEST_S
    while (left := until - time.monotonic()) > 0:
        if ours.poll(left):
            heard.append(ours.recv())
    child.kill()
    killed = time.time()
    child.join()
    while ours.poll(0):
        try:
            heard.append(ours.recv())
        except EOFError:
            break
    return killed, heard


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("scene") / "data"
    make_scene(folder)
    return folder


def test_a_deputy_has_everything_acknowledged_five_seconds_before_the_kill(
    scene: Path, tmp_path: Path, count: Callable[[int, int], int]
) -> None:
    seed = random.SystemRandom().randrange(2**32)
    note.warning("seed %d", seed)
    chance = random.Random(seed)
    longest, done = 0.0, 0
    for trial in range(count(3, 60)):
        data, share = tmp_path / f"first-{trial}", tmp_path / f"share-{trial}"
        shutil.copytree(scene, data)
        share.mkdir()
        choose_second_folder(data, share)
        # a console is not taken over before its first copy is there
        first = SecondKeeping(store := make_store(data))
        first.start()
        first.stop()
        store.close()
        killed, heard = kill_at_random(data, chance)
        deputy = tmp_path / f"deputy-{trial}"
        take_over_now(deputy, share, "J. Sato", clock=TestClock())
        due = [head for at, head in heard if at < killed - PROMISED_S]
        require_sound(deputy, due)
        known = _numbers(deputy)
        missing = [at for at, (number, _) in heard if number not in known]
        longest = max(longest, killed - min(missing, default=killed))
        done += len(heard)
        for folder in (data, share, deputy):
            shutil.rmtree(folder)
    note.warning("%d acknowledged; the oldest change missing was %.2f s old", done, longest)
    assert done > 10


def _numbers(folder: Path) -> set[int]:
    with closing(sqlite3.connect(folder / FILE_NAME)) as link:
        return {row[0] for row in link.execute("SELECT number FROM log_entry")}
