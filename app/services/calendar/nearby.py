"""What lies near a window: other outages, events, holidays, absences, and the notice still to go.

One bounded range query a kind.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import or_, select
from sqlmodel import col

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
from app.models.notices.leadtime import SiteDays, WorkDays, last_possible
from app.models.outages.lifecycle import CLOSED, FLYING, State
from app.models.tables.calendar import BusinessEvent, CalendarLayer, Occurrence
from app.models.tables.directory import Leave, Person, RotaTurn, ServiceCi, Site
from app.models.tables.outages import Outage, OutageCi, OutageService
from app.models.tables.runbook import Step
from app.models.times import to_utc, to_wall
from app.services.calendar.layers import VENDORS
from app.services.calendar.looking import Look
from app.services.calendar.occurrences import longest_occurrence

NEAR = timedelta(days=1)
"""How far to each side other outages are looked at: rest, and the night's count."""
TURNS = timedelta(days=62)
"""How far to each side a coordinator's turns are looked at, to know that they have some."""


class Nearby(Look):
    def outages(self) -> tuple[OtherOutage, ...]:
        """Drafts are nobody's word yet, and what ended without ever beginning did not happen;
        those flown to an end are over, with their real end for the rest of who flew them."""
        rows = self.rows(
            select(
                col(Outage.id),
                col(Outage.code),
                col(Outage.title),
                col(Outage.state),
                col(Outage.start_utc),
                col(Outage.end_utc),
                col(Outage.promised_end_utc),
                col(Outage.ended_at),
                col(Outage.coordinator_id),
            ).where(
                *self.mine(Outage),
                col(Outage.start_utc) < self.end + NEAR,
                col(Outage.end_utc) > self.start - NEAR,
                col(Outage.state) != State.DRAFT,
                or_(col(Outage.state).not_in(CLOSED), col(Outage.started_at).is_not(None)),
                col(Outage.id) != (self.scope.exclude or ""),
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
        named = self.rows(
            select(col(OutageCi.outage_id), col(OutageCi.ci_id)).where(
                col(OutageCi.outage_id).in_(outages), *self.mine(OutageCi)
            )
        )
        served = self.rows(
            select(col(OutageService.outage_id), col(ServiceCi.ci_id))
            .join(ServiceCi, col(ServiceCi.service_id) == col(OutageService.service_id))
            .where(
                col(OutageService.outage_id).in_(outages),
                *self.mine(OutageService),
                *self.mine(ServiceCi),
            )
        )
        found: dict[str, list[CiId]] = {}
        for outage, ci in [*named, *served]:
            found.setdefault(outage, []).append(CiId(ci))
        return found

    def _owners_of(self, outages: list[str]) -> dict[str, list[PersonId]]:
        rows = self.rows(
            select(col(Step.outage_id), col(Step.owner_id))
            .where(
                col(Step.outage_id).in_(outages), col(Step.owner_id).is_not(None), *self.mine(Step)
            )
            .distinct()
        )
        found: dict[str, list[PersonId]] = {}
        for outage, owner in rows:
            found.setdefault(outage, []).append(PersonId(owner or ""))
        return found

    # --- the calendar ------------------------------------------------------------------------

    def occurrences(self) -> Iterator[CalendarFact]:
        """The longest occurrence there is bounds the range on its left side too. Vendors' windows
        are no events: they count by the items they touch."""
        rows = self.rows(
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
                col(Occurrence.organisation_id) == self.uow.organisation_id,
                col(Occurrence.start_utc) < self.end,
                col(Occurrence.start_utc) >= self.start - longest_occurrence(self.uow),
                col(Occurrence.end_utc) > self.start,
                col(CalendarLayer.source) != VENDORS,
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
        rows = self.rows(
            select(
                col(Leave.person_id), col(Leave.start_utc), col(Leave.end_utc), col(Leave.kind)
            ).where(
                col(Leave.person_id).in_(people),
                col(Leave.start_utc) < self.end,
                col(Leave.end_utc) > self.start,
                *self.mine(Leave),
            )
        )
        for person, start, end, kind in rows:
            what = BusyKind.MEETING if kind == IN_OUTLOOK else BusyKind.LEAVE
            yield Busy(PersonId(person), what, start, end, kind)

    def turns(self) -> Iterator[Busy]:
        """The coordinator's turns as shifts; turns that follow each other are one."""
        if not self.scope.coordinator:
            return
        first, last = (to_wall(m, self.home.zone).date() for m in (self.start, self.end))
        rows = self.rows(
            select(col(RotaTurn.starts), col(RotaTurn.ends))
            .where(
                col(RotaTurn.person_id) == self.scope.coordinator,
                col(RotaTurn.starts) <= last + TURNS,
                col(RotaTurn.ends) >= first - TURNS,
                *self.mine(RotaTurn),
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
                PersonId(self.scope.coordinator),
                BusyKind.SHIFT,
                _midnight(starts, self.home.zone),
                _midnight(ends + timedelta(days=1), self.home.zone),
                "rota",
            )

    # --- the notice --------------------------------------------------------------------------

    def notice(self, audiences: list[tuple[list[str], list[str], str]]) -> NoticeFact:
        last = last_possible(self.scope.window, self.scope.impact, self.work_days(audiences))
        return NoticeFact(self.uow.now.astimezone(UTC), last, self.scope.told)

    def work_days(self, audiences: list[tuple[list[str], list[str], str]]) -> WorkDays:
        """Those of the people told, in the years of the window and the one before."""
        window = self.scope.window
        years = tuple(range(window.start.year - 1, window.end.year + 1))
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
