"""Which zone a TZID means: a known name beats the file's own VTIMEZONE."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import cache
from itertools import islice
from typing import Any
from zoneinfo import available_timezones

from dateutil.rrule import rrulestr
from icalendar import TimezoneDaylight, TimezoneStandard
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from app.models.calendar.events import FileZone
from app.models.errors import BadInput
from app.services.calendar.scanning import Block

LAST_YEAR = 2060
_MOST_RULES = 20
_MOST_CHANGES = 2_000


@cache
def _known() -> dict[str, str]:
    names = {name.casefold(): name for name in available_timezones()}
    windows = {name.casefold(): iana for name, iana in WINDOWS_TO_OLSON.items()}
    return {**windows, **names, "z": "UTC", "tzone://microsoft/utc": "UTC"}


def known_zone(tzid: str) -> str | None:
    """The IANA name for an IANA or Windows name, also behind a vendor's prefix
    (`/freeassociation.sourceforge.net/Europe/Berlin`, RFC 5545 §3.2.19)."""
    known = _known()
    plain = tzid.strip().casefold()
    if found := known.get(plain) or known.get(plain.strip("/")):
        return found
    if plain.startswith("/"):
        parts = plain.strip("/").split("/")
        for at in range(1, len(parts)):
            if found := known.get("/".join(parts[at:])):
                return found
    return None


class ZonesOfFile:
    """The VTIMEZONEs of one file, parsed only when an event asks for them."""

    def __init__(self, blocks: Iterable[Block]) -> None:
        self._blocks: dict[str, Block] = {}
        self._read: dict[str, FileZone] = {}
        for block in islice(blocks, 2_000):
            tzid = _tzid(block)
            if tzid:
                self._blocks.setdefault(tzid, block)

    def resolve(self, tzid: str) -> str | FileZone:
        """An IANA name, or what the file says. Raises BadInput when neither knows it."""
        if found := known_zone(tzid):
            return found
        if tzid not in self._read:
            block = self._blocks.get(tzid)
            if block is None:
                raise BadInput(f"its time zone “{tzid[:80]}” is unknown and not in the file")
            self._read[tzid] = _file_zone(tzid, block)
        return self._read[tzid]


def _tzid(block: Block) -> str:
    for line in block.lines:
        if line[:5].upper() == b"TZID:":
            return line[5:].decode("utf-8", "replace").strip()
        if line[:6].upper() == b"BEGIN:":
            return ""
    return ""


def _file_zone(tzid: str, block: Block) -> FileZone:
    bad = BadInput(f"the file does not say plainly what its time zone “{tzid[:80]}” is")
    if block.trouble:
        raise bad
    changes: list[tuple[datetime, timedelta, timedelta]] = []
    rules = 0
    try:
        for kind, text in _observances(block):
            part: Any = (TimezoneStandard if kind == b"STANDARD" else TimezoneDaylight).from_ical(
                b"BEGIN:" + kind + b"\r\n" + text + b"END:" + kind + b"\r\n"
            )
            before, after = part["TZOFFSETFROM"].td, part["TZOFFSETTO"].td
            rules += "RRULE" in part
            if rules > _MOST_RULES or isinstance(part.get("RRULE"), list):
                raise bad
            changes += [(onset, before, after) for onset in _onsets(part)]
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError):
        raise bad from None
    if not changes or len(changes) > _MOST_CHANGES:
        raise bad
    changes.sort(key=lambda change: change[0] - change[1])
    walls = [(datetime(1, 1, 1), changes[0][1])]  # noqa: DTZ001 (walls are naive)
    # the first wall time sure to be after the change, whether clocks jump ahead or back
    walls += [(onset + max(after - before, timedelta()), after) for onset, before, after in changes]
    walls.sort(key=lambda change: change[0])
    return FileZone(tzid, tuple((wall, int(off.total_seconds())) for wall, off in walls))


def _observances(block: Block) -> Iterator[tuple[bytes, bytes]]:
    kind = b""
    lines: list[bytes] = []
    for line in block.lines:
        head = line.upper().rstrip()
        if head in (b"BEGIN:STANDARD", b"BEGIN:DAYLIGHT"):
            kind, lines = head[6:], []
        elif kind and head == b"END:" + kind:
            yield kind, b"".join(kept + b"\r\n" for kept in lines)
            kind = b""
        elif kind:
            lines.append(line)


def _onsets(part: Any) -> Iterator[datetime]:
    start = _wall(part["DTSTART"].dt)
    yield start
    rdates = part.get("RDATE", [])
    for listed in rdates if isinstance(rdates, list) else [rdates]:
        for one in listed.dts:
            yield _wall(one.dt)
    if "RRULE" not in part:
        return
    rule = part["RRULE"]
    if rule.get("FREQ") != ["YEARLY"]:  # anything else is no time zone, and may never end
        raise ValueError("a time zone changes by the year")
    until = rule.pop("UNTIL", [None])[0]
    last = datetime(LAST_YEAR, 1, 1)  # noqa: DTZ001
    if isinstance(until, datetime):
        # UNTIL is UTC, onsets are walls before the change
        shift = part["TZOFFSETFROM"].td if until.tzinfo else timedelta()
        last = min(last, until.replace(tzinfo=None) + shift)
    for count, onset in enumerate(rrulestr(rule.to_ical().decode(), dtstart=start)):
        if onset > last or count > _MOST_CHANGES:
            return
        yield onset


def _wall(value: object) -> datetime:
    if not isinstance(value, datetime):
        raise ValueError("a time zone changes at a time of day")
    return value.replace(tzinfo=None)
