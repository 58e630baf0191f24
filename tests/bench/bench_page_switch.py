"""From one page to another with five years of data: from the click on the rail to the first paint
of the page, at p95 over a walk through all of them. Its rows of before are painted at once; the
newest come with the answer, which must not hold the window up either. What the first visit costs,
when the page is built, is told beside it, but not promised."""

from __future__ import annotations

import random
import statistics
import sys
import time

from PySide6.QtCore import QEvent, QObject

from tests.bench.desk import Desk, desk
from tests.bench.measure import promise, quiet

LIMIT_MS = 50.0
WALKS, STEPS = 6, 40


class Painted(QObject):
    """Sees the paint of one page."""

    seen = False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() == QEvent.Type.Paint:
            self.seen = True
        return False


def switch(at: Desk, key: str) -> tuple[float, float]:
    """Milliseconds to the first paint, and of the longest turn of the event loop after it."""
    shell = at.window.shell
    page = shell.page(key)
    watch = Painted()
    if page is not None:
        page.installEventFilter(watch)
    begun = time.perf_counter()
    shell.goto(key)
    if page is None:
        page = shell.page(key)
        assert page is not None
        page.installEventFilter(watch)
    while not watch.seen:
        at.turn()
    painted = time.perf_counter() - begun
    page.removeEventFilter(watch)
    return painted * 1e3, longest_turn(at) * 1e3


def longest_turn(at: Desk) -> float:
    """Seconds, until the page has its rows and has painted them."""
    longest, still = 0.0, 0
    while still < 3:
        begun = time.perf_counter()
        at.turn()
        longest = max(longest, time.perf_counter() - begun)
        still = still + 1 if at.window.idle else 0
    return longest


def main() -> int:
    chance = random.Random(1)
    with desk() as at:
        keys = [section.key for section in at.window.shell.sections]
        first = {}
        for key in keys:
            at.settle()
            first[key] = switch(at, key)[0]
        told = ", ".join(f"{key} {taken:.0f}" for key, taken in first.items())
        print(f"  first visit, ms: {told}")
        painted: dict[str, list[float]] = {key: [] for key in keys}
        answered: dict[str, list[float]] = {key: [] for key in keys}
        p95s, turns = [], []
        here = keys[-1]
        for _ in range(WALKS):
            walk = []
            for _ in range(STEPS):
                here = chance.choice([key for key in keys if key != here])
                at.settle()
                taken = switch(at, here)
                painted[here].append(taken[0])
                answered[here].append(taken[1])
                walk.append(taken)
            p95s.append(statistics.quantiles([each[0] for each in walk], n=20)[-1])
            turns.append(statistics.quantiles([each[1] for each in walk], n=20)[-1])
    for key in keys:
        print(
            f"  {key:<10} paint {statistics.median(painted[key]):6.1f}, worst "
            f"{max(painted[key]):6.1f} ms; the answer {statistics.median(answered[key]):6.1f}, "
            f"worst {max(answered[key]):6.1f} ms"
        )
    print(f"  p95 of each walk {min(p95s):.1f} to {max(p95s):.1f} ms")
    kept = promise("page-switch-p95-ms", quiet(p95s), LIMIT_MS)
    return 0 if promise("page-switch-answer-p95-ms", quiet(turns), LIMIT_MS) and kept else 1


if __name__ == "__main__":
    sys.exit(main())
