"""Clock times as they are said in the night: “07:30” is the next 07:30."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from app.models.errors import BadInput
from app.models.times import Window, speak_span, to_utc, to_wall

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
