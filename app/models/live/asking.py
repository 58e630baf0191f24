"""When the flight is asked whether to go on: fifteen and five minutes before the way back closes,
and when it has (product.md). The console asks and writes down; it never decides."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

ASKS = (15, 5, 0)
"""Minutes before the way back closes; each is asked, and answered, by itself."""


def asked_at(way_back: datetime, minutes: int) -> datetime:
    """The moment of the ask so many minutes before the way back closes. It names the ask: when
    the way back moves, it is another one, and an answer to the old does not stand for it."""
    return way_back - timedelta(minutes=minutes)


def open_ask(way_back: datetime, now: datetime, answered: Collection[datetime]) -> int | None:
    """Which of `ASKS` is to be answered at `now`, None while there is time or it has been.
    `answered` are the moments of the asks that were. Whoever answers the later ask is not asked
    the earlier one."""
    for minutes in reversed(ASKS):
        asked = asked_at(way_back, minutes)
        if now >= asked:
            return None if asked in answered else minutes
    return None
