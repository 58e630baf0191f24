"""What a window may run into, as plain facts: one small value per row a range query finds.

All moments are UTC, ends exclusive. The storage layer asks once per kind, bounded on both sides,
and hands the rows on; `conflicts.py` judges them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from app.models.ids import CiId, DepartmentId, OutageId, PersonId, ServiceId
from app.models.outages.lifecycle import ImpactClass
from app.models.severity import Severity
from app.models.times import Window


class Reason(StrEnum):
    SAME_CI = "same_ci"
    CI_ABOVE = "ci_above"
    CI_BELOW = "ci_below"
    FREEZE = "freeze"
    BUSINESS_EVENT = "business_event"
    HOURS_OF_USE = "hours_of_use"
    HOLIDAY = "holiday"
    OWNER_ABSENT = "owner_absent"
    OWNER_DOUBLE_BOOKED = "owner_double_booked"
    OWNER_WORKED_NIGHT = "owner_worked_night"
    CI_HOURS = "ci_hours"
    COORDINATOR_OFF = "coordinator_off"
    NOTICE_TOO_LATE = "notice_too_late"
    TOO_MANY_THAT_NIGHT = "too_many_that_night"
    TAKES_DOWN_WHAT_FLIGHT_NEEDS = "takes_down_what_flight_needs"


class FactKind(StrEnum):
    FREEZE = "freeze"
    BUSINESS_EVENT = "business_event"
    HOLIDAY = "holiday"
    CLOSING = "closing"


class BusyKind(StrEnum):
    LEAVE = "leave"
    SHIFT = "shift"
    MEETING = "meeting"


IN_OUTLOOK = "busy in Outlook"
"""The kind of leave that is none: they are there, and have something else on."""
AWAY_IN_OUTLOOK = "away in Outlook"
FROM_OUTLOOK = (AWAY_IN_OUTLOOK, IN_OUTLOOK)
"""What each sync replaces by what Outlook says then; all other leave was typed."""


@dataclass(frozen=True, slots=True)
class WeeklySpan:
    """Part of a week: `weekday` 0 is Monday; minutes of the day; an end above 1440 lies in
    the next day."""

    weekday: int
    start_minute: int
    end_minute: int


@dataclass(frozen=True, slots=True)
class ServiceFact:
    """`hours` are its hours of use in `zone`; none given means no rule, not "always"."""

    id: ServiceId
    name: str
    zone: str = ""
    hours: tuple[WeeklySpan, ...] = ()


@dataclass(frozen=True, slots=True)
class CiFact:
    """`needed_by_flight`: what for, or “yes”. `hours` are its own maintenance hours in `zone`,
    `said` the same as they were typed; none given means any time."""

    id: CiId
    name: str
    needed_by_flight: str = ""
    zone: str = ""
    hours: tuple[WeeklySpan, ...] = ()
    said: str = ""


@dataclass(frozen=True, slots=True)
class PersonFact:
    id: PersonId
    name: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """The window to judge, with all it touches. `id` is None while it is not yet saved.
    `tells_a_list`: somebody is told whose department nobody knows, as a list keeps its members."""

    window: Window
    impact: ImpactClass
    services: tuple[ServiceFact, ...] = ()
    cis: tuple[CiFact, ...] = ()
    owners: tuple[PersonFact, ...] = ()
    departments: frozenset[DepartmentId] = frozenset()
    tells_a_list: bool = False
    coordinator: PersonFact | None = None
    id: OutageId | None = None


@dataclass(frozen=True, slots=True)
class OtherOutage:
    """Another outage near the window. What is `over` counts for nothing but the rest of those who
    flew it, from its real end on.

    Its `owners` are whoever it keeps busy: the owners of steps and its coordinator.
    """

    id: OutageId
    code: str
    title: str
    start: datetime
    end: datetime
    cis: frozenset[CiId] = frozenset()
    owners: frozenset[PersonId] = frozenset()
    over: bool = False


@dataclass(frozen=True, slots=True)
class CalendarFact:
    """One occurrence of a freeze, business event, public holiday or closing.

    Without services and departments it touches everything. `first_day`/`last_day` (inclusive)
    are set for all-day events. `severity` None takes the policy's. `asked`: who answers for it and
    what they said, in words.
    """

    kind: FactKind
    id: str
    title: str
    start: datetime
    end: datetime
    services: frozenset[ServiceId] = frozenset()
    departments: frozenset[DepartmentId] = frozenset()
    severity: Severity | None = None
    first_day: date | None = None
    last_day: date | None = None
    asked: str = ""


@dataclass(frozen=True, slots=True)
class Touching:
    """What a window touches of services and departments, as events do."""

    services: frozenset[ServiceId]
    departments: frozenset[DepartmentId]
    tells_a_list: bool

    @classmethod
    def any_of(cls, several: Collection[Touching]) -> Touching:
        """It meets what one of them does."""
        return cls(
            frozenset[ServiceId]().union(*(each.services for each in several)),
            frozenset[DepartmentId]().union(*(each.departments for each in several)),
            any(each.tells_a_list for each in several),
        )

    def meets(self, services: frozenset[ServiceId], departments: frozenset[DepartmentId]) -> bool:
        """An event that touches these may stand against it; without any it touches everything."""
        if not departments:
            return not services or not self.services.isdisjoint(services)
        return (
            self.tells_a_list
            or not self.departments.isdisjoint(departments)
            or not self.services.isdisjoint(services)
        )


@dataclass(frozen=True, slots=True)
class VendorWindow:
    """Maintenance a vendor announced on `cis`, the items that carry its circuits. `said` is its
    impact and status in words; `severity` None is that of another outage on the item."""

    id: str
    provider: str
    maintenance_id: str
    title: str
    start: datetime
    end: datetime
    cis: frozenset[CiId]
    said: str = ""
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class Busy:
    """A person's leave (not there), shift (at work) or meeting (there, but busy), with the word
    people use for it."""

    person: PersonId
    kind: BusyKind
    start: datetime
    end: datetime
    words: str = ""


@dataclass(frozen=True, slots=True)
class NoticeFact:
    """When the planned notice can last go out (from the communication plan), whether it has.
    `first`: once that is over, the first date a window can begin on whose notice leaves today."""

    now: datetime
    last_possible: datetime
    sent: bool = False
    first: date | None = None


_SEVERITY = {
    Reason.SAME_CI: Severity.BLOCK,
    Reason.CI_ABOVE: Severity.WARN,
    Reason.CI_BELOW: Severity.WARN,
    Reason.FREEZE: Severity.BLOCK,
    Reason.BUSINESS_EVENT: Severity.WARN,
    Reason.HOURS_OF_USE: Severity.WARN,
    Reason.HOLIDAY: Severity.NOTE,
    Reason.OWNER_ABSENT: Severity.BLOCK,
    Reason.OWNER_DOUBLE_BOOKED: Severity.WARN,
    Reason.OWNER_WORKED_NIGHT: Severity.WARN,
    Reason.CI_HOURS: Severity.WARN,
    Reason.COORDINATOR_OFF: Severity.WARN,
    Reason.TOO_MANY_THAT_NIGHT: Severity.WARN,
    Reason.TAKES_DOWN_WHAT_FLIGHT_NEEDS: Severity.WARN,
}

# product.md, "Lead times by impact class"
_LATE = {
    ImpactClass.CRITICAL: Severity.BLOCK,
    ImpactClass.ORDINARY: Severity.WARN,
    ImpactClass.URGENT: Severity.NOTE,
}


@dataclass(frozen=True, slots=True)
class ConflictPolicy:
    """The organisation's editable judgement. `rest` is what a person needs between nights."""

    severities: Mapping[Reason, Severity] = field(default_factory=dict)
    most_that_night: int = 3
    rest: timedelta = timedelta(hours=11)
    fold_above: int = 3

    def severity(self, reason: Reason, impact: ImpactClass) -> Severity:
        if reason in self.severities:
            return self.severities[reason]
        return _LATE[impact] if reason is Reason.NOTICE_TOO_LATE else _SEVERITY[reason]
