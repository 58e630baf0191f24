"""Clock times as they are said in the night: “07:30” is the next 07:30."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from app.models.errors import BadInput
from app.models.times import Window, parse_wall, speak_span, speak_time, to_utc, to_wall

_HALF_A_DAY = timedelta(hours=12)
_CLOCK = re.compile(r"^\s*([01]?\d|2[0-3])[:.h]?([0-5]\d)\s*$")


def coming(text: str, now: datetime, zone: str) -> datetime:
    """The moment (UTC) of the next `07:30` after `now` on a wall in `zone`. Raises BadInput for
    anything else, and for a time that the clocks jump over."""
    found = _CLOCK.match(text)
    if found is None:
        raise BadInput(f"“{text.strip()}” is not a time of day; write it like 22:30.")
    here = to_wall(now, zone)
    wall = here.replace(hour=int(found[1]), minute=int(found[2]), second=0, microsecond=0, fold=0)
    for days in (0, 1):
        day = wall + timedelta(days=days)
        for fold in (0, 1):
            if to_utc(day, zone, fold) > now:
                Window.of(day, day + timedelta(days=1), zone, fold, 0)  # refuses a gap
                return to_utc(day, zone, fold)
    return to_utc(wall + timedelta(days=2), zone)


def of_the_night(text: str, start: datetime, zone: str) -> datetime:
    """The moment (UTC) of `19:30` in the night that begins at `start`: the first one from half a
    day before it; another day is written out, `2025-01-11 19:30`. Raises BadInput."""
    if _CLOCK.match(text):
        return coming(text, start - _HALF_A_DAY - timedelta(seconds=1), zone)
    try:
        wall = parse_wall(text)
    except BadInput:
        raise BadInput(
            f"“{text.strip()}” is not a time; write it like 19:30, or 2025-01-11 19:30 for another "
            "day."
        ) from None
    Window.of(wall, wall + timedelta(days=1), zone, 0, 0)  # refuses a gap
    return to_utc(wall, zone)


def as_of_the_night(moment: datetime, start: datetime, zone: str) -> str:
    """As `of_the_night` reads it."""
    wall = to_wall(moment, zone)
    said = speak_time(wall)
    return said if of_the_night(said, start, zone) == moment else f"{wall:%Y-%m-%d} {said}"


def badge(moment: datetime, start: datetime) -> str:
    """`T−42m`, `T+1h 7m`, `T−4d`: the clock of a flight in as little room as there is."""
    left = start - moment
    sign = "−" if left > timedelta() else "+"
    said = speak_span(left).replace(" min", "m").replace(" h", "h")
    return f"T{sign}{said.replace(' days', 'd').replace(' day', 'd')}"


def ticking(moment: datetime, start: datetime) -> str:
    """`T−00:41:12` before the start, `T+01:07:03` after it."""
    seconds = int((moment - start).total_seconds())
    minutes, rest = divmod(abs(seconds), 60)
    return f"T{'+' if seconds >= 0 else '−'}{minutes // 60:02d}:{minutes % 60:02d}:{rest:02d}"
