"""Off-hours work: nights, weekends and holidays, weighted, so that it can be shared fairly."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache

from app.models.errors import BadInput
from app.models.times import to_utc, to_wall

WORKDAY = (7, 18)
"""Hours; the rest of a weekday is night."""
LEAST, MOST = 100, 500
HOUR = timedelta(hours=1)
_NONE, _DAY = timedelta(), timedelta(days=1)


class Off(StrEnum):
    """Why an hour is off-hours; the last one that holds counts."""

    NIGHT = "night"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"


@dataclass(frozen=True, slots=True)
class Weights:
    """Per cent: what an hour of night, weekend or public holiday counts."""

    night: int = 100
    weekend: int = 125
    holiday: int = 200

    def of(self, why: Off) -> float:
        return int(getattr(self, why.value)) / 100


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours of each kind, unweighted."""

    night: float = 0.0
    weekend: float = 0.0
    holiday: float = 0.0

    def __add__(self, other: Hours) -> Hours:
        return Hours(
            self.night + other.night, self.weekend + other.weekend, self.holiday + other.holiday
        )

    def weighted(self, weights: Weights) -> float:
        return sum(float(getattr(self, why.value)) * weights.of(why) for why in Off)

    @property
    def all(self) -> float:
        return self.night + self.weekend + self.holiday


def weights_from(policy: dict[str, object]) -> Weights:
    """What the policy says, else the built-in ones."""
    known = {each.name for each in fields(Weights)}
    given = policy if isinstance(policy, dict) else {}
    return Weights(**{k: int(str(v)) for k, v in given.items() if k in known})


def require_weights(weights: Weights) -> Weights:
    """Raises BadInput outside 100 to 500 per cent."""
    for why in Off:
        if not LEAST <= round(weights.of(why) * 100) <= MOST:
            raise BadInput(
                f"An hour of {why.value} counts {LEAST} to {MOST} per cent; nothing was changed."
            )
    return weights


def off_hours(
    start: datetime, end: datetime, zone: str, is_holiday: Callable[[date], bool]
) -> Hours:
    """Of a span in UTC, by the walls of `zone`; hours of the working day count nothing."""
    night = weekend = holiday = _NONE
    day, reached = to_wall(start, zone).date(), start
    while reached < end:
        midnight, morning, evening, following = _bounds(day, zone)
        here = max(_NONE, min(end, following) - max(start, midnight))
        if is_holiday(day):
            holiday += here
        elif day.weekday() >= 5:
            weekend += here
        else:
            night += here - max(_NONE, min(end, evening) - max(start, morning))
        reached = following
        day += _DAY
    return Hours(night / HOUR, weekend / HOUR, holiday / HOUR)


@lru_cache(maxsize=4_000)
def _bounds(day: date, zone: str) -> tuple[datetime, datetime, datetime, datetime]:
    """Its midnight, the working day, the next midnight, in UTC."""
    midnight = datetime.combine(day, time.min)
    walls = (timedelta(), *(timedelta(hours=hour) for hour in WORKDAY), timedelta(days=1))
    first, morning, evening, last = (to_utc(midnight + later, zone) for later in walls)
    return first, morning, evening, last


def quarter_of(day: date) -> int:
    """1 to 4."""
    return (day.month - 1) // 3 + 1


def merged(spans: Iterable[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """In order, none overlapping: nobody works an hour twice."""
    made: list[tuple[datetime, datetime]] = []
    for start, end in sorted(spans):
        if made and start <= made[-1][1]:
            made[-1] = (made[-1][0], max(made[-1][1], end))
        elif start < end:
            made.append((start, end))
    return made
