"""The log: notes, corrections by striking through, and reading it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import col, select

from app.models.errors import BadInput, NotAllowed, NotFound
from app.models.log import Link, first_break, iso
from app.models.tables.log import ChainHead, LogEntry
from app.models.tables.outages import Outage
from app.services.events import Logged
from app.services.uow import UnitOfWork

NOTE_LENGTH = 20_000


@dataclass(frozen=True, slots=True)
class LogRow:
    """One entry; `struck_by` is the number of the entry that corrects it."""

    number: int
    at: datetime
    who: str
    via: str
    what: str
    kind: str
    struck_by: int | None


def add_note(uow: UnitOfWork, outage_id: str, text: str, by: str = "", via: str = "") -> None:
    """A note to the log. Raises BadInput when it is empty or too long to keep."""
    outage = uow.fetch(Outage, outage_id)
    note = text.strip()
    if not note:
        raise BadInput("The note is empty; nothing was written.")
    if len(note) > NOTE_LENGTH:
        raise BadInput(
            f"The note has {len(note):,} characters; {NOTE_LENGTH:,} is the most. Split it."
        )
    uow.log(note, outage, who=by, via=via, kind="note")
    uow.emit(Logged(outage_id))


def strike(uow: UnitOfWork, outage_id: str, number: int, correction: str, by: str = "") -> None:
    """Strike an entry through and say what is right; the entry itself stays as it was."""
    entry = uow.session.exec(
        select(LogEntry).where(
            LogEntry.organisation_id == uow.organisation_id, LogEntry.number == number
        )
    ).first()
    if entry is None or entry.outage_id != outage_id:
        raise NotFound(f"There is no entry {number} in this log.")
    if number in _struck(uow, outage_id):
        raise NotAllowed(f"Entry {number} is struck through already.")
    if not correction.strip():
        raise BadInput("Say what is right instead; nothing was changed.")
    outage = uow.fetch(Outage, outage_id)
    uow.log(correction.strip(), outage, who=by, kind="correction", strikes=number)
    uow.emit(Logged(outage_id))


def read_log(uow: UnitOfWork, outage_id: str, newest: int | None = None) -> list[LogRow]:
    """The entries of one outage, oldest first; only the `newest` so many if given. Drafts of one
    notice kept one after the other, as somebody types, are read as the last of them."""
    query = select(LogEntry).where(LogEntry.outage_id == outage_id)
    query = query.order_by(col(LogEntry.number).desc())
    entries = list(uow.session.exec(query.limit(newest) if newest else query))
    struck = _struck(uow, outage_id)
    rows: list[LogRow] = []
    for e in reversed(entries):
        row = LogRow(e.number, e.at, e.who, e.via, e.what, e.kind, struck.get(e.number))
        last = rows[-1] if rows and row.kind == "draft" else None
        if last is not None and (last.kind, last.what, last.who) == (row.kind, row.what, row.who):
            rows.pop()
        rows.append(row)
    return rows


def _struck(uow: UnitOfWork, outage_id: str) -> dict[int, int]:
    query = select(LogEntry.strikes, LogEntry.number).where(
        LogEntry.outage_id == outage_id, col(LogEntry.strikes).is_not(None)
    )
    return {int(struck): number for struck, number in uow.session.exec(query) if struck is not None}


def log_as_json(uow: UnitOfWork, outage_id: str = "") -> list[dict[str, Any]]:
    """The stored entries with their hashes: of one outage, or (empty) the whole chain."""
    query = select(LogEntry).where(LogEntry.organisation_id == uow.organisation_id)
    if outage_id:
        query = query.where(LogEntry.outage_id == outage_id)
    return [
        {
            "number": e.number,
            "at": iso(e.at),
            "who": e.who,
            "via": e.via,
            "what": e.what,
            "kind": e.kind,
            "strikes": e.strikes,
            "previous_hash": e.previous_hash,
            "hash": e.hash,
            "entry": json.loads(e.text),
        }
        for e in uow.session.exec(query.order_by(col(LogEntry.number)))
    ]


def chain_head(uow: UnitOfWork) -> tuple[int, str]:
    """The newest number and hash, as printed on packets, backups and reports."""
    head = uow.session.get(ChainHead, uow.organisation_id)
    return (head.number, head.hash) if head else (0, "")


def chain_break(uow: UnitOfWork) -> int | None:
    """The number of the first entry that is missing or changed; None when the log is whole."""
    query = (
        select(LogEntry)
        .where(LogEntry.organisation_id == uow.organisation_id)
        .order_by(col(LogEntry.number))
        .execution_options(yield_per=500)
    )
    last = 0

    def links() -> Any:
        nonlocal last
        for e in uow.session.exec(query):
            last = e.number
            yield Link(e.number, e.text, e.previous_hash, e.hash)

    broken = first_break(links())
    if broken is None and last != chain_head(uow)[0]:
        return last + 1
    return broken
