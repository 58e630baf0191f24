"""What outages touch, and everything near their windows, as the facts the rules judge."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import NamedTuple, TypeVar

from app.models.calendar.ci_conflicts import is_worked_meanwhile
from app.models.calendar.conflicts import Surroundings
from app.models.calendar.facts import Candidate, CiFact, PersonFact, ServiceFact, Touching
from app.models.calendar.hours import parse_hours
from app.models.directory.graph import CiGraph
from app.models.ids import CiId, DepartmentId, OutageId, PersonId, ServiceId
from app.models.notices.leadtime import WorkDays
from app.services.calendar import near_statements as statements
from app.services.calendar.looking import AT_ONCE, Look, Scope
from app.services.calendar.near_days import NearDays, Told
from app.services.calendar.nearby import Nearby, together
from app.services.uow import UnitOfWork

__all__ = ["Scope", "look_around"]

_PEOPLE = "people_near"
T = TypeVar("T")


def look_around(uow: UnitOfWork, scope: Scope) -> tuple[Candidate, Surroundings]:
    """Everything the rules judge the window by, as it stands in the store now."""
    return look_around_each(uow, (scope,))[0]


def look_around_each(
    uow: UnitOfWork, scopes: Sequence[Scope]
) -> list[tuple[Candidate, Surroundings]]:
    """The same of each, in their order, with what they have in common read once. All of it is
    held at once: a few scopes at a time."""
    return _Touched(uow, scopes).each()


def look_ahead(uow: UnitOfWork, scope: Scope) -> tuple[Candidate, Surroundings, WorkDays]:
    """The same of a long span (the scope's window), without the notice, whose last moment hangs
    on the window: with the working days to tell it by."""
    touched = _Touched(uow, (scope,))
    candidate, around = touched.each()[0]
    days = touched.days.work_days(scope.window, touched.told[0])
    return candidate, replace(around, notice=None), days


def audiences_of(uow: UnitOfWork, scope: Scope) -> list[Told]:
    """Whom the scope's notice goes to: members, departments, and the service of a rule."""
    return _Touched(uow, (scope,)).told[0]


class _Touched(Look):
    """What all of `scopes` touch, read once a kind."""

    def __init__(self, uow: UnitOfWork, scopes: Sequence[Scope]) -> None:
        super().__init__(uow)
        self._scopes = scopes
        self.told = self._audiences()

    @cached_property
    def days(self) -> NearDays:
        return NearDays(self.uow, (told for each in self.told for told in each))

    def each(self) -> list[tuple[Candidate, Surroundings]]:
        people, own = self._people(), self._own()
        around: dict[int, Surroundings] = {}
        for group in together([scope.window for scope in self._scopes]):
            near = self._nearby(group, people)
            around.update((place, self._around(place, near)) for place in group)
        meeting = {
            ci
            for place, scope in enumerate(self._scopes)
            if is_worked_meanwhile(scope.window, around[place])
            for ci in own[place]
        }
        items = self._items({ci for cis in own for ci in cis}, meeting)
        services = self._services()
        return [
            (
                Candidate(
                    window=scope.window,
                    impact=scope.impact,
                    services=tuple(services[i] for i in services if i in scope.services),
                    cis=tuple(items.facts[i] for i in own[place] if i in items.facts),
                    owners=tuple(people[i] for i in dict.fromkeys(scope.owners) if i in people),
                    departments=self._touching[place].departments,
                    tells_a_list=self._touching[place].tells_a_list,
                    coordinator=people.get(scope.coordinator or ""),
                    id=OutageId(scope.exclude) if scope.exclude else None,
                ),
                replace(
                    around[place], graph=items.graph, ci_names=items.names, needed=items.needed
                ),
            )
            for place, scope in enumerate(self._scopes)
        ]

    @cached_property
    def _touching(self) -> list[Touching]:
        return [
            Touching(
                frozenset(map(ServiceId, scope.services)),
                frozenset(DepartmentId(i) for each in told for i in each.departments),
                any(not any(each[:3]) for each in told),
            )
            for scope, told in zip(self._scopes, self.told, strict=True)
        ]

    def _nearby(self, group: Sequence[int], people: Iterable[str]) -> Nearby:
        scopes = [self._scopes[place] for place in group]
        asked = {i for scope in scopes for i in (*scope.owners, scope.coordinator or "")}
        return Nearby(
            self.uow,
            [scope.window for scope in scopes],
            [self._touching[place] for place in group],
            [i for i in people if i in asked],
            on_duty=any(scope.coordinator for scope in scopes),
        )

    def _around(self, place: int, near: Nearby) -> Surroundings:
        """All but the items."""
        scope, days = self._scopes[place], self.days
        window = scope.window
        asked = dict.fromkeys((*scope.owners, scope.coordinator or ""))
        events = near.events(window, self._touching[place])
        rota, shifts = near.shifts(window) if scope.coordinator else ({}, [])
        return Surroundings(
            outages=tuple(each for each in near.outages(window) if each.id != scope.exclude),
            calendar=(*events, *days.public_holidays(window), *days.closing_days(window)),
            busy=(*near.leave(window, asked), *shifts),
            rota=rota,
            vendors=tuple(near.vendors(window)),
            notice=days.notice(scope, self.told[place]),
        )

    def _services(self) -> dict[str, ServiceFact]:
        ids = sorted({i for scope in self._scopes for i in scope.services})
        rows = self.rows(statements.services(), ids=ids)
        return {
            i: ServiceFact(ServiceId(i), name, zone or self.home.zone, parse_hours(hours))
            for i, name, hours, zone in rows
        }

    def _own(self) -> list[tuple[str, ...]]:
        """The items of each scope: those named, and those its services rest on."""
        ids = sorted({i for scope in self._scopes for i in scope.services})
        resting: dict[str, list[str]] = {}
        for service, ci in self.rows(statements.resting_on(), ids=ids):
            resting.setdefault(service, []).append(ci)
        return [
            tuple(dict.fromkeys((*scope.cis, *_of(resting, scope.services))))
            for scope in self._scopes
        ]

    def _items(self, own: set[str], meeting: set[str]) -> _Items:
        """Ours and all above them; below only where something else is worked on meanwhile."""
        above, below = self._links(own, above=True), self._links(meeting, above=False)
        ids = sorted(own.union(*above, *below))
        rows = [
            row
            for at in range(0, len(ids), AT_ONCE)
            for row in self.rows(statements.items(), ids=ids[at : at + AT_ONCE])
        ]
        zone = self.home.zone
        return _Items(
            graph=CiGraph.walked(above, below),
            names={CiId(i): name for i, name, *_ in rows},
            needed={CiId(i): needed for i, _, needed, *_ in rows if needed},
            facts={
                i: CiFact(CiId(i), name, needed, own_zone or zone, parse_hours(hours), hours)
                for i, name, needed, hours, own_zone in rows
                if i in own
            },
        )

    def _links(self, cis: set[str], *, above: bool) -> list[tuple[CiId, CiId]]:
        if not cis:
            return []
        rows = self.rows(statements.links(above=above), ids=sorted(cis))
        return [(CiId(ci), CiId(rests_on)) for ci, rests_on in rows]

    def _people(self) -> dict[str, PersonFact]:
        """Of one look after another each is read once."""
        wanted = {i for each in self._scopes for i in (*each.owners, each.coordinator or "")} - {""}
        nobody: dict[str, PersonFact | None] = {}
        known = self.uow.once(_PEOPLE, lambda: nobody)
        if unknown := wanted - known.keys():
            known.update(dict.fromkeys(unknown))
            rows = self.rows(statements.people(), ids=sorted(unknown))
            known.update((i, PersonFact(PersonId(i), name)) for i, name in rows)
        return {i: found for i in wanted if (found := known[i]) is not None}

    def _audiences(self) -> list[list[Told]]:
        """Of each scope its audiences, a rule followed once: “users of S” are the other audiences
        of S."""
        chosen = {i for scope in self._scopes for i in scope.audiences or ()}
        named: dict[str, _Audience] = {}
        if chosen:
            rows = self.rows(statements.audiences(), ids=sorted(chosen))
            named = {row[0]: _Audience(*row) for row in rows}
        by_service = self._by_service(
            {i for scope in self._scopes if scope.audiences is None for i in scope.services}
        )
        first = [
            {i: named[i] for i in dict.fromkeys(scope.audiences) if i in named}
            if scope.audiences is not None
            else {each.id: each for each in _of(by_service, scope.services)}
            for scope in self._scopes
        ]
        rules = {each.rule for found in first for each in found.values() if each.rule}
        of_rules = self._by_service(rules) if rules else {}
        return [
            [
                Told(each.members, each.departments, each.rule or "", each.listed, each.zone)
                for each in {**{a.id: a for a in _of(of_rules, _rules(found))}, **found}.values()
            ]
            for found in first
        ]

    def _by_service(self, services: set[str]) -> dict[str, list[_Audience]]:
        found: dict[str, list[_Audience]] = {}
        if services:
            rows = self.rows(statements.audiences_of_services(), ids=sorted(services))
            for row in rows:
                found.setdefault(row[0], []).append(_Audience(*row[1:]))
        return found


class _Items(NamedTuple):
    graph: CiGraph
    names: dict[CiId, str]
    needed: dict[CiId, str]
    facts: dict[str, CiFact]


class _Audience(NamedTuple):
    id: str
    members: list[str]
    departments: list[str]
    rule: str | None
    listed: int
    zone: str


def _rules(found: Mapping[str, _Audience]) -> list[str]:
    return [each.rule for each in found.values() if each.rule]


def _of(found: Mapping[str, Iterable[T]], keys: Collection[str]) -> Iterator[T]:
    """What belongs to one of `keys`, in the order in which the store has it."""
    return (each for key, things in found.items() if key in keys for each in things)
