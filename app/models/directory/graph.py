"""What rests on what: the dependency tree of configuration items."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from app.models.errors import BadInput
from app.models.ids import CiId

_NONE: tuple[CiId, ...] = ()


@dataclass(frozen=True, slots=True)
class Reach:
    """The CIs found from `start` in one direction, and the shortest way to each."""

    start: CiId
    came_from: Mapping[CiId, CiId]

    def __contains__(self, ci: object) -> bool:
        return ci in self.came_from

    def __iter__(self) -> Iterator[CiId]:
        """Nearest first."""
        return iter(self.came_from)

    def __len__(self) -> int:
        return len(self.came_from)

    @property
    def cis(self) -> frozenset[CiId]:
        """Everything reached; never `start` itself."""
        return frozenset(self.came_from)

    def path(self, ci: CiId) -> tuple[CiId, ...]:
        """From `start` to `ci`, both named. Raises KeyError when `ci` was not reached."""
        way = [ci]
        while way[-1] != self.start:
            way.append(self.came_from[way[-1]])
        return tuple(reversed(way))


class CiGraph:
    """Built once from (ci, depends on ci) pairs; unknown CIs simply have no neighbours.

    `below` is what a CI rests on, `above` what rests on it: an outage of a CI is felt above.
    """

    def __init__(self, edges: Iterable[tuple[CiId, CiId]]) -> None:
        below: dict[CiId, list[CiId]] = {}
        above: dict[CiId, list[CiId]] = {}
        for ci, rests_on in dict.fromkeys(edges):
            below.setdefault(ci, []).append(rests_on)
            above.setdefault(rests_on, []).append(ci)
        self._below = below
        self._above = above
        self._reached: dict[tuple[CiId, bool], Reach] = {}

    @classmethod
    def walked(
        cls, above: Iterable[tuple[CiId, CiId]], below: Iterable[tuple[CiId, CiId]]
    ) -> CiGraph:
        """Of edges found by walking both ways from some CIs: each way by its own, so that of two
        ways as short as each other the same is named, whatever else was walked from."""
        graph = cls(below)
        graph._above = cls(above)._above
        return graph

    def below(self, ci: CiId) -> Reach:
        """Everything `ci` depends on, directly or through others."""
        return self._reach(ci, above=False)

    def above(self, ci: CiId) -> Reach:
        """Everything that depends on `ci`, directly or through others."""
        return self._reach(ci, above=True)

    def _reach(self, ci: CiId, *, above: bool) -> Reach:
        """Walked once: a search for free windows asks for the same a thousand times."""
        if (ci, above) not in self._reached:
            self._reached[ci, above] = _reach(ci, self._above if above else self._below)
        return self._reached[ci, above]

    def cycle(self) -> tuple[CiId, ...]:
        """One ring of dependencies, its first CI repeated at the end; empty when there is none."""
        done: set[CiId] = set()
        for first in self._below:
            found = self._ring_from(first, done)
            if found:
                return found
        return ()

    def require_no_cycle(self, names: Mapping[CiId, str] | None = None) -> None:
        """Raises BadInput, naming the ring, when something depends on itself in the end."""
        ring = self.cycle()
        if not ring:
            return
        said = [names.get(ci, ci) if names else ci for ci in ring]
        if len(said) > 9:
            said = [*said[:7], "…", said[-1]]
        raise BadInput(
            f"These depend on each other in a ring: {' → '.join(said)}. Nothing was changed; "
            "take one of these dependencies out.",
            cycle=ring,
        )

    def _ring_from(self, first: CiId, done: set[CiId]) -> tuple[CiId, ...]:
        # Depth first with our own stack: a chain of 20,000 CIs is deeper than Python recurses.
        if first in done:
            return _NONE
        way: dict[CiId, Iterator[CiId]] = {first: iter(self._below.get(first, _NONE))}
        while way:
            ci, rest = next(reversed(way.items()))
            following = next(rest, None)
            if following is None:
                done.add(ci)
                way.popitem()
            elif following in way:
                trail = list(way)
                return (*trail[trail.index(following) :], following)
            elif following not in done:
                way[following] = iter(self._below.get(following, _NONE))
        return _NONE


def _reach(start: CiId, neighbours: Mapping[CiId, list[CiId]]) -> Reach:
    came_from: dict[CiId, CiId] = {}
    queue = deque([start])
    while queue:
        ci = queue.popleft()
        for following in neighbours.get(ci, _NONE):
            if following != start and following not in came_from:
                came_from[following] = ci
                queue.append(following)
    return Reach(start, came_from)
