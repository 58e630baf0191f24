"""Working days where an audience works: without weekends, public holidays and days it is closed."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from functools import lru_cache

from app.models.calendar.closing import closed_at, closing_from
from app.models.notices.leadtime import SiteDays, WorkDays
from app.models.tables.directory import Site
from app.services.calendar.public_holidays import holidays_of
from app.services.database import organisation
from app.services.notices.audiences import Resolved
from app.services.uow import UnitOfWork


def workdays(uow: UnitOfWork, resolved: Resolved, years: Iterable[int]) -> WorkDays:
    """Working days at every site of the audience, and where the organisation is at home."""
    return workdays_at(uow, resolved.sites, years)


def workdays_at(uow: UnitOfWork, sites: Collection[str], years: Iterable[int]) -> WorkDays:
    """The same, by the ids of the sites."""
    home = organisation(uow)
    closings = closing_from(home.policy)
    places = {("home", home.country, home.subdivision, closed_at(closings))}
    for site in uow.all(Site):
        if site.id in sites:
            closed = closed_at(closings, site.id)
            places.add((site.name, site.country, site.subdivision, closed))
    span = tuple(sorted(set(years)))
    return WorkDays(
        tuple(
            SiteDays(name, holidays=public_holidays(country, subdivision, span) | closed)
            for name, country, subdivision, closed in sorted(places, key=lambda place: place[:3])
        )
    )


@lru_cache(maxsize=64)
def public_holidays(country: str, subdivision: str, years: tuple[int, ...]) -> frozenset[date]:
    """Public holidays from the `holidays` library; none where the country is not named."""
    return frozenset(holidays_of(country, subdivision, years))
