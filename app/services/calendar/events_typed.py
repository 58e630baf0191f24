"""The events that were typed by hand, as they were typed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col

from app.models.tables.calendar import BusinessEvent, CalendarLayer
from app.models.times import speak_date, speak_time
from app.services.calendar.events_by_hand import asked_of, typed_of
from app.services.calendar.layers import BY_HAND
from app.services.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class EventRow:
    """`start` and `end` are wall times; of whole days the day of `end` is its last. `asked`: that
    operations asked whom when, in words."""

    id: str
    title: str
    layer: str
    start: datetime
    end: datetime
    all_day: bool
    repeats: str
    who: str
    asked: str

    @property
    def when(self) -> str:
        """`Wed 3 Mar 2027`, `Wed 3 Mar–Fri 5 Mar 2027`, or with the clock."""
        first, last = speak_date(self.start.date()), speak_date(self.end.date())
        if self.all_day:
            until = f"–{last}" if self.end.date() != self.start.date() else ""
            return f"{first}{until} {self.end.year}"
        until = f"{last} " if self.end.date() != self.start.date() else ""
        return f"{first} {self.start.year} {speak_time(self.start)}–{until}{speak_time(self.end)}"


def typed_events(uow: UnitOfWork) -> tuple[EventRow, ...]:
    """By their beginning."""
    layers = {
        row.id: row.name for row in uow.all(CalendarLayer, col(CalendarLayer.source) == BY_HAND)
    }
    rows = uow.all(BusinessEvent, col(BusinessEvent.layer_id).in_(list(layers)))
    found = [_row(row, layers[row.layer_id]) for row in rows]
    return tuple(sorted(found, key=lambda row: (row.start, row.title)))


def _row(row: BusinessEvent, layer: str) -> EventRow:
    typed = typed_of(row)
    return EventRow(
        row.id,
        row.title,
        layer,
        typed.start,
        typed.end,
        typed.all_day,
        typed.repeats,
        row.responsible,
        asked_of(row).words,
    )
