"""Several consoles write to one store at once, and one is killed: the log stays whole."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection, wait
from pathlib import Path

import pytest
from sqlmodel import col, select

from app.models.tables.log import LogEntry
from app.services.database import Store
from app.services.database_place import keep_place, place_of
from app.services.events import EventBus
from app.services.log import add_note, chain_break
from app.services.uow import UnitOfWork
from tests.makers import COORDINATOR, TestClock, make_organisation, make_outage
from tests.served import MISSING, can_serve, server

pytestmark = pytest.mark.skipif(not can_serve(), reason=MISSING)
WRITERS = 4
forking = multiprocessing.get_context("fork") if can_serve() else None


def write(folder: Path, outage_id: str, name: str, many: int, acknowledged: Connection) -> None:
    """A console of its own: says each note once it is on disk."""
    store = Store(folder, TestClock(), EventBus(), COORDINATOR, busy_seconds=60)
    store.open()
    for number in range(many):
        note = f"{name} {number}"
        store.run(add_note, outage_id, note)
        acknowledged.send(note)
    store.close()
    acknowledged.close()
    os._exit(0)  # nothing of the test process is to be tidied up here


def test_the_log_is_whole_after_four_writers_one_of_them_killed(
    tmp_path: Path, count: Callable[[int, int], int]
) -> None:
    """A few hundred entries each day, 10,000 with --long."""
    assert forking is not None
    each = count(60, 2_500)
    folders = [tmp_path / name for name in "abcd"]
    server().make(folders[0])
    for folder in folders[1:]:
        folder.mkdir()
        keep_place(folder, place_of(folders[0]))
    store = Store(folders[0], TestClock(), EventBus(), COORDINATOR)
    store.open()
    store.run(make_organisation)
    outage_id = store.run(make_outage).id
    store.close()

    pipes, processes = [], []
    for folder in folders:
        ours, theirs = forking.Pipe(duplex=False)
        # the last one would write for ever: it is killed
        many = each if folder is not folders[-1] else 1_000_000
        process = forking.Process(target=write, args=(folder, outage_id, folder.name, many, theirs))
        process.start()
        theirs.close()
        pipes.append(ours)
        processes.append(process)
    heard: list[str] = []
    victim = processes[-1]
    while any(not pipe.closed for pipe in pipes):
        for ready in wait([pipe for pipe in pipes if not pipe.closed], 60):
            assert isinstance(ready, Connection)
            try:
                heard.append(ready.recv())
            except EOFError:
                ready.close()
        if len(heard) >= WRITERS * each and victim.is_alive():
            assert victim.pid is not None
            os.kill(victim.pid, signal.SIGKILL)
    for process in processes:
        process.join(60)

    again = Store(folders[0], TestClock(), EventBus(), COORDINATOR)
    again.open()
    assert again.read(chain_break) is None
    numbers, notes = again.read(written)
    again.close()
    assert numbers == list(range(1, len(numbers) + 1))
    assert set(heard) <= set(notes), "acknowledged, and gone"
    assert len(notes) - len(heard) <= 1, "of the one that was killed, at most the last is unsaid"
    assert len(notes) == len(set(notes))


def written(uow: UnitOfWork) -> tuple[list[int], list[str]]:
    entries = uow.session.exec(select(LogEntry).order_by(col(LogEntry.number))).all()
    return [e.number for e in entries], [e.what for e in entries if e.kind == "note"]
