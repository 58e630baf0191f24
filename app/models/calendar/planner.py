"""A quarter as a planner: which of a day's entries its line names, and in which order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from app.models.calendar.entries import Entry, Layer
from app.models.outages.lifecycle import State

_ORDER = (Layer.OUTAGES, Layer.FREEZES, Layer.HOLIDAYS, Layer.EVENTS)


def line_of(day: date, entries: Sequence[Entry], first: date) -> tuple[Entry, ...]:
    """What is named on the day: outages first and cancelled ones last among them; a freeze or an
    event of several days once, on its first day or the first day there is."""
    named = [
        entry
        for entry in entries
        if entry.layer is Layer.OUTAGES or day == entry.first or day == first
    ]
    return tuple(sorted(named, key=_place))


def _place(entry: Entry) -> tuple[int, bool]:
    return _ORDER.index(entry.layer), entry.state is State.CANCELLED
