"""A move on the board, on disk, against a bare SQLModel session that sends the same statements."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.pool import StaticPool
from sqlmodel import Session, col, select

from app.models.runbook import Column, StepState
from app.models.tables.directory import Person
from app.models.tables.log import ChainHead, LogEntry
from app.models.tables.outages import Outage
from app.models.tables.runbook import Step, StepDependency, StepUndo
from app.services.database import Store
from app.services.database_sqlite import connect
from app.services.runbook.acting import move_step
from app.services.uow import UnitOfWork
from tests.bench.history import NOW, Amount, make_history
from tests.bench.measure import promise, ratio

LIMIT = 1.5
ROUNDS = 150


def _listen(engine: Engine, into: list[str]) -> Callable[[], None]:
    """Note every statement sent; returns the call that ends it."""

    def note(*sent: Any) -> None:
        into.append(sent[2])

    event.listen(engine, "before_cursor_execute", note)
    return lambda: event.remove(engine, "before_cursor_execute", note)


def _bare(path: Path) -> Engine:
    connection = connect(path)
    engine = create_engine("sqlite://", creator=lambda: connection, poolclass=StaticPool)
    event.listen(engine, "begin", lambda link: link.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def _by_hand(engine: Engine, organisation_id: str, step_id: str) -> None:
    """What `move_step` reads and writes, and nothing else: no rule, no version, no chain."""
    with Session(engine, expire_on_commit=False) as session:
        row = session.get_one(Step, step_id)
        outage = session.get_one(Outage, row.outage_id)
        for table, order in ((Step, (col(Step.position),)), (StepDependency, ()), (StepUndo, ())):
            query = select(table).where(
                table.organisation_id == organisation_id,
                col(table.archived_at).is_(None),
                table.outage_id == outage.id,
            )
            list(session.exec(query.order_by(*order)))
        owner = session.get_one(Person, row.owner_id)
        running = row.state is StepState.TODO
        row.state = StepState.RUNNING if running else StepState.TODO
        row.started_at = NOW if running else None
        row.by, row.via = (owner.name, "M. Okafor") if running else ("J. Sato", "")
        row.heard_at = row.updated_at = NOW
        row.version += 1
        session.flush()
        head = session.get_one(ChainHead, organisation_id)
        head.number += 1
        head.hash = f"{head.number:064d}"
        session.add(
            LogEntry(
                organisation_id=organisation_id,
                number=head.number,
                at=NOW,
                who="M. Okafor",
                what="started 1 Flash controller 0",
                about_type="step",
                about_id=step_id,
                outage_id=outage.id,
                text="x" * 1_200,
                previous_hash=head.hash,
                hash=head.hash,
            )
        )
        session.commit()


class Moves:
    """The same card to In progress and back, as the board does it: with the version it shows."""

    def __init__(self, store: Store, step_id: str) -> None:
        self._store = store
        self._step_id = step_id
        self._seen = 1
        self._running = False

    def __call__(self) -> None:
        to = Column.READY if self._running else Column.IN_PROGRESS
        self._store.run_here(move_step, self._step_id, to, seen=self._seen)
        self._running = not self._running
        self._seen += 1


def _two_steps(uow: UnitOfWork) -> tuple[str, str]:
    flying = uow.all(Outage, col(Outage.code) == "OUT-2025-001")[0]
    first, second = uow.all(Step, col(Step.outage_id) == flying.id, col(Step.position) < 2)
    return first.id, second.id


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        store = make_history(Path(folder), Amount(flights=200, events_a_year=100))
        ours, theirs = store.read(_two_steps)
        engine = _bare(store.path)
        move = Moves(store, ours)
        organisation_id = store.organisation_id

        def by_hand() -> None:
            _by_hand(engine, organisation_id, theirs)

        sent: dict[str, list[str]] = {"the console": [], "by hand": []}
        assert store.engine is not None
        stop = [
            _listen(store.engine, sent["the console"]),
            _listen(engine, sent["by hand"]),
        ]
        move()
        by_hand()
        for each in stop:
            each()
        same = sorted(sent["the console"]) == sorted(sent["by hand"])
        if not same:
            for who, statements in sent.items():
                print(f"  {who}:", *statements, sep="\n    ")
            print("  The statements differ, so the floor is not the same work.")
        kept = promise("move-on-disk", ratio(move, by_hand, ROUNDS), LIMIT)
        engine.dispose()
        store.close()
    return 0 if kept and same else 1


if __name__ == "__main__":
    sys.exit(main())
