"""Holidays, closing days and working days near windows, and the last moment of a notice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, lru_cache
from typing import NamedTuple

from app.models.calendar.closing import closed_at, closing_from
from app.models.calendar.facts import CalendarFact, FactKind, NoticeFact
from app.models.notices.leadtime import SiteDays, WorkDays, first_in_time, last_possible
from app.models.notices.policy import lead_rule_in
from app.models.times import Window, to_utc, to_wall
from app.services.calendar import near_statements as statements
from app.services.calendar.looking import AT_ONCE, Look, Scope
from app.services.calendar.public_holidays import holidays_of
from app.services.uow import UnitOfWork


class Told(NamedTuple):
    """Of an audience: ids of members and departments, the service of a rule ("": none), and how
    many people its list has, as far as its owner said, by which clock ("": the organisation's)."""

    members: list[str]
    departments: list[str]
    rule: str = ""
    listed: int = 0
    zone: str = ""


_Place = tuple[str, str, str]
"""A site, its country and subdivision; the organisation's own has no id."""


class NearDays(Look):
    """For those of `audiences`, which are looked up once."""

    def __init__(self, uow: UnitOfWork, audiences: Iterable[Told]) -> None:
        super().__init__(uow)
        told = list(audiences)
        self._closings = closing_from(self.home.policy)
        self._of_members = self._sites_of({i for each in told for i in each.members})
        self._of_departments = self._sites_in({i for each in told for i in each.departments})
        self._known: dict[tuple[frozenset[str], int, int], WorkDays] = {}

    def public_holidays(self, window: Window) -> Iterator[CalendarFact]:
        day = window.start.date()
        while day <= window.end.date():
            name = named_holidays(self.home.country, self.home.subdivision, day.year).get(day)
            if name:
                start, end = (midnight(d, window.zone) for d in (day, day + timedelta(days=1)))
                yield CalendarFact(
                    FactKind.HOLIDAY, f"{day}", name, start, end, first_day=day, last_day=day
                )
            day += timedelta(days=1)

    def closing_days(self, window: Window) -> Iterator[CalendarFact]:
        """Where the whole organisation is closed; a site's own count for its people's lead time."""
        for closed in self._closings:
            if closed.site_id or closed.last < window.start.date():
                continue
            if closed.first <= window.end.date():
                start = midnight(closed.first, window.zone)
                end = midnight(closed.last + timedelta(days=1), window.zone)
                yield CalendarFact(
                    FactKind.CLOSING,
                    f"closed {closed.first}",
                    closed.name,
                    start,
                    end,
                    first_day=closed.first,
                    last_day=closed.last,
                )

    def notice(self, scope: Scope, audiences: Iterable[Told]) -> NoticeFact:
        impact, window = scope.impact, scope.window
        rule = lead_rule_in(self.home.policy, impact)
        days = self.work_days(window, audiences)
        last, now = last_possible(window, impact, days, rule), self.uow.now.astimezone(UTC)
        if now <= last or scope.told:
            return NoticeFact(now, last, scope.told)
        today = to_wall(now, window.zone).date()
        first = first_in_time(today, impact, days, rule)
        if first.year > window.end.year:  # of whose holidays nothing is known yet
            days = self.work_days(window, audiences, first.year)
            first = first_in_time(today, impact, days, rule)
        return NoticeFact(now, last, first=first)

    def work_days(self, window: Window, audiences: Iterable[Told], until: int = 0) -> WorkDays:
        """Those of the people told, in the years of the window and the one before; up to the
        year `until` where that is later."""
        sites: set[str] = set()
        for each in audiences:
            sites.update(*(self._of_members.get(i, ()) for i in each.members))
            sites.update(*(self._of_departments.get(i, ()) for i in each.departments))
        key = frozenset(sites), window.start.year, max(window.end.year, until)
        if key not in self._known:
            self._known[key] = self._work_days(*key)
        return self._known[key]

    def _work_days(self, sites: frozenset[str], first: int, last: int) -> WorkDays:
        years = range(first - 1, last + 1)
        places = {
            (country, part, closed_at(self._closings, site))
            for site, country, part in (
                ("", self.home.country, self.home.subdivision),
                *(place for place in self._places if place[0] in sites),
            )
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

    @cached_property
    def _places(self) -> list[_Place]:
        known = (*self._of_members.values(), *self._of_departments.values())
        ids = sorted(set().union(*known))
        rows = self.rows(statements.sites(), ids=ids) if ids else ()
        return [(site, country, part) for site, country, part in rows]

    def _sites_of(self, people: set[str]) -> dict[str, set[str]]:
        ids, found = sorted(people), dict[str, set[str]]()
        for at in range(0, len(ids), AT_ONCE):
            for i, site in self.rows(statements.sites_of_people(), ids=ids[at : at + AT_ONCE]):
                if site:
                    found[i] = {site}
        return found

    def _sites_in(self, departments: set[str]) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        if departments:
            rows = self.rows(statements.sites_of_departments(), ids=sorted(departments))
            for department, site in rows:
                if site:
                    found.setdefault(department or "", set()).add(site)
        return found


def midnight(day: date, zone: str) -> datetime:
    return to_utc(datetime.combine(day, time.min), zone)


@lru_cache(maxsize=200)
def named_holidays(country: str, subdivision: str, year: int) -> dict[date, str]:
    """The public holidays of a year and what they are called; none where the country is not
    known to the `holidays` library."""
    found = holidays_of(country, subdivision, (year,))
    return {day: name for day, name in found.items() if day.year == year}
