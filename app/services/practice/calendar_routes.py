"""Graph's calendar calls, each a function of the tenant and one call."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from app.services.practice import calendar_delta
from app.services.practice.calendar import Placed, occurrence_on
from app.services.practice.calendar_box import Calendar, CalendarBox, Event
from app.services.practice.calendar_shape import shown, shown_occurrence
from app.services.practice.calendar_zones import shown_time, window
from app.services.practice.call import Answer, Call
from app.services.practice.errors import Refusal, bad
from app.services.practice.filters import parse
from app.services.practice.schema import checked, checked_action
from app.services.practice.state import Json
from app.services.practice.tenant import Tenant
from app.services.practice.views import View, view_of

T = TypeVar("T")


def calendars(tenant: Tenant, call: Call) -> Answer:
    box = tenant.calendar.box(call.owner)
    return _paged(call, "calendars", list(box.calendars.values()), partial(_shown_calendar, box))


def calendar(tenant: Tenant, call: Call) -> Answer:
    box = tenant.calendar.box(call.owner)
    found = _shown_calendar(box, _calendar(box, call))
    return Answer(200, {"@odata.context": call.context("calendars/$entity"), **found})


def add_calendar(tenant: Tenant, call: Call) -> Answer:
    values = checked("calendar", call.json())
    if not values.get("name"):
        raise bad("ErrorInvalidRequest", "The calendar has no name.")
    box = tenant.calendar.box(call.owner)
    made = box.add_calendar(values["name"], values.get("color") or "auto")
    body = {"@odata.context": call.context("calendars/$entity")}
    return Answer(201, body | _shown_calendar(box, made))


def events(tenant: Tenant, call: Call) -> Answer:
    """Singles and masters, no occurrences."""
    box = tenant.calendar.box(call.owner)
    calendar_ = _calendar(box, call)
    seen = view_of(call, "event")
    text = call.query.get("$filter")
    if text:
        wanted = parse(text)
        near = next((box.having(*each) for each in wanted.equal if " " in each[0]), None)
        found = [each for each in near or [] if each.calendar == calendar_.id]
        found = box.within(calendar_.id) if near is None else found
        found = [each for each in found if wanted.test(_filterable(each))]
    else:
        found = box.within(calendar_.id)
    return _paged(
        call, "events", [each for each in found if not each.master], lambda each: shown(each, seen)
    )


def create(tenant: Tenant, call: Call) -> Answer:
    values = checked("event", call.json())
    event = tenant.calendar.create(call.owner, values, call.parts[0] if call.parts else "")
    return _one(tenant, call, event, 201, plain=True)


def event(tenant: Tenant, call: Call) -> Answer:
    found, day = tenant.calendar.find(call.owner, call.parts[0])
    if not day:
        return _one(tenant, call, found)
    date_of, begins, ends = occurrence_on(found, day)
    body = {"@odata.context": call.context("events/$entity")}
    seen = view_of(call, "event")
    return Answer(200, body | shown_occurrence(found, date_of, begins, ends, seen))


def patch(tenant: Tenant, call: Call) -> Answer:
    found, _ = tenant.calendar.find(call.owner, call.parts[0])
    _unchanged(call, found)
    values = checked("event", call.json())
    changed = tenant.calendar.patch(call.owner, call.parts[0], values)
    return _one(tenant, call, changed, plain=True)


def delete(tenant: Tenant, call: Call) -> Answer:
    found, _ = tenant.calendar.find(call.owner, call.parts[0])
    _unchanged(call, found)
    tenant.calendar.delete(call.owner, call.parts[0])
    return Answer(204)


def cancel(tenant: Tenant, call: Call) -> Answer:
    checked_action("event/cancel", call.json(), may_be_empty=True)
    tenant.calendar.cancel(call.owner, call.parts[0])
    return Answer(202)


def instances(tenant: Tenant, call: Call) -> Answer:
    box = tenant.calendar.box(call.owner)
    master, day = tenant.calendar.find(call.owner, call.parts[0])
    if day or master.recurrence is None:
        raise bad("ErrorInvalidRequest", "The event is not a series.")
    begin, end = window(call.query.get("startdatetime"), call.query.get("enddatetime"))
    placed = list(tenant.calendar.placed(box, master, begin, end))
    for key in box.exceptions.get(master.key, {}).values():
        placed += tenant.calendar.placed(box, box.events[key], begin, end)
    placed.sort(key=lambda each: each.starts)
    seen = view_of(call, "event")
    return _paged(call, "calendarView", placed, lambda each: _placed(box, each, seen))


def view(tenant: Tenant, call: Call) -> Answer:
    box = tenant.calendar.box(call.owner)
    begin, end = window(call.query.get("startdatetime"), call.query.get("enddatetime"))
    placed = tenant.calendar.laid_out(box, _calendar(box, call).id, begin, end)
    seen = view_of(call, "event")
    return _paged(call, "calendarView", placed, lambda each: _placed(box, each, seen))


def delta(tenant: Tenant, call: Call) -> Answer:
    box = tenant.calendar.box(call.owner)
    return calendar_delta.changed(tenant, call, box, _calendar(box, call))


def _calendar(box: CalendarBox, call: Call) -> Calendar:
    return box.calendar(call.parts[0] if call.parts else "")


def _one(
    tenant: Tenant, call: Call, found: Event, status: int = 200, *, plain: bool = False
) -> Answer:
    box = tenant.calendar.box(call.owner)
    series = box.events[found.master] if found.master else None
    body = {"@odata.context": call.context("events/$entity")}
    return Answer(status, body | shown(found, view_of(call, "event", plain=plain), series))


def _placed(box: CalendarBox, placed: Placed, seen: View) -> Json:
    if placed.day is not None:
        return shown_occurrence(placed.event, placed.day, placed.starts, placed.ends, seen)
    series = box.events[placed.event.master] if placed.event.master else None
    return shown(placed.event, seen, series)


def _paged(call: Call, context: str, found: list[T], show: Callable[[T], Json]) -> Answer:
    skip, top = call.skip, call.page_size
    body: Json = {
        "@odata.context": call.context(context),
        "value": [show(each) for each in found[skip : skip + top]],
    }
    if skip + top < len(found):
        body["@odata.nextLink"] = call.link(**{"$skip": str(skip + top)})
    return Answer(200, body)


def _filterable(found: Event) -> Json:
    pairs = [{"id": name, "value": value} for name, value in found.properties.items()]
    return {
        **found.data,
        "iCalUId": found.uid,
        "type": found.kind,
        "start": shown_time(found.starts, "UTC"),
        "end": shown_time(found.ends, "UTC"),
        "singleValueExtendedProperties": pairs,
    }


def _shown_calendar(box: CalendarBox, found: Calendar) -> Json:
    return {
        "id": found.id,
        "name": found.name,
        "color": found.color,
        "hexColor": "",
        "isDefaultCalendar": found.is_default,
        "changeKey": "AAAA",
        "canShare": True,
        "canViewPrivateItems": True,
        "canEdit": found.can_edit,
        "allowedOnlineMeetingProviders": ["teamsForBusiness"],
        "defaultOnlineMeetingProvider": "teamsForBusiness",
        "isTallyingResponses": found.is_default,
        "isRemovable": not found.is_default,
        "owner": {"name": box.owner.name, "address": box.owner.email},
    }


def _unchanged(call: Call, found: Event) -> None:
    if call.headers.get("if-match", "*") not in ("*", found.etag()):
        raise Refusal(
            412,
            "ErrorIrresolvableConflict",
            "The send or update operation could not be performed because the change key passed "
            "in the request does not match the current change key for the item.",
        )
