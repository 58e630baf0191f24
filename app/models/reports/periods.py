"""The periods a report is asked for: months, quarters, years, by the day it is asked on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from app.models.times import MONTHS, speak_date


@dataclass(frozen=True, slots=True)
class Period:
    """`since` and `last` both count."""

    words: str
    since: date
    last: date

    @property
    def span(self) -> str:
        """`Wed 1 Jan 2025 – Wed 31 Dec 2025`."""
        return (
            f"{speak_date(self.since)} {self.since.year} – {speak_date(self.last)} {self.last.year}"
        )


def periods(today: date) -> tuple[Period, ...]:
    """What is usually asked for, the usual one first."""
    year = today.year
    first = today.replace(day=1)
    this = (year, (today.month - 1) // 3)
    before = (year, this[1] - 1) if this[1] else (year - 1, 3)
    return (
        Period("the last 12 months", _months_on(first, -11), today),
        month_of(today),
        month_of(first - timedelta(days=1)),
        _quarter(*this),
        _quarter(*before),
        Period(str(year), date(year, 1, 1), date(year, 12, 31)),
        Period(str(year - 1), date(year - 1, 1, 1), date(year - 1, 12, 31)),
    )


def month_of(day: date) -> Period:
    first = day.replace(day=1)
    last = _months_on(first, 1) - timedelta(days=1)
    return Period(f"{MONTHS[day.month - 1]} {day.year}", first, last)


def _quarter(year: int, number: int) -> Period:
    first = date(year, 3 * number + 1, 1)
    last = _months_on(first, 3) - timedelta(days=1)
    return Period(f"quarter {number + 1} of {year}", first, last)


def _months_on(first: date, count: int) -> date:
    months = first.year * 12 + first.month - 1 + count
    return date(months // 12, months % 12 + 1, 1)
