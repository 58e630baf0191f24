"""The forecast on every change: 150 steps with 500 dependencies, and 5,000 steps."""

from __future__ import annotations

import gc
import random
import sys
from datetime import UTC, datetime, timedelta
from graphlib import TopologicalSorter

from app.models.ids import PersonId, StepId
from app.models.runbook import Step, StepState, forecast
from tests.bench.measure import promise, quiet, ratio, seconds

START = datetime(2025, 1, 11, tzinfo=UTC)


def flight(steps: int, dependencies: int, people: int, done: int) -> tuple[Step, ...]:
    """A runbook in the middle of its window, its first `done` steps behind it."""
    chance = random.Random(7)
    after: list[set[int]] = [set() for _ in range(steps)]
    for _ in range(dependencies):
        later = chance.randrange(1, steps)
        after[later].add(chance.randrange(max(0, later - 30), later))
    made = []
    for at in range(steps):
        begun = START + timedelta(minutes=at)
        settled = at < done
        made.append(
            Step(
                StepId(f"{at:05d}"),
                str(at),
                f"Step {at}",
                minutes=chance.randint(1, 30),
                owner=PersonId(str(chance.randrange(people))),
                after=frozenset(StepId(f"{other:05d}") for other in after[at]),
                state=StepState.DONE if settled else StepState.TODO,
                started_at=begun if settled else None,
                ended_at=begun + timedelta(minutes=9) if settled else None,
            )
        )
    return tuple(made)


def main() -> int:
    gc.disable()  # as in the console, which collects when the window is idle
    steps = flight(150, 520, 12, 40)
    links = sum(len(step.after) for step in steps)
    graph = {step.id: step.after for step in steps}
    now = START + timedelta(minutes=50)
    print(f"  {len(steps)} steps, {links} dependencies")
    taken = quiet([seconds(lambda: forecast(steps, now, START)) for _ in range(300)])
    kept = promise("forecast.150-steps.ms", taken * 1e3, 2)
    times = ratio(
        lambda: forecast(steps, now, START),
        lambda: list(TopologicalSorter(graph).static_order()),
        300,
    )
    kept &= promise("forecast.150-steps.graphlib", times, 4)
    many = flight(5_000, 15_000, 60, 0)
    taken = quiet([seconds(lambda: forecast(many, now, START)) for _ in range(100)])
    kept &= promise("forecast.5000-steps.ms", taken * 1e3, 100)
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
