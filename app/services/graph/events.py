"""Events as Graph has them and as the ports do. A page may hold thousands: no more is done for
each than must be."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

from app.models.times import to_wall
from app.services.graph.answers import Json
from app.services.graph.keys import KEY_PROPERTY
from app.services.graph.times import iana, moment_of, pair_of
from app.services.ports.calendars import Entry, RemoteEvent

_NO_TIME = datetime(1, 1, 1, tzinfo=UTC)
_parse = datetime.fromisoformat


def remote_events(
    rows: Iterable[Json], master_of: Callable[[str], Json | None]
) -> list[RemoteEvent]:
    """Each row whole: an occurrence that comes as a stub takes what it lacks from its master."""
    found = []
    for row in rows:
        if "subject" in row or not row.get("seriesMasterId"):
            found.append(remote_event(row))
        else:
            found.append(_occurrence(row, master_of(row["seriesMasterId"]) or {}))
    return found


def remote_event(row: Json) -> RemoteEvent:
    get = row.get
    place, noted = get("location"), get("singleValueExtendedProperties")
    start, end, all_day = _moment(get("start")), _moment(get("end")), get("isAllDay") or False
    if all_day:
        start, end = _dates(start, end, get("originalStartTimeZone"))
    return RemoteEvent(
        row["id"],
        get("iCalUId") or "",
        get("changeKey") or get("@odata.etag") or "",
        get("subject") or "",
        start,
        end,
        all_day,
        get("isCancelled") or False,
        (place and place.get("displayName")) or "",
        get("transactionId") or (_noted(noted) if noted else ""),
        get("seriesMasterId") or "",
        get("type") == "seriesMaster",
        get("webLink") or "",
    )


def _occurrence(stub: Json, master: Json) -> RemoteEvent:
    """All that Graph says of an occurrence is when it is."""
    get = master.get
    place = get("location")
    start, end = _moment(stub.get("start")), _moment(stub.get("end"))
    all_day = get("isAllDay") or False
    if all_day:
        start, end = _dates(start, end, get("originalStartTimeZone"))
    return RemoteEvent(
        stub["id"],
        get("iCalUId") or "",
        stub.get("changeKey") or stub.get("@odata.etag") or "",
        get("subject") or "",
        start,
        end,
        all_day,
        get("isCancelled") or False,
        (place and place.get("displayName")) or "",
        series=stub["seriesMasterId"],
    )


def _moment(pair: Json | None) -> datetime:
    if pair is not None and pair.get("timeZone") == "UTC":
        try:
            return _parse(pair["dateTime"] + "+00:00")
        except (ValueError, KeyError, TypeError):
            pass
    return moment_of(pair) or _NO_TIME


def _dates(start: datetime, end: datetime, zone: str | None) -> tuple[datetime, datetime]:
    """A whole day begins at midnight somewhere; should that come as a moment, the date there, else
    the nearest one."""
    if not (start.hour or start.minute):
        return start, end
    known = iana(zone) if zone else None
    if known:
        walls = (to_wall(start, known), to_wall(end, known))
    else:
        walls = (start + timedelta(hours=12), end + timedelta(hours=12))
    first, last = (datetime(wall.year, wall.month, wall.day, tzinfo=UTC) for wall in walls)
    return first, last


def _noted(properties: list[Json]) -> str:
    for each in properties:
        if str(each.get("id", "")).casefold() == KEY_PROPERTY.casefold():
            return str(each.get("value") or "")
    return ""


def event_body(entry: Entry) -> Json:
    """What an event of ours says, without its key."""
    body: Json = {
        "subject": entry.subject,
        "start": pair_of(entry.start, entry.zone),
        "end": pair_of(entry.end, entry.zone),
        "location": {"displayName": entry.location},
        "showAs": entry.show_as,
        "categories": list(entry.categories),
    }
    if entry.html is not None:
        body["body"] = {"contentType": "HTML", "content": entry.html}
    return body


def new_event(entry: Entry) -> Json:
    return {
        **event_body(entry),
        "transactionId": entry.key,
        "singleValueExtendedProperties": [{"id": KEY_PROPERTY, "value": entry.key}],
        "isReminderOn": False,
    }


def differences(entry: Entry, there: Json) -> Json:
    """What of an entry is not yet so in the calendar. Words (`html`) cannot be compared, as
    Exchange rewrites them, so they always differ; but on an online meeting they are left alone:
    writing them would drop or change its join link."""
    body = event_body(entry)
    if entry.subject == (there.get("subject") or ""):
        del body["subject"]
    if entry.show_as.casefold() == (there.get("showAs") or "").casefold():
        del body["showAs"]
    if set(entry.categories) == set(there.get("categories") or ()):
        del body["categories"]
    if ((there.get("location") or {}).get("displayName") or "") == entry.location:
        del body["location"]
    if all(moment_of(body[name]) == moment_of(there.get(name)) for name in ("start", "end")):
        del body["start"], body["end"]
    if there.get("isOnlineMeeting"):
        body.pop("body", None)
    return body
