"""Finding something on the calendar by what it is called: an outage by its title, code or services,
an event by its title or the calendar it came from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, or_, select
from sqlmodel import col

from app.models.calendar.entries import Entry, Layer, days_of
from app.models.tables.calendar import BusinessEvent, CalendarLayer, Occurrence
from app.models.tables.directory import Service
from app.models.tables.outages import Outage, OutageService
from app.models.times import to_wall
from app.services.calendar.layers import VENDORS
from app.services.calendar.month import VENDOR_KIND
from app.services.database import organisation
from app.services.uow import UnitOfWork

MOST = 60
"""So many are found at most; what lies nearest to now comes first."""


@dataclass(frozen=True, slots=True)
class Found:
    """`entry` as the calendar shows it; `services` are those of an outage."""

    entry: Entry
    services: tuple[str, ...] = ()

    @property
    def day(self) -> date:
        return self.entry.first


@dataclass(frozen=True, slots=True)
class Hits:
    """What is to come first, in its order, then what has passed, the last first; `words` are those
    that were looked for."""

    words: str
    zone: str
    today: date
    found: tuple[Found, ...]


def search(uow: UnitOfWork, words: str) -> Hits:
    """Every word is in what is found. Raises NotFound without an organisation."""
    home = organisation(uow)
    today = to_wall(uow.now, home.zone).date()
    parts = words.casefold().split()
    found: list[Found] = []
    if parts:
        found += _outages(uow, parts, home.zone)
        found += (Found(entry) for entry in _occurrences(uow, parts, home.zone))
    ahead = sorted((f for f in found if f.entry.last >= today), key=_place)
    past = sorted((f for f in found if f.entry.last < today), key=_place, reverse=True)
    return Hits(words, home.zone, today, tuple((*ahead, *past)[:MOST]))


def _place(found: Found) -> tuple[date, str]:
    return found.entry.first, found.entry.title


def _outages(uow: UnitOfWork, parts: Sequence[str], zone: str) -> Iterator[Found]:
    """By all letters, as SQLite knows the case of the English ones alone."""
    names = {row.id: row.name for row in uow.all(Service)}
    touched: dict[str, list[str]] = {}
    for link in uow.all(OutageService):
        if link.service_id in names:
            touched.setdefault(link.outage_id, []).append(names[link.service_id])
    columns = (
        *(Outage.id, Outage.code, Outage.title, Outage.state, Outage.version, Outage.zone),
        *(Outage.start_utc, Outage.end_utc, Outage.promised_end_utc),
    )
    found: Any = select(*map(col, columns))
    rows = uow.session.connection().execute(
        found.where(
            col(Outage.organisation_id) == uow.organisation_id, col(Outage.archived_at).is_(None)
        )
    )
    for i, code, title, state, version, own, start, end, promised in rows:
        services = tuple(touched.get(i, ()))
        said = " ".join((code, title, *services)).casefold()
        if all(part in said for part in parts):
            until = max(end, promised)
            days = days_of(start, until, zone)
            yield Found(
                Entry(i, Layer.OUTAGES, title, *days, start, until, code, state, version, own),
                services,
            )


def _occurrences(uow: UnitOfWork, parts: Sequence[str], zone: str) -> Iterator[Entry]:
    """As many to come, and as many that have passed, as are shown in all."""
    layers = {row.id: row for row in uow.all(CalendarLayer)}
    if not layers:
        return
    in_layer = []
    for layer in layers.values():
        name = layer.name.casefold()
        title = [
            col(Occurrence.title).icontains(part, autoescape=True)
            for part in parts
            if part not in name
        ]
        in_layer.append(and_(col(Occurrence.layer_id) == layer.id, *title))
    columns = (
        *(Occurrence.id, Occurrence.layer_id, Occurrence.title, Occurrence.start_utc),
        *(Occurrence.end_utc, Occurrence.start_date, Occurrence.end_date),
    )
    for_all: Any = select(*map(col, columns))
    gone = select(col(BusinessEvent.id)).where(col(BusinessEvent.archived_at).is_not(None))
    wanted = for_all.where(
        col(Occurrence.organisation_id) == uow.organisation_id,
        or_(*in_layer),
        col(Occurrence.event_id).not_in(gone),
    )
    start = col(Occurrence.start_utc)
    for statement in (
        wanted.where(col(Occurrence.end_utc) >= uow.now).order_by(start).limit(MOST),
        wanted.where(col(Occurrence.end_utc) < uow.now).order_by(start.desc()).limit(MOST),
    ):
        for row in uow.session.connection().execute(statement):
            key, layer_id, title, begins, ends, first, last = row
            layer = layers[layer_id]
            kind = Layer.FREEZES if layer.is_freeze else Layer.EVENTS
            what = VENDOR_KIND if layer.source == VENDORS else ""
            if first is not None and last is not None:
                yield Entry(key, kind, title, first, last, source=layer.name, kind=what)
            else:
                days = days_of(begins, ends, zone)
                yield Entry(key, kind, title, *days, begins, ends, layer.name, kind=what)
