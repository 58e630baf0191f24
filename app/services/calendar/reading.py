"""Reading a calendar file (.ics), event by event, into plain rows.

Runs in a child process (`child.py`): imports neither Qt nor the database. A bad event becomes a
fault with its line; all others are still read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, cast

from icalendar import Event

from app.models.calendar.events import (
    ExtraDate,
    FileZone,
    Override,
    ReadEvent,
    ReadFault,
    Stamp,
    moment_of,
)
from app.models.errors import BadInput
from app.services.calendar.scanning import Block, blocks
from app.services.calendar.zones import ZonesOfFile

_TIMES = ("DTSTART", "DTEND", "DURATION", "RRULE", "EXRULE", "RDATE", "EXDATE", "RECURRENCE-ID")
_WANTED = frozenset(
    name.encode() for name in (*_TIMES, "SUMMARY", "UID", "SEQUENCE", "STATUS", "TRANSP")
)
_MOST_DATES = 20_000
_YEARS = range(1900, 2201)


@dataclass(frozen=True, slots=True)
class _Parsed:
    """One VEVENT: a series or event, or (with `of`) one changed occurrence."""

    event: ReadEvent
    uid: str
    of: Stamp | None
    onwards: bool


def read_events(
    data: bytes, *, zone: str, progress: Callable[[int], None] = lambda done: None
) -> tuple[list[ReadEvent], list[ReadFault]]:
    """Every event in the bytes (see `require_calendar`), series and their overrides joined.

    `zone` is the organisation's IANA zone, which floating times take. `progress` hears how many
    VEVENTs were read.
    """
    zones = ZonesOfFile(blocks(data, b"VTIMEZONE") if b"VTIMEZONE" in data.upper() else ())
    parsed: list[_Parsed] = []
    faults: list[ReadFault] = []
    for done, block in enumerate(blocks(data, b"VEVENT", _WANTED), 1):
        try:
            parsed.append(_Reading(zone, zones, block).parsed())
        except BadInput as bad:
            faults.append(
                ReadFault(
                    block.line,
                    f"The event at line {block.line:,} was left out: {bad.sentence}.",
                )
            )
        progress(done)
    return _joined(parsed, faults, zone), faults


class _Reading:
    """Reads one block; what icalendar cannot read is said in words."""

    def __init__(self, zone: str, zones: ZonesOfFile, block: Block) -> None:
        if block.trouble:
            raise BadInput(block.trouble)
        self._zone = zone
        self._zones = zones
        self._block = block
        self._file_zones: dict[str, FileZone] = {}
        lines = b"".join(line + b"\r\n" for line in map(_mended, block.lines))
        try:
            text = (b"BEGIN:VEVENT\r\n" + lines + b"END:VEVENT\r\n").decode()
        except UnicodeDecodeError:
            text = (b"BEGIN:VEVENT\r\n" + lines + b"END:VEVENT\r\n").decode("cp1252", "replace")
        try:
            # icalendar's value types are a wide union: it ends here, in plain rows
            self._event: Any = Event.from_ical(text)
        except (ValueError, KeyError, IndexError, TypeError, OverflowError):
            raise BadInput("it is not written as a calendar event") from None
        for name, _ in self._event.errors:
            if name is None or name.upper() in _TIMES:
                raise BadInput(f"its {name or 'content'} cannot be read")

    def parsed(self) -> _Parsed:
        if "DTSTART" not in self._event:
            raise BadInput("it has no start (DTSTART)")
        raw_zone = str(self._params("DTSTART").get("TZID", ""))
        first = self._one("DTSTART")
        floating = isinstance(first, datetime) and first.tzinfo is None and not raw_zone
        start = self._stamp(first, raw_zone, self._zone)
        end, seconds = self._end(start)
        uid = _clean(str(self._event.get("UID", "")))[:1000]
        event = ReadEvent(
            key=uid or "hash:" + self._content_hash(),
            title=_clean(str(self._text("SUMMARY")))[:500] or "(no title)",
            all_day=start.is_date,
            start=start,
            end=end,
            line=self._block.line,
            seconds=seconds,
            rrules=self._rules("RRULE"),
            exrules=self._rules("EXRULE"),
            rdates=tuple(self._dates("RDATE", start)),
            exdates=tuple(extra.start for extra in self._dates("EXDATE", start)),
            sequence=self._sequence(),
            cancelled=str(self._text("STATUS")).upper() == "CANCELLED",
            transparent=str(self._text("TRANSP")).upper() == "TRANSPARENT",
            floating=floating,
            raw_zone=raw_zone,
        )
        of, onwards = self._recurrence_id(start)
        event = replace(event, file_zones=tuple(map(_trim(event), self._file_zones.values())))
        return _Parsed(event, uid, of, onwards)

    def _one(self, name: str) -> date | datetime | timedelta:
        value = self._event[name]
        value = value[0] if isinstance(value, list) else value
        return cast("date | datetime | timedelta", value.dt)

    def _params(self, name: str) -> dict[str, str]:
        value = self._event[name]
        value = value[0] if isinstance(value, list) else value
        return cast("dict[str, str]", value.params)

    def _text(self, name: str) -> str:
        value = self._event.get(name, "")
        return str(value[0] if isinstance(value, list) else value)

    def _sequence(self) -> int:
        text = self._text("SEQUENCE") if not self._broken("SEQUENCE") else ""
        return int(text) if text.isdecimal() and len(text) < 10 else 0

    def _broken(self, name: str) -> bool:
        return any(broken == name for broken, _ in self._event.errors)

    def _stamp(self, value: object, tzid: str, default_zone: str) -> Stamp:
        if not isinstance(value, date):
            raise BadInput("a time of it cannot be read")
        if value.year not in _YEARS:
            raise BadInput(f"it lies in the year {value.year}")
        if not isinstance(value, datetime):
            return Stamp(datetime(value.year, value.month, value.day), "")  # noqa: DTZ001
        wall = value.replace(tzinfo=None, fold=0)
        if value.tzinfo is not None and str(value.tzinfo) == "UTC":
            return Stamp(wall, "UTC")
        if not tzid:
            return Stamp(wall, default_zone or self._zone)
        zone = self._zones.resolve(tzid)
        if isinstance(zone, FileZone):
            self._file_zones[zone.name] = zone
            if len(self._file_zones) > 20:
                raise BadInput("it uses more than 20 time zones of its own")
            return Stamp(wall, zone.name)
        return Stamp(wall, zone)

    def _end(self, start: Stamp) -> tuple[Stamp, int | None]:
        """The exclusive end, and the elapsed seconds when a DURATION says so. Whole days of a
        DURATION are nominal: they keep the wall time (RFC 5545 §3.8.2.5)."""
        day = timedelta(days=1)
        if "DTEND" in self._event:
            end = self._stamp(
                self._one("DTEND"), str(self._params("DTEND").get("TZID", "")), start.zone
            )
            if end.is_date != start.is_date:
                raise BadInput("one of start and end is a date, the other a time")
            if end.is_date and end.wall == start.wall:
                end = replace(end, wall=start.wall + day)  # written so by several calendars
            if self._moment(end) < self._moment(start):
                raise BadInput("it ends before it starts")
            return end, None
        if "DURATION" not in self._event:
            return (replace(start, wall=start.wall + day) if start.is_date else start), None
        length = self._one("DURATION")
        if not isinstance(length, timedelta) or not timedelta() <= length < 3660 * day:
            raise BadInput("its length (DURATION) makes no sense")
        if start.is_date:
            length = max(timedelta(days=length.days), day)
        seconds = None if length % day == timedelta() else int(length.total_seconds())
        return replace(start, wall=start.wall + length), seconds

    def _rules(self, name: str) -> tuple[str, ...]:
        if name not in self._event:
            return ()
        rules = self._event[name]
        rules = rules if isinstance(rules, list) else [rules]
        if len(rules) > 20:
            raise BadInput("it has more than 20 repeat rules")
        return tuple(
            rule.to_ical().decode() if hasattr(rule, "to_ical") else str(rule) for rule in rules
        )

    def _dates(self, name: str, start: Stamp) -> list[ExtraDate]:
        if name not in self._event:
            return []
        listed = self._event[name]
        found: list[ExtraDate] = []
        for dates in listed if isinstance(listed, list) else [listed]:
            tzid = str(dates.params.get("TZID", ""))
            for one in dates.dts:
                if not isinstance(one.dt, tuple):
                    found.append(ExtraDate(self._stamp(one.dt, tzid, start.zone)))
                    continue
                begin = self._stamp(one.dt[0], tzid, start.zone)
                length = one.dt[1]
                if not isinstance(length, timedelta):
                    end = self._stamp(length, tzid, start.zone)
                    length = self._moment(end) - self._moment(begin)
                found.append(ExtraDate(begin, max(0, int(length.total_seconds()))))
        if len(found) > _MOST_DATES:
            raise BadInput(f"it lists more than {_MOST_DATES:,} dates")
        return found

    def _recurrence_id(self, start: Stamp) -> tuple[Stamp | None, bool]:
        if "RECURRENCE-ID" not in self._event:
            return None, False
        params = self._params("RECURRENCE-ID")
        value = self._one("RECURRENCE-ID")
        of = self._stamp(value, str(params.get("TZID", "")), start.zone)
        return of, str(params.get("RANGE", "")).upper() == "THISANDFUTURE"

    def _moment(self, stamp: Stamp) -> datetime:
        return moment_of(stamp, tuple(self._file_zones.values()), self._zone)

    def _content_hash(self) -> str:
        lines = sorted(line for line in self._block.lines if line[:8].upper() != b"SEQUENCE")
        return hashlib.sha256(b"\n".join(lines)).hexdigest()[:32]


def _joined(parsed: list[_Parsed], faults: list[ReadFault], zone: str) -> list[ReadEvent]:
    """Series with their overrides; of two with the same UID the one with the higher SEQUENCE,
    then the later. An override without its series stands alone."""
    masters: dict[str, _Parsed] = {}
    changed: dict[tuple[str, datetime, bool], _Parsed] = {}
    for one in parsed:
        key = one.event.key
        if one.of is not None:
            due = (key, one.event.moment(one.of, zone), one.of.is_date)
            if due not in changed or changed[due].event.sequence <= one.event.sequence:
                changed[due] = one
            continue
        if key in masters:
            if one.uid:
                faults.append(_twice(masters[key].event, one.event))
            if masters[key].event.sequence > one.event.sequence:
                continue
        masters[key] = one
    overrides: dict[str, list[_Parsed]] = {}
    alone: list[ReadEvent] = []
    for (key, due_at, _), one in changed.items():
        if key in masters:
            overrides.setdefault(key, []).append(one)
        else:
            alone.append(replace(one.event, key=f"{key}#{due_at:%Y%m%dT%H%M%SZ}"))
    return [_with(master.event, overrides.get(key, [])) for key, master in masters.items()] + alone


def _with(event: ReadEvent, changes: list[_Parsed]) -> ReadEvent:
    if not changes:
        return event
    zones = {zone.name: zone for zone in event.file_zones}
    for change in changes:
        for zone in change.event.file_zones:
            zones.setdefault(zone.name, zone)
    made = tuple(
        Override(
            of=change.of,
            title=change.event.title,
            start=change.event.start,
            end=change.event.end,
            seconds=change.event.seconds,
            cancelled=change.event.cancelled,
            onwards=change.onwards,
        )
        for change in changes
        if change.of is not None
    )
    return replace(event, overrides=made, file_zones=tuple(zones.values()))


def _twice(one: ReadEvent, other: ReadEvent) -> ReadFault:
    kept = one if one.sequence > other.sequence else other
    return ReadFault(
        other.line,
        f"The events at lines {one.line:,} and {other.line:,} carry the same UID; "
        f"the one at line {kept.line:,} was kept.",
    )


def _trim(event: ReadEvent) -> Callable[[FileZone], FileZone]:
    """Keeps the changes of a file's zone that this event can meet: they are stored with it."""
    since = event.start.wall - timedelta(days=400)

    def trimmed(zone: FileZone) -> FileZone:
        before = [change for change in zone.changes if change[0] < since]
        after = [change for change in zone.changes if change[0] >= since]
        if not event.recurs:
            after = [change for change in after if change[0] < event.end.wall + timedelta(days=400)]
        return FileZone(zone.name, (*before[-1:], *after))

    # an RDATE or EXDATE may lie before the start; then nothing is cut
    early = any(stamp.wall < since for stamp in [*event.exdates, *(r.start for r in event.rdates)])
    return (lambda zone: zone) if early else trimmed


def _mended(line: bytes) -> bytes:
    """`RDATE:20131210Z` (Google's birthdays) is a date; a date has no Z."""
    name, colon, value = line.partition(b":")
    if name.upper() in (b"RDATE", b"EXDATE") and b"Z" in value:
        parts = [p[:-1] if len(p) == 9 and p[8:] == b"Z" else p for p in value.split(b",")]
        return name + colon + b",".join(parts)
    return line


def _clean(text: str) -> str:
    """One line, without control characters (a CR/LF here would end up in a mail's subject)."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
