"""A conflict check against five years of flights and 5,000 events a year, against the statements
it sends, sent through SQLAlchemy Core alone."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlmodel import Session, select

from app.models.tables.directory import Service
from app.services.calendar.conflicts import check
from app.services.database import Store
from app.services.uow import UnitOfWork
from tests.bench.history import make_history
from tests.bench.measure import promise, ratio
from tests.makers import make_window

WINDOW = make_window("2025-01-08 06:00", "2025-01-08 18:00")
LIMIT = 3.0
ROUNDS = 60


def _services(uow: UnitOfWork) -> list[str]:
    return list(uow.session.exec(select(Service.id).limit(3)))


def _sent_by(store: Store, services: list[str]) -> list[tuple[Any, Any]]:
    """The statements of one check, with their parameters."""
    sent: list[tuple[Any, Any]] = []

    def note(_link: Any, clause: Any, multiparams: Any, params: Any, _options: Any) -> None:
        sent.append((clause, multiparams or params))

    engine = store.engine
    assert engine is not None
    event.listen(engine, "before_execute", note)
    found = store.read(check, window=WINDOW, service_ids=services)
    event.remove(engine, "before_execute", note)
    print(f"  {len(sent)} statements, {len(found)} conflicts")
    return sent


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        store = make_history(Path(folder))
        services = store.read(_services)
        statements = _sent_by(store, services)

        def ours() -> object:
            return store.read_here(check, window=WINDOW, service_ids=services)

        def floor() -> None:
            with Session(store.engine) as session:
                link = session.connection()
                for clause, parameters in statements:
                    link.execute(clause, parameters).all()

        kept = promise("conflict-check", ratio(ours, floor, ROUNDS), LIMIT)
        store.close()
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
