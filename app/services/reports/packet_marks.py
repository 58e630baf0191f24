"""What changed since the packet was last printed, read back from the log."""

from __future__ import annotations

import json
from collections.abc import Iterator

from sqlmodel import col, select

from app.models.log import iso
from app.models.reports.packet_marks import Marks, Row, Rows, marks_between
from app.models.tables.bridge import Bridge
from app.models.tables.log import LogEntry
from app.models.tables.outages import Outage
from app.models.tables.runbook import Step, StepDependency, StepUndo
from app.services.uow import UnitOfWork, row_as_json

_TABLES = (Step, StepDependency, StepUndo, Bridge)
MOST_TOGETHER = 30
_NAMES = frozenset({"outage", *(str(table.__tablename__) for table in _TABLES)})


def marks_since_print(uow: UnitOfWork, outage: Outage) -> Marks:
    """None at all while there is no print to compare with."""
    if outage.packet_printed_at is None:
        return Marks()
    number = uow.session.exec(
        select(LogEntry.number)
        .where(LogEntry.outage_id == outage.id, LogEntry.kind == "packet")
        .order_by(col(LogEntry.number).desc())
        .limit(1)
    ).first()
    if number is None:
        return Marks()
    now = [row_as_json(outage)]
    for table in _TABLES:
        now += [row_as_json(row) for row in uow.all(table, col(table.outage_id) == outage.id)]
    before = Rows(_rows_until(uow, outage.id, number))
    return marks_between(before, Rows(now), iso(outage.packet_printed_at))


def _rows_until(uow: UnitOfWork, outage_id: str, number: int) -> Iterator[Row]:
    """As the log's entries up to this one left them, in their order."""
    query = select(LogEntry.number, LogEntry.text).where(
        LogEntry.outage_id == outage_id, LogEntry.number <= number
    )
    found = {at: _rows_in(text) for at, text in uow.session.exec(query)}
    for at in [at for at, rows in found.items() if not rows]:
        found.update(_head_of(uow, at))
    for at in sorted(found):
        for row in found[at]:
            if row["table"] in _NAMES and row.get("outage_id", row["id"]) == outage_id:
                yield row


def _head_of(uow: UnitOfWork, number: int) -> dict[int, list[Row]]:
    """Of several entries written together only the first, perhaps of something else, holds the
    rows."""
    query = (
        select(LogEntry.number, LogEntry.text)
        .where(LogEntry.organisation_id == uow.organisation_id, LogEntry.number < number)
        .order_by(col(LogEntry.number).desc())
        .limit(MOST_TOGETHER)
    )
    for at, text in uow.session.exec(query):
        rows = _rows_in(text)
        if rows:
            return {at: rows}
    return {}


def _rows_in(text: str) -> list[Row]:
    rows: list[Row] = json.loads(text).get("rows", [])
    return rows
