"""How sure a forecast is: a low and a high end around the likely one, in plain integers.

A step's low and high are what it took at least and at most of late, read as kept in one and in
four of five times. Slips of different steps are taken as independent of one another, so that
along a chain their squares add up: ten steps that may each run ten minutes over do not make the
end a hundred minutes uncertain. Where chains meet, the latest of their high ends counts.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import hypot

QUICKER = 0.2
SLOWER = 0.5
"""Without actuals a step is taken to need from a fifth less to half as much again as planned."""


@dataclass(frozen=True, slots=True)
class Range:
    """Minutes a step took at least and at most, of the last times it was flown."""

    low: float
    high: float


def spread_ends(
    sequence: Sequence[int],
    waiting: Collection[int],
    before: Sequence[Sequence[int]],
    previous: Sequence[int],
    starts: Sequence[int],
    ends: Sequence[int],
    earliest: Sequence[int],
    down: list[float],
    up: list[float],
) -> None:
    """Turns `down` and `up`, how much sooner or later each step alone may end than likely, into
    how much sooner or later it may end with all it waits for. `waiting` are those not begun,
    `earliest` what keeps them back apart from other steps; what is done has 0 in both."""
    for at in sequence:
        if at not in waiting:
            continue
        soon: float = earliest[at]
        late = soon
        for other in before[at]:
            end = ends[other]
            if end + up[other] > late:
                late = end + up[other]
            if end - down[other] > soon:
                soon = end - down[other]
        other = previous[at]
        if other >= 0:
            end = ends[other]
            if end + up[other] > late:
                late = end + up[other]
            if end - down[other] > soon:
                soon = end - down[other]
        start = starts[at]
        if late > start:
            up[at] = hypot(late - start, up[at])
        if start > soon:
            down[at] = hypot(start - soon, down[at])
