"""What lies near a window: other outages, events, holidays, absences, and the notice still to go.

One bounded range query a kind.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import or_, select
from sqlmodel import col

from app.models.calendar.asked import Asked
from app.models.calendar.closing import closed_at, closing_from
from app.models.calendar.facts import (
    IN_OUTLOOK,
    Busy,
    BusyKind,
    CalendarFact,
    FactKind,
    NoticeFact,
    OtherOutage,
)
from app.models.ids import CiId, DepartmentId, OutageId, PersonId, ServiceId
from app.models.notices.leadtime import SiteDays, WorkDays, first_in_time, last_possible
from app.models.notices.policy import lead_rule_in
from app.models.outages.lifecycle import CLOSED, FLYING, State
from app.models.severity import Severity
from app.models.tables.directory import Person, Site
from app.models.times import to_utc, to_wall
from app.services.calendar import near_statements as statements
from app.services.calendar.looking import Look
from app.services.calendar.occurrences import longest_occurrence

NEAR = timedelta(days=1)
"""How far to each side other outages are looked at: rest, and the night's count."""
TURNS = timedelta(days=62)
"""How far to each side a coordinator's turns are looked at, to know that they have some."""


_LAYERS = "layers_near"


class _Layer(NamedTuple):
    kind: FactKind
    severity: Severity
    services: frozenset[ServiceId]
    departments: frozenset[DepartmentId]


class Nearby(Look):
    def outages(self) -> tuple[OtherOutage, ...]:
        """Drafts are nobody's word yet, and what ended without ever beginning did not happen;
        those flown to an end are over, with their real end for the rest of who flew them."""
        rows = self.rows(
            statements.outages(),
            start=self.start - NEAR,
            end=self.end + NEAR,
            exclude=self.scope.exclude or "",
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
                owners=frozenset((*owners.get(i, ()), *((PersonId(lead),) if lead else ()))),
                over=state in CLOSED,
            )
            for i, code, title, state, start, end, promised, ended, lead in rows
        )

    def _real_end(
        self, state: State, end: datetime, promised: datetime, ended: datetime | None
    ) -> datetime:
        if state in FLYING:
            return max(promised, self.uow.now)
        return ended if state in CLOSED and ended else end

    def _cis_of(self, outages: list[str]) -> dict[str, list[CiId]]:
        """Those named, and those the services rest on."""
        named = self.rows(statements.items_named(), ids=outages)
        served = self.rows(statements.items_served(), ids=outages)
        found: dict[str, list[CiId]] = {}
        for outage, ci in [*named, *served]:
            found.setdefault(outage, []).append(CiId(ci))
        return found

    def _owners_of(self, outages: list[str]) -> dict[str, list[PersonId]]:
        rows = self.rows(statements.owners(), ids=outages)
        found: dict[str, list[PersonId]] = {}
        for outage, owner in rows:
            found.setdefault(outage, []).append(PersonId(owner or ""))
        return found

    # --- the calendar ------------------------------------------------------------------------

    def occurrences(self) -> Iterator[CalendarFact]:
        """The longest occurrence there is bounds the range on its left side too. Vendors' windows
        are no events: they count by the items they touch."""
        rows = self.rows(
            statements.occurrences(),
            start=self.start,
            end=self.end,
            since=self.start - longest_occurrence(self.uow),
        )
        layers = self._layers() if rows else {}
        for event, title, start, end, first, last, layer_id, *noted in rows:
            if layer_id not in layers:
                continue
            layer = layers[layer_id]
            severity, services, departments, responsible, asked_on, asked_by, answer = noted
            by_layer = not (services or departments)  # who names some touches no others
            is_noted = responsible or asked_on or answer  # of half a year's events few are
            yield CalendarFact(
                kind=layer.kind,
                id=event,
                title=title,
                start=start,
                end=end,
                services=layer.services if by_layer else frozenset(map(ServiceId, services)),
                departments=(
                    layer.departments if by_layer else frozenset(map(DepartmentId, departments))
                ),
                severity=severity or layer.severity,
                first_day=first,
                last_day=last,
                asked=Asked(responsible, asked_on, asked_by, answer).within if is_noted else "",
            )

    def _layers(self) -> dict[str, _Layer]:
        """By id; in a query they are read once."""
        known = self.uow.known if self.uow.known is not None else {}
        if _LAYERS not in known:
            known[_LAYERS] = {
                layer_id: _Layer(
                    FactKind.FREEZE if is_freeze else FactKind.BUSINESS_EVENT,
                    severity,
                    frozenset(map(ServiceId, services)),
                    frozenset(map(DepartmentId, departments)),
                )
                for layer_id, is_freeze, severity, services, departments in self.rows(
                    statements.layers()
                )
            }
        found: dict[str, _Layer] = known[_LAYERS]
        return found

    def public_holidays(self) -> Iterator[CalendarFact]:
        window = self.scope.window
        day = window.start.date()
        while day <= window.end.date():
            name = named_holidays(self.home.country, self.home.subdivision, day.year).get(day)
            if name:
                start, end = (_midnight(d, window.zone) for d in (day, day + timedelta(days=1)))
                yield CalendarFact(
                    FactKind.HOLIDAY, f"{day}", name, start, end, first_day=day, last_day=day
                )
            day += timedelta(days=1)

    def closing_days(self) -> Iterator[CalendarFact]:
        """Where the whole organisation is closed; a site's own count for its people's lead time."""
        window = self.scope.window
        for closed in closing_from(self.home.policy):
            if closed.site_id or closed.last < window.start.date():
                continue
            if closed.first <= window.end.date():
                start = _midnight(closed.first, window.zone)
                end = _midnight(closed.last + timedelta(days=1), window.zone)
                yield CalendarFact(
                    FactKind.CLOSING,
                    f"closed {closed.first}",
                    closed.name,
                    start,
                    end,
                    first_day=closed.first,
                    last_day=closed.last,
                )

    def leave(self, people: list[str]) -> Iterator[Busy]:
        rows = self.rows(statements.leave(), ids=people, start=self.start, end=self.end)
        for person, start, end, kind in rows:
            what = BusyKind.MEETING if kind == IN_OUTLOOK else BusyKind.LEAVE
            yield Busy(PersonId(person), what, start, end, kind)

    def turns(self) -> tuple[dict[PersonId, str], list[Busy]]:
        """Who takes turns, and all turns near as shifts; of one person those that follow each
        other are one. None without a coordinator."""
        if not self.scope.coordinator:
            return {}, []
        first, last = (to_wall(m, self.home.zone).date() for m in (self.start, self.end))
        rows = self.rows(statements.turns(), first=first - TURNS, last=last + TURNS)
        names: dict[PersonId, str] = {}
        merged: dict[PersonId, list[tuple[date, date]]] = {}
        for person, name, starts, ends in rows:
            names[PersonId(person)] = name
            spans = merged.setdefault(PersonId(person), [])
            if spans and starts <= spans[-1][1] + timedelta(days=1):
                spans[-1] = (spans[-1][0], max(ends, spans[-1][1]))
            else:
                spans.append((starts, ends))
        return names, [
            Busy(
                person,
                BusyKind.SHIFT,
                _midnight(starts, self.home.zone),
                _midnight(ends + timedelta(days=1), self.home.zone),
                "rota",
            )
            for person, spans in merged.items()
            for starts, ends in spans
        ]

    # --- the notice --------------------------------------------------------------------------

    def notice(self, audiences: list[tuple[list[str], list[str], str]]) -> NoticeFact:
        impact, window = self.scope.impact, self.scope.window
        rule = lead_rule_in(self.home.policy, impact)
        days = self.work_days(audiences)
        last, now = last_possible(window, impact, days, rule), self.uow.now.astimezone(UTC)
        if now <= last or self.scope.told:
            return NoticeFact(now, last, self.scope.told)
        today = to_wall(now, window.zone).date()
        first = first_in_time(today, impact, days, rule)
        if first.year > window.end.year:  # of whose holidays nothing is known yet
            first = first_in_time(today, impact, self.work_days(audiences, first.year), rule)
        return NoticeFact(now, last, first=first)

    def work_days(
        self, audiences: list[tuple[list[str], list[str], str]], until: int = 0
    ) -> WorkDays:
        """Those of the people told, in the years of the window and the one before; up to the
        year `until` where that is later."""
        window = self.scope.window
        years = tuple(range(window.start.year - 1, max(window.end.year, until) + 1))
        closings = closing_from(self.home.policy)
        places = {
            (self.home.country, self.home.subdivision, closed_at(closings)),
            *(
                (country, part, closed_at(closings, site))
                for site, country, part in self._sites(audiences)
            ),
        }
        return WorkDays(
            tuple(
                SiteDays(
                    f"{country} {part}",
                    holidays=closed.union(*(named_holidays(country, part, year) for year in years)),
                )
                for country, part, closed in places
            )
        )

    def _sites(
        self, audiences: list[tuple[list[str], list[str], str]]
    ) -> list[tuple[str, str, str]]:
        """Id, country and subdivision of the sites where the people told work."""
        members = {person for found, _, _ in audiences for person in found}
        departments = {department for _, found, _ in audiences for department in found}
        if not members and not departments:
            return []
        told: Any = or_(col(Person.id).in_(members), col(Person.department_id).in_(departments))
        rows = self.rows(
            select(col(Site.id), col(Site.country), col(Site.subdivision)).where(
                col(Site.id).in_(
                    select(col(Person.site_id)).where(told, *self.mine(Person)).distinct()
                ),
                *self.mine(Site),
            )
        )
        return [(site, country, subdivision) for site, country, subdivision in rows]


def _midnight(day: date, zone: str) -> datetime:
    return to_utc(datetime.combine(day, time.min), zone)


HOLIDAY_LANGUAGE = "en_US"
"""Where the library has no English names for a country, it gives the country's own."""


@lru_cache(maxsize=200)
def named_holidays(country: str, subdivision: str, year: int) -> dict[date, str]:
    """The public holidays of a year and what they are called; none where the country is not
    known to the `holidays` library."""
    if not country:
        return {}
    import holidays

    try:
        # the language is named, or the names would follow the machine's environment
        found = holidays.country_holidays(
            country, subdiv=subdivision or None, years=year, language=HOLIDAY_LANGUAGE
        )
    except NotImplementedError:
        return {}
    return {day: str(name) for day, name in found.items() if day.year == year}
