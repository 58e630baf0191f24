"""Who is affected the morning after, should it end only then."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from app.models.calendar.facts import WeeklySpan
from app.models.calendar.hours import parse_hours
from app.models.errors import BadInput
from app.models.live.extending import next_use
from app.models.tables.directory import Audience, Service
from app.models.tables.outages import Outage
from app.models.times import speak_moment, speak_span, to_wall
from app.services.database import organisation
from app.services.notices.audiences import SitesReached
from app.services.notices.workdays import workdays_at
from app.services.outages.planning import audience_ids, service_ids
from app.services.uow import UnitOfWork

WORK = (7 * 60, 18 * 60)
"""Minutes of a working day, where a service says nothing of its own."""
NAMED = 3


def morning_after(uow: UnitOfWork, outage: Outage, end: datetime) -> Iterator[str]:
    """Who uses what is down, and how long after `end`. Where no hours of use are noted, the
    audiences' next working day is taken for them, and it is said."""
    home = organisation(uow).zone
    unknown = []
    for each in service_ids(uow, outage.id):
        service = uow.find(Service, each)
        if service is None:
            continue
        name = service.plain_name or service.name
        try:
            hours = parse_hours(service.hours)
        except BadInput:  # the directory says so where the hours are edited
            hours = ()
        if not hours:
            unknown.append(name)
            continue
        used = next_use(hours, end, service.zone or home)
        if used is None:
            continue
        if used <= end:
            yield f"{name} is in use at that time: people work without it until then."
        else:
            at, left = speak_moment(used, outage.zone), speak_span(used - end)
            yield f"{name} is used again from {at}, {left} after the new end."
    if unknown:
        yield from _at_work(uow, outage, end, home, unknown)


def _at_work(
    uow: UnitOfWork, outage: Outage, end: datetime, home: str, services: list[str]
) -> Iterator[str]:
    ids = audience_ids(uow, outage.id)
    day = to_wall(end, home).date()
    around = [day + timedelta(days=days) for days in (-1, 0, 1)]
    working = workdays_at(uow, SitesReached(uow).of(ids), {each.year for each in around})
    spans = [WeeklySpan(d.weekday(), *WORK) for d in around if working.is_working(d)]
    used = next_use(spans, end, home)
    if used is None:
        return
    found = {a.id: a.name for a in uow.all(Audience)}
    names = [found[each] for each in ids if each in found]
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    who = f"{', '.join(names[:NAMED])}{more}" if names else "people"
    what = ", ".join(services)
    hours = f"no hours of use are noted for {what}"
    if used <= end:
        yield f"{who} are at work at that time, without {what} until then ({hours})."
    else:
        at, left = speak_moment(used, outage.zone), speak_span(used - end)
        yield f"{who} are at work from {at}, {left} after the new end ({hours})."
