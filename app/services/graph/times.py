"""Graph's dates: 0 to 7 digits of a second, wall times beside a Windows or IANA zone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

from app.models.errors import BadInput
from app.models.times import in_gap, is_ambiguous, to_utc

_NEVER = "0001-01-01"


def moment(text: str | None) -> datetime | None:
    """The moment of a DateTimeOffset, in UTC; None for nothing and for Graph's “no time”."""
    if not text or text.startswith(_NEVER):
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def stamp(when: datetime) -> str:
    """A moment as Graph takes it, to the second: `2026-11-22T06:00:00Z`."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment_of(pair: Mapping[str, Any] | None) -> datetime | None:
    """The moment of a `dateTimeTimeZone`. A zone nobody knows is read as UTC, which is what we
    ask for in every request."""
    if not pair:
        return None
    text = pair.get("dateTime") or ""
    zone = pair.get("timeZone") or "UTC"
    if zone in ("UTC", "Etc/UTC"):
        return moment(text)
    try:
        wall = datetime.fromisoformat(text)
    except ValueError:
        return None
    if wall.tzinfo:
        return wall.astimezone(UTC)
    try:
        return to_utc(wall, iana(zone) or "UTC")
    except (BadInput, OverflowError):
        return None


def pair_of(wall: datetime, zone: str) -> dict[str, str]:
    """A wall time for Graph, under the zone's Windows name. Zones without one, which Graph may not
    know, go as UTC, and so does what happens twice or never there (the clocks change), as Graph
    has no word for which of the two. Only for what does not recur."""
    wall = wall.replace(tzinfo=None, microsecond=0)
    name = _windows().get(zone)
    if name is None or is_ambiguous(wall, zone) or in_gap(wall, zone):
        return utc_pair(to_utc(wall, zone, wall.fold))
    return {"dateTime": wall.replace(fold=0).isoformat(), "timeZone": name}


def utc_pair(when: datetime) -> dict[str, str]:
    return {"dateTime": when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S"), "timeZone": "UTC"}


@cache
def iana(name: str) -> str | None:
    """The IANA name behind a Windows or IANA name, else None."""
    from app.services.calendar.zones import known_zone  # icalendar takes a quarter of a second

    return known_zone(name)


@cache
def _windows() -> dict[str, str]:
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

    return {olson: windows for windows, olson in WINDOWS_TO_OLSON.items()}
