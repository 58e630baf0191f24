"""Killed at any moment, the console has everything it acknowledged, and nothing by halves."""

from __future__ import annotations

import logging
import multiprocessing
import random
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from app.services.log import chain_head
from tests.makers import make_store
from tests.stories.killing import (
    Head,
    Work,
    make_scene,
    require_sound,
    work_until_killed,
)

KILLS_A_STORE = 5
note = logging.getLogger(__name__)

# Forked from a process that has loaded everything: 0.1 s a trial instead of 1.5 s.
forking = multiprocessing.get_context("forkserver")
forking.set_forkserver_preload(["tests.stories.killing"])


@pytest.fixture(scope="session")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("scene") / "data"
    make_scene(folder)
    return folder


def kill_at_random(folder: Path, chance: random.Random) -> list[Head]:
    """Let a child work and kill it; returns what it acknowledged before."""
    ours, theirs = forking.Pipe(duplex=False)
    child = forking.Process(
        target=work_until_killed, args=(folder, chance.randrange(2**32), theirs)
    )
    child.start()
    theirs.close()
    acknowledged: list[Head] = [ours.recv()]
    until = time.monotonic() + chance.random() ** 2 * 0.4
    while (left := until - time.monotonic()) > 0:
        if ours.poll(left):
            acknowledged.append(ours.recv())
    child.kill()
    child.join()
    while ours.poll(0):  # sent before the kill, not read yet
        try:
            acknowledged.append(ours.recv())
        except EOFError:
            break
    return acknowledged


def test_what_was_acknowledged_survives_kills_at_random_moments(
    scene: Path,
    tmp_path: Path,
    count: Callable[[int, int], int],
    record_property: Callable[..., None],
) -> None:
    seed = random.SystemRandom().randrange(2**32)
    note.warning("seed %d", seed)  # shown when the test fails
    chance = random.Random(seed)
    kills, done, beyond = count(15, 250), 0, 0
    folder = tmp_path / "data"
    for kill in range(kills):
        if kill % KILLS_A_STORE == 0:
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(scene, folder)
        acknowledged = kill_at_random(folder, chance)
        head = require_sound(folder, acknowledged)
        done += len(acknowledged) - 1
        beyond += head[0] > acknowledged[-1][0]
    note.warning("%d acknowledged; %d kills after the commit, before its answer", done, beyond)
    assert done > kills, "the children were killed before they did anything"


@pytest.fixture(scope="module")
def worked(scene: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Head]]:
    """Store and write-ahead log as they lie there with the power gone, and the heads after
    each transaction."""
    folder = tmp_path_factory.mktemp("worked")
    shutil.copytree(scene, folder / "data")
    store = make_store(folder / "data")
    store.raw(lambda link: link.execute("PRAGMA wal_autocheckpoint=0"))
    heads = [store.read(chain_head)]
    work = Work(store, random.Random(11))
    for _ in range(60):
        heads.append(work.one())
    shutil.copytree(folder / "data", folder / "copy")
    store.close()
    return folder / "copy", heads


def torn(worked: Path, target: Path, tear: Callable[[Path], None]) -> Head:
    """Tear the copied write-ahead log and open the store."""
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    for path in worked.glob("*.sqlite*"):
        if not path.name.endswith("-shm"):
            shutil.copy(path, target / path.name)
    [wal] = target.glob("*-wal")
    tear(wal)
    return require_sound(target, [])


def test_a_write_ahead_log_cut_anywhere_opens_on_whole_transactions(
    worked: tuple[Path, list[Head]], tmp_path: Path, count: Callable[[int, int], int]
) -> None:
    folder, heads = worked
    chance = random.Random(5)
    found = []
    for _ in range(count(12, 400)):

        def cut(wal: Path) -> None:
            with wal.open("rb+") as file:
                file.truncate(chance.randrange(wal.stat().st_size))

        found.append(torn(folder, tmp_path / "torn", cut))
    assert set(found) <= set(heads)
    assert len(set(found)) > 3


def test_a_write_ahead_log_with_a_wrong_byte_opens_on_whole_transactions(
    worked: tuple[Path, list[Head]], tmp_path: Path, count: Callable[[int, int], int]
) -> None:
    folder, heads = worked
    chance = random.Random(6)
    found = []
    for _ in range(count(8, 200)):

        def garble(wal: Path) -> None:
            with wal.open("rb+") as file:
                at = chance.randrange(wal.stat().st_size)
                file.seek(at)
                byte = file.read(1)
                file.seek(at)
                file.write(bytes([byte[0] ^ 0xFF]))

        found.append(torn(folder, tmp_path / "torn", garble))
    assert set(found) <= set(heads)


def test_an_untouched_write_ahead_log_opens_on_the_last_transaction(
    worked: tuple[Path, list[Head]], tmp_path: Path
) -> None:
    folder, heads = worked
    assert torn(folder, tmp_path / "torn", lambda wal: None) == heads[-1]


def test_the_check_itself_finds_half_a_transaction(scene: Path, tmp_path: Path) -> None:
    shutil.copytree(scene, tmp_path / "data")
    head = require_sound(tmp_path / "data", [])
    store = make_store(tmp_path / "data")
    store.raw(lambda link: link.execute("UPDATE step SET state = 'done' WHERE code = '1'"))
    store.close()
    with pytest.raises(AssertionError):
        require_sound(tmp_path / "data", [])
    with pytest.raises(KeyError):
        require_sound(scene, [(head[0] + 1, "acknowledged, and not there")])
