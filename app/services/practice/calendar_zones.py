"""Times with a zone's name beside them, as calendars write them: Windows names and IANA's."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from app.services.calendar.zones import known_zone
from app.services.practice.errors import bad
from app.services.practice.ground import moment
from app.services.practice.state import Json


@lru_cache(maxsize=500)
def zone(name: str) -> ZoneInfo:
    """Raises Refusal 400 for a name that is neither Windows' nor IANA's."""
    found = known_zone(name) if name else None
    if found is None:
        raise bad(
            "TimeZoneNotSupportedException",
            "A valid TimeZone value must be specified. The following TimeZone value is not "
            f"supported: '{name}'.",
        )
    return ZoneInfo(found)


def read_wall(value: Json) -> datetime:
    """The wall time of a dateTimeTimeZone, aware, in its zone. Raises Refusal 400."""
    there = zone(str(value.get("timeZone") or "UTC"))
    text = str(value["dateTime"])
    try:
        if text.endswith("Z") or "+" in text[10:]:
            return moment(text).astimezone(there)
        return moment(text).replace(tzinfo=there)
    except ValueError:
        raise bad("ErrorInvalidRequest", f"'{text}' is not a date and time.") from None


def shown_time(when: datetime, zone_name: str) -> Json:
    """Seven digits and no offset, in the zone asked for."""
    wall = when.astimezone(zone(zone_name)) if zone_name != "UTC" else when.astimezone(UTC)
    return {"dateTime": f"{wall:%Y-%m-%dT%H:%M:%S}.0000000", "timeZone": zone_name}


def shown_day(wall: datetime, zone_name: str) -> Json:
    """The midnight of an all-day event: the same date in every zone."""
    return {"dateTime": f"{wall:%Y-%m-%d}T00:00:00.0000000", "timeZone": zone_name}


def window(start: str | None, end: str | None) -> tuple[datetime, datetime]:
    """`startDateTime` and `endDateTime`: an offset counts, none is UTC. Raises Refusal 400."""
    if not start or not end:
        raise bad(
            "ErrorInvalidParameter",
            "This request requires a time window specified by the query string parameters "
            "StartDateTime and EndDateTime.",
        )
    try:
        found = moment(start), moment(end)
    except ValueError:
        raise bad("ErrorInvalidParameter", "The time window cannot be read.") from None
    if found[1] <= found[0]:
        raise bad("ErrorInvalidParameter", "The end of the time window is before its start.")
    return found
