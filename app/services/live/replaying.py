"""Read a flight's log to replay it. Read only: nothing of it is in the store but the log itself."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import col, select

from app.models.errors import NotFound
from app.models.live.replay import Entry, Replay
from app.models.tables.directory import Person
from app.models.tables.log import LogEntry
from app.models.tables.outages import Outage
from app.services.uow import AT_ONCE, UnitOfWork

LONGEST = 100
"""Entries of one transaction that are about something else."""


@dataclass(frozen=True, slots=True)
class ReplayRows:
    """`people` are names by id, as they are called now."""

    code: str
    title: str
    zone: str
    replay: Replay
    people: Mapping[str, str]


def replay_rows(uow: UnitOfWork, outage_id: str) -> ReplayRows:
    """Raises NotFound, also when nothing is in its log."""
    outage = uow.fetch(Outage, outage_id)
    own = list(
        uow.session.exec(
            select(LogEntry)
            .where(
                col(LogEntry.organisation_id) == uow.organisation_id,
                col(LogEntry.outage_id) == outage_id,
            )
            .order_by(col(LogEntry.number))
        )
    )
    if not own:
        raise NotFound(f"The log of {outage.code} is empty; there is nothing to replay.")
    before = _before(uow, own)
    entries = [_entry(row, before.get(row.number, ())) for row in own]
    people = {person.id: person.name for person in uow.session.exec(select(Person))}
    return ReplayRows(outage.code, outage.title, outage.zone, Replay(outage_id, entries), people)


def _before(uow: UnitOfWork, own: Sequence[LogEntry]) -> dict[int, tuple[LogEntry, ...]]:
    """The rows of a transaction are in its first entry, which may be about something else (a
    person made with the plan): by the number of our entry, those of its moment before it."""
    ours = {row.number for row in own}
    found: dict[int, list[LogEntry]] = {}
    open_at = {row.number - 1: row for row in own if row.number - 1 not in ours}
    for _ in range(LONGEST):
        if not open_at:
            break
        there: list[LogEntry] = []
        numbers = list(open_at)
        for at in range(0, len(numbers), AT_ONCE):
            there += uow.session.exec(
                select(LogEntry).where(
                    col(LogEntry.organisation_id) == uow.organisation_id,
                    col(LogEntry.number).in_(numbers[at : at + AT_ONCE]),
                )
            )
        further = {}
        for row in there:
            mine = open_at[row.number]
            if row.at == mine.at and row.number not in ours:
                found.setdefault(mine.number, []).insert(0, row)
                further[row.number - 1] = mine
        open_at = further
    return {number: tuple(rows) for number, rows in found.items()}


def _entry(row: LogEntry, before: Sequence[LogEntry]) -> Entry:
    rows = [each for entry in (*before, row) for each in json.loads(entry.text)["rows"]]
    return Entry(
        row.number,
        row.at,
        row.who,
        row.via,
        row.what,
        row.kind,
        tuple(each for each in rows if each["table"] in ("outage", "step")),
    )
