"""A month as a grid of weeks, and where the bars of what lasts several days lie in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.models.calendar.entries import Entry, Layer
from app.models.times import MONTHS

DAYS = 7
_NAMES = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


@dataclass(frozen=True, slots=True, order=True)
class Month:
    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Month:
        return cls(day.year, day.month)

    @property
    def first(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def last(self) -> date:
        return self.by(1).first - timedelta(days=1)

    @property
    def name(self) -> str:
        """`January`; independent of the machine's language."""
        return _NAMES[self.number - 1]

    @property
    def words(self) -> str:
        """`January 2025`."""
        return f"{self.name} {self.year}"

    @property
    def short(self) -> str:
        return f"{MONTHS[self.number - 1]} {self.year}"

    def by(self, months: int) -> Month:
        """So many months later (or earlier)."""
        years, number = divmod(self.number - 1 + months, 12)
        return Month(self.year + years, number + 1)

    def same_day(self, day: date) -> date:
        """That day of this month, or its last one where it is shorter."""
        return date(self.year, self.number, min(day.day, self.last.day))

    def weeks(self) -> tuple[date, ...]:
        """The Mondays of the weeks that show the month."""
        monday = self.first - timedelta(days=self.first.weekday())
        found = []
        while monday <= self.last:
            found.append(monday)
            monday += timedelta(days=DAYS)
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Bar:
    """The part of an entry that lies in one week: columns `first` to `last` of row `lane`.
    `begins` and `ends` say whether the entry itself does so here."""

    entry: Entry
    first: int
    last: int
    lane: int
    begins: bool
    ends: bool


def bars_of(monday: date, entries: Sequence[Entry]) -> tuple[Bar, ...]:
    """One week's bars: none crosses another, each as high up as it can be; what lasts longer and
    what begins earlier lies higher. The rota has no bars (its names stand with the days)."""
    sunday = monday + timedelta(days=DAYS - 1)
    here = [
        entry
        for entry in entries
        if entry.layer is not Layer.ROTA and entry.first <= sunday and entry.last >= monday
    ]
    place = {id(entry): number for number, entry in enumerate(here)}
    here.sort(key=lambda e: (max(e.first, monday), e.days < 2, -e.days, place[id(e)]))
    free: list[int] = []  # for each lane the first column that is free
    found = []
    for entry in here:
        first = max(0, (entry.first - monday).days)
        last = min(DAYS - 1, (entry.last - monday).days)
        lane = next((n for n, column in enumerate(free) if column <= first), len(free))
        if lane == len(free):
            free.append(0)
        free[lane] = last + 1
        begins, ends = entry.first >= monday, entry.last <= sunday
        found.append(Bar(entry, first, last, lane, begins, ends))
    return tuple(found)


def fitting(bars: Sequence[Bar], room: Sequence[int]) -> tuple[tuple[Bar, ...], tuple[int, ...]]:
    """The bars that fit when a day has `room[n]` lanes, and how many each day leaves out.

    A day that leaves something out needs its last lane for saying so, and a bar is shown on all
    its days or on none: so leaving one out may take another with it.
    """
    shown = set(range(len(bars)))
    left = [0] * DAYS
    while True:
        gone = {
            number
            for number in shown
            if any(
                bars[number].lane >= room[n] - (left[n] > 0)
                for n in range(bars[number].first, bars[number].last + 1)
            )
        }
        if not gone:
            return tuple(bar for n, bar in enumerate(bars) if n in shown), tuple(left)
        shown -= gone
        for number in gone:
            for n in range(bars[number].first, bars[number].last + 1):
                left[n] += 1
