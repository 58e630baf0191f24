"""A CI's neighbourhood as a picture: who stands in which layer, in which order."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.models.directory.graph import CiGraph, Reach
from app.models.ids import CiId

FAR = 3
"""How many steps away the picture reaches."""
WIDE = 7
"""How many CIs stand in a layer at most; the others are counted."""


@dataclass(frozen=True, slots=True)
class LaidOut:
    """`layers` from top (what rests on the CI) to bottom (what it rests on), each from left to
    right; `centre` is the number of the CI's own layer. `hidden_above` and `hidden_below` count
    what is reached but not in the picture."""

    start: CiId
    layers: tuple[tuple[CiId, ...], ...]
    centre: int
    edges: tuple[tuple[CiId, CiId], ...]
    hidden_above: int
    hidden_below: int

    def path(self, ci: CiId) -> tuple[CiId, ...]:
        """The shortest way from the CI to another of the picture, both named; nothing for a CI
        that is not joined to it one way only."""
        graph = CiGraph(self.edges)
        for reach in (graph.below(self.start), graph.above(self.start)):
            if ci in reach:
                return reach.path(ci)
        return (ci,) if ci == self.start else ()


def lay_out(graph: CiGraph, edges: Iterable[tuple[CiId, CiId]], start: CiId) -> LaidOut:
    """Layers by the longest way, so that every line leads down; near ones are kept first."""
    above, below = graph.above(start), graph.below(start)
    up, down = _near(above), _near(below)
    shown = {start, *up, *down}
    lines = tuple(dict.fromkeys((a, b) for a, b in edges if a in shown and b in shown))
    layer = _depths(start, lines, up, down)
    rows: dict[int, list[CiId]] = {}
    for ci in (*up, start, *down):  # nearest first, the order of reach
        rows.setdefault(layer[ci], []).append(ci)
    kept = {ci for number, row in rows.items() for ci in (row if number == 0 else row[:WIDE])}
    lines = tuple((a, b) for a, b in lines if a in kept and b in kept)
    numbers = sorted(number for number in rows if any(ci in kept for ci in rows[number]))
    ordered = _untangled([[ci for ci in rows[n] if ci in kept] for n in numbers], lines)
    return LaidOut(
        start,
        tuple(tuple(row) for row in ordered),
        numbers.index(0),
        lines,
        len(above) - sum(ci in kept for ci in up),
        len(below) - sum(ci in kept for ci in down),
    )


def _near(reach: Reach) -> list[CiId]:
    """Nearest first, no further than FAR, and few enough to lay out quickly."""
    far: dict[CiId, int] = {reach.start: 0}
    found: list[CiId] = []
    for ci in reach:
        far[ci] = far[reach.came_from[ci]] + 1
        if far[ci] > FAR or len(found) >= FAR * WIDE * 2:
            break
        found.append(ci)
    return found


def _depths(
    start: CiId, lines: Sequence[tuple[CiId, CiId]], up: Sequence[CiId], down: Sequence[CiId]
) -> dict[CiId, int]:
    """0 for the CI itself, negative above it. The lines hold no ring."""
    depth = {start: 0}
    for side, step in ((set(down), 1), (set(up), -1)):
        inside = {*side, start}
        ways = [(a, b) if step == 1 else (b, a) for a, b in lines if a in inside and b in inside]
        after: dict[CiId, list[CiId]] = {}
        waits = dict.fromkeys(inside, 0)
        for a, b in ways:
            after.setdefault(a, []).append(b)
            waits[b] += 1
        queue = deque(ci for ci in inside if not waits[ci])
        while queue:
            ci = queue.popleft()
            for following in after.get(ci, ()):
                depth[following] = step * max(abs(depth.get(following, 0)), abs(depth[ci]) + 1)
                waits[following] -= 1
                if not waits[following]:
                    queue.append(following)
        for ci in side:
            depth.setdefault(ci, step)
    return depth


def _untangled(rows: list[list[CiId]], lines: Sequence[tuple[CiId, CiId]]) -> list[list[CiId]]:
    """Each layer in the order of the middle of its neighbours, twice down and up: few crossings
    (the barycentre rule of Sugiyama)."""
    joined: dict[CiId, list[CiId]] = {}
    for a, b in lines:
        joined.setdefault(a, []).append(b)
        joined.setdefault(b, []).append(a)
    rows = [list(row) for row in rows]
    for _ in range(2):
        for way in (range(1, len(rows)), range(len(rows) - 2, -1, -1)):
            for number in way:
                _sort(rows[number], _places(rows, number), joined)
    return rows


def _places(rows: Sequence[Sequence[CiId]], but: int) -> Mapping[CiId, float]:
    """Where each CI of the other layers stands, the middle of a layer being 0."""
    return {
        ci: place - (len(row) - 1) / 2
        for number, row in enumerate(rows)
        if number != but
        for place, ci in enumerate(row)
    }


def _sort(
    row: list[CiId], places: Mapping[CiId, float], joined: Mapping[CiId, Sequence[CiId]]
) -> None:
    own = {ci: place - (len(row) - 1) / 2 for place, ci in enumerate(row)}

    def middle(ci: CiId) -> float:
        beside = [places[other] for other in joined.get(ci, ()) if other in places]
        return sum(beside) / len(beside) if beside else own[ci]

    row.sort(key=middle)
