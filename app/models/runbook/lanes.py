"""A list schedule: steps with dependencies on people who do one thing at a time.

Plain integers (any unit of time) so that a forecast on every change costs next to nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heappop, heappush

NOBODY = -1
"""The lane of a step without an owner: it takes nobody's time."""


@dataclass(frozen=True, slots=True)
class Load:
    """What is to be scheduled. All lists run over the same positions, except `free`, which
    says for each lane from when its person is free."""

    spans: Sequence[int]
    before: Sequence[Sequence[int]]
    following: Sequence[Sequence[int]]
    order: Sequence[int]
    lanes: Sequence[int]
    earliest: Sequence[int]
    free: Sequence[int]


@dataclass(frozen=True, slots=True)
class Placed:
    """`starts` by position; `sequence` the positions in the order they were placed, which
    respects dependencies and lanes; `previous` and `next` the neighbour on the lane, or −1."""

    starts: list[int]
    sequence: list[int]
    previous: list[int]
    next: list[int]


def tails(
    spans: Sequence[int], following: Sequence[Sequence[int]], order: Sequence[int]
) -> list[int]:
    """For each position the longest chain from its start to the end of all."""
    tail = list(spans)
    for at in reversed(order):
        longest = 0
        for other in following[at]:
            if tail[other] > longest:
                longest = tail[other]
        tail[at] += longest
    return tail


def list_schedule(load: Load) -> Placed:
    """Whoever is free takes, of the steps that are ready, the one with the longest tail.

    Ties go to the smaller position. `load.order` must hold every position (no cycle).
    """
    spans, following, lanes = load.spans, load.following, load.lanes
    count = len(spans)
    tail = tails(spans, following, load.order)
    ready_at = list(load.earliest)
    missing = [len(earlier) for earlier in load.before]
    free = list(load.free)
    waiting: list[list[tuple[int, int, int]]] = [[] for _ in free]
    takeable: list[list[tuple[int, int]]] = [[] for _ in free]
    last = [-1] * len(free)
    starts = [0] * count
    previous, following_on_lane = [-1] * count, [-1] * count
    sequence: list[int] = []
    events: list[tuple[int, int]] = []
    released = [at for at in reversed(range(count)) if not missing[at]]

    def place(at: int, start: int) -> int:
        starts[at] = start
        sequence.append(at)
        end = start + spans[at]
        for other in following[at]:
            if ready_at[other] < end:
                ready_at[other] = end
            missing[other] -= 1
            if not missing[other]:
                released.append(other)
        return end

    while released or events:
        while released:
            at = released.pop()
            lane = lanes[at]
            if lane == NOBODY:
                place(at, ready_at[at])
            else:
                heappush(waiting[lane], (ready_at[at], -tail[at], at))
                heappush(events, (max(ready_at[at], free[lane]), lane))
        if not events:
            break
        moment, lane = heappop(events)
        if free[lane] > moment:
            continue  # busy since; the event at the end of that step takes over
        line, ready = waiting[lane], takeable[lane]
        while line and line[0][0] <= moment:
            _, longest, at = heappop(line)
            heappush(ready, (longest, at))
        if not ready:
            continue
        at = heappop(ready)[1]
        previous[at] = last[lane]
        if last[lane] >= 0:
            following_on_lane[last[lane]] = at
        last[lane] = at
        free[lane] = end = place(at, moment)
        if ready or line:
            heappush(events, (end if ready else max(end, line[0][0]), lane))
    return Placed(starts, sequence, previous, following_on_lane)
