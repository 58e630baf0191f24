"""The bars of a week under one another: how many lines each may have, and where it begins."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.models.calendar.month import DAYS, Bar


def lines_of(
    bars: Sequence[Bar],
    rooms: Sequence[float],
    heights: tuple[float, float],
    wanted: Callable[[Bar], int],
) -> list[int]:
    """Of each bar, in the order of their lanes: as many lines as it wants and each of its days has
    room for, else one. A full day takes nothing from the days beside it.

    `rooms` is the height of each day, `heights` that of a bar of one line and of a further line;
    `wanted` is asked only where there is room for two.
    """
    lines = [1] * len(bars)
    ends = _ends(bars, lines, heights)
    for number, bar in enumerate(bars):
        days = range(bar.first, bar.last + 1)
        if any(ends[column] + heights[1] > rooms[column] for column in days):
            continue
        for count in range(wanted(bar), 1, -1):
            lines[number] = count
            longer = _ends(bars, lines, heights)
            if all(end <= room for end, room in zip(longer, rooms, strict=True)):
                ends = longer
                break
            lines[number] = 1
    return lines


def stack(bar: Bar, high: float, bottoms: list[float]) -> float:
    """Where it begins: under what its days hold so far, without a hole where a day has less."""
    days = range(bar.first, bar.last + 1)
    top = max(bottoms[column] for column in days)
    for column in days:
        bottoms[column] = top + high
    return top


def _ends(bars: Sequence[Bar], lines: Sequence[int], heights: tuple[float, float]) -> list[float]:
    """How far down each day's bars reach."""
    one, more = heights
    bottoms = [0.0] * DAYS
    for bar, count in zip(bars, lines, strict=True):
        stack(bar, one + more * (count - 1), bottoms)
    return bottoms
