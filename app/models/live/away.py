"""The console was away during a flight (killed, or its lid closed): for how long, and what came due
meanwhile. Nothing was done in that time; whoever comes back hears first what passed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.models.log import iso
from app.models.times import speak_date, speak_span, speak_time, to_wall

LEAST = timedelta(minutes=2)
"""Shorter than this is a restart, not an absence."""
MOST_TIMES = 10
MOST_SAID = 6


@dataclass(frozen=True, slots=True)
class Away:
    """From when the console was last seen running until it ran again."""

    since: datetime
    until: datetime

    @property
    def span(self) -> timedelta:
        return self.until - self.since

    def within(self, start: datetime, end: datetime) -> timedelta:
        """How much of it lies between the two; less than a minute is nothing to be said."""
        span = min(self.until, end) - max(self.since, start)
        return span if span >= timedelta(minutes=1) else timedelta()

    def said(self, zone_name: str) -> str:
        """`away 01:12–01:31`, with the day where they are not of one."""
        since, until = to_wall(self.since, zone_name), to_wall(self.until, zone_name)
        day = f"{speak_date(since.date())} " if since.date() != until.date() else ""
        to = f"{speak_date(until.date())} " if day else ""
        return f"away {day}{speak_time(since)}–{to}{speak_time(until)}"


@dataclass(frozen=True, slots=True)
class Due:
    """Something with a moment of its own, in words that fit behind it: “the promised end”."""

    at: datetime
    words: str


def absence(last_seen: datetime | None, now: datetime, speed: float = 1.0) -> Away | None:
    """None when it was too short to count, or the clock was set back. `speed` is the clock's: in a
    fast rehearsal a restart takes a while, and what is longer is practised, too."""
    if last_seen is None or now - last_seen < LEAST * min(speed, MOST_TIMES):
        return None
    return Away(last_seen, now)


def came_due(away: Away, known: Iterable[Due]) -> tuple[Due, ...]:
    """What passed meanwhile, oldest first; each once."""
    found = {due for due in known if away.since < due.at <= away.until}
    return tuple(sorted(found, key=lambda due: (due.at, due.words)))


def told(away: Away, due: tuple[Due, ...], zone_name: str) -> str:
    """The sentence for the log."""
    said = f"{away.said(zone_name)} ({speak_span(away.span)})"
    if not due:
        return f"{said}; nothing came due meanwhile"
    listed = [f"{speak_time(to_wall(each.at, zone_name))} {each.words}" for each in due]
    more = f" and {len(listed) - MOST_SAID} more" if len(listed) > MOST_SAID else ""
    return f"{said}; came due meanwhile: {'; '.join(listed[:MOST_SAID])}{more}"


def kept(away: Away) -> Mapping[str, str]:
    """As the log's entry keeps it beside its sentence."""
    return {"since": iso(away.since), "until": iso(away.until)}


def read_back(data: Mapping[str, str]) -> Away | None:
    """The absence that an entry keeps; None when it keeps none."""
    if "since" not in data or "until" not in data:
        return None
    return Away(datetime.fromisoformat(data["since"]), datetime.fromisoformat(data["until"]))
