"""Reading a calendar file in a child process, with progress and cancel.

A busy thread makes the window stutter; a busy child does not. The child is spawned, so it shares
nothing with us: it gets a path and sends plain rows back. It imports neither Qt nor the database
(tested); this module imports icalendar only there. Spawning imports the program's `__main__`
module again under another name: a program that calls this needs the usual
`if __name__ == "__main__"` and light imports above it.
"""

from __future__ import annotations

import gc
import signal
import threading
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, Protocol

from app.models.calendar.events import CalendarRead, Occurrence, ReadEvent, ReadFault
from app.models.errors import BadInput, ConsoleError
from app.services.working import Stopped

Progress = Callable[[int, int], None]
"""Told (done, total) at least every 100 events and about every 0.2 s; total may be 0."""

MAX_OCCURRENCES = 500_000
"""Of one file within the horizon; a hundred times what a year of business events needs."""

PART = 250
"""Rows sent at once: while a part is unpickled no other thread runs, and 5,000 events with what
they fill took 100 ms."""

_ASK_EVERY = 0.05  # seconds between looks at `cancel`

SILENCE = 60.0
"""Seconds without a word from the child before it is ended: it tells of each event, and no honest
one takes a tenth of that."""


class ReadingStopped(Stopped):
    """The user cancelled; nothing was imported."""


class ReadingFailed(ConsoleError):
    """The child process ended without an answer; nothing was imported."""

    code = "reading_failed"


class Job(Protocol):
    """What the child runs; it must be picklable."""

    def run(self, progress: Progress) -> CalendarRead: ...


@dataclass(frozen=True, slots=True)
class _File:
    path: Path
    zone: str
    since: datetime
    until: datetime

    def run(self, progress: Progress) -> CalendarRead:
        return read_here(
            self.path, zone=self.zone, since=self.since, until=self.until, progress=progress
        )


@dataclass(frozen=True, slots=True)
class _Events:
    events: tuple[ReadEvent, ...]
    zone: str
    since: datetime
    until: datetime

    def run(self, progress: Progress) -> CalendarRead:
        ticker = _Ticker(progress, len(self.events))
        return _expanded("", self.events, [], self.zone, self.since, self.until, ticker.tick)


@dataclass(frozen=True, slots=True)
class _Part:
    """Of the events or the occurrences, in order."""

    of: str
    rows: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class _Done:
    """The parts told before are all; `read` holds the rest."""

    read: CalendarRead


@dataclass(frozen=True, slots=True)
class _Refused:
    sentence: str


@dataclass(frozen=True, slots=True)
class _Crashed:
    what: str


def read_calendar(
    path: Path,
    *,
    zone: str,
    since: datetime,
    until: datetime,
    progress: Progress | None = None,
    cancel: threading.Event | None = None,
) -> CalendarRead:
    """Reads the file in a child process and expands its events over [since, until) (UTC).

    `zone` is the organisation's. Blocks: call it from a worker thread or a command. `progress` is
    called on the calling thread. Raises BadInput (no calendar, too big, unreadable),
    ReadingStopped soon after `cancel` is set, ReadingFailed when the child dies.
    """
    return run_in_child(_File(path, zone, since, until), path.name, progress, cancel)


def expand_events(
    events: tuple[ReadEvent, ...],
    *,
    zone: str,
    since: datetime,
    until: datetime,
    progress: Progress | None = None,
    cancel: threading.Event | None = None,
) -> CalendarRead:
    """The occurrences of stored events over a new horizon, as `read_calendar` does for a file."""
    return run_in_child(_Events(events, zone, since, until), "The calendar", progress, cancel)


def read_here(
    path: Path,
    *,
    zone: str,
    since: datetime,
    until: datetime,
    progress: Progress = lambda done, total: None,
) -> CalendarRead:
    """What the child does, in this process. Raises BadInput."""
    from app.services.calendar.reading import read_events
    from app.services.calendar.scanning import count_events, require_calendar, require_size

    try:
        require_size(path.stat().st_size, path.name)
        data = require_calendar(path.read_bytes(), path.name)
    except OSError as trouble:
        raise BadInput(
            f"{path.name} cannot be read ({trouble.strerror}). Nothing was imported; check that "
            "the file is there and may be opened."
        ) from None
    total = count_events(data, path.name)
    ticker = _Ticker(progress, 2 * total)
    events, faults = read_events(data, zone=zone, progress=ticker.tick)
    return _expanded(
        path.name, tuple(events), faults, zone, since, until, lambda n: ticker.tick(total + n)
    )


def _expanded(
    name: str,
    events: tuple[ReadEvent, ...],
    faults: list[ReadFault],
    zone: str,
    since: datetime,
    until: datetime,
    tick: Callable[[int], None],
) -> CalendarRead:
    """An event whose rules cannot be followed is left out with a fault: shown without its
    occurrences it would look harmless."""
    from app.services.calendar.expanding import Patience, expand

    good: list[ReadEvent] = []
    found: list[Occurrence] = []
    patience = Patience()
    for done, event in enumerate(events, 1):
        try:
            met = expand(event, since, until, zone=zone, patience=patience)
        except BadInput as bad:
            faults.append(
                ReadFault(
                    event.line,
                    f"“{event.title[:60]}” at line {event.line:,} was left out: {bad.sentence}.",
                )
            )
        else:
            good.append(event)
            found += met
        if len(found) > MAX_OCCURRENCES:
            raise BadInput(
                f"{name or 'The calendar'} fills the time looked at with more than "
                f"{MAX_OCCURRENCES:,} dates. Nothing was imported; export a shorter span."
            )
        tick(done)
    faults.sort(key=lambda fault: fault.line)
    return CalendarRead(name, tuple(good), tuple(found), tuple(faults))


class _Ticker:
    """Passes on every hundredth event, and any that comes 0.2 s after the last one told."""

    def __init__(self, progress: Progress, total: int) -> None:
        self._progress = progress
        self._total = total
        self._told = 0.0

    def tick(self, done: int) -> None:
        now = time.monotonic()
        if done % 100 == 0 or done == self._total or now - self._told >= 0.2:
            self._told = now
            self._progress(min(done, self._total), self._total)


def run_in_child(
    job: Job,
    name: str,
    progress: Progress | None,
    cancel: threading.Event | None,
) -> CalendarRead:
    """Runs the job in a spawned process; `name` is what the errors call it."""
    context = get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=_child, args=(theirs, job), name="calendar", daemon=True)
    child.start()
    theirs.close()  # so that the child's death ends our side of the pipe
    parts: dict[str, list[Any]] = {"events": [], "occurrences": []}
    heard = time.monotonic()
    try:
        while True:
            if cancel is not None and cancel.is_set():
                raise ReadingStopped(f"{name} was not imported, as you cancelled; nothing changed.")
            if not wait([ours], timeout=_ASK_EVERY):
                if time.monotonic() - heard > SILENCE:
                    raise _died(name, f"one of its events takes more than {SILENCE:.0f} seconds")
                continue
            heard = time.monotonic()
            try:
                answer = ours.recv()
            except (EOFError, OSError):
                raise _died(name, "it ended without an answer") from None
            if isinstance(answer, _Part):
                parts[answer.of] += answer.rows
                continue
            if isinstance(answer, _Done):
                return replace(
                    answer.read,
                    events=tuple(parts["events"]),
                    occurrences=tuple(parts["occurrences"]),
                )
            if isinstance(answer, _Refused):
                raise BadInput(answer.sentence)
            if isinstance(answer, _Crashed):
                raise _died(name, answer.what)
            if progress is not None:
                progress(*answer)
    finally:
        child.kill()
        child.join()
        child.close()
        ours.close()


def _died(name: str, what: str) -> ReadingFailed:
    return ReadingFailed(
        f"{name} could not be read: the reading stopped halfway ({what}). Nothing was imported; "
        "try again, or export a shorter span."
    )


def _send(pipe: Connection, read: CalendarRead) -> None:
    for of, rows in (("events", read.events), ("occurrences", read.occurrences)):
        for first in range(0, len(rows), PART):
            pipe.send(_Part(of, rows[first : first + PART]))
    pipe.send(_Done(replace(read, events=(), occurrences=())))


def _child(pipe: Connection, job: Job) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the parent's, which then ends us
    # icalendar warns about TZIDs that `zones.py` resolves itself
    warnings.simplefilter("ignore")
    # nearly all that is made here stays until the end, so looking for garbage is rarely worth it
    gc.set_threshold(100_000)
    try:
        _send(pipe, job.run(lambda done, total: pipe.send((done, total))))
    except BadInput as bad:
        pipe.send(_Refused(bad.sentence))
    except BrokenPipeError:
        return  # nobody waits any more
    except Exception as crash:  # noqa: BLE001  the last frame of a process: the parent says it
        pipe.send(_Crashed(type(crash).__name__))
    finally:
        pipe.close()
