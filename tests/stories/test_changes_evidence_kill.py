"""The console is killed at any moment while evidence is added: what was acknowledged is whole, here
at once and in the second folder within five seconds."""

from __future__ import annotations

import logging
import multiprocessing
import random
import shutil
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

from app.models.changes_evidence import Kept
from app.models.tables.changes import ChangeRecord
from app.services.changes_evidence import keep_evidence
from app.services.changes_evidence_copies import BESIDE, FOLDER, files_of, is_right, named_in
from app.services.folder import FILE_NAME
from app.services.settings.second_folder import choose_second_folder, place_of
from app.services.settings.taking_over import take_over_now
from app.services.uow import UnitOfWork
from app.wiring.second_keeping import SecondKeeping
from tests.makers import TestClock, make_ci, make_outage, make_store

PROMISED_S = 5.0
LONGEST_S = 7.0
note = logging.getLogger(__name__)
Acknowledged = list[tuple[float, Kept]]

forking = multiprocessing.get_context("forkserver")
forking.set_forkserver_preload(["app.wiring.second_keeping", "tests.makers"])


def make_record(uow: UnitOfWork) -> None:
    outage, ci = make_outage(uow), make_ci(uow)
    uow.session.flush()
    row = ChangeRecord(
        organisation_id=uow.organisation_id, outage_id=outage.id, ci_id=ci.id, at=uow.now
    )
    uow.add(row)
    uow.log("a change", row)


def name_file(uow: UnitOfWork, kept: Kept) -> None:
    row = uow.all(ChangeRecord)[0]
    row.evidence = f"{row.evidence}\n{kept.line}"
    uow.log(f"evidence {kept.name}", row)


def add_until_killed(folder: Path, seed: int, acknowledge: Connection) -> None:
    """The first console. Never returns by itself."""
    store = make_store(folder)
    keeping = SecondKeeping(store)
    keeping.start()
    chance = random.Random(seed)
    number = 0
    while True:
        number += 1
        content = chance.randbytes(chance.choice([20, 30_000, 900_000]))
        kept = keep_evidence(folder, f"shot-{number}.png", content)
        store.run(name_file, kept)
        acknowledge.send((time.time(), kept))
        time.sleep(chance.random() * 0.2)


def kill_at_random(folder: Path, chance: random.Random) -> tuple[float, Acknowledged]:
    """When it was killed, and what it had acknowledged."""
    ours, theirs = forking.Pipe(duplex=False)
    child = forking.Process(target=add_until_killed, args=(folder, chance.randrange(2**32), theirs))
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


def test_evidence_acknowledged_is_whole_here_and_after_a_take_over(
    tmp_path: Path, count: Callable[[int, int], int]
) -> None:
    seed = random.SystemRandom().randrange(2**32)
    note.warning("seed %d", seed)
    chance = random.Random(seed)
    done, longest = 0, 0.0
    for trial in range(count(2, 40)):
        data, share = tmp_path / f"first-{trial}", tmp_path / f"share-{trial}"
        store = make_store(data)
        store.run(make_record)
        share.mkdir()
        choose_second_folder(data, share)
        first = SecondKeeping(store)
        first.start()
        first.stop()
        store.close()
        killed, heard = kill_at_random(data, chance)
        require_whole(data / FOLDER, [kept for _, kept in heard])
        due = [kept for at, kept in heard if at < killed - PROMISED_S]
        require_whole(place_of(data).copies / BESIDE, due)
        deputy = tmp_path / f"deputy-{trial}"
        taken, _ = take_over_now(deputy, share, "J. Sato", clock=TestClock())
        require_whole(deputy / FOLDER, due)
        named = set(named_in(deputy / FILE_NAME))
        assert set(due) <= named
        assert set(taken.restored.lost) == named - set(files_of(deputy / FOLDER).values())
        late = [at for at, kept in heard if kept not in named or kept in taken.restored.lost]
        longest = max(longest, killed - min(late, default=killed))
        done += len(heard)
        for folder in (data, share, deputy):
            shutil.rmtree(folder)
    note.warning("%d files acknowledged; the oldest missing was %.2f s old", done, longest)
    assert done > 5


def require_whole(folder: Path, acknowledged: list[Kept]) -> None:
    """Every one of them, and nothing half there under a name."""
    for kept in (*acknowledged, *files_of(folder).values()):
        assert is_right(folder / kept.file_name, kept), f"{kept.name} in {folder.name}"
