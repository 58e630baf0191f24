"""Things near a span, found by their days: the same as by looking at all of them."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from app.models.calendar.near import Near

FIRST = datetime(2025, 1, 6, 14, 30, tzinfo=UTC)
LAST = FIRST + timedelta(days=20)


def test_those_that_meet_a_span_are_found_each_once_in_their_order() -> None:
    chance = random.Random(1)

    def moment(from_day: int, to_day: int) -> datetime:
        return FIRST + timedelta(hours=chance.randrange(24 * from_day, 24 * to_day))

    starts = sorted(moment(-3, 20) for _ in range(120))
    lengths = (timedelta(hours=chance.choice((0, 1, 10, 24, 100, 1_000))) for _ in starts)
    things = [
        (start, start + length, number)
        for number, (start, length) in enumerate(zip(starts, lengths, strict=True))
        if start + length > FIRST
    ]
    near = Near(things, FIRST, LAST)
    for _ in range(60):
        since = moment(0, 19)
        until = min(since + timedelta(hours=chance.choice((1, 24, 90))), LAST)
        met = [n for start, end, n in things if start < until and end > since]
        assert list(near.meeting(since, until)) == met
    assert list(near.meeting(FIRST, LAST)) == [number for *_, number in things]
