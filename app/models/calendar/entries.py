"""What a calendar page shows on its days, whatever kind it is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from app.models.calendar.shifting import Shift
from app.models.outages.lifecycle import BEFORE_START, State
from app.models.times import (
    WEEKDAYS,
    abbreviation,
    speak_date,
    speak_moment,
    speak_time,
    to_wall,
)


class Layer(StrEnum):
    OUTAGES = "outages"
    FREEZES = "freezes"
    EVENTS = "events"
    HOLIDAYS = "holidays"
    ROTA = "rota"

    @property
    def words(self) -> str:
        return _WORDS[self]


_WORDS = {
    Layer.OUTAGES: "Outages",
    Layer.FREEZES: "Freezes",
    Layer.EVENTS: "Business events",
    Layer.HOLIDAYS: "Holidays, closing days",
    Layer.ROTA: "Coordinator rota",
}


class Entry(NamedTuple):
    """One thing on the calendar. `first` and `last` (inclusive) are the days it touches where the
    organisation is; `start` and `end` are UTC, the end exclusive, and None for whole days. It is a
    tuple, as a year of five thousand is built while it opens.

    `source` is the calendar it came from, or the code of an outage. `state`, `version` and `zone`
    are an outage's own; `kind` is the word for it where its layer holds several. `event_id` is of
    a business event or freeze, and `asked` says who answers for it, and what.
    """

    key: str
    layer: Layer
    title: str
    first: date
    last: date
    start: datetime | None = None
    end: datetime | None = None
    source: str = ""
    state: State | None = None
    version: int = 0
    zone: str = ""
    kind: str = ""
    event_id: str = ""
    asked: str = ""

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def movable(self) -> bool:
        """An outage that has not started may be given another window."""
        return self.state in BEFORE_START

    def left_of(self, shift: Shift) -> bool:
        """Whether something of it is left between its ends once they are shifted."""
        if self.start is None or self.end is None:
            return False
        return self.start + shift.start < self.end + shift.end

    def is_on(self, day: date) -> bool:
        return self.first <= day <= self.last

    def times(self, zone: str) -> str:
        """`22:00–04:00` on the clocks of `zone`; "all day" without times."""
        if self.start is None or self.end is None:
            return "all day"
        begins, ends = to_wall(self.start, zone), to_wall(self.end, zone)
        if begins == ends:
            return speak_time(begins)
        tail = speak_time(ends)
        if _needs_its_day(begins, ends):
            tail = f"{speak_date(ends.date())} {tail}"
        return f"{speak_time(begins)}–{tail}"

    def times_on(self, day: date, zone: str) -> str:
        """As `times` on its first day; on a later one with the day it began:
        `Sat 18 Jan 22:00–04:00`."""
        if self.start is None or self.end is None or day <= self.first:
            return self.times(zone)
        begins, ends = to_wall(self.start, zone), to_wall(self.end, zone)
        tail = speak_time(ends)
        if ends.date() != day:
            tail = f"{speak_date(ends.date())} {tail}"
        return f"{speak_date(begins.date())} {speak_time(begins)}–{tail}"

    def headline(self, zone: str, *, begins: bool = True) -> str:
        """What its bar says: `22:00 Core switch → 04:00`, or the title alone for whole days.
        Where it only goes on, in the next week, it does not begin at that time again."""
        if self.start is None or self.end is None:
            return self.title
        start, end = to_wall(self.start, zone), to_wall(self.end, zone)
        words = f"{speak_time(start)} {self.title}" if begins else self.title
        if self.days < 2:
            return words
        day = f"{WEEKDAYS[end.weekday()]} " if _needs_its_day(start, end) else ""
        return f"{words} → {day}{speak_time(end)}"

    def spoken(self, zone: str) -> str:
        """For a screen reader: everything the bar shows by its colour and place."""
        kind = kind_words(self)
        span = f", {speak_date(self.first)} to {speak_date(self.last)}" if self.days > 1 else ""
        name = f"{self.source} {self.title}" if self.layer is Layer.OUTAGES else self.title
        return f"{name}, {kind}, {self.times(zone)}{span}"

    def told_in(self, home: str) -> tuple[str, ...]:
        """The span on the clocks of its own zone, of `home` and of UTC, each zone once."""
        if self.start is None or self.end is None:
            span = speak_date(self.first)
            return (f"{span} – {speak_date(self.last)}" if self.days > 1 else span,)
        names = dict.fromkeys(name for name in (self.zone, home, "UTC") if name)
        found: dict[str, str] = {}
        for name in names:
            clock = f"{to_wall(self.start, name)}{to_wall(self.end, name)}"
            found.setdefault(clock, _span(self.start, self.end, name))
        return tuple(found.values())


def _needs_its_day(begins: datetime, ends: datetime) -> bool:
    """An end in the first hours of the next day is understood; a later one is not."""
    days = (ends.date() - begins.date()).days
    return days > 1 or (days == 1 and ends.time() > begins.time())


_KINDS = {
    Layer.OUTAGES: "outage",
    Layer.FREEZES: "freeze",
    Layer.EVENTS: "business event",
    Layer.HOLIDAYS: "public holiday",
    Layer.ROTA: "on duty",
}


def kind_words(entry: Entry) -> str:
    """What it is, in a word or two: the state of an outage, else the kind of its layer."""
    return entry.state.words if entry.state else entry.kind or _KINDS[entry.layer]


def _span(start: datetime, end: datetime, zone: str) -> str:
    begins, ends = to_wall(start, zone), to_wall(end, zone)
    if begins.date() == ends.date():
        tail = f"{speak_time(ends)} {abbreviation(end, zone)}"
    else:
        tail = speak_moment(end, zone)
    return f"{speak_date(begins.date())} {speak_time(begins)}–{tail}"


def days_of(start: datetime, end: datetime, zone: str) -> tuple[date, date]:
    """The first and last day a span touches in `zone`. An end at midnight belongs to the day
    before, unless nothing else is left."""
    first = to_wall(start, zone).date()
    last = to_wall(max(start, end - timedelta(microseconds=1)), zone).date()
    return first, last


def in_order(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """As a day is read: whole days first, then by the clock."""
    early = datetime(1, 1, 1, tzinfo=UTC)
    layers = {layer: place for place, layer in enumerate(Layer)}
    return tuple(
        sorted(
            entries,
            key=lambda e: (e.start is not None, e.start or early, layers[e.layer], e.title),
        )
    )
