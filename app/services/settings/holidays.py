"""The public holidays ahead, by name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from app.services.calendar.public_holidays import holidays_of

MOST = 12


@dataclass(frozen=True, slots=True)
class Holiday:
    day: date
    name: str


@lru_cache(maxsize=16)
def next_holidays(country: str, subdivision: str, since: date) -> tuple[Holiday, ...]:
    """The next ones from `since` on (included), at most a dozen; none without a country that
    the `holidays` library knows."""
    known = holidays_of(country, subdivision, (since.year, since.year + 1))
    ahead = sorted(day for day in known if day >= since)
    return tuple(Holiday(day, known[day]) for day in ahead[:MOST])
