"""How the benches measure: two things in turn, in one run, and the ratio of what each takes in
the quietest tenth of its rounds, as others may use the machine meanwhile."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Sequence


def seconds(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def quiet(taken: Sequence[float]) -> float:
    """The mean of the quickest tenth (at least one): what a thing takes undisturbed."""
    return statistics.fmean(sorted(taken)[: max(1, len(taken) // 10)])


def ratio(
    ours: Callable[[], object], floor: Callable[[], object], rounds: int, warm_up: int = 3
) -> float:
    """`ours` over `floor`, each called `rounds` times in turn, so that both meet the same
    weather on a shared machine."""
    for _ in range(warm_up):
        ours()
        floor()
    gc.collect()
    pairs = [(seconds(ours), seconds(floor)) for _ in range(rounds)]
    mine = quiet([pair[0] for pair in pairs])
    theirs = quiet([pair[1] for pair in pairs])
    print(f"  {mine * 1e3:.2f} ms against {theirs * 1e3:.2f} ms")
    return mine / theirs


def promise(name: str, measured: float, limit: float) -> bool:
    """Print the line that the bench command reads."""
    kept = measured <= limit
    print(f"{name} {measured:.2f} {limit:.2f} {'ok' if kept else 'MISSED'}")
    return kept
