"""A notice to 25,000 people queued from the window: seconds on the database thread, against reading
the same people, encoding and hashing the list and keeping it by hand; and the longest time in which
the GUI thread answers nothing meanwhile."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from sqlmodel import col

from app.models.ids import key_of
from app.models.notices.kinds import NoticeKind
from app.models.outages.lifecycle import State
from app.models.outbox import ItemState
from app.models.tables.directory import Audience, Person
from app.models.tables.outbox import OutboxItem
from app.services.database import Store, organisation
from app.services.database_sqlite import connect
from app.services.notices.sending import cancel_queued, queue
from app.services.uow import UnitOfWork
from tests.bench.bench_import_frames import Pulse
from tests.bench.desk import Desk, desk
from tests.bench.history import NOW
from tests.bench.measure import promise, quiet, seconds
from tests.flights import make_flight
from tests.makers import ZONE

PEOPLE = 25_000
LIMIT_S = 1.0
LIMIT_MS = 50.0
LIMIT_RATIO = 10.0
"""The floor resolves nobody, checks nothing and logs nothing; it only has to touch every name."""
ROUNDS = 5


def many_told(uow: UnitOfWork) -> str:
    """A planned flight whose audience is everybody; its id."""
    ids = []
    for number in range(PEOPLE):
        email = f"person.{number}@hospital.example"
        row = Person(
            organisation_id=uow.organisation_id,
            name=f"Person {number}",
            key=key_of(f"Person {number}"),
            email=email,
            email_key=email,
            zone=ZONE,
        )
        uow.session.add(row)
        ids.append(row.id)
    organisation(uow).objection_route = "Call the service desk, 555-0111."
    title = "Everybody’s mail"
    outage_id = make_flight(
        uow, State.PLANNED, title=title, start="2025-02-07 19:00", end="2025-02-07 22:00"
    )
    (audience,) = uow.all(Audience, col(Audience.name) == f"{title} users")
    audience.members, audience.list_address = ids, ""
    uow.log("everybody is told", audience)
    return outage_id


def by_hand(path: Path) -> Callable[[], None]:
    """The same people read, encoded, hashed and kept, in one transaction."""
    target = connect(path.with_name("floor.sqlite"))
    target.execute("CREATE TABLE IF NOT EXISTS kept (digest TEXT, people TEXT)")

    def call() -> None:
        with closing(sqlite3.connect(path)) as link:
            query = "SELECT name, email, zone FROM person WHERE email != '' ORDER BY email"
            people = [{"name": n, "email": e, "zone": z} for n, e, z in link.execute(query)]
        text = json.dumps(people, ensure_ascii=False, sort_keys=True)
        target.execute("BEGIN IMMEDIATE")
        target.execute(
            "INSERT INTO kept VALUES (?, ?)", (hashlib.sha256(text.encode()).hexdigest(), text)
        )
        target.execute("COMMIT")

    return call


def queued(at: Desk, store: Store, outage_id: str) -> tuple[float, float]:
    """(seconds of the use case, longest gap in milliseconds until the window is quiet again)."""
    at.settle()
    pulse = Pulse()
    begun = time.perf_counter()
    answer = store.submit(queue, outage_id, NoticeKind.PLANNED)
    while not answer.done():
        at.turn(5)
    taken = time.perf_counter() - begun
    notice_id = answer.result()
    at.settle()
    pulse.stop()
    worst = sorted(pulse.gaps)[-3:]
    print(f"  {taken:.2f} s; the longest gaps {', '.join(map(str, worst))} ms")
    (item,) = store.read(lambda uow: uow.all(OutboxItem, OutboxItem.about_id == notice_id))
    assert item.state is ItemState.WAITING
    store.run(cancel_queued, notice_id)
    return taken, worst[-1].lasted


def main() -> int:
    with desk() as at:
        console = at.window.console
        assert console is not None
        assert NOW.tzinfo is not None
        outage_id = console.store.run(many_told)
        at.window.shell.goto("notices")
        floor = by_hand(console.store.path)
        queued(at, console.store, outage_id)
        rounds = [(*queued(at, console.store, outage_id), seconds(floor)) for _ in range(ROUNDS)]
    taken = quiet([each[0] for each in rounds])
    hand = quiet([each[2] for each in rounds])
    print(f"  {taken:.2f} s against {hand:.2f} s by hand")
    kept = [
        promise("outbox-queue-25000-seconds", taken, LIMIT_S),
        promise("outbox-queue-25000-ratio", taken / hand, LIMIT_RATIO),
        promise("outbox-queue-25000-longest-frame-ms", quiet([e[1] for e in rounds]), LIMIT_MS),
    ]
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
