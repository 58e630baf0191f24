"""An event's shape: what a request sets and what is shown."""

from __future__ import annotations

import re
from datetime import date, datetime

from app.services.practice.calendar_box import Event
from app.services.practice.calendar_zones import shown_day, shown_time
from app.services.practice.ground import stamp
from app.services.practice.mail_shape import addressed, plain_text, preview, shaped_body
from app.services.practice.people import User
from app.services.practice.state import Json
from app.services.practice.views import View

_OCCURRENCE = re.compile(r"^(.+)Oc(\d{4})(\d\d)(\d\d)=$")
SET = frozenset(
    {
        *("allowNewTimeProposals", "attendees", "categories", "hideAttendees", "importance"),
        *("isReminderOn", "location", "locations", "reminderMinutesBeforeStart", "sensitivity"),
        *("responseRequested", "showAs", "subject"),
    }
)
"""What a request sets as it stands."""


def blank(owner: User, now: str) -> Json:
    return {
        "createdDateTime": now,
        "lastModifiedDateTime": now,
        "changeKey": "",
        "categories": [],
        "reminderMinutesBeforeStart": 15,
        "isReminderOn": True,
        "hasAttachments": False,
        "subject": "",
        "bodyPreview": "",
        "importance": "normal",
        "sensitivity": "normal",
        "isAllDay": False,
        "isCancelled": False,
        "isOrganizer": True,
        "responseRequested": True,
        "showAs": "busy",
        "onlineMeetingUrl": None,
        "isOnlineMeeting": False,
        "onlineMeetingProvider": "unknown",
        "allowNewTimeProposals": True,
        "isDraft": False,
        "hideAttendees": False,
        "onlineMeeting": None,
        "responseStatus": {"response": "organizer", "time": "0001-01-01T00:00:00Z"},
        "body": {"contentType": "html", "content": ""},
        "location": _located({}),
        "locations": [],
        "attendees": [],
        "organizer": addressed(owner.email, owner.name),
    }


def write(event: Event, values: Json) -> None:
    """Set what a request said, except times and recurrence."""
    for name, value in values.items():
        if name == "singleValueExtendedProperties":
            for each in value:
                event.properties[each["id"]] = str(each.get("value") or "")
        elif name == "body":
            event.data["body"] = shaped_body(value)
        elif name == "location":
            event.data["location"] = _located(value or {})
            named = event.data["location"]["displayName"]
            event.data["locations"] = [event.data["location"]] if named else []
        elif name == "attendees":
            event.data["attendees"] = [_attending(each) for each in value]
        elif name in SET and (value is not None or name == "subject"):
            event.data[name] = value if value is not None else ""
    event.data["bodyPreview"] = preview(event.data["body"])


def _located(location: Json) -> Json:
    return {
        "displayName": location.get("displayName") or "",
        "locationType": location.get("locationType") or "default",
        "uniqueIdType": location.get("uniqueIdType") or "unknown",
        **{k: v for k, v in location.items() if k in ("locationUri", "address", "uniqueId")},
    }


def _attending(attendee: Json) -> Json:
    return {
        "type": attendee.get("type") or "required",
        "status": {"response": "none", "time": "0001-01-01T00:00:00Z"},
        "emailAddress": attendee.get("emailAddress") or {},
    }


def shown(event: Event, view: View, series: Event | None = None) -> Json:
    """An event that is kept: single, series master or exception."""
    whole = _whole(event, view)
    whole |= {
        "start": _time(event, event.starts, view),
        "end": _time(event, event.ends, view),
        "iCalUId": event.uid,
        "type": event.kind,
        "recurrence": event.recurrence,
        "seriesMasterId": series.shown_id(view.immutable) if series else None,
    }
    if series is not None:
        day = date.fromisoformat(event.day)
        whole["originalStart"] = stamp(datetime.combine(day, series.starts.timetz()))
    return _chosen(event, event.shown_id(view.immutable), whole, view)


def shown_occurrence(
    master: Event, day: date, begins: datetime, ends: datetime, view: View
) -> Json:
    """An occurrence as calendarView shows it: all of its master but the times."""
    whole = _whole(master, view)
    whole |= {
        "start": _time(master, begins, view),
        "end": _time(master, ends, view),
        "iCalUId": master.uid + day.strftime("%Y%m%d"),
        "type": "occurrence",
        "recurrence": None,
        "seriesMasterId": master.shown_id(view.immutable),
        "originalStart": stamp(begins),
    }
    return _chosen(master, occurrence_id(master.shown_id(view.immutable), day), whole, view)


def stub(master: Event, day: date, begins: datetime, ends: datetime, view: View) -> Json:
    """An occurrence as delta tells it: hardly anything."""
    return {
        "@odata.etag": master.etag(),
        "id": occurrence_id(master.shown_id(view.immutable), day),
        "type": "occurrence",
        "seriesMasterId": master.shown_id(view.immutable),
        "start": _time(master, begins, view),
        "end": _time(master, ends, view),
    }


def occurrence_id(master_id: str, day: date) -> str:
    return f"{master_id}Oc{day:%Y%m%d}="


def occurrence_of(event_id: str) -> tuple[str, str] | None:
    """The id of the series and the day, for the id of an occurrence."""
    found = _OCCURRENCE.match(event_id)
    return (found[1], f"{found[2]}-{found[3]}-{found[4]}") if found else None


def _time(event: Event, when: datetime, view: View) -> Json:
    if event.data["isAllDay"]:
        return shown_day(when.astimezone(event.starts.tzinfo), view.zone)
    return shown_time(when, view.zone)


def _whole(event: Event, view: View) -> Json:
    whole = dict(event.data)
    whole["originalStartTimeZone"] = event.zone
    whole["originalEndTimeZone"] = event.end_zone or event.zone
    whole["webLink"] = f"{view.base}/practice/open/{event.id}"
    link = whole["onlineMeeting"]
    if link is not None:
        whole["onlineMeeting"] = {**link, "joinUrl": f"{view.base}{link['joinUrl']}"}
    return whole


def _chosen(event: Event, event_id: str, whole: Json, view: View) -> Json:
    result: Json = {"@odata.etag": event.etag(), "id": event_id}
    if view.select is None:
        result |= whole
    else:
        whole["cancelledOccurrences"] = [f"OID.{event.id}.{day}" for day in event.cancelled]
        result |= {name: whole[name] for name in view.select if name in whole}
    body = result.get("body")
    if view.as_text and body is not None and body["contentType"] == "html":
        result["body"] = {"contentType": "text", "content": plain_text(body["content"])}
    if "singleValueExtendedProperties" in view.expand:
        found = [
            {"id": name, "value": value}
            for name, value in event.properties.items()
            if not view.property_id or name == view.property_id
        ]
        if found:
            result["singleValueExtendedProperties"] = found
    return result
