"""What an outage touches, and everything near its window, as the facts the rules judge."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import Select, select
from sqlmodel import col

from app.models.calendar.conflicts import Surroundings
from app.models.calendar.facts import Candidate, CiFact, PersonFact, ServiceFact
from app.models.calendar.hours import parse_hours
from app.models.directory.graph import CiGraph
from app.models.ids import CiId, DepartmentId, OutageId, PersonId, ServiceId
from app.models.notices.leadtime import WorkDays
from app.models.tables.directory import (
    Audience,
    ServiceAudience,
)
from app.services.calendar import near_statements as statements
from app.services.calendar.looking import Look, Scope
from app.services.calendar.nearby import Nearby
from app.services.calendar.vendor_near import VendorsNearby
from app.services.uow import UnitOfWork

__all__ = ["Scope", "look_around"]

_Item = tuple[str, str, str, str, str]
"""Id, name, what of the flight needs it (empty: nothing), maintenance hours, their zone."""
AT_ONCE = 5_000  # ids in one IN list; SQLite takes 32,766


def look_around(uow: UnitOfWork, scope: Scope) -> tuple[Candidate, Surroundings]:
    """Everything the rules judge the window by, as it stands in the store now."""
    return _Touched(uow, scope).all(Nearby(uow, scope))


def look_ahead(uow: UnitOfWork, scope: Scope) -> tuple[Candidate, Surroundings, WorkDays]:
    """The same of a long span (the scope's window), without the notice, whose last moment hangs
    on the window: with the working days to tell it by."""
    touched, near = _Touched(uow, scope), Nearby(uow, scope)
    candidate, around = touched.all(near)
    return candidate, replace(around, notice=None), near.work_days(touched.audiences())


def audiences_of(uow: UnitOfWork, scope: Scope) -> list[tuple[list[str], list[str], str]]:
    """Whom the scope's notice goes to: members, departments, and the service of a rule."""
    return _Touched(uow, scope).audiences()


class _Touched(Look):
    def all(self, near: Nearby) -> tuple[Candidate, Surroundings]:
        services = self._services()
        own = tuple(dict.fromkeys((*self.scope.cis, *self._resting_on(self.scope.services))))
        edges = self._edges(own)
        known = self._cis({*own, *(ci for edge in edges for ci in edge)})
        people = self._people()
        audiences = self.audiences()
        owners = tuple(people[i] for i in dict.fromkeys(self.scope.owners) if i in people)
        departments = frozenset(DepartmentId(d) for _, found, _ in audiences for d in found)
        candidate = Candidate(
            window=self.scope.window,
            impact=self.scope.impact,
            services=services,
            cis=tuple(self._fact(known[i]) for i in own if i in known),
            owners=owners,
            departments=departments,
            tells_a_list=any(not any(told) for told in audiences),
            coordinator=people.get(self.scope.coordinator or ""),
            id=OutageId(self.scope.exclude) if self.scope.exclude else None,
        )
        rota, turns = near.turns()
        around = Surroundings(
            outages=near.outages(),
            calendar=(*near.occurrences(), *near.public_holidays(), *near.closing_days()),
            busy=(*near.leave([*people]), *turns),
            rota=rota,
            vendors=tuple(VendorsNearby(self.uow, self.scope).windows()),
            graph=CiGraph((CiId(ci), CiId(rests_on)) for ci, rests_on in edges),
            ci_names={CiId(i): name for i, (_, name, *_) in known.items()},
            needed={CiId(i): needed for i, (_, _, needed, *_) in known.items() if needed},
            notice=near.notice(audiences),
        )
        return candidate, around

    def _services(self) -> tuple[ServiceFact, ...]:
        rows = self.rows(statements.services(), ids=self.scope.services)
        return tuple(
            ServiceFact(ServiceId(i), name, zone or self.home.zone, parse_hours(hours))
            for i, name, hours, zone in rows
        )

    def _resting_on(self, services: Iterable[str]) -> list[str]:
        rows = self.rows(statements.resting_on(), ids=tuple(services))
        return [row[0] for row in rows]

    def _edges(self, own: tuple[str, ...]) -> list[tuple[str, str]]:
        """The dependencies above and below our CIs, and no others."""
        if not own:
            return []
        both = (
            row
            for above in (True, False)
            for row in self.rows(statements.links(above=above), ids=own)
        )
        return [(ci, rests_on) for ci, rests_on in both]

    def _cis(self, wanted: set[str]) -> dict[str, _Item]:
        ids = sorted(wanted)
        found: dict[str, _Item] = {}
        for at in range(0, len(ids), AT_ONCE):
            rows = self.rows(statements.items(), ids=ids[at : at + AT_ONCE])
            found.update((row[0], row) for row in rows)
        return found

    def _fact(self, item: _Item) -> CiFact:
        i, name, needed, hours, zone = item
        return CiFact(CiId(i), name, needed, zone or self.home.zone, parse_hours(hours), hours)

    def _people(self) -> dict[str, PersonFact]:
        wanted = {*self.scope.owners, self.scope.coordinator or ""} - {""}
        if not wanted:
            return {}
        rows = self.rows(statements.people(), ids=tuple(wanted))
        return {i: PersonFact(PersonId(i), name) for i, name in rows}

    def audiences(self) -> list[tuple[list[str], list[str], str]]:
        """(members, departments, service of the rule) of each audience told, a rule followed
        once: “users of S” are the other audiences of S."""
        columns = (
            col(Audience.id),
            col(Audience.members),
            col(Audience.departments),
            col(Audience.rule_service_id),
        )

        def of_services(services: Iterable[str]) -> Select[str]:
            return select(col(ServiceAudience.audience_id)).where(
                col(ServiceAudience.service_id).in_(tuple(services)), *self.mine(ServiceAudience)
            )

        chosen = self.scope.audiences
        wanted = of_services(self.scope.services) if chosen is None else chosen
        rows = self.rows(select(*columns).where(col(Audience.id).in_(wanted), *self.mine(Audience)))
        rules = {rule for _, _, _, rule in rows if rule}
        if rules:
            seen = {row[0] for row in rows}
            more = self.rows(
                select(*columns).where(
                    col(Audience.id).in_(of_services(rules)), *self.mine(Audience)
                )
            )
            rows = [*rows, *(row for row in more if row[0] not in seen)]
        return [(members, departments, rule or "") for _, members, departments, rule in rows]
