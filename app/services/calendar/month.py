"""Everything on the calendar between two days, as frozen rows: one bounded query a kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import DateTime, or_, select, type_coerce
from sqlmodel import col

from app.models.calendar.asked import Asked
from app.models.calendar.closing import closing_from
from app.models.calendar.days import Midnights
from app.models.calendar.entries import Entry, Layer, in_order
from app.models.calendar.sieve import ALL, Sieve
from app.models.outages.lifecycle import FLYING
from app.models.tables.calendar import BusinessEvent, CalendarLayer, Occurrence
from app.models.tables.directory import Organisation, Person, RotaTurn, Site
from app.models.tables.outages import Outage, OutageService
from app.models.times import in_utc, to_utc, to_wall
from app.services.calendar.layers import VENDORS
from app.services.calendar.near_days import named_holidays
from app.services.calendar.occurrences import longest_occurrence
from app.services.calendar.web_known import StaleLayer, stale_layers
from app.services.database import organisation
from app.services.directory.rota import Duty, on_duty
from app.services.uow import UnitOfWork

VENDOR_KIND = "vendor’s window"


@dataclass(frozen=True, slots=True)
class CalendarRows:
    """`entries` as the days are read; `zone` is the organisation's, in which the days lie.
    `freezes` and `events` are the calendars that were imported, `stale` those of them that could
    not be refreshed, `places` whose public holidays are shown. `drafts` were left out of it, as
    they are nobody's word yet."""

    first: date
    last: date
    zone: str
    today: date
    entries: tuple[Entry, ...]
    freezes: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    duty: Duty | None = None
    stale: tuple[StaleLayer, ...] = ()
    sieve: Sieve = ALL
    drafts: int = 0


def entries(uow: UnitOfWork, first: date, last: date, sieve: Sieve = ALL) -> CalendarRows:
    """What touches the days `first` to `last` (inclusive) and is left by `sieve`. Raises NotFound
    without an organisation."""
    uow.session.flush()
    look = _Month(uow, organisation(uow), first, last, sieve)
    freezes, events = look.layers()
    places = look.places()
    return CalendarRows(
        first=first,
        last=last,
        zone=look.home.zone,
        today=to_wall(uow.now, look.home.zone).date(),
        entries=in_order(
            [
                *(*look.outages(), *look.occurrences()),
                *(*look.holidays(places), *look.closing_days(), *look.rota()),
            ]
        ),
        freezes=freezes,
        events=events,
        places=tuple(" ".join(part for part in place if part) for place in places),
        duty=on_duty(uow),
        stale=stale_layers(uow, look.home.zone),
        sieve=sieve,
    )


class _Month:
    """The days asked about as moments, and a query for each kind."""

    def __init__(
        self, uow: UnitOfWork, home: Organisation, first: date, last: date, sieve: Sieve
    ) -> None:
        self.uow = uow
        self.sieve = sieve
        self.home = home
        self.first, self.last = first, last
        self.start = to_utc(datetime.combine(first, time.min), home.zone)
        self.end = to_utc(datetime.combine(last + timedelta(days=1), time.min), home.zone)
        self.midnights = Midnights(first, last, home.zone)

    def rows(self, statement: Any) -> Sequence[Any]:
        return self.uow.session.connection().execute(statement).all()

    def mine(self, table: Any) -> tuple[Any, Any]:
        return table.organisation_id == self.uow.organisation_id, col(table.archived_at).is_(None)

    def outages(self) -> Iterator[Entry]:
        """Until the end people were told last, and while one flies until now at least."""
        columns = (
            *(Outage.id, Outage.code, Outage.title, Outage.state, Outage.version, Outage.zone),
            *(Outage.start_utc, Outage.end_utc, Outage.promised_end_utc),
        )
        over = or_(
            col(Outage.end_utc) > self.start,
            col(Outage.promised_end_utc) > self.start,
            col(Outage.state).in_(sorted(FLYING)),
        )
        found: Any = select(*map(col, columns))
        for i, code, title, state, version, zone, start, end, promised in self.rows(
            found.where(*self.mine(Outage), col(Outage.start_utc) < self.end, over, *self.wanted())
        ):
            until = max(end, promised)
            if state in FLYING:
                until = max(until, self.uow.now)
            if until <= self.start:
                continue
            days = self.midnights.days_of(start, until)
            yield Entry(i, Layer.OUTAGES, title, *days, start, until, code, state, version, zone)

    def wanted(self) -> Iterator[Any]:
        """Of outages."""
        if self.sieve.services:
            link: Any = select(col(OutageService.outage_id)).where(*self.mine(OutageService))
            touching = link.where(col(OutageService.service_id).in_(sorted(self.sieve.service_ids)))
            yield col(Outage.id).in_(touching)
        if self.sieve.stands:
            yield col(Outage.state).in_(sorted(self.sieve.states))

    def of_others(self) -> frozenset[str]:
        """Events that name services, and none of those that are wanted."""
        if not self.sieve.services:
            return frozenset()
        found: Any = select(col(BusinessEvent.id), col(BusinessEvent.services))
        rows = self.rows(found.where(*self.mine(BusinessEvent), col(BusinessEvent.services) != []))
        return frozenset(i for i, named in rows if self.sieve.service_ids.isdisjoint(named))

    def layers(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The names of the freezes and of the other calendars there are."""
        found = [
            (row.name, row.is_freeze)
            for row in self.uow.all(CalendarLayer, order=(col(CalendarLayer.key),))
        ]
        return (
            tuple(name for name, freeze in found if freeze),
            tuple(name for name, freeze in found if not freeze),
        )

    def occurrences(self) -> Iterator[Entry]:
        """The longest occurrence there is bounds the range on its left side too. Which layers and
        events are gone is asked once, as joining them would look each up for every row."""
        layers = {
            row.id: (
                Layer.FREEZES if row.is_freeze else Layer.EVENTS,
                row.name,
                row.source != VENDORS,
            )
            for row in self.uow.all(CalendarLayer)
        }
        archived, asked = self._noted()
        left_out = archived | self.of_others()
        columns = (
            *(Occurrence.id, Occurrence.event_id, Occurrence.layer_id, Occurrence.title),
            *(Occurrence.start_date, Occurrence.end_date),
        )
        # as the driver gives them: the check of each zone took a third of reading a year
        moments = [type_coerce(c, DateTime()) for c in (Occurrence.start_utc, Occurrence.end_utc)]
        found: Any = select(*[col(column) for column in columns], *moments)
        for i, event_id, layer_id, title, first, last, start, end in self.rows(
            found.where(
                col(Occurrence.organisation_id) == self.uow.organisation_id,
                col(Occurrence.start_utc) < self.end,
                col(Occurrence.start_utc) >= self.start - longest_occurrence(self.uow),
                col(Occurrence.end_utc) > self.start,
            )
        ):
            if layer_id not in layers or event_id in left_out:
                continue
            layer, name, has_form = layers[layer_id]
            kind = "" if has_form else VENDOR_KIND
            more = kind, event_id if has_form else "", asked.get(event_id, "")
            if first is not None and last is not None:
                yield Entry(i, layer, title, first, last, None, None, name, None, 0, "", *more)
            else:
                begins, ends = in_utc(start), in_utc(end)
                days = self.midnights.days_of(begins, ends)
                yield Entry(i, layer, title, *days, begins, ends, name, None, 0, "", *more)

    def _noted(self) -> tuple[set[str], dict[str, str]]:
        """Which events are archived; and who answers for an event, and what they said, of those
        where somebody noted it. Asked for at once, as there are 25,000 to look through."""
        noted = (BusinessEvent.responsible, BusinessEvent.asked_on)
        said = (BusinessEvent.asked_by, BusinessEvent.answer)
        found: Any = select(*map(col, (BusinessEvent.id, BusinessEvent.archived_at, *noted, *said)))
        rows = self.rows(
            found.where(
                col(BusinessEvent.organisation_id) == self.uow.organisation_id,
                or_(
                    col(BusinessEvent.archived_at).is_not(None),
                    col(BusinessEvent.responsible) != "",
                    col(BusinessEvent.asked_on).is_not(None),
                    col(BusinessEvent.answer) != "",
                ),
            )
        )
        return (
            {event_id for event_id, archived, *_ in rows if archived is not None},
            {event_id: Asked(*known).words for event_id, archived, *known in rows if not archived},
        )

    def places(self) -> tuple[tuple[str, str], ...]:
        """Country and subdivision of the organisation, then of its sites."""
        sites = self.rows(
            select(col(Site.country), col(Site.subdivision)).where(*self.mine(Site)).distinct()
        )
        found = [(self.home.country, self.home.subdivision)]
        found += sorted((country, part) for country, part in sites)
        return tuple(dict.fromkeys(place for place in found if place[0]))

    def holidays(self, places: Sequence[tuple[str, str]]) -> Iterator[Entry]:
        """One entry for a day and name, naming the places that keep it."""
        kept: dict[tuple[date, str], list[str]] = {}
        for country, part in places:
            for year in range(self.first.year, self.last.year + 1):
                for day, name in named_holidays(country, part, year).items():
                    if self.first <= day <= self.last:
                        kept.setdefault((day, name), []).append(f"{country} {part}".strip())
        for (day, name), where in kept.items():
            source = ", ".join(where)
            yield Entry(f"holiday {day} {name}", Layer.HOLIDAYS, name, day, day, source=source)

    def closing_days(self) -> Iterator[Entry]:
        sites = {site.id: site.name for site in self.uow.all(Site)}
        for closed in closing_from(self.home.policy):
            if closed.last < self.first or closed.first > self.last:
                continue
            site = sites.get(closed.site_id, "")
            key = f"closed {closed.first} {closed.last} {closed.name} {closed.site_id}"
            title = f"{closed.name} ({site})" if site else closed.name
            yield Entry(
                *(key, Layer.HOLIDAYS, title, closed.first, closed.last),
                source=site,
                kind="closing day",
            )

    def rota(self) -> Iterator[Entry]:
        found = self.rows(
            select(col(RotaTurn.id), col(Person.name), col(RotaTurn.starts), col(RotaTurn.ends))
            .join(Person, col(Person.id) == col(RotaTurn.person_id))
            .where(
                *self.mine(RotaTurn),
                col(RotaTurn.starts) <= self.last,
                col(RotaTurn.ends) >= self.first,
            )
        )
        for i, name, starts, ends in found:
            yield Entry(i, Layer.ROTA, name, starts, ends)
