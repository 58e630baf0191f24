"""Back at the console during a flight: the time away goes into the log, with what came due."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlmodel import col

from app.models.live.away import Away, Due, came_due, kept, read_back, told
from app.models.log import iso
from app.models.outages.lifecycle import FLYING, State
from app.models.tables.outages import Outage
from app.services.events import Logged
from app.services.live.reading import LINGER, live, live_outage
from app.services.live.rows import LiveRows
from app.services.log_rows import Kept
from app.services.uow import UnitOfWork

FILE_NAME = "last-seen"
_CLOSED = "closed"
_AT_THE_GATE = (State.ANNOUNCED, State.GO_NO_GO, State.HOLD)
_ASKS = (
    (timedelta(minutes=15), "15 min to the back-out moment"),
    (timedelta(minutes=5), "5 min to the back-out moment"),
    (timedelta(), "the back-out moment"),
)


@dataclass(frozen=True, slots=True)
class AwayRow:
    """A flight during which the console was away; `sentence` is what its log says now."""

    outage_id: str
    code: str
    title: str
    zone: str
    away: Away
    due: tuple[Due, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class Seen:
    """The last sign of a window on a data folder. Not `closed`: it crashed, or was killed."""

    at: datetime
    closed: bool


def seen_last(data: Path) -> Seen | None:
    try:
        at, _, closed = (data / FILE_NAME).read_text(encoding="ascii").strip().partition(" ")
        return Seen(datetime.fromisoformat(at), closed == _CLOSED)
    except (OSError, ValueError):  # none yet, or cut off by a crash: then nothing is claimed
        return None


def note_seen(data: Path, now: datetime, *, closed: bool = False) -> None:
    """The window runs. A full disk is no reason to stop: then the absence looks longer."""
    part = data / f"{FILE_NAME}.part"
    with suppress(OSError):
        part.write_text(f"{iso(now)} {_CLOSED}" if closed else iso(now), encoding="ascii")
        part.replace(data / FILE_NAME)


def flight_left(uow: UnitOfWork) -> str:
    """The id of the flight that a window was killed in; empty when none is being flown."""
    shown = live_outage(uow)
    return shown.outage_id if shown is not None and shown.state in FLYING else ""


def note_away(uow: UnitOfWork, away: Away) -> tuple[AwayRow, ...]:
    """Log it on every flight that was under way meanwhile, or was to start; one that is flown
    first, then the one with most that came due. Nothing is logged where none was."""
    rows = []
    for outage in uow.all(Outage, col(Outage.state).in_((*FLYING, *_AT_THE_GATE))):
        began = outage.started_at if outage.state in FLYING else outage.state_since
        away_here = Away(max(away.since, began or away.since), away.until)
        at_gate = outage.state in _AT_THE_GATE
        if away.since > outage.promised_end_utc + LINGER:
            continue  # nobody flies it any more: Today says what it owes
        if away_here.span <= timedelta() or (at_gate and not _starts_within(outage, away_here)):
            continue
        due = came_due(away_here, _known(live(uow, outage.id)))
        sentence = told(away_here, due, outage.zone)
        uow.log(sentence, outage, kind="away", data=kept(away_here))
        uow.emit(Logged(outage.id))
        row = AwayRow(outage.id, outage.code, outage.title, outage.zone, away_here, due, sentence)
        rows.append((at_gate, -len(due), row))
    return tuple(row for *_, row in sorted(rows, key=lambda each: each[:2]))


def _starts_within(outage: Outage, away: Away) -> bool:
    """Nobody misses the console at the gate before the bridge opens."""
    return outage.start_utc - timedelta(minutes=30) <= away.until <= outage.end_utc


def _known(rows: LiveRows) -> Iterator[Due]:
    """Every moment of the flight at which somebody had to act, as it stands now."""
    if rows.state not in FLYING:
        yield Due(rows.start - timedelta(minutes=30), "the bridge was to open")
        yield Due(rows.start, "the window’s start")
    else:
        yield Due(rows.promised_end - timedelta(minutes=15), "extended or all clear was owed")
        yield Due(rows.promised_end, "the promised end")
        if rows.anything_to_undo and rows.way_back is not None:
            for ahead, words in _ASKS:
                yield Due(rows.way_back - ahead, words)
    for step in rows.running:
        if step.started_at is not None:
            at = step.started_at + timedelta(minutes=step.minutes)
            yield Due(at, f"{step.label} was to be done")
    for step in rows.blocked:
        if step.blocked_until is not None:
            yield Due(step.blocked_until, f"{step.label} was blocked until then")
    if rows.turn is not None and rows.turn.start_by is not None:
        yield Due(rows.turn.start_by, f"latest start of {rows.turn.code} {rows.turn.title}")
    for owed in rows.owed:
        if owed.due is not None:
            yield Due(owed.due, owed.sentence)


def absences(log: Iterable[Kept]) -> tuple[Away, ...]:
    """Those that a flight's log keeps."""
    told_of = (json.loads(each.entry.text) for each in log if each.entry.kind == "away")
    found = (read_back(entry.get("data", {})) for entry in told_of)
    return tuple(away for away in found if away is not None)


def away_within(away: Iterable[Away], start: datetime, end: datetime) -> timedelta:
    """How long the console was away between the two."""
    return sum((each.within(start, end) for each in away), timedelta())
