"""What happens in a span, event by event, for programs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import col

from app.models.errors import BadInput, NotFound
from app.models.ids import key_of
from app.models.tables.calendar import BusinessEvent, CalendarLayer, Occurrence
from app.services.calendar.occurrences import longest_occurrence
from app.services.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class OccurrenceRow:
    """`start`/`end` are UTC, the end exclusive; of a whole day they are its midnights in the
    organisation's zone."""

    uid: str
    title: str
    layer: str
    start: datetime
    end: datetime
    all_day: bool


def list_occurrences(
    uow: UnitOfWork, since: datetime, until: datetime, layer: str = ""
) -> list[OccurrenceRow]:
    """What overlaps [since, until) (UTC), by start; with `layer` of the one of that name. Raises
    BadInput for a span that ends before it starts, NotFound for an unknown layer."""
    if until <= since:
        raise BadInput("The span ends before it starts.")
    if layer and not uow.all(CalendarLayer, col(CalendarLayer.key) == key_of(layer)):
        names = ", ".join(row.name for row in uow.all(CalendarLayer)) or "none"
        raise NotFound(f"There is no layer “{layer}”. There are: {names}.")
    wanted = [col(CalendarLayer.key) == key_of(layer)] if layer else []
    uow.session.flush()
    rows = uow.session.connection().execute(
        select(
            col(BusinessEvent.uid),
            col(Occurrence.title),
            col(CalendarLayer.name),
            col(Occurrence.start_utc),
            col(Occurrence.end_utc),
            col(Occurrence.all_day),
        )
        .join(CalendarLayer, col(CalendarLayer.id) == col(Occurrence.layer_id))
        .join(BusinessEvent, col(BusinessEvent.id) == col(Occurrence.event_id))
        .where(
            col(Occurrence.organisation_id) == uow.organisation_id,
            col(Occurrence.start_utc) < until,
            col(Occurrence.start_utc) >= since - longest_occurrence(uow),
            col(Occurrence.end_utc) > since,
            col(CalendarLayer.archived_at).is_(None),
            col(BusinessEvent.archived_at).is_(None),
            *wanted,
        )
        .order_by(col(Occurrence.start_utc), col(Occurrence.title))
    )
    return [OccurrenceRow(*row) for row in rows]
