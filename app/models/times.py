"""Wall time, zones and windows.

A window that has not started is wall time + IANA zone + fold, and UTC is computed from it
whenever it is asked for, because zone rules change. All datetimes called `…_utc` or "moment"
are aware and in UTC; all called `wall` are naive.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from app.models.errors import BadInput

YEARS = range(1970, 2201)
"""Windows outside these are slips of the pen, and near the ends of the calendar sums overflow."""
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@lru_cache(maxsize=600)
def zone(name: str) -> ZoneInfo:
    """The IANA zone called `name`. Raises BadInput for anything else."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError, TypeError):
        raise BadInput(
            f"“{name}” is not a time zone we know; write it like Europe/London or America/New_York."
        ) from None


@cache
def zone_names() -> tuple[str, ...]:
    """Every IANA zone, in the order of their names; finding them walks hundreds of files."""
    return tuple(sorted(available_timezones()))


def parse_wall(text: str) -> datetime:
    """A naive datetime from `2025-01-10T19:00` or `2025-01-10 19:00`. Raises BadInput."""
    try:
        wall = datetime.fromisoformat(text.strip())
    except ValueError:
        raise BadInput(f"“{text}” is not a time; write it like 2025-01-10T19:00.") from None
    if wall.tzinfo is not None:
        raise BadInput(f"“{text}” carries an offset; give the wall time and the zone apart.")
    return wall.replace(second=0, microsecond=0)


def in_gap(wall: datetime, zone_name: str) -> bool:
    """True when clocks jump over this wall time, so that it never happens."""
    there = wall.replace(tzinfo=zone(zone_name), fold=0)
    back = there.astimezone(UTC).astimezone(zone(zone_name))
    return back.replace(tzinfo=None) != wall.replace(fold=0)


def is_ambiguous(wall: datetime, zone_name: str) -> bool:
    """True when clocks are set back over this wall time, so that it happens twice."""
    z = zone(zone_name)
    first, second = (wall.replace(tzinfo=z, fold=f).utcoffset() for f in (0, 1))
    return first != second and not in_gap(wall, zone_name)


def to_utc(wall: datetime, zone_name: str, fold: int = 0) -> datetime:
    """The moment of a wall time; `fold` 1 is the second of two in an overlap."""
    return wall.replace(tzinfo=zone(zone_name), fold=fold).astimezone(UTC)


def first_moment(wall: datetime, zone_name: str) -> datetime:
    """The first at which a clock there shows `wall` or later: of a time that clocks jump over,
    the jump; of one that happens twice, the first."""
    moment = to_utc(wall, zone_name)
    if not in_gap(wall, zone_name):
        return moment
    early = to_utc(wall, zone_name, fold=1)  # as reckoned by the offset after the jump
    while moment - early > timedelta(minutes=1):
        middle = early + (moment - early) / 2
        jumped = to_wall(middle, zone_name) >= wall
        early, moment = (early, middle) if jumped else (middle, moment)
    return moment.replace(second=0, microsecond=0)


def to_wall(moment: datetime, zone_name: str) -> datetime:
    """What a clock on the wall there shows; naive, its fold kept."""
    return moment.astimezone(zone(zone_name)).replace(tzinfo=None)


@dataclass(frozen=True, slots=True)
class Window:
    """The agreed span of an outage. Build with `Window.of`, which refuses what cannot be."""

    start: datetime
    end: datetime
    zone: str
    start_fold: int = 0
    end_fold: int = 0

    @classmethod
    def of(
        cls,
        start: datetime,
        end: datetime,
        zone_name: str,
        start_fold: int | None = None,
        end_fold: int | None = None,
    ) -> Window:
        """Raises BadInput: unknown zone, a wall time that never happens, one that happens
        twice with no fold given, end not after start."""
        folds = []
        for wall, fold, what in ((start, start_fold, "start"), (end, end_fold, "end")):
            if wall.year not in YEARS:
                raise BadInput(f"The {what} lies in the year {wall.year}; check the year.")
            if in_gap(wall, zone_name):
                raise BadInput(
                    f"{speak_time(wall)} on {speak_date(wall.date())} does not happen in "
                    f"{zone_name}: the clocks jump over it. Choose another {what}."
                )
            if fold is None and is_ambiguous(wall, zone_name):
                raise BadInput(
                    f"{speak_time(wall)} on {speak_date(wall.date())} happens twice in "
                    f"{zone_name}, as the clocks go back. Say which of the two the {what} is.",
                    ambiguous=what,
                )
            folds.append(fold or 0)
        window = cls(start, end, zone_name, folds[0], folds[1])
        if window.end_utc <= window.start_utc:
            raise BadInput("The window ends before it starts; give an end after the start.")
        return window

    @property
    def start_utc(self) -> datetime:
        return to_utc(self.start, self.zone, self.start_fold)

    @property
    def end_utc(self) -> datetime:
        return to_utc(self.end, self.zone, self.end_fold)

    @property
    def minutes(self) -> int:
        """Elapsed, not wall-clock, minutes."""
        return int((self.end_utc - self.start_utc).total_seconds() // 60)


def overlaps(a_start: datetime, a_end: datetime, b_start: datetime, b_end: datetime) -> bool:
    """Touching ends do not overlap: one crew may hand over to the next."""
    return a_start < b_end and b_start < a_end


def in_utc(moment: datetime) -> datetime:
    """Of one that names no zone; `replace` takes several times as long, for thousands of them."""
    return datetime.combine(moment, moment.time(), UTC)


def speak_date(day: date) -> str:
    """`Fri 10 Jan`; independent of the machine's language."""
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}"


def whole_days(start: datetime, end: datetime, zone_name: str) -> str:
    """`all Thu 21 Jan`, `Thu 21 Jan to Sat 23 Jan`; empty unless both are midnights there."""
    first, after = to_wall(start, zone_name), to_wall(end, zone_name)
    if first.time() != time.min or after.time() != time.min or first >= after:
        return ""
    last = after.date() - timedelta(days=1)
    if last == first.date():
        return f"all {speak_date(last)}"
    return f"{speak_date(first.date())} to {speak_date(last)}"


def speak_time(wall: datetime) -> str:
    """`19:00`."""
    return f"{wall.hour:02d}:{wall.minute:02d}"  # strftime takes four times as long


def abbreviation(moment: datetime, zone_name: str) -> str:
    """`EST`, or `UTC+05:45` where the zone has only numbers for a name."""
    local = moment.astimezone(zone(zone_name))
    name = local.tzname() or ""
    return name if name[:1].isalpha() else f"UTC{local:%z}"[:6] + ":" + f"{local:%z}"[3:5]


def speak_window(window: Window) -> str:
    """`Fri 10 Jan 19:00–22:00 EST`; names both days when it crosses midnight."""
    start, end = window.start, window.end
    tail = speak_time(end)
    if end.date() != start.date():
        tail = f"{speak_date(end.date())} {tail}"
    return (
        f"{speak_date(start.date())} {speak_time(start)}–{tail} "
        f"{abbreviation(window.end_utc, window.zone)}"
    )


def speak_near(moment: datetime, now: datetime, zone_name: str) -> str:
    """`00:45` within twelve hours of `now`, as nobody mistakes its day; else `Fri 10 Jan 19:00`."""
    wall = to_wall(moment, zone_name)
    near = abs(moment - now) <= timedelta(hours=12)
    return speak_time(wall) if near else f"{speak_date(wall.date())} {speak_time(wall)}"


def speak_moment(moment: datetime, zone_name: str) -> str:
    """`Fri 10 Jan 19:00 EST`."""
    wall = to_wall(moment, zone_name)
    return f"{speak_date(wall.date())} {speak_time(wall)} {abbreviation(moment, zone_name)}"


def speak_moment_of_year(moment: datetime, zone_name: str) -> str:
    """`Fri 10 Jan 2025 19:00 EST`: where the year may be what was mistyped."""
    wall = to_wall(moment, zone_name)
    said = f"{speak_date(wall.date())} {wall.year} {speak_time(wall)}"
    return f"{said} {abbreviation(moment, zone_name)}"


def between(earlier: datetime, later: datetime) -> timedelta:
    """In the whole minutes that are shown of both, so that whoever reckons it comes to the same."""
    return later.replace(second=0, microsecond=0) - earlier.replace(second=0, microsecond=0)


def speak_span(span: timedelta) -> str:
    """`42 min`, `1 h 55 min`, `3 days`; always positive, rounded down to the minute."""
    minutes = int(abs(span).total_seconds() // 60)
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 48 * 60:
        hours, rest = divmod(minutes, 60)
        return f"{hours} h {rest} min" if rest else f"{hours} h"
    return f"{minutes // 1440} days"


def t_clock(moment: datetime, start: datetime) -> str:
    """`T−00:42` before the start, `T+01:07` after it (hours and minutes)."""
    seconds = int((moment - start).total_seconds())
    sign = "+" if seconds >= 0 else "−"
    minutes = abs(seconds) // 60 if seconds >= 0 else (abs(seconds) + 59) // 60
    return f"T{sign}{minutes // 60:02d}:{minutes % 60:02d}"
