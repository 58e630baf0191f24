"""Windows with nothing against them, ranked by how near they come to the one that was wished."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Protocol, TypeVar

from app.models.calendar.conflicts import Surroundings, conflicts, is_free
from app.models.calendar.facts import Candidate, ConflictPolicy, Reason
from app.models.calendar.judging import in_words
from app.models.calendar.near import Near
from app.models.calendar.users import Users, in_working_hours
from app.models.errors import BadInput
from app.models.outages.lifecycle import ImpactClass
from app.models.times import (
    Window,
    first_moment,
    speak_date,
    speak_moment,
    speak_time,
    to_wall,
)

OTHER_HOURS = (0, 2, 4, 6, 20, 22)
"""Starts that are looked at beside the wished one."""
_DAY = timedelta(days=1)
_AT_WORK = 7.0
"""As many days farther from the wish would do, were all its users at work then."""


@dataclass(frozen=True, slots=True)
class FreeWindow:
    """`reasons` say why it ranks where it does; `weight` is less for the better one; `users` are
    at work then, and use what has no hours of use of its own."""

    window: Window
    reasons: tuple[str, ...]
    weight: float
    users: int = 0


@dataclass(frozen=True, slots=True)
class Wish:
    """The window that was wished for; `since`/`until` (UTC) bound what is offered."""

    window: Window
    since: datetime
    until: datetime


def free_windows(
    candidate: Candidate,
    around: Surroundings,
    wish: Wish,
    last_possible: Callable[[Window], datetime],
    *,
    most: int = 5,
    policy: ConflictPolicy | None = None,
    users: Users | None = None,
) -> tuple[FreeWindow, ...]:
    """The best `most`, one a day, without a single conflict but those that hold `at_any_time`.
    `around` covers the whole span and holds no notice: `last_possible` says for each window when
    the planned notice can leave at the latest (UTC). The urgent wait for no notice. `users` of
    what is taken down: the fewer of them are at work, the better."""
    candidate, around = _without_what_always_holds(candidate, around)
    near = _Days(around, wish)
    found: dict[date, FreeWindow] = {}
    length = wish.window.end - wish.window.start
    use = _Use(candidate, users or Users())
    for weight, start in _in_order(wish, length, use, _openings(candidate, wish)):
        if start.date() in found:
            continue
        window = _window(start, start + length, wish)
        if window is None:
            continue
        latest = last_possible(window)
        if wish.since > latest and candidate.impact is not ImpactClass.URGENT:
            continue
        tried = replace(candidate, window=window)
        if is_free(tried, near.at(window), policy):
            span = window.start_utc, window.end_utc
            said = (*_apart(window, wish), *use.said(*span), *_reasons(tried, wish, latest))
            found[start.date()] = FreeWindow(window, said, weight, use.at_work(*span))
            if len(found) == most:
                break
    return tuple(found.values())


def at_any_time(candidate: Candidate, around: Surroundings) -> tuple[str, ...]:
    """What no other window would change, as sentences: it takes down what the flight itself needs,
    be it telephones, mail or the bridge. Something is agreed instead, whenever it is."""
    tree = Surroundings(graph=around.graph, ci_names=around.ci_names, needed=around.needed)
    found = conflicts(candidate, tree)
    return tuple(c.sentence for c in found if c.reason is Reason.TAKES_DOWN_WHAT_FLIGHT_NEEDS)


def _without_what_always_holds(
    candidate: Candidate, around: Surroundings
) -> tuple[Candidate, Surroundings]:
    cis = tuple(replace(ci, needed_by_flight="") for ci in candidate.cis)
    return replace(candidate, cis=cis), replace(around, needed={})


def _window(start: datetime, end: datetime, wish: Wish) -> Window | None:
    """None outside the span, and where the clocks jump over it or it happens twice."""
    try:
        window = Window.of(start, end, wish.window.zone)
    except BadInput:
        return None
    inside = wish.since <= window.start_utc and window.end_utc <= wish.until
    return window if inside else None


def _openings(candidate: Candidate, wish: Wish) -> tuple[timedelta, ...]:
    """At what time of the day the maintenance hours of its items begin, on the wished zone's clock
    at the wished date: a long window may fit nowhere else."""
    day, zone = datetime.combine(wish.window.start.date(), datetime.min.time()), wish.window.zone
    return tuple(
        _clock(to_wall(first_moment(day + timedelta(minutes=minute), there or zone), zone))
        for there, minute in {(ci.zone, s.start_minute) for ci in candidate.cis for s in ci.hours}
    )


def _in_order(
    wish: Wish, length: timedelta, use: _Use, opens: tuple[timedelta, ...]
) -> list[tuple[float, datetime]]:
    """Every start (a wall) that is looked at, the best first; `opens`: more times of the day."""
    usual = (timedelta(hours=hour) for hour in OTHER_HOURS)
    hours = dict.fromkeys((_clock(wish.window.start), *usual, *opens))
    first = to_wall(wish.since, wish.window.zone).date()
    days = (to_wall(wish.until, wish.window.zone).date() - first).days
    starts = (
        datetime.combine(first + timedelta(days=day), datetime.min.time()) + clock
        for day in range(days + 1)
        for clock in hours
    )
    return sorted((_weight(start, length, wish, use), start) for start in starts)


def _weight(start: datetime, length: timedelta, wish: Wish, use: _Use) -> float:
    """Days from the wish; another weekday counts two of them, another hour three, and users at work
    up to seven."""
    wished = wish.window.start
    apart = float(abs((start.date() - wished.date()).days))
    apart += 2.0 if start.weekday() != wished.weekday() else 0.0
    apart += 3.0 if _clock(start) != _clock(wished) else 0.0
    moment = first_moment(start, wish.window.zone)
    return apart + _AT_WORK * use.share(moment, moment + length)


class _Use:
    """When what the window takes down is in use, where its services do not say so."""

    def __init__(self, candidate: Candidate, users: Users) -> None:
        self._said = [service.name for service in candidate.services if service.hours]
        self._unsaid = len(self._said) < max(len(candidate.services), 1)
        self._users = users
        self._zone = candidate.window.zone

    def at_work(self, start: datetime, end: datetime) -> int:
        return self._users.at_work(start, end) if self._unsaid else 0

    def share(self, start: datetime, end: datetime) -> float:
        """Of its users, 0 to 1; where nobody is known, whether people there are at work."""
        if not self._unsaid:
            return 0.0
        if self._users.all:
            return self._users.at_work(start, end) / self._users.all
        return float(self._at_work_there(start, end))

    def said(self, start: datetime, end: datetime) -> Iterator[str]:
        """The users affected, in words."""
        everybody = self._users.all
        if self._said:
            nobody = f": none of {_of(everybody)} affected" if everybody else ""
            said = f"outside the hours of use of {', '.join(self._said)}"
            yield said if self._unsaid else f"{said}{nobody}"
        if not self._unsaid:
            return
        if not everybody:
            at_work = self._at_work_there(start, end)
            yield "while people are at work" if at_work else "outside working hours"
            return
        number = self._users.at_work(start, end)
        yield f"{f'{number:,}' if number else 'none'} of {_of(everybody)} at work then"

    def _at_work_there(self, start: datetime, end: datetime) -> bool:
        return in_working_hours(to_wall(start, self._zone), to_wall(end, self._zone))


def _of(users: int) -> str:
    return "its one user" if users == 1 else f"its {users:,} users"


def _apart(window: Window, wish: Wish) -> Iterator[str]:
    apart = (window.start.date() - wish.window.start.date()).days
    if window == wish.window:
        yield "the window you asked for"
    elif not apart:
        yield f"the day you asked for, at {speak_time(window.start)}"
    else:
        days = "1 day" if abs(apart) == 1 else f"{abs(apart)} days"
        yield f"{days} {'after' if apart > 0 else 'before'} {speak_date(wish.window.start.date())}"
        if _clock(window.start) != _clock(wish.window.start):
            yield "at another hour"


def _reasons(candidate: Candidate, wish: Wish, latest: datetime) -> Iterator[str]:
    kept = [ci.name for ci in candidate.cis if ci.hours]
    if kept:
        yield f"in the maintenance hours of {in_words(kept, 'items')}"
    if candidate.owners:
        whose = "its owner is" if len(candidate.owners) == 1 else "its owners are"
        yield f"{whose} free and rested"
    if latest >= wish.since:
        yield f"the notice can leave until {speak_moment(latest, candidate.window.zone)}"


def _clock(wall: datetime) -> timedelta:
    return timedelta(hours=wall.hour, minutes=wall.minute)


class _Span(Protocol):
    @property
    def start(self) -> datetime: ...
    @property
    def end(self) -> datetime: ...


Spanning = TypeVar("Spanning", bound=_Span)


class _Days:
    """What surrounds a window, of all that lies in half a year: outages and who is busy a day to
    each side."""

    def __init__(self, around: Surroundings, wish: Wish) -> None:
        since, until = wish.since - 2 * _DAY, wish.until + 2 * _DAY

        def near(things: Iterable[Spanning]) -> Near[Spanning]:
            return Near(((each.start, each.end, each) for each in things), since, until)

        self._around = around
        self._outages = near(around.outages)
        self._calendar = near(around.calendar)
        self._busy = near(around.busy)
        self._vendors = near(around.vendors)

    def at(self, window: Window) -> Surroundings:
        start, end = window.start_utc, window.end_utc
        before, after = start - _DAY, end + _DAY
        return replace(
            self._around,
            outages=tuple(self._outages.meeting(before, after)),
            calendar=tuple(self._calendar.meeting(start, end)),
            busy=tuple(self._busy.meeting(before, after)),
            vendors=tuple(self._vendors.meeting(start, end)),
        )
