"""What a day of the year says in a few strokes: how many outages, a freeze, a holiday, events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.models.calendar.entries import Entry, Layer
from app.models.outages.lifecycle import State


@dataclass(frozen=True, slots=True)
class Marks:
    """`outages` without the cancelled ones, for which nothing happens on the day."""

    outages: tuple[Entry, ...] = ()
    freezes: int = 0
    holidays: int = 0
    events: int = 0

    @classmethod
    def of(cls, entries: Sequence[Entry]) -> Marks:
        counts = dict.fromkeys(Layer, 0)
        outages = []
        for entry in entries:
            counts[entry.layer] += 1
            if entry.layer is Layer.OUTAGES and entry.state is not State.CANCELLED:
                outages.append(entry)
        return cls(
            tuple(outages), counts[Layer.FREEZES], counts[Layer.HOLIDAYS], counts[Layer.EVENTS]
        )
