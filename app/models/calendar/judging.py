"""What judging a window shares: the facts, how a conflict is said, and in whose time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache

from app.models.calendar.facts import (
    Busy,
    CalendarFact,
    Candidate,
    ConflictPolicy,
    NoticeFact,
    OtherOutage,
    Reason,
    VendorWindow,
)
from app.models.directory.graph import CiGraph
from app.models.ids import CiId, PersonId
from app.models.severity import Severity
from app.models.times import abbreviation, overlaps, speak_date, speak_time, to_utc, to_wall

About = tuple[tuple[str, str], ...]
_CAUSES = ("outage", "event", "ci", "person", "rota", "service")


@dataclass(frozen=True, slots=True)
class Conflict:
    """One thing that stands against a window; `about` are the (type, id) pairs it names."""

    severity: Severity
    reason: Reason
    sentence: str
    about: About = ()

    @property
    def cause(self) -> tuple[str, str] | None:
        """Of what it names, what stands in the way: another window before an item or a person."""
        ranked = (pair for kind in _CAUSES for pair in self.about if pair[0] == kind)
        return next(ranked, None)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Everything found near a window; what does not overlap is ignored here, not refused.

    For rest and the night's count the range of `outages` and `busy` should reach a day to each
    side. `ci_names` name the CIs of the graph that are not the candidate's own; `needed` are those
    the flight itself needs, and what for (or “yes”). `rota` names all who take turns on duty;
    their turns are in `busy`.
    """

    outages: tuple[OtherOutage, ...] = ()
    calendar: tuple[CalendarFact, ...] = ()
    busy: tuple[Busy, ...] = ()
    vendors: tuple[VendorWindow, ...] = ()
    graph: CiGraph = field(default_factory=lambda: CiGraph(()))
    ci_names: dict[CiId, str] = field(default_factory=dict)
    needed: Mapping[CiId, str] = field(default_factory=dict)
    rota: Mapping[PersonId, str] = field(default_factory=dict)
    notice: NoticeFact | None = None


MOST_NAMED = 3
DEEP_NIGHT, DAY_OVER = timedelta(hours=6), timedelta(hours=18)
"""From midnight to then is night; the day after one is free until so far into it."""


@lru_cache(maxsize=4_000)
def day_after(start: datetime, end: datetime, zone: str) -> datetime | None:
    """Until when whoever worked from `start` to `end` (UTC) is left in peace, as they worked in
    the night (some of midnight to six): the end of that day. None when they did not."""
    midnight = datetime.combine(to_wall(end, zone).date(), datetime.min.time())
    for day in (midnight, midnight - timedelta(days=1)):
        if to_utc(day, zone) < end and start < to_utc(day + DEEP_NIGHT, zone):
            return to_utc(day + DAY_OVER, zone)
    return None


def in_words(names: list[str], noun: str) -> str:
    """`A`, `A and B`, `A, B and C`, `A, B and 3 more items`."""
    if len(names) > MOST_NAMED:
        names = [*names[: MOST_NAMED - 1], f"{len(names) - MOST_NAMED + 1} more {noun}"]
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)


@lru_cache(maxsize=4_000)
def speak_between(start: datetime, end: datetime, zone: str) -> str:
    """`Fri 10 Jan 19:00–22:00 EST`, both days named when they differ."""
    first, last = to_wall(start, zone), to_wall(end, zone)
    tail = "" if first.date() == last.date() else f"{speak_date(last.date())} "
    return (
        f"{speak_date(first.date())} {speak_time(first)}–{tail}{speak_time(last)} "
        f"{abbreviation(end, zone)}"
    )


class Judging:
    """One window and all that is near it; the kinds of conflict are its subclasses."""

    def __init__(self, candidate: Candidate, around: Surroundings, policy: ConflictPolicy) -> None:
        self._c = candidate
        self._around = around
        self._policy = policy
        self._zone = candidate.window.zone
        self._start = candidate.window.start_utc
        self._end = candidate.window.end_utc
        self._flown = [o for o in around.outages if o.id != candidate.id]
        self._others = [o for o in self._flown if not o.over]
        self._meeting = [o for o in self._others if self._meets(o.start, o.end)]

    def _meets(self, start: datetime, end: datetime) -> bool:
        return overlaps(start, end, self._start, self._end)

    def _say(
        self, reason: Reason, sentence: str, *about: tuple[str, str], as_: Severity | None = None
    ) -> Conflict:
        severity = as_ or self._policy.severity(reason, self._c.impact)
        return Conflict(severity, reason, sentence, about)

    def _span(self, start: datetime, end: datetime) -> str:
        return speak_between(start, end, self._zone)

    def _flight(self, other: OtherOutage) -> str:
        return f"{other.code} “{other.title}” ({self._span(other.start, other.end)})"

    def _name(self, ci: CiId) -> str:
        own = next((fact.name for fact in self._c.cis if fact.id == ci), None)
        return own or self._around.ci_names.get(ci, ci)
