"""Business events typed by hand, and what operations notes beside any event.

Events that are typed lie in layers of their own: an import replaces what a layer holds. What is
noted of an event from a file (who answers for it, what they said) outlives the next import.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial

from sqlmodel import col

from app.models.calendar.asked import Asked
from app.models.calendar.events import event_from_text, event_to_text
from app.models.calendar.typed import Noted, TypedEvent, read_of
from app.models.errors import BadInput, NotAllowed
from app.models.ids import key_of, new_id
from app.models.severity import Severity
from app.models.tables.calendar import BusinessEvent, CalendarLayer
from app.models.tables.directory import Department, Person, Service
from app.models.times import to_wall
from app.services.calendar.expanding import expand
from app.services.calendar.layers import BY_HAND
from app.services.calendar.occurrences import Horizon, change_occurrences, forget_horizon
from app.services.database import organisation
from app.services.events import CalendarChanged
from app.services.uow import Undo, UnitOfWork

DEFAULT_LAYER = "Business events"


@dataclass(frozen=True, slots=True)
class Choice:
    id: str
    name: str
    sub: str = ""


@dataclass(frozen=True, slots=True)
class EventForm:
    """What a form of one event needs. `typed` None: a new one. `is_ours`: typed here, so that its
    times can be changed and it can be taken out; of others only what is noted. `layers` are those
    that hold typed events."""

    zone: str
    today: date
    layers: tuple[str, ...]
    services: tuple[Choice, ...]
    departments: tuple[Choice, ...]
    people: tuple[str, ...]
    event_id: str = ""
    version: int = 0
    layer: str = DEFAULT_LAYER
    is_ours: bool = True
    typed: TypedEvent | None = None


def event_form(uow: UnitOfWork, event_id: str = "") -> EventForm:
    """A query. Raises NotFound."""
    zone = organisation(uow).zone
    mine = uow.all(CalendarLayer, col(CalendarLayer.source) == BY_HAND)
    form = EventForm(
        zone=zone,
        today=_today(uow),
        layers=tuple(row.name for row in mine) or (DEFAULT_LAYER,),
        services=_choices(uow.all(Service, order=(col(Service.key),))),
        departments=_choices(uow.all(Department, order=(col(Department.name),))),
        people=tuple(p.name for p in uow.all(Person, order=(col(Person.key),))),
    )
    if not event_id:
        return replace(form, layer=form.layers[0])
    row = uow.fetch(BusinessEvent, event_id)
    layer = uow.fetch(CalendarLayer, row.layer_id)
    return replace(
        form,
        event_id=row.id,
        version=row.version,
        layer=layer.name,
        is_ours=layer.source == BY_HAND,
        typed=typed_of(row),
    )


def add_event(
    uow: UnitOfWork, layer_name: str, typed: TypedEvent, *, is_freeze: bool = False
) -> Undo:
    """In a layer of typed events, which is made when there is none of that name. Raises BadInput,
    NotAllowed when the layer of that name comes from elsewhere."""
    row = add_row(uow, layer_name, typed, is_freeze=is_freeze)
    return uow.undo(f"adding {row.title}", also=forgetting(row.layer_id))


def add_row(
    uow: UnitOfWork, layer_name: str, typed: TypedEvent, *, is_freeze: bool = False
) -> BusinessEvent:
    """A part of a use case, whose inverse needs `forgetting`."""
    layer = _layer(uow, layer_name, is_freeze)
    row = BusinessEvent(
        organisation_id=uow.organisation_id, layer_id=layer.id, uid=new_id(), title=""
    )
    _put(uow, row, typed)
    _note(uow, row, typed.noted)
    _log(uow, row, f"added {row.title} to {layer.name}")
    return row


def forgetting(layer_id: str) -> Callable[[UnitOfWork], None]:
    """Taken back: when the layer's events happen is worked out anew."""
    return partial(forget_horizon, layer_id=layer_id)


def change_event(
    uow: UnitOfWork, event_id: str, typed: TypedEvent, *, seen: int | None = None
) -> Undo:
    """Raises BadInput, NotAllowed for one that comes from elsewhere."""
    row, layer = _ours(uow, event_id, seen)
    _put(uow, row, typed)
    _note(uow, row, typed.noted)
    _log(uow, row, f"changed {row.title} in {layer.name}")
    return uow.undo(f"changing {row.title}", also=forgetting(layer.id))


def note_event(uow: UnitOfWork, event_id: str, noted: Noted, *, seen: int | None = None) -> Undo:
    """What operations knows of it, wherever it comes from."""
    row = uow.fetch(BusinessEvent, event_id, seen)
    _note(uow, row, noted)
    said = noted.asked.words or "nobody is named"
    uow.log(f"{row.title}: {said}", uow.add(row))
    uow.emit(CalendarChanged())
    return uow.undo(f"what is noted of {row.title}")


def take_event_out(uow: UnitOfWork, event_id: str, *, seen: int | None = None) -> Undo:
    """It is archived. Raises NotAllowed for one that comes from elsewhere."""
    row, layer = _ours(uow, event_id, seen)
    uow.archive(row)
    change_occurrences(uow, layer.id, [row.id], (), _horizon(uow))
    uow.log(f"took {row.title} out of {layer.name}", row)
    uow.emit(CalendarChanged())
    return uow.undo(f"taking {row.title} out", also=forgetting(layer.id))


def _layer(uow: UnitOfWork, name: str, is_freeze: bool) -> CalendarLayer:
    wanted = " ".join(name.split()) or DEFAULT_LAYER
    found = uow.all(CalendarLayer, col(CalendarLayer.key) == key_of(wanted))
    if found and found[0].source != BY_HAND:
        raise NotAllowed(
            f"“{found[0].name}” comes from elsewhere, and an import would replace what is typed "
            "into it. Give these events a layer of their own."
        )
    if found and is_freeze and not found[0].is_freeze:
        raise BadInput(
            f"The events of “{found[0].name}” do not forbid outages. Give freezes a layer of their "
            "own; nothing was added."
        )
    if found:
        return found[0]
    layer = CalendarLayer(
        organisation_id=uow.organisation_id,
        name=wanted,
        key=key_of(wanted),
        is_freeze=is_freeze,
        severity=Severity.BLOCK if is_freeze else Severity.WARN,
        source=BY_HAND,
    )
    uow.add(layer)
    uow.session.flush()
    return layer


def _ours(uow: UnitOfWork, event_id: str, seen: int | None) -> tuple[BusinessEvent, CalendarLayer]:
    row = uow.fetch(BusinessEvent, event_id, seen)
    layer = uow.fetch(CalendarLayer, row.layer_id)
    if layer.source != BY_HAND:
        raise NotAllowed(
            f"“{row.title}” comes from elsewhere: change it there. What you note of it here stays."
        )
    return row, layer


def _put(uow: UnitOfWork, row: BusinessEvent, typed: TypedEvent) -> None:
    horizon = _horizon(uow)
    read = read_of(typed, row.uid, horizon.zone, row.sequence + bool(row.title))
    found = expand(read, horizon.since, horizon.until, zone=horizon.zone)
    if read.recurs and not found:
        raise BadInput(
            "It never happens as it repeats, within the next two years.", field="repeats"
        )
    row.title, row.sequence = read.title, read.sequence
    row.content = json.loads(event_to_text(read))
    uow.add(row)
    uow.session.flush()
    change_occurrences(uow, row.layer_id, [row.id], ((row.id, one) for one in found), horizon)


def _note(uow: UnitOfWork, row: BusinessEvent, noted: Noted) -> None:
    for service in noted.services:
        uow.fetch(Service, service)
    for department in noted.departments:
        uow.fetch(Department, department)
    asked = noted.asked
    if asked.answer.strip() and asked.on is None:  # who answers was asked
        asked = replace(asked, on=_today(uow), by=asked.by or uow.actor.name)
    if asked.on is not None and not asked.by.strip():
        asked = replace(asked, by=uow.actor.name)
    row.responsible, row.asked_on = " ".join(asked.responsible.split()), asked.on
    row.asked_by, row.answer = " ".join(asked.by.split()), " ".join(asked.answer.split())
    row.services, row.departments = list(noted.services), list(noted.departments)
    row.severity = noted.severity


def _log(uow: UnitOfWork, row: BusinessEvent, said: str) -> None:
    noted = asked_of(uow.add(row)).words
    uow.log(f"{said}{f' ({noted})' if noted else ''}", row)
    uow.emit(CalendarChanged())


def asked_of(row: BusinessEvent) -> Asked:
    return Asked(row.responsible, row.asked_on, row.asked_by, row.answer)


def typed_of(row: BusinessEvent) -> TypedEvent:
    read = event_from_text(json.dumps(row.content))
    end = read.end.wall - timedelta(days=1) if read.all_day else read.end.wall
    noted = Noted(asked_of(row), tuple(row.services), tuple(row.departments), row.severity)
    start: datetime = read.start.wall
    return TypedEvent(
        row.title, start, max(end, start), read.all_day, "; ".join(read.rrules), noted
    )


def _choices(rows: Sequence[Service] | Sequence[Department]) -> tuple[Choice, ...]:
    return tuple(Choice(row.id, row.name) for row in rows)


def _today(uow: UnitOfWork) -> date:
    return to_wall(uow.now, organisation(uow).zone).date()


def _horizon(uow: UnitOfWork) -> Horizon:
    return Horizon.around(uow.now, organisation(uow).zone)
