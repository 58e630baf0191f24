"""When each of the crew is to be ready and is free: what is to be said of it now, and the hours
that knowing it spared them (product.md, “Rest”)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

MOVED_BY = timedelta(minutes=15)
"""From so much on a time that moved is said again, unless the policy says otherwise."""
WORTH_RESTING = timedelta(minutes=30)
"""Who is up already is sent to rest again only for so long: less is not worth lying down."""
FREE_IS_NEWS = timedelta(hours=1)
"""So long after the flight’s end somebody still gains from hearing that they are free."""
_NONE = timedelta()


@dataclass(frozen=True, slots=True)
class Duty:
    """When somebody is to be ready, and free again, as forecast. None stands for no duty left."""

    be_ready: datetime
    release: datetime


@dataclass(frozen=True, slots=True)
class Telling:
    """What somebody was told, `at` which moment; `duty` None: that they are free."""

    at: datetime
    duty: Duty | None


class Say(StrEnum):
    """What is to be said to somebody now."""

    TIMES = "times"
    MOVED = "moved"
    FREE = "free"
    LATER = "later"
    NOTHING = "nothing"

    @property
    def due(self) -> bool:
        return self in (Say.TIMES, Say.MOVED, Say.FREE)


def to_say(
    told: Telling | None,
    duty: Duty | None,
    now: datetime,
    *,
    moved_by: timedelta = MOVED_BY,
    undisturbed: bool = False,
    ended: datetime | None = None,
) -> Say:
    """`undisturbed` while they have a step in hand that is not to be disturbed: what would be
    said waits (LATER) until it is done. `ended` is when the flight did."""
    if duty is None:
        stale = ended is not None and now - ended > FREE_IS_NEWS
        return Say.NOTHING if stale or told is None or told.duty is None else Say.FREE
    if told is None or told.duty is None:
        say = Say.TIMES
    else:
        say = Say.MOVED if _moved(told.duty, duty, now, moved_by) else Say.NOTHING
    return Say.LATER if undisturbed and say.due else say


def _moved(told: Duty, duty: Duty, now: datetime, moved_by: timedelta) -> bool:
    """A be-ready time that came is past correcting; then only a rest worth it is said."""
    if told.be_ready > now:
        ready = abs(duty.be_ready - told.be_ready) >= moved_by
    else:
        ready = duty.be_ready - now >= max(WORTH_RESTING, moved_by)
    return ready or abs(duty.release - told.release) >= moved_by


Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Hours:
    """Of one person, within the window: how long they had to be `up`, and what was `saved`
    against staying for all of it."""

    name: str
    up: timedelta
    saved: timedelta


def hours_of(
    name: str, tellings: Sequence[Telling], worked: Sequence[Span], window: Span, over: bool
) -> Hours:
    """From what they were told, oldest first, and when they had steps in hand. Who was not told
    stays up: nobody rests on a time nobody gave them. A release that was told ahead counts once
    its moment has come with nothing left to do (`over`), else they were up until now."""
    first, last = window
    if last <= first or not tellings:
        return Hours(name, max(last - first, _NONE), _NONE)
    spans = [span for span in _awake(tellings, worked, window, over) if span[1] > span[0]]
    up = _length(_clipped([*spans, *worked], window))
    return Hours(name, up, (last - first) - up)


def _awake(
    tellings: Sequence[Telling], worked: Sequence[Span], window: Span, over: bool
) -> Iterable[Span]:
    """While they had to be up by what they knew; before the first word, all the time."""
    first, last = window
    yield first, tellings[0].at if tellings else last
    for place, telling in enumerate(tellings):
        if telling.duty is None:
            continue
        newest = place + 1 == len(tellings)
        until = last if newest else tellings[place + 1].at
        if newest and over:
            done = max((end for _, end in worked), default=first)
            until = min(until, max(telling.duty.release, done))
        yield max(telling.at, telling.duty.be_ready), until


def _clipped(spans: Iterable[Span], window: Span) -> list[Span]:
    first, last = window
    return [(max(a, first), min(b, last)) for a, b in spans if a < last and b > first]


def _length(spans: Iterable[Span]) -> timedelta:
    """Of what they cover together; overlapping time counts once."""
    total, reached = _NONE, None
    for start, end in sorted(spans):
        begins = start if reached is None else max(start, reached)
        if end > begins:
            total += end - begins
            reached = end
    return total
