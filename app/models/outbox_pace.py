"""How fast messages may leave, and when the last of many arrives."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

BATCH = 500
"""Recipients a message (Exchange’s default limit)."""
A_MINUTE = 30
A_DAY = 10_000
"""Exchange’s limits on messages a minute and recipients a day."""
FEW = 50
RESERVE = 500
"""Of the day’s recipients so many are kept for messages to few: a brief to the crew must not wait
a day because a notice to everybody used the day up."""
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


@dataclass(slots=True)
class Pace:
    """What left lately, as (when, to how many), oldest first."""

    left: list[tuple[datetime, int]] = field(default_factory=list)

    @classmethod
    def of(cls, left: Iterable[tuple[datetime, int]]) -> Pace:
        return cls(sorted(left))

    def earliest(self, reach: int, now: datetime) -> datetime:
        """When a message to `reach` people may leave, `now` at the earliest. One that is bigger
        than a day allows leaves on a day of its own."""
        limit = A_DAY if reach <= FEW else A_DAY - RESERVE
        at = now
        minute = [when for when, _ in self.left if when > now - MINUTE]
        if len(minute) >= A_MINUTE:
            at = max(at, minute[-A_MINUTE] + MINUTE)
        today = [(when, many) for when, many in self.left if when > at - DAY]
        total = sum(many for _, many in today)
        for when, many in today:
            if total + reach <= limit or total <= 0:
                break
            total -= many
            at = max(at, when + DAY)
        return at

    def note(self, at: datetime, reach: int) -> None:
        self.left.append((at, reach))


@dataclass(frozen=True, slots=True)
class Arrival:
    """When the last of so many messages leaves, if nothing goes wrong."""

    messages: int
    people: int
    last_at: datetime

    def days(self, start: datetime) -> int:
        return max((self.last_at - start).days, 0)


def arrival(pace: Pace, sizes: Sequence[int], start: datetime) -> Arrival:
    """`sizes` are the recipients of each message, in the order in which they leave."""
    ahead = Pace(list(pace.left))
    at = start
    for reach in sizes:
        at = ahead.earliest(reach, at)
        ahead.note(at, reach)
    return Arrival(len(sizes), sum(sizes), at)


def batches(count: int) -> list[tuple[int, int]]:
    """(first, how many) of each message to `count` people, nobody seeing the others."""
    return [(first, min(BATCH, count - first)) for first in range(0, count, BATCH)]
