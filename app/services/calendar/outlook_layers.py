"""Calendars of Outlook as layers of business events, followed page by page of changes.

Each occurrence that Outlook tells of is one event here, under Outlook's id. A full round (the
first, or after the place in the changes was lost) ends by taking out what was not in it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlmodel import col, select

from app.models.calendar.events import Occurrence, ReadEvent, Stamp, event_to_text
from app.models.errors import BadInput, NotAllowed
from app.models.ids import key_of
from app.models.severity import Severity
from app.models.tables.calendar import BusinessEvent, CalendarLayer
from app.models.times import to_utc
from app.services.calendar.layers import OUTLOOK
from app.services.calendar.occurrences import Horizon, change_occurrences
from app.services.database import organisation
from app.services.events import CalendarChanged
from app.services.ports.calendars import RemoteEvent
from app.services.uow import UnitOfWork

_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Followed:
    """A layer that follows a calendar of Outlook."""

    layer_id: str
    name: str
    calendar_id: str


def follow_calendar(
    uow: UnitOfWork, calendar_id: str, name: str, *, is_freeze: bool = False
) -> str:
    """From now on its events are a layer of that name; the layer's id. Raises BadInput for an
    empty name, NotAllowed when a layer of that name comes from elsewhere."""
    wanted = " ".join(name.split())
    if not wanted or not calendar_id:
        raise BadInput("Choose a calendar and give its layer a name, such as “Clinic events”.")
    known = uow.all(CalendarLayer, col(CalendarLayer.key) == key_of(wanted))
    if known and known[0].source != OUTLOOK + calendar_id:
        raise NotAllowed(
            f"There is a layer “{known[0].name}” from elsewhere already; give this another name."
        )
    if known:
        return known[0].id
    layer = uow.add(
        CalendarLayer(
            organisation_id=uow.organisation_id,
            name=wanted,
            key=key_of(wanted),
            is_freeze=is_freeze,
            severity=Severity.BLOCK if is_freeze else Severity.WARN,
            source=OUTLOOK + calendar_id,
        )
    )
    uow.log(f"the layer {wanted} follows a calendar of Outlook", layer)
    uow.emit(CalendarChanged())
    return layer.id


def followed(uow: UnitOfWork) -> tuple[Followed, ...]:
    """A query, by name."""
    rows = uow.all(
        CalendarLayer,
        col(CalendarLayer.source).startswith(OUTLOOK),
        order=(col(CalendarLayer.key),),
    )
    return tuple(Followed(r.id, r.name, r.source.removeprefix(OUTLOOK)) for r in rows)


def take_in_page(
    uow: UnitOfWork, layer_id: str, events: Sequence[RemoteEvent], removed: Iterable[str]
) -> int:
    """One page of changes; how many events are different now. The same page again changes
    nothing; ids never heard of are ignored."""
    layer = uow.fetch(CalendarLayer, layer_id)
    horizon = Horizon.around(uow.now, organisation(uow).zone)
    told = {e.id: e for e in events if not e.is_master}
    gone = {*removed} | {e.id for e in events if e.cancelled}
    have = _rows(uow, layer_id, [*told, *gone])
    changed: list[str] = []
    happens: list[tuple[str, Occurrence]] = []
    for event in told.values():
        if event.id in gone or event.end < horizon.since or event.start > horizon.until:
            continue
        read = _read(event)
        content = json.loads(event_to_text(read))
        digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
        row = have.get(event.id)
        if row is None:
            row = BusinessEvent(
                organisation_id=uow.organisation_id, layer_id=layer_id, uid=event.id, title=""
            )
        elif row.content_hash == digest and row.archived_at is None:
            continue
        row.title, row.archived_at = event.subject, None
        row.content, row.content_hash = content, digest
        uow.add(row)
        changed.append(row.id)
        happens.append((row.id, _happens(event, horizon.zone)))
    for event_id in gone:
        row = have.get(event_id)
        if row is not None and row.archived_at is None:
            uow.archive(row)
            changed.append(row.id)
    if changed:
        change_occurrences(uow, layer_id, changed, happens, horizon)
        uow.log(f"{layer.name}: {len(changed):,} events changed in Outlook", layer)
        uow.emit(CalendarChanged())
    return len(changed)


def end_round(uow: UnitOfWork, layer_id: str, seen: frozenset[str]) -> int:
    """A full round is through: what was not in it (`seen`: Outlook's ids) is no more. How many."""
    layer = uow.fetch(CalendarLayer, layer_id)
    rows = uow.all(BusinessEvent, col(BusinessEvent.layer_id) == layer_id)
    gone = [row for row in rows if row.uid not in seen]
    for row in gone:
        uow.archive(row)
    if gone:
        horizon = Horizon.around(uow.now, organisation(uow).zone)
        change_occurrences(uow, layer_id, [row.id for row in gone], (), horizon)
        uow.log(f"{layer.name}: {len(gone):,} events are no longer in Outlook", layer)
        uow.emit(CalendarChanged())
    return len(gone)


def _rows(uow: UnitOfWork, layer_id: str, uids: Sequence[str]) -> dict[str, BusinessEvent]:
    """Archived ones too: an event that comes back keeps its row."""
    found: dict[str, BusinessEvent] = {}
    for at in range(0, len(uids), _AT_ONCE):
        query = select(BusinessEvent).where(
            col(BusinessEvent.layer_id) == layer_id,
            col(BusinessEvent.uid).in_(uids[at : at + _AT_ONCE]),
        )
        found.update((row.uid, row) for row in uow.session.exec(query))
    return found


def _read(event: RemoteEvent) -> ReadEvent:
    zone = "" if event.all_day else "UTC"
    start, end = (m.astimezone(UTC).replace(tzinfo=None) for m in (event.start, event.end))
    return ReadEvent(
        event.id, event.subject, event.all_day, Stamp(start, zone), Stamp(end, zone), line=0
    )


def _happens(event: RemoteEvent, zone: str) -> Occurrence:
    """A whole day is a date first of all: it begins at midnight in the organisation's zone."""
    if not event.all_day:
        return Occurrence(event.id, event.subject, event.start, event.start, event.end)
    first = event.start.date()
    last = max(first, event.end.date() - timedelta(days=1))
    start, end = (
        to_utc(datetime.combine(day, datetime.min.time()), zone)
        for day in (first, last + timedelta(days=1))
    )
    return Occurrence(event.id, event.subject, start, start, end, first, last)
