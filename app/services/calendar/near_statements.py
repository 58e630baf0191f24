"""The statements of a look around a window, each put together once: building them anew cost more
than running them. Their parameters are named; `Look.rows` gives `organisation` itself.

What is asked for by `ids` is ours, as those are: asked for ours once more, SQLite reads all that an
organisation has as soon as the ids are many."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, Text, bindparam, func, or_, select, type_coerce
from sqlmodel import col

from app.models.outages.lifecycle import CLOSED, State
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
from app.services.calendar.layers import VENDORS
from app.services.calendar.looking import kept, mine

OF_EVENTS: tuple[Any, ...] = (
    *(BusinessEvent.severity, BusinessEvent.services, BusinessEvent.departments),
    *(BusinessEvent.responsible, BusinessEvent.asked_on),
    *(BusinessEvent.asked_by, BusinessEvent.answer),
)
"""What is noted of an event itself, last in the rows of `occurrences`."""


def _ids() -> Any:
    return bindparam("ids", expanding=True)


@cache
def services() -> Select[str, str, str, str]:
    """Of `ids`."""
    return select(col(Service.id), col(Service.name), col(Service.hours), col(Service.zone)).where(
        col(Service.id).in_(_ids()), kept(Service)
    )


@cache
def resting_on() -> Select[str, str]:
    """(service, item) of what the services `ids` rest on."""
    return select(col(ServiceCi.service_id), col(ServiceCi.ci_id)).where(
        col(ServiceCi.service_id).in_(_ids()), kept(ServiceCi)
    )


@cache
def links(*, above: bool) -> Select[str, str]:
    """(item, what it rests on) of all above or below the items `ids`. Nothing crosses
    organisations."""
    item, rests_on = col(CiDependency.ci_id), col(CiDependency.depends_on_id)
    there = kept(CiDependency)
    near = rests_on if above else item
    walk = select(item, rests_on).where(near.in_(_ids()), there).cte("walk", recursive=True)
    last = walk.c.ci_id if above else walk.c.depends_on_id
    return select(walk.union(select(item, rests_on).where(near == last, there)))


@cache
def items() -> Select[str, str, str, str, str]:
    """Name, what of the flight needs it, maintenance hours and their zone, of the items `ids`."""
    columns = (
        col(ConfigurationItem.id),
        col(ConfigurationItem.name),
        col(ConfigurationItem.needed_by_flight),
        col(ConfigurationItem.hours),
        col(ConfigurationItem.zone),
    )
    here = col(ConfigurationItem.id).in_(_ids())
    return select(*columns).where(here, kept(ConfigurationItem))


@cache
def people() -> Select[str, str]:
    """Of `ids`."""
    here = col(Person.id).in_(_ids())
    return select(col(Person.id), col(Person.name)).where(here, kept(Person))


@cache
def outages() -> Select[
    str, str, str, State, datetime, datetime, datetime, datetime | None, str | None
]:
    """Those that overlap `start`…`end` and are somebody's word, by their begin; none that is asked
    for began before `since`."""
    return (
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
        )
        .where(
            *mine(Outage),
            col(Outage.start_utc) < bindparam("end"),
            col(Outage.start_utc) >= bindparam("since"),
            col(Outage.end_utc) > bindparam("start"),
            col(Outage.state) != State.DRAFT,
            or_(col(Outage.state).not_in(CLOSED), col(Outage.started_at).is_not(None)),
        )
        .order_by(col(Outage.start_utc), col(Outage.end_utc))
    )


@cache
def reaching() -> Select[datetime | None]:
    """When the first of those began that end after `start`."""
    return select(func.min(col(Outage.start_utc))).where(
        *mine(Outage), col(Outage.end_utc) > bindparam("start")
    )


@cache
def items_named() -> Select[str, str]:
    """(outage, item) of the outages `ids`, as they name them."""
    return select(col(OutageCi.outage_id), col(OutageCi.ci_id)).where(
        col(OutageCi.outage_id).in_(_ids()), kept(OutageCi)
    )


@cache
def items_served() -> Select[str, str]:
    """(outage, item) of the outages `ids`, as their services rest on them."""
    return (
        select(col(OutageService.outage_id), col(ServiceCi.ci_id))
        .join(ServiceCi, col(ServiceCi.service_id) == col(OutageService.service_id))
        .where(col(OutageService.outage_id).in_(_ids()), kept(OutageService), kept(ServiceCi))
    )


@cache
def owners(*, of_some: bool) -> Select[str, str | None]:
    """(outage, owner of a step) of the outages `ids`; `of_some`: of the people `people` alone."""
    found = (
        select(col(Step.outage_id), col(Step.owner_id))
        .where(col(Step.outage_id).in_(_ids()), col(Step.owner_id).is_not(None), kept(Step))
        .distinct()
    )
    theirs = col(Step.owner_id).in_(bindparam("people", expanding=True))
    return found.where(theirs) if of_some else found


@cache
def layers() -> Select[str, bool, Any, list[str], list[str]]:
    """All but the vendors'. They are few, and each may name hundreds of services, so they are
    not read once more with every occurrence."""
    return select(
        col(CalendarLayer.id),
        col(CalendarLayer.is_freeze),
        col(CalendarLayer.severity),
        col(CalendarLayer.services),
        col(CalendarLayer.departments),
    ).where(*mine(CalendarLayer), col(CalendarLayer.source) != VENDORS)


@cache
def occurrences() -> Select[*tuple[Any, ...]]:
    """Of the layers `layers`, and what touches something of its own, that overlap `start`…`end`, by
    their begin; none lasts longer than since `since`."""
    of_their_own = [type_coerce(col(each), Text) != "[]" for each in OF_EVENTS[1:3]]
    return (
        select(
            col(Occurrence.event_id),
            col(Occurrence.title),
            col(Occurrence.start_utc),
            col(Occurrence.end_utc),
            col(Occurrence.start_date),
            col(Occurrence.end_date),
            col(Occurrence.layer_id),
            *map(col, OF_EVENTS),
        )
        .join(BusinessEvent, col(BusinessEvent.id) == col(Occurrence.event_id))
        .where(
            *_near(),
            or_(
                col(Occurrence.layer_id).in_(bindparam("layers", expanding=True)),
                *of_their_own,
            ),
        )
        .order_by(col(Occurrence.start_utc), col(Occurrence.end_utc))
    )


@cache
def vendor_layers() -> Select[str]:
    return select(col(CalendarLayer.id)).where(
        *mine(CalendarLayer), col(CalendarLayer.source) == VENDORS
    )


@cache
def vendor_windows() -> Select[str, datetime, datetime, dict[str, Any]]:
    """Of the vendors' layers `ids`, as `occurrences`."""
    return (
        select(
            col(Occurrence.event_id),
            col(Occurrence.start_utc),
            col(Occurrence.end_utc),
            col(BusinessEvent.content),
        )
        .join(BusinessEvent, col(BusinessEvent.id) == col(Occurrence.event_id))
        .where(*_near(), col(Occurrence.layer_id).in_(_ids()))
        .order_by(col(Occurrence.start_utc), col(Occurrence.end_utc))
    )


def _near() -> tuple[Any, ...]:
    return (
        col(Occurrence.organisation_id) == bindparam("organisation"),
        col(Occurrence.start_utc) < bindparam("end"),
        col(Occurrence.start_utc) >= bindparam("since"),
        col(Occurrence.end_utc) > bindparam("start"),
        col(BusinessEvent.archived_at).is_(None),
    )


@cache
def turns() -> Select[str, str, date, date]:
    """Whose, with their name: all turns that have a day in `first`…`last`."""
    return (
        select(col(RotaTurn.person_id), col(Person.name), col(RotaTurn.starts), col(RotaTurn.ends))
        .join(Person, col(Person.id) == col(RotaTurn.person_id))
        .where(
            col(RotaTurn.starts) <= bindparam("last"),
            col(RotaTurn.ends) >= bindparam("first"),
            *mine(RotaTurn),
        )
        .order_by(col(RotaTurn.starts))
    )


@cache
def leave() -> Select[str, datetime, datetime, str]:
    """Of the people `ids` that overlaps `start`…`end`, by its begin."""
    columns = (col(Leave.person_id), col(Leave.start_utc), col(Leave.end_utc), col(Leave.kind))
    return (
        select(*columns)
        .where(
            col(Leave.person_id).in_(_ids()),
            col(Leave.start_utc) < bindparam("end"),
            col(Leave.end_utc) > bindparam("start"),
            kept(Leave),
        )
        .order_by(col(Leave.start_utc), col(Leave.end_utc))
    )


_TOLD = (
    *(col(Audience.id), col(Audience.members)),
    *(col(Audience.departments), col(Audience.rule_service_id)),
    *(col(Audience.list_size), col(Audience.zone)),
)


@cache
def audiences() -> Select[str, list[str], list[str], str | None, int, str]:
    """Of `ids`: members, departments, the service of a rule, size and zone of a list."""
    return select(*_TOLD).where(col(Audience.id).in_(_ids()), kept(Audience))


@cache
def audiences_of_services() -> Select[str, str, list[str], list[str], str | None, int, str]:
    """Those of the services `ids`, as `audiences`, with the service first."""
    return (
        select(col(ServiceAudience.service_id), *_TOLD)
        .join(Audience, col(Audience.id) == col(ServiceAudience.audience_id))
        .where(col(ServiceAudience.service_id).in_(_ids()), kept(ServiceAudience), kept(Audience))
    )


@cache
def clocks_of_people() -> Select[str | None, str, str | None]:
    """Department, zone and the site's zone of the people `ids`."""
    columns = (col(Person.department_id), col(Person.zone), col(Site.zone))
    there = col(Person.id).in_(_ids()), kept(Person)
    return select(*columns).outerjoin(Site, col(Site.id) == col(Person.site_id)).where(*there)


@cache
def clocks_of_departments() -> Select[str, str | None, int]:
    """How many people of the departments `ids` have which zone, and the site's."""
    return (
        select(col(Person.zone), col(Site.zone), func.count())
        .outerjoin(Site, col(Site.id) == col(Person.site_id))
        .where(col(Person.department_id).in_(_ids()), *mine(Person))
        .group_by(col(Person.zone), col(Site.zone))
    )


@cache
def sites_of_people() -> Select[str, str | None]:
    """Where the people `ids` work."""
    return select(col(Person.id), col(Person.site_id)).where(
        col(Person.id).in_(_ids()), kept(Person)
    )


@cache
def sites_of_departments() -> Select[str | None, str | None]:
    """Where somebody of the departments `ids` works."""
    return (
        select(col(Person.department_id), col(Person.site_id))
        .where(col(Person.department_id).in_(_ids()), *mine(Person))
        .distinct()
    )


@cache
def sites() -> Select[str, str, str]:
    return select(col(Site.id), col(Site.country), col(Site.subdivision)).where(
        col(Site.id).in_(_ids()), kept(Site)
    )
