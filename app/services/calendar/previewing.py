"""A calendar file before it is imported: what it holds, and what it would change."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from app.models.calendar.events import CalendarRead, ReadEvent
from app.models.errors import BadInput
from app.models.times import speak_date, speak_time
from app.services.calendar.child import Progress, read_calendar
from app.services.calendar.occurrences import Horizon
from app.services.calendar.web_known import Known
from app.services.database import Store, organisation

SHOWN = 200


@dataclass(frozen=True, slots=True)
class EventLine:
    """One event as it is shown; `line` is where it begins in the file."""

    line: int
    when: str
    title: str
    repeats: str


@dataclass(frozen=True, slots=True)
class CalendarLook:
    """What was read of a file, to be imported as it was seen. `lines` are its first events by
    time, `words` how many there are and from when to when. From the web, `source` is what the
    layer keeps of where, `spoken` how that is said, and `known` what is known of the answer."""

    path: Path
    read: CalendarRead
    horizon: Horizon
    lines: tuple[EventLine, ...]
    words: str
    source: str = ""
    spoken: str = ""
    known: Known | None = None


def look_into_calendar(
    store: Store,
    path: Path,
    *,
    progress: Progress | None = None,
    cancelled: threading.Event | None = None,
) -> CalendarLook:
    """Blocks while a child process reads; call it from a worker thread or a command. Raises
    BadInput (also for a file without events), Stopped, ReadingFailed, NotFound (no organisation).
    """
    horizon = store.read(lambda uow: Horizon.around(uow.now, organisation(uow).zone))
    read = read_calendar(
        path,
        zone=horizon.zone,
        since=horizon.since,
        until=horizon.until,
        progress=progress,
        cancel=cancelled,
    )
    require_events(read)
    by_time = sorted(read.events, key=lambda event: (event.start.wall, event.title))
    lines = tuple(_line(event, horizon.zone) for event in by_time[:SHOWN])
    return CalendarLook(path, read, horizon, lines, _words(read, by_time))


def require_events(read: CalendarRead) -> None:
    """Raises BadInput: a file without events would empty the layer."""
    if not read.events:
        first = f" ({read.faults[0].sentence.rstrip('.')})" if read.faults else ""
        raise BadInput(f"{read.name or 'The file'} holds no events{first}. Nothing was imported.")


def _words(read: CalendarRead, by_time: list[ReadEvent]) -> str:
    count = len(by_time)
    events = "1 event" if count == 1 else f"{count:,} events"
    first, last = by_time[0].start.wall, by_time[-1].start.wall
    days = f"{speak_date(first.date())} {first.year}"
    if last.date() != first.date():
        days = f"from {days} to {speak_date(last.date())} {last.year}"
    repeating = sum(event.recurs for event in by_time)
    again = f", {repeating:,} of them repeating" if repeating else ""
    faults = len(read.faults)
    not_read = f"; {faults:,} left out" if faults else ""
    return f"{events}{again}, {days}{not_read}."


def _line(event: ReadEvent, home: str) -> EventLine:
    start, end = event.start.wall, event.end.wall
    when = f"{speak_date(start.date())} {start.year}"
    last = end.date() - timedelta(days=1) if event.all_day else end.date()
    until = f"{speak_date(last)} " if last > start.date() else ""
    if event.all_day:
        when += f"–{until.rstrip()}" if until else ""
    else:
        zone = "" if event.start.zone in ("", home) else f" {event.start.zone}"
        when += f" {speak_time(start)}–{until}{speak_time(end)}{zone}"
    title = f"{event.title} (cancelled)" if event.cancelled else event.title
    return EventLine(event.line, when, title, "yes" if event.recurs else "")
