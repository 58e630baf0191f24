"""What lies near a window: one bounded range query a kind, rows turned into plain facts.

Columns are read through SQLAlchemy Core: a check runs while somebody types, and building whole
objects would cost several times the queries themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, TypeVarTuple

from sqlalchemy import Row, Select, or_, select
from sqlmodel import col

from app.models.calendar.conflicts import Surroundings
from app.models.calendar.facts import (
    Busy,
    BusyKind,
    CalendarFact,
    Candidate,
    CiFact,
    FactKind,
    NoticeFact,
    OtherOutage,
    PersonFact,
    ServiceFact,
)
from app.models.calendar.hours import parse_hours
from app.models.directory.graph import CiGraph
from app.models.ids import CiId, DepartmentId, OutageId, PersonId, ServiceId
from app.models.notices.leadtime import SiteDays, WorkDays, last_possible
from app.models.outages.lifecycle import CLOSED, FLYING, ImpactClass, State
from app.models.tables.calendar import BusinessEvent, CalendarLayer, Occurrence
from app.models.tables.directory import (
    Audience,
    CiDependency,
    ConfigurationItem,
    Leave,
    Person,
    RotaTurn,
    Service,
    ServiceAudience,
    ServiceCi,
    Site,
)
from app.models.tables.outages import Outage, OutageCi, OutageService
from app.models.tables.runbook import Step
from app.models.times import Window, to_utc, to_wall
from app.services.calendar.occurrences import longest_occurrence
from app.services.database import organisation
from app.services.uow import UnitOfWork

Columns = TypeVarTuple("Columns")

NEAR = timedelta(days=1)
"""How far to each side other outages are looked at: rest, and the night's count."""
TURNS = timedelta(days=62)
"""How far to each side a coordinator's turns are looked at, to know that they have some."""
AT_ONCE = 5_000  # ids in one IN list; SQLite takes 32,766


@dataclass(frozen=True, slots=True)
class Scope:
    """What an outage touches, by ids. `audiences` None: those of the services; `told`: the
    planned notice has left; `exclude` is the outage itself, once it is saved."""

    window: Window
    impact: ImpactClass
    services: tuple[str, ...]
    cis: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    audiences: tuple[str, ...] | None = None
    coordinator: str | None = None
    exclude: str | None = None
    told: bool = False


def look_around(uow: UnitOfWork, scope: Scope) -> tuple[Candidate, Surroundings]:
    """Everything the rules judge the window by, as it stands in the store now."""
    return _Look(uow, scope).all()


class _Look:
    def __init__(self, uow: UnitOfWork, scope: Scope) -> None:
        uow.session.flush()
        self._uow = uow
        self._scope = scope
        self._connection = uow.session.connection()
        self._home = organisation(uow)
        self._start, self._end = scope.window.start_utc, scope.window.end_utc

    def all(self) -> tuple[Candidate, Surroundings]:
        services = self._services()
        own = tuple(dict.fromkeys((*self._scope.cis, *self._resting_on(self._scope.services))))
        edges = self._edges(own)
        known = self._cis({*own, *(ci for edge in edges for ci in edge)})
        people = self._people()
        audiences = self._audiences()
        owners = tuple(people[i] for i in dict.fromkeys(self._scope.owners) if i in people)
        departments = frozenset(DepartmentId(d) for _, found, _ in audiences for d in found)
        candidate = Candidate(
            window=self._scope.window,
            impact=self._scope.impact,
            services=services,
            cis=tuple(CiFact(CiId(i), known[i][0], bool(known[i][1])) for i in own if i in known),
            owners=owners,
            departments=departments,
            coordinator=people.get(self._scope.coordinator or ""),
            id=OutageId(self._scope.exclude) if self._scope.exclude else None,
        )
        around = Surroundings(
            outages=self._outages(),
            calendar=(*self._occurrences(), *self._public_holidays()),
            busy=(*self._leave([*people]), *self._turns()),
            graph=CiGraph((CiId(ci), CiId(rests_on)) for ci, rests_on in edges),
            ci_names={CiId(i): name for i, (name, _) in known.items()},
            needed=frozenset(CiId(i) for i, (_, needed) in known.items() if needed),
            notice=self._notice(audiences),
        )
        return candidate, around

    def _rows(self, statement: Select[*Columns]) -> Sequence[Row[*Columns]]:
        return self._connection.execute(statement).all()

    def _mine(self, table: Any) -> tuple[Any, Any]:
        return col(table.organisation_id) == self._uow.organisation_id, col(table.archived_at).is_(
            None
        )

    def _services(self) -> tuple[ServiceFact, ...]:
        rows = self._rows(
            select(col(Service.id), col(Service.name), col(Service.hours), col(Service.zone)).where(
                col(Service.id).in_(self._scope.services), *self._mine(Service)
            )
        )
        return tuple(
            ServiceFact(ServiceId(i), name, zone or self._home.zone, parse_hours(hours))
            for i, name, hours, zone in rows
        )

    def _resting_on(self, services: Iterable[str]) -> list[str]:
        rows = self._rows(
            select(col(ServiceCi.ci_id)).where(
                col(ServiceCi.service_id).in_(tuple(services)), *self._mine(ServiceCi)
            )
        )
        return [row[0] for row in rows]

    def _edges(self, own: tuple[str, ...]) -> list[tuple[str, str]]:
        """The dependencies above and below our CIs, and no others."""
        if not own:
            return []
        link = (col(CiDependency.ci_id), col(CiDependency.depends_on_id))
        mine = self._mine(CiDependency)
        up = select(*link).where(link[1].in_(own), *mine).cte("up", recursive=True)
        up = up.union(select(*link).where(link[1] == up.c.ci_id, *mine))
        down = select(*link).where(link[0].in_(own), *mine).cte("down", recursive=True)
        down = down.union(select(*link).where(link[0] == down.c.depends_on_id, *mine))
        both = [*self._rows(select(up)), *self._rows(select(down))]
        return [(ci, rests_on) for ci, rests_on in both]

    def _cis(self, wanted: set[str]) -> dict[str, tuple[str, str]]:
        """Id → name, and what of the flight needs it (empty: nothing)."""
        ids = sorted(wanted)
        found: dict[str, tuple[str, str]] = {}
        for at in range(0, len(ids), AT_ONCE):
            rows = self._rows(
                select(
                    col(ConfigurationItem.id),
                    col(ConfigurationItem.name),
                    col(ConfigurationItem.needed_by_flight),
                ).where(
                    col(ConfigurationItem.id).in_(ids[at : at + AT_ONCE]),
                    *self._mine(ConfigurationItem),
                )
            )
            found.update((i, (name, needed)) for i, name, needed in rows)
        return found

    def _people(self) -> dict[str, PersonFact]:
        wanted = {*self._scope.owners, self._scope.coordinator or ""} - {""}
        if not wanted:
            return {}
        rows = self._rows(
            select(col(Person.id), col(Person.name)).where(
                col(Person.id).in_(wanted), *self._mine(Person)
            )
        )
        return {i: PersonFact(PersonId(i), name) for i, name in rows}

    def _audiences(self) -> list[tuple[list[str], list[str], str]]:
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
                col(ServiceAudience.service_id).in_(tuple(services)), *self._mine(ServiceAudience)
            )

        chosen = self._scope.audiences
        wanted = of_services(self._scope.services) if chosen is None else chosen
        rows = self._rows(
            select(*columns).where(col(Audience.id).in_(wanted), *self._mine(Audience))
        )
        rules = {rule for _, _, _, rule in rows if rule}
        if rules:
            seen = {row[0] for row in rows}
            more = self._rows(
                select(*columns).where(
                    col(Audience.id).in_(of_services(rules)), *self._mine(Audience)
                )
            )
            rows = [*rows, *(row for row in more if row[0] not in seen)]
        return [(members, departments, rule or "") for _, members, departments, rule in rows]

    # --- other outages -----------------------------------------------------------------------

    def _outages(self) -> tuple[OtherOutage, ...]:
        """Drafts are nobody's word yet and cancelled ones do not happen; ended ones count with
        their real end, for the rest of who flew them."""
        rows = self._rows(
            select(
                col(Outage.id),
                col(Outage.code),
                col(Outage.title),
                col(Outage.state),
                col(Outage.start_utc),
                col(Outage.end_utc),
                col(Outage.promised_end_utc),
                col(Outage.ended_at),
            ).where(
                *self._mine(Outage),
                col(Outage.start_utc) < self._end + NEAR,
                col(Outage.end_utc) > self._start - NEAR,
                col(Outage.state).not_in([State.DRAFT, State.CANCELLED]),
                col(Outage.id) != (self._scope.exclude or ""),
            )
        )
        if not rows:
            return ()
        ids = [row[0] for row in rows]
        cis = self._cis_of(ids)
        owners = self._owners_of(ids)
        return tuple(
            OtherOutage(
                id=OutageId(i),
                code=code,
                title=title,
                start=start,
                end=self._real_end(state, end, promised, ended),
                cis=frozenset(cis.get(i, ())),
                owners=frozenset(owners.get(i, ())),
            )
            for i, code, title, state, start, end, promised, ended in rows
        )

    def _real_end(
        self, state: State, end: datetime, promised: datetime, ended: datetime | None
    ) -> datetime:
        if state in FLYING:
            return max(promised, self._uow.now)
        return ended if state in CLOSED and ended else end

    def _cis_of(self, outages: list[str]) -> dict[str, list[CiId]]:
        """Those named, and those the services rest on."""
        named = self._rows(
            select(col(OutageCi.outage_id), col(OutageCi.ci_id)).where(
                col(OutageCi.outage_id).in_(outages), *self._mine(OutageCi)
            )
        )
        served = self._rows(
            select(col(OutageService.outage_id), col(ServiceCi.ci_id))
            .join(ServiceCi, col(ServiceCi.service_id) == col(OutageService.service_id))
            .where(
                col(OutageService.outage_id).in_(outages),
                *self._mine(OutageService),
                *self._mine(ServiceCi),
            )
        )
        found: dict[str, list[CiId]] = {}
        for outage, ci in [*named, *served]:
            found.setdefault(outage, []).append(CiId(ci))
        return found

    def _owners_of(self, outages: list[str]) -> dict[str, list[PersonId]]:
        rows = self._rows(
            select(col(Step.outage_id), col(Step.owner_id))
            .where(
                col(Step.outage_id).in_(outages), col(Step.owner_id).is_not(None), *self._mine(Step)
            )
            .distinct()
        )
        found: dict[str, list[PersonId]] = {}
        for outage, owner in rows:
            found.setdefault(outage, []).append(PersonId(owner or ""))
        return found

    # --- the calendar ------------------------------------------------------------------------

    def _occurrences(self) -> Iterator[CalendarFact]:
        """The longest occurrence there is bounds the range on its left side too."""
        rows = self._rows(
            select(
                col(Occurrence.event_id),
                col(Occurrence.title),
                col(Occurrence.start_utc),
                col(Occurrence.end_utc),
                col(Occurrence.start_date),
                col(Occurrence.end_date),
                col(CalendarLayer.is_freeze),
                col(CalendarLayer.severity),
                col(CalendarLayer.services),
                col(CalendarLayer.departments),
            )
            .join(CalendarLayer, col(CalendarLayer.id) == col(Occurrence.layer_id))
            .join(BusinessEvent, col(BusinessEvent.id) == col(Occurrence.event_id))
            .where(
                col(Occurrence.organisation_id) == self._uow.organisation_id,
                col(Occurrence.start_utc) < self._end,
                col(Occurrence.start_utc) >= self._start - longest_occurrence(self._uow),
                col(Occurrence.end_utc) > self._start,
                col(CalendarLayer.archived_at).is_(None),
                col(BusinessEvent.archived_at).is_(None),
            )
        )
        for event, title, start, end, first, last, freeze, severity, services, departments in rows:
            yield CalendarFact(
                kind=FactKind.FREEZE if freeze else FactKind.BUSINESS_EVENT,
                id=event,
                title=title,
                start=start,
                end=end,
                services=frozenset(map(ServiceId, services)),
                departments=frozenset(map(DepartmentId, departments)),
                severity=severity,
                first_day=first,
                last_day=last,
            )

    def _public_holidays(self) -> Iterator[CalendarFact]:
        window = self._scope.window
        day = window.start.date()
        while day <= window.end.date():
            name = named_holidays(self._home.country, self._home.subdivision, day.year).get(day)
            if name:
                start, end = (_midnight(d, window.zone) for d in (day, day + timedelta(days=1)))
                yield CalendarFact(
                    FactKind.HOLIDAY, f"{day}", name, start, end, first_day=day, last_day=day
                )
            day += timedelta(days=1)

    def _leave(self, people: list[str]) -> Iterator[Busy]:
        rows = self._rows(
            select(
                col(Leave.person_id), col(Leave.start_utc), col(Leave.end_utc), col(Leave.kind)
            ).where(
                col(Leave.person_id).in_(people),
                col(Leave.start_utc) < self._end,
                col(Leave.end_utc) > self._start,
                *self._mine(Leave),
            )
        )
        for person, start, end, kind in rows:
            yield Busy(PersonId(person), BusyKind.LEAVE, start, end, kind)

    def _turns(self) -> Iterator[Busy]:
        """The coordinator's turns as shifts; turns that follow each other are one."""
        if not self._scope.coordinator:
            return
        first, last = (to_wall(m, self._home.zone).date() for m in (self._start, self._end))
        rows = self._rows(
            select(col(RotaTurn.starts), col(RotaTurn.ends))
            .where(
                col(RotaTurn.person_id) == self._scope.coordinator,
                col(RotaTurn.starts) <= last + TURNS,
                col(RotaTurn.ends) >= first - TURNS,
                *self._mine(RotaTurn),
            )
            .order_by(col(RotaTurn.starts))
        )
        merged: list[tuple[date, date]] = []
        for starts, ends in rows:
            if merged and starts <= merged[-1][1] + timedelta(days=1):
                merged[-1] = (merged[-1][0], max(ends, merged[-1][1]))
            else:
                merged.append((starts, ends))
        for starts, ends in merged:
            yield Busy(
                PersonId(self._scope.coordinator),
                BusyKind.SHIFT,
                _midnight(starts, self._home.zone),
                _midnight(ends + timedelta(days=1), self._home.zone),
                "rota",
            )

    # --- the notice --------------------------------------------------------------------------

    def _notice(self, audiences: list[tuple[list[str], list[str], str]]) -> NoticeFact:
        window = self._scope.window
        years = tuple(range(window.start.year - 1, window.end.year + 1))
        places = {(self._home.country, self._home.subdivision), *self._places(audiences)}
        days = WorkDays(
            tuple(
                SiteDays(
                    " ".join(place),
                    holidays=frozenset(
                        day for year in years for day in named_holidays(*place, year)
                    ),
                )
                for place in sorted(places)
            )
        )
        last = last_possible(window, self._scope.impact, days)
        return NoticeFact(self._uow.now.astimezone(UTC), last, self._scope.told)

    def _places(self, audiences: list[tuple[list[str], list[str], str]]) -> list[tuple[str, str]]:
        """Country and subdivision of the sites where the people told work."""
        members = {person for found, _, _ in audiences for person in found}
        departments = {department for _, found, _ in audiences for department in found}
        if not members and not departments:
            return []
        told: Any = or_(col(Person.id).in_(members), col(Person.department_id).in_(departments))
        rows = self._rows(
            select(col(Site.country), col(Site.subdivision)).where(
                col(Site.id).in_(
                    select(col(Person.site_id)).where(told, *self._mine(Person)).distinct()
                ),
                *self._mine(Site),
            )
        )
        return [(country, subdivision) for country, subdivision in rows]


def _midnight(day: date, zone: str) -> datetime:
    return to_utc(datetime.combine(day, time.min), zone)


@lru_cache(maxsize=200)
def named_holidays(country: str, subdivision: str, year: int) -> dict[date, str]:
    """The public holidays of a year and what they are called; none where the country is not
    known to the `holidays` library."""
    if not country:
        return {}
    import holidays

    try:
        found = holidays.country_holidays(country, subdiv=subdivision or None, years=year)
    except NotImplementedError:
        return {}
    return {day: str(name) for day, name in found.items() if day.year == year}
