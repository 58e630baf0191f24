"""Calendar events as plain rows: what a file said, and when it happens.

These cross a process boundary and are stored as text, so they hold nothing but plain values.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta
from functools import cache
from operator import attrgetter
from typing import Any, cast

from app.models.times import to_utc


@cache
def _fields_of(row: type[Any]) -> Callable[[object], tuple[object, ...]]:
    return attrgetter(*(each.name for each in fields(row)))


class _Sent:
    """A row of which thousands come from the child process: pickled as its bare fields. Left to
    itself a dataclass with slots looks its fields up anew for every row, which takes twice as
    long. At least two fields."""

    __slots__ = ()

    def __reduce__(self) -> tuple[type[Any], tuple[object, ...]]:
        row: Any = type(self)
        return row, _fields_of(row)(self)


@dataclass(frozen=True, slots=True)
class Stamp(_Sent):
    """A time as written: the wall time (naive) and its zone.

    `zone` is an IANA name, or the name of a `FileZone` of the same event, or "" when only the
    date counts (all-day events; the wall is then midnight).
    """

    wall: datetime
    zone: str

    @property
    def is_date(self) -> bool:
        return not self.zone


@dataclass(frozen=True, slots=True)
class FileZone:
    """A zone that only the file knows, from its VTIMEZONE.

    `changes` are (first wall time with the new offset, offset from then on in seconds), rising.
    The first of them is the offset before all others as well. A wall time that happens twice is
    the first of the two, one that never happens is read with the offset before (RFC 5545 §3.3.5).
    """

    name: str
    changes: tuple[tuple[datetime, int], ...]

    def to_utc(self, wall: datetime) -> datetime:
        at = bisect_right(self.changes, wall, key=lambda change: change[0])
        offset = self.changes[max(at - 1, 0)][1]
        return wall.replace(tzinfo=UTC) - timedelta(seconds=offset)

    def to_wall(self, moment: datetime) -> datetime:
        naive = moment.astimezone(UTC).replace(tzinfo=None)
        for _, offset in reversed(self.changes):
            wall = naive + timedelta(seconds=offset)
            if self.to_utc(wall) == moment:
                return wall
        return naive + timedelta(seconds=self.changes[0][1])


@dataclass(frozen=True, slots=True)
class ExtraDate:
    """One more occurrence (RDATE); `seconds` is its own length when it is a PERIOD."""

    start: Stamp
    seconds: int | None = None


@dataclass(frozen=True, slots=True)
class Override:
    """One occurrence of a series that was changed (RECURRENCE-ID): `of` is when it was due.

    `onwards` moves all later ones by the same shift (RANGE=THISANDFUTURE).
    """

    of: Stamp
    title: str
    start: Stamp
    end: Stamp
    seconds: int | None = None
    cancelled: bool = False
    onwards: bool = False


@dataclass(frozen=True, slots=True)
class ReadEvent(_Sent):
    """One event or series of a calendar file.

    `key` is the same each time the file is read: the UID; for an override whose series is not in
    the file UID and RECURRENCE-ID; without UID a hash of the content. `end` is exclusive; with
    `seconds` (from DURATION) the length is elapsed time, else the end keeps its wall time too.
    """

    key: str
    title: str
    all_day: bool
    start: Stamp
    end: Stamp
    line: int
    seconds: int | None = None
    rrules: tuple[str, ...] = ()
    exrules: tuple[str, ...] = ()
    rdates: tuple[ExtraDate, ...] = ()
    exdates: tuple[Stamp, ...] = ()
    overrides: tuple[Override, ...] = ()
    sequence: int = 0
    cancelled: bool = False
    transparent: bool = False
    floating: bool = False
    raw_zone: str = ""
    file_zones: tuple[FileZone, ...] = ()

    @property
    def recurs(self) -> bool:
        return bool(self.rrules or self.rdates or self.overrides)

    def moment(self, stamp: Stamp, organisation_zone: str) -> datetime:
        """The stamp in UTC; a date begins at midnight in the organisation's zone."""
        return moment_of(stamp, self.file_zones, organisation_zone)


@dataclass(frozen=True, slots=True)
class Occurrence(_Sent):
    """One time an event happens. `start`/`end` are UTC, the end exclusive; `first_day` and
    `last_day` (inclusive) are set for all-day events, which are dates first of all. `due` is
    when the series had it (UTC): with the key it names the occurrence even after a move."""

    key: str
    title: str
    due: datetime
    start: datetime
    end: datetime
    first_day: date | None = None
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class ReadFault:
    """Something in the file that could not be used; the rest still can. `line` counts from 1."""

    line: int
    sentence: str


@dataclass(frozen=True, slots=True)
class CalendarRead:
    """All that came out of one calendar file."""

    name: str
    events: tuple[ReadEvent, ...]
    occurrences: tuple[Occurrence, ...]
    faults: tuple[ReadFault, ...]


def moment_of(stamp: Stamp, file_zones: tuple[FileZone, ...], organisation_zone: str) -> datetime:
    """Raises BadInput when the zone is neither the file's nor known."""
    for zone in file_zones:
        if zone.name == stamp.zone:
            return zone.to_utc(stamp.wall)
    return to_utc(stamp.wall, stamp.zone or organisation_zone)


def event_to_text(event: ReadEvent) -> str:
    """JSON to keep beside a stored event, from which its occurrences can be made again."""
    return json.dumps(
        {
            "key": event.key,
            "title": event.title,
            "all_day": event.all_day,
            "start": _stamp_out(event.start),
            "end": _stamp_out(event.end),
            "line": event.line,
            "seconds": event.seconds,
            "rrules": event.rrules,
            "exrules": event.exrules,
            "rdates": [[*_stamp_out(extra.start), extra.seconds] for extra in event.rdates],
            "exdates": [_stamp_out(stamp) for stamp in event.exdates],
            "overrides": [_override_out(override) for override in event.overrides],
            "sequence": event.sequence,
            "cancelled": event.cancelled,
            "transparent": event.transparent,
            "floating": event.floating,
            "raw_zone": event.raw_zone,
            "file_zones": [
                [zone.name, [[wall.isoformat(), offset] for wall, offset in zone.changes]]
                for zone in event.file_zones
            ],
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )


def event_from_text(text: str) -> ReadEvent:
    """The event `event_to_text` wrote."""
    raw = json.loads(text)
    plain = {name: raw[name] for name in _PLAIN}
    return ReadEvent(
        start=_stamp_in(raw["start"]),
        end=_stamp_in(raw["end"]),
        rrules=tuple(raw["rrules"]),
        exrules=tuple(raw["exrules"]),
        rdates=tuple(
            ExtraDate(_stamp_in([wall, zone]), seconds) for wall, zone, seconds in raw["rdates"]
        ),
        exdates=tuple(_stamp_in(stamp) for stamp in raw["exdates"]),
        overrides=tuple(_override_in(override) for override in raw["overrides"]),
        file_zones=tuple(
            FileZone(name, tuple((datetime.fromisoformat(w), offset) for w, offset in changes))
            for name, changes in raw["file_zones"]
        ),
        **plain,
    )


_PLAIN = (
    *("key", "title", "all_day", "line", "seconds", "sequence"),
    *("cancelled", "transparent", "floating", "raw_zone"),
)


def _stamp_out(stamp: Stamp) -> list[str]:
    return [stamp.wall.isoformat(), stamp.zone]


def _stamp_in(pair: list[str]) -> Stamp:
    return Stamp(datetime.fromisoformat(pair[0]), pair[1])


def _override_out(override: Override) -> dict[str, object]:
    return {
        "of": _stamp_out(override.of),
        "title": override.title,
        "start": _stamp_out(override.start),
        "end": _stamp_out(override.end),
        "seconds": override.seconds,
        "cancelled": override.cancelled,
        "onwards": override.onwards,
    }


def _override_in(raw: Mapping[str, object]) -> Override:
    return Override(
        of=_stamp_in(cast("list[str]", raw["of"])),
        title=str(raw["title"]),
        start=_stamp_in(cast("list[str]", raw["start"])),
        end=_stamp_in(cast("list[str]", raw["end"])),
        seconds=cast("int | None", raw["seconds"]),
        cancelled=bool(raw["cancelled"]),
        onwards=bool(raw["onwards"]),
    )
