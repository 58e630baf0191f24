"""Every window of the coming year looked at again after a link in the tree of items was made,
from a worker thread, while the database thread serves others between two turns."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from app.models.tables.directory import CiDependency, ConfigurationItem
from app.services.calendar.rechecking import recheck
from app.services.database import Store
from app.services.uow import UnitOfWork
from tests.bench.bench_conflicts import five_years
from tests.bench.measure import promise, seconds
from tests.makers import make_store

AHEAD = 200
LIMIT_S = 2.0
ROUNDS = 5


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        store = make_store(Path(folder) / "store")
        store.run(five_years, ahead=AHEAD)
        store.tidy()
        first = recheck(store)
        took = [_after_a_link(store, number) for number in range(ROUNDS)]
        print(f"  {first.total} windows, {', '.join(f'{each:.2f}' for each in took)} s")
        kept = promise("recheck-all-s", sorted(took)[ROUNDS // 2], LIMIT_S)
        store.close()
    return 0 if kept else 1


def _after_a_link(store: Store, number: int) -> float:
    store.run(_link, number)
    return seconds(lambda: recheck(store))


def _link(uow: UnitOfWork, number: int) -> None:
    top, below = uow.all(ConfigurationItem, ConfigurationItem.name.in_([f"CI {number}", "CI 60"]))  # type: ignore[attr-defined]
    uow.add(CiDependency(organisation_id=uow.organisation_id, ci_id=top.id, depends_on_id=below.id))
    uow.log("one more link")


if __name__ == "__main__":
    sys.exit(main())
