"""What stands against a window (product.md, "Conflict reasons"), from plain facts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cached_property

from app.models.calendar.ci_conflicts import CiJudging
from app.models.calendar.facts import (
    CalendarFact,
    Candidate,
    ConflictPolicy,
    FactKind,
    Reason,
    ServiceFact,
)
from app.models.calendar.hours_conflicts import HoursJudging
from app.models.calendar.judging import About, Conflict, Surroundings
from app.models.calendar.people_conflicts import PeopleJudging
from app.models.severity import Severity
from app.models.times import overlaps, speak_date, speak_moment, to_utc

__all__ = ["About", "Conflict", "Surroundings", "blocked", "conflicts", "is_free"]

_ON_A_LIST = "perhaps people on a list that is told"
_EVERYTHING = (frozenset[str](), frozenset[str]())


def conflicts(
    candidate: Candidate, around: Surroundings, policy: ConflictPolicy | None = None
) -> tuple[Conflict, ...]:
    """All conflicts, the worst first; within a severity in the order of `Reason`. Times are told
    in the window's zone. The candidate itself, found by its id, does not conflict with itself."""
    judge = _Judge(candidate, around, policy or ConflictPolicy())
    order = list(Reason)
    return tuple(sorted(judge.all(), key=lambda c: (c.severity.rank, order.index(c.reason))))


def is_free(
    candidate: Candidate, around: Surroundings, policy: ConflictPolicy | None = None
) -> bool:
    """There is not a single conflict; no more is worked out than the first."""
    judge = _Judge(candidate, around, policy or ConflictPolicy())
    return next(judge.all(), None) is None


def blocked(found: Iterable[Conflict]) -> bool:
    return any(conflict.severity is Severity.BLOCK for conflict in found)


class _Judge(CiJudging, HoursJudging, PeopleJudging):
    def all(self) -> Iterator[Conflict]:
        """What is quickly seen comes first."""
        yield from self._freezes()
        yield from self._events()
        yield from self._hours_of_use()
        yield from self._ci_hours()
        for owner in self._c.owners:
            yield from self._owner(owner)
        yield from self._coordinator()
        yield from self._night()
        yield from self._ci_conflicts()
        yield from self._needed()
        yield from self._notice()

    def _when(self, fact: CalendarFact) -> str:
        """With who answers for it: brackets are no part of what is accepted, so that an answer
        that comes later takes no acceptance back."""
        when = self._span_of(fact)
        return f"{when}; {fact.asked}" if fact.asked else when

    def _span_of(self, fact: CalendarFact) -> str:
        if fact.first_day is None:
            return self._span(fact.start, fact.end)
        if fact.last_day is None or fact.last_day == fact.first_day:
            return f"all {speak_date(fact.first_day)}"
        return f"{speak_date(fact.first_day)} to {speak_date(fact.last_day)}"

    def _facts(self, kind: FactKind) -> list[CalendarFact]:
        return self._meanwhile.get(kind, [])

    @cached_property
    def _meanwhile(self) -> dict[FactKind, list[CalendarFact]]:
        start, end = self._start, self._end
        found: dict[FactKind, list[CalendarFact]] = {}
        for fact in self._around.calendar:
            if fact.start < end and start < fact.end:
                found.setdefault(fact.kind, []).append(fact)
        return found

    def _touched(self, fact: CalendarFact) -> list[ServiceFact] | None:
        """The services it touches, empty for all of them; None when it is not about us. The facts
        of a layer share what they touch."""
        touches = fact.services, fact.departments
        if touches not in self._ours:
            ours = [service for service in self._c.services if service.id in fact.services]
            met = ours or touches == _EVERYTHING or fact.departments & self._c.departments
            self._ours[touches] = ours if met else None
        return self._ours[touches]

    @cached_property
    def _ours(self) -> dict[tuple[frozenset[str], frozenset[str]], list[ServiceFact] | None]:
        return {}

    def _freezes(self) -> Iterator[Conflict]:
        for fact in self._facts(FactKind.FREEZE):
            touched = self._touched(fact)
            if touched is None:
                continue
            whom = f" for {', '.join(s.name for s in touched)}" if touched else ""
            yield self._say(
                Reason.FREEZE,
                f"The freeze “{fact.title}” ({self._when(fact)}) covers the window{whom}.",
                ("event", fact.id),
                as_=fact.severity,
            )
        for fact in (*self._facts(FactKind.HOLIDAY), *self._facts(FactKind.CLOSING)):
            kind = "is a public holiday" if fact.kind is FactKind.HOLIDAY else "is a closing day"
            if fact.kind is FactKind.HOLIDAY and "; " in fact.title:
                kind = "are public holidays"
            yield self._say(
                Reason.HOLIDAY,
                f"{fact.title} {kind} ({self._when(fact)}); people may be away.",
                ("event", fact.id),
                as_=fact.severity,
            )

    def _events(self) -> Iterator[Conflict]:
        """One conflict an event; many of one service fold into one that names the first."""
        by_service: dict[str, list[CalendarFact]] = {}
        for fact in self._facts(FactKind.BUSINESS_EVENT):
            touched = self._touched(fact)
            if touched is not None:
                whom = ", ".join(s.name for s in touched) or (
                    "everyone" if not fact.departments else "an affected department"
                )
                by_service.setdefault(whom, []).append(fact)
            elif fact.departments and self._c.tells_a_list:
                by_service.setdefault(_ON_A_LIST, []).append(fact)
        for whom, facts in by_service.items():
            facts.sort(key=lambda fact: (fact.start, fact.title))
            if len(facts) <= self._policy.fold_above:
                for fact in facts:
                    yield self._say(
                        Reason.BUSINESS_EVENT,
                        f"“{fact.title}” ({self._when(fact)}) needs {whom}."
                        if whom not in ("everyone", "an affected department", _ON_A_LIST)
                        else f"“{fact.title}” ({self._when(fact)}) touches {whom}.",
                        ("event", fact.id),
                        as_=fact.severity,
                    )
                continue
            default = self._policy.severity(Reason.BUSINESS_EVENT, self._c.impact)
            worst = min((fact.severity or default for fact in facts), key=lambda s: s.rank)
            yield self._say(
                Reason.BUSINESS_EVENT,
                f"{len(facts)} business events touch {whom} during the window; the first is "
                f"“{facts[0].title}” ({self._when(facts[0])}).",
                *(("event", fact.id) for fact in facts),
                as_=worst,
            )

    def _night(self) -> Iterator[Conflict]:
        """A night runs from noon to noon in the window's zone."""
        night = (self._c.window.start - timedelta(hours=12)).date()
        noon = datetime.combine(night, datetime.min.time()) + timedelta(hours=12)
        start, end = to_utc(noon, self._zone), to_utc(noon + timedelta(days=1), self._zone)
        that_night = [o for o in self._others if overlaps(o.start, o.end, start, end)]
        if len(that_night) >= self._policy.most_that_night:
            codes = ", ".join(o.code for o in sorted(that_night, key=lambda o: o.start)[:5])
            yield self._say(
                Reason.TOO_MANY_THAT_NIGHT,
                f"With this one, {len(that_night) + 1} outages fall in the night of "
                f"{speak_date(night)} ({codes}); at most {self._policy.most_that_night} are "
                "agreed for one night.",
                *(("outage", o.id) for o in that_night),
            )

    def _notice(self) -> Iterator[Conflict]:
        notice = self._around.notice
        if notice is None or notice.sent or notice.now <= notice.last_possible:
            return
        late = speak_moment(notice.last_possible.astimezone(UTC), self._zone)
        first = ""
        if notice.first is not None and notice.now < self._start:
            day = f"{speak_date(notice.first)} {notice.first.year}"
            first = f" (if it leaves today, the window can begin on {day} at the earliest)"
        yield self._say(
            Reason.NOTICE_TOO_LATE,
            f"The planned notice can no longer go out in time: it was due by {late}{first}.",
        )
