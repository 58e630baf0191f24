"""The log of a flight with the rows its entries hold."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from app.models.log_rows import Row, of_outage
from app.models.tables.log import LogEntry
from app.services.uow import AT_ONCE, UnitOfWork

LONGEST = 100
"""Entries of one transaction that are about something else."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An entry and the flight's rows that its act changed, as they were after it."""

    entry: LogEntry
    rows: tuple[Row, ...]

    def of(self, table: str) -> list[Row]:
        return [row for row in self.rows if row["table"] == table]


def kept_in_log(uow: UnitOfWork, outage_id: str, upto: int | None = None) -> tuple[Kept, ...]:
    """Oldest first; `upto` is the number of the last entry that counts. The rows of a transaction
    are in its first entry, which may be about something else (a person made with the plan)."""
    query = select(LogEntry).where(
        col(LogEntry.organisation_id) == uow.organisation_id,
        col(LogEntry.outage_id) == outage_id,
    )
    if upto is not None:
        query = query.where(col(LogEntry.number) <= upto)
    own = list(uow.session.exec(query.order_by(col(LogEntry.number))))
    before = _before(uow, own)
    return tuple(
        Kept(entry, tuple(of_outage(_rows((*before.get(entry.number, ()), entry)), outage_id)))
        for entry in own
    )


def row_at(uow: UnitOfWork, table: str, row_id: str, at: datetime) -> Row | None:
    """A row that hangs on no outage, as it stood then; None when it was not there yet."""
    query = select(LogEntry.text).where(
        col(LogEntry.organisation_id) == uow.organisation_id,
        col(LogEntry.outage_id) == "",
        col(LogEntry.at) <= at,
        col(LogEntry.text).contains(row_id),
    )
    for text in uow.session.exec(query.order_by(col(LogEntry.number).desc())):
        for row in json.loads(text)["rows"]:
            if row["table"] == table and row["id"] == row_id:
                found: Row = row
                return found
    return None


def _rows(entries: Iterable[LogEntry]) -> list[Row]:
    return [row for entry in entries for row in json.loads(entry.text)["rows"]]


def _before(uow: UnitOfWork, own: Sequence[LogEntry]) -> dict[int, tuple[LogEntry, ...]]:
    """By the number of our entry, those of its moment before it that are not ours."""
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
