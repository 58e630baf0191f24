"""A move between a file and PostgreSQL is killed at any moment: the store is whole in one place,
nobody else takes a half-moved copy for it, and the same move done again ends it."""

from __future__ import annotations

import logging
import multiprocessing
import os
import random
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import NullPool

from app.models.errors import ConsoleError, NotAllowed, StoreTrouble
from app.services import database_moving as moving
from app.services.database import Store
from app.services.database_check import check
from app.services.database_copying import Contents
from app.services.database_place import Place, place_of
from app.services.database_unfinished import token_of
from app.services.events import EventBus
from app.services.folder import FILE_NAME
from tests.flights import make_flight
from tests.makers import COORDINATOR, NOW, TestClock, make_organisation, make_person
from tests.served import MISSING, Server, can_serve
from tests.served import server as own_server

pytestmark = pytest.mark.skipif(not can_serve(), reason=MISSING)
note = logging.getLogger(__name__)

forking = multiprocessing.get_context("forkserver")
forking.set_forkserver_preload(["tests.services.test_database_moving_kill"])


@pytest.fixture(scope="module")
def server() -> Server:
    return own_server()


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed store in a file."""
    store = Store(tmp_path_factory.mktemp("scene"), TestClock(), EventBus(), COORDINATOR)
    store.open()
    store.run(make_organisation)
    store.run(make_flight)
    store.close()
    return store.folder


@pytest.fixture
def folder(scene: Path, tmp_path: Path) -> Path:
    return copied(scene, tmp_path / "data")


def copied(scene: Path, folder: Path) -> Path:
    shutil.copytree(scene, folder)
    return folder


def move(folder: Path, url: str) -> None:
    """To `url`; back into a file when it is empty."""
    if url:
        moving.move_to_server(folder, Place(url), NOW)
    else:
        moving.move_to_file(folder, NOW)


def move_and_die(folder: Path, url: str, before: str) -> None:
    """The child: killed as it is about to do `before`, a name in the module."""

    def die(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    if before == "replace":  # the file has its name
        usual = Path.replace

        def replace(self: Path, target: Path) -> Path:
            if self.name.endswith(".moving"):
                die()
            return usual(self, target)

        Path.replace = replace  # type: ignore[method-assign, assignment]
    elif before == "commit":
        Connection.commit = die  # type: ignore[method-assign, assignment]
    elif before:
        setattr(moving, before, die)
    move(folder, url)


def killed(server: Server, folder: Path, url: str, there: str, **how: Any) -> None:
    """`before` or `after_s` says when; returns once the server has noticed, too."""
    child = forking.Process(target=move_and_die, args=(folder, url, how.get("before", "")))
    child.start()
    child.join(how.get("after_s", 20))
    child.kill()
    child.join()
    engine = create_engine(server.url("postgres"), poolclass=NullPool)
    query = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s"
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as link:
        name = there.rpartition("/")[2].partition("?")[0]
        until = time.monotonic() + 20
        while link.exec_driver_sql(query, (name,)).scalar() and time.monotonic() < until:
            link.exec_driver_sql("SELECT pg_sleep(0.01)")


def contents(folder: Path, *, person: str = "") -> Contents:
    """Of the store that this folder says it has; one more person is written, if named."""
    store = Store(folder, TestClock(), EventBus(), COORDINATOR)
    store.open()
    try:
        if person:
            store.run(make_person, person)
        return check(store).contents
    finally:
        store.close()


def can_be_joined(url: str, other: Path) -> bool:
    other.mkdir()
    try:
        moving.use_store(other, Place(url))
    except ConsoleError:
        return False
    return True


def require_sound_and_done_again(folder: Path, url: str, there: str, was: Contents) -> None:
    """What is there after a kill of the move to `url`, and that it can be done again."""
    in_server = bool(place_of(folder).url)
    other = folder.parent / f"{folder.name}-other"
    if url:
        assert in_server or not can_be_joined(there, other), "a copy is no store"
        now = contents(folder, person="Written after the kill")
        assert now.rows > was.rows
    else:
        try:
            now = contents(folder)
        except StoreTrouble as error:
            assert error.about["trouble"] == "moved"
            assert not can_be_joined(there, other), "nobody writes there any more"
            now = was
        assert now == was
    try:
        move(folder, url)
    except NotAllowed:
        assert in_server == bool(url), "it had ended"
    assert place_of(folder).url == url
    assert contents(folder) == now
    assert now.is_whole
    left = {path.name for path in folder.iterdir() if path.suffix in (".part", ".moving")}
    assert not left
    assert not token_of(folder, "server")
    assert (folder / FILE_NAME).exists() is not bool(url)


@pytest.mark.parametrize("before", ["keep_place", "end_move_to_server", "_put_aside", "end_move"])
def test_killed_between_two_steps_of_the_way_to_the_server(
    server: Server, folder: Path, before: str
) -> None:
    was, url = contents(folder), server.make(empty=True)
    killed(server, folder, url, url, before=before)
    require_sound_and_done_again(folder, url, url, was)


@pytest.mark.parametrize("before", ["commit", "replace", "keep_place", "end_move"])
def test_killed_between_two_steps_of_the_way_back(
    server: Server, folder: Path, before: str
) -> None:
    was, url = contents(folder), server.make(empty=True)
    move(folder, url)
    killed(server, folder, "", url, before=before)
    require_sound_and_done_again(folder, "", url, was)


def test_killed_at_any_moment_there_and_back(
    server: Server, scene: Path, tmp_path: Path, count: Callable[[int, int], int]
) -> None:
    seed = random.SystemRandom().randrange(2**32)
    note.warning("seed %d", seed)
    chance = random.Random(seed)
    was = contents(scene)
    ended = 0
    for trial in range(count(2, 50)):
        folder = copied(scene, tmp_path / f"data-{trial}")
        url, back = server.make(empty=True), bool(trial % 2)
        if back:
            move(folder, url)
        target = "" if back else url
        killed(server, folder, target, url, after_s=chance.uniform(0.02, 0.9))
        ended += place_of(folder).url == target
        require_sound_and_done_again(folder, target, url, was)
        shutil.rmtree(folder)
        server.drop(url.rpartition("/")[2].partition("?")[0])
    note.warning("%d had ended before the kill", ended)


def test_the_copy_of_another_store_is_not_replaced(
    server: Server, scene: Path, folder: Path
) -> None:
    url = server.make(empty=True)
    killed(server, folder, url, url, before="keep_place")
    other = copied(scene, folder.parent / "another")
    with pytest.raises(StoreTrouble, match="a move that did not end"):
        move(other, url)
    move(folder, url)
