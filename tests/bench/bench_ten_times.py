"""What ten times the data costs: a conflict check, the first free windows, and all windows to
come looked at again (of which there are ten times as many, too)."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.models.outages.lifecycle import ImpactClass
from app.services.calendar.conflicts import check
from app.services.calendar.free import first_free
from app.services.calendar.looking import Scope
from app.services.calendar.rechecking import recheck
from tests.bench.bench_conflicts import five_years
from tests.bench.bench_recheck import AHEAD
from tests.bench.measure import promise, quiet, seconds
from tests.makers import make_store

LIMIT = 12.0
TIMES = 10


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        once = _all(Path(folder) / "once", 1)
        often = _all(Path(folder) / "often", TIMES)
    kept = True
    for name, took in once.items():
        print(f"  {name}: {1e3 * took:.1f} ms, then {1e3 * often[name]:.1f} ms")
        kept &= promise(f"ten-times-{name}", often[name] / took, LIMIT)
    return 0 if kept else 1


def _all(folder: Path, times: int) -> dict[str, float]:
    """Seconds of each, undisturbed."""
    store = make_store(folder)
    asked = store.run(five_years, times, AHEAD * times)
    store.tidy()
    scope = Scope(
        window=asked["window"],
        impact=ImpactClass.ORDINARY,
        services=tuple(asked["service_ids"]),
        owners=tuple(asked["owners"]),
    )
    jobs: dict[str, tuple[int, Callable[[], Any]]] = {
        "check": (30, lambda: store.read_here(check, **asked)),
        "free": (10, lambda: store.read_here(first_free, scope)),
        "recheck": (3, lambda: recheck(store)),
    }
    took = {name: _took(rounds, job) for name, (rounds, job) in jobs.items()}
    store.close()
    return took


def _took(rounds: int, job: Callable[[], Any]) -> float:
    job()
    return quiet([seconds(job) for _ in range(rounds)])


if __name__ == "__main__":
    sys.exit(main())
