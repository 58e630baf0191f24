"""What changed since the packet was last printed, read back from the log."""

from __future__ import annotations

from sqlmodel import col, select

from app.models.log import iso
from app.models.log_rows import Rows
from app.models.reports.packet_marks import Marks, marks_between
from app.models.tables.bridge import Bridge
from app.models.tables.log import LogEntry
from app.models.tables.outages import Outage
from app.models.tables.runbook import Step, StepDependency, StepUndo
from app.services.log_rows import kept_in_log
from app.services.uow import UnitOfWork, row_as_json

_TABLES = (Step, StepDependency, StepUndo, Bridge)
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
    kept = kept_in_log(uow, outage.id, number)
    before = Rows(row for each in kept for row in each.rows if row["table"] in _NAMES)
    return marks_between(before, Rows(now), iso(outage.packet_printed_at))
