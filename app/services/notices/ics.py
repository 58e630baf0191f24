"""The outage as an `.ics` calendar entry: a hold in people's calendars.

REQUEST puts the entry into a calendar and, with a higher SEQUENCE, changes it there; CANCEL takes
it away. Those affected are informed: no answer is asked for, their time stays free, and only a
list or a single reader is named, as nobody sees who else is told. PUBLISH shows the entry where
there is no organiser whose mail could change it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from icalendar import Alarm, Calendar, Event, vCalAddress, vText

from app.models.errors import BadInput
from app.models.notices.wording import clean_line, clean_text
from app.models.times import Window, zone
from app.services.notices.eml import Recipient, address


class Method(StrEnum):
    REQUEST = "REQUEST"
    PUBLISH = "PUBLISH"
    CANCEL = "CANCEL"


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """`outage_id` gives the UID, which never changes; `sequence` rises with every change people
    were or will be told of (a move, an extension, a cancellation). `changed_at` is the UTC
    moment of that change. `end` (UTC) is the promised end when it is no longer the window's. With
    `informs` no answer is asked for and nobody's time is taken; `cancelled` is shown as that where
    the entry is published."""

    outage_id: str
    sequence: int
    changed_at: datetime
    window: Window
    summary: str
    description: str = ""
    location: str = ""
    end: datetime | None = None
    organiser: Recipient | None = None
    attendees: tuple[Recipient, ...] = ()
    alarm_before: timedelta | None = timedelta(minutes=30)
    informs: bool = False
    cancelled: bool = False


def uid_of(outage_id: str) -> str:
    """Stable for the outage, whatever moves; the suffix keeps it from other programs' UIDs."""
    return f"{outage_id}@flight-console"


def ics(entry: CalendarEntry, method: Method) -> bytes:
    """A whole calendar object with its VTIMEZONE. The same entry gives the same bytes.

    Raises BadInput when a REQUEST lacks organiser or attendees, which it may not (RFC 5546).
    """
    if method is Method.REQUEST and not (entry.organiser and entry.attendees):
        raise BadInput("An invitation needs an organiser and attendees; publish it instead.")
    return ics_of((entry,), method)


def ics_of(entries: Sequence[CalendarEntry], method: Method, more: Sequence[Event] = ()) -> bytes:
    """One calendar object of several, and of events that are no outages; at least one."""
    calendar = Calendar()
    calendar.add("prodid", "-//Flight Console//Outage//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method.value)
    for entry in entries:
        calendar.add_component(_event(entry, method))
    for event in more:
        calendar.add_component(event)
    if not entries:
        return bytes(calendar.to_ical())
    calendar.add_missing_timezones(
        first_date=min(entry.window.start for entry in entries).date() - timedelta(days=366),
        last_date=max(entry.end or entry.window.end_utc for entry in entries).date()
        + timedelta(days=366),
    )
    return bytes(calendar.to_ical())


def _event(entry: CalendarEntry, method: Method) -> Event:
    event = Event()
    event.add("uid", uid_of(entry.outage_id))
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.changed_at)
    event.add("last-modified", entry.changed_at)
    event.add("summary", clean_line(entry.summary))
    start, end = entry.window.start_utc, entry.end or entry.window.end_utc
    event.add("dtstart", _spoken(start, entry.window.zone))
    event.add("dtend", _spoken(end, entry.window.zone))
    event.add("status", "CANCELLED" if entry.cancelled or method is Method.CANCEL else "CONFIRMED")
    books = bool(entry.attendees) and method is Method.REQUEST and not entry.informs
    event.add("transp", "OPAQUE" if books else "TRANSPARENT")
    event.add("X-MICROSOFT-CDO-BUSYSTATUS", "BUSY" if books else "FREE")
    if entry.description:
        event.add("description", clean_text(entry.description))
    if entry.location:
        event.add("location", clean_line(entry.location))
    if entry.organiser is not None:
        event["organizer"] = _person(entry.organiser)
    for attendee in entry.attendees:
        event.add("attendee", _attendee(attendee, method, entry.informs), encode=False)
    if entry.alarm_before is not None and method is not Method.CANCEL:
        event.add_component(_alarm(entry, entry.alarm_before))
    return event


def _spoken(moment: datetime, zone_name: str) -> datetime:
    """With its zone; in UTC the second time a wall time happens, which RFC 5545 cannot say."""
    local = moment.astimezone(zone(zone_name))
    return moment if local.fold else local


def _alarm(entry: CalendarEntry, before: timedelta) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", clean_line(entry.summary))
    alarm.add("trigger", -before)
    return alarm


def _person(recipient: Recipient) -> vCalAddress:
    person = vCalAddress(f"mailto:{address(recipient).addr_spec}")
    if recipient.name:
        person.params["CN"] = vText(clean_line(recipient.name))
    return person


def _attendee(recipient: Recipient, method: Method, informs: bool) -> vCalAddress:
    person = _person(recipient)
    person.params["ROLE"] = vText("OPT-PARTICIPANT" if informs else "REQ-PARTICIPANT")
    if method is Method.REQUEST and informs:
        person.params["RSVP"] = vText("FALSE")
    elif method is Method.REQUEST:
        person.params["PARTSTAT"] = vText("NEEDS-ACTION")
        person.params["RSVP"] = vText("TRUE")
    return person
