"""What still keeps a flight from going on to its checks."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import col

from app.models.runbook import SETTLED, Phase, StepKind, StepState
from app.models.runbook import Step as Known
from app.models.tables.runbook import Step
from app.services.notices.stored import waiting_kinds
from app.services.uow import UnitOfWork


def open_in_window(uow: UnitOfWork, outage_id: str, known: Sequence[Known]) -> list[Known]:
    """Steps of the window that are not settled. A notice that waits to leave has been written and
    sent by whoever flies; without a network the flight goes on, and its step is done as it leaves.
    """
    leaving = waiting_steps(uow, outage_id)
    return [
        step
        for step in known
        if step.phase is Phase.WINDOW
        and step.state not in (*SETTLED, StepState.UNDONE)
        and step.id not in leaving
    ]


def waiting_steps(uow: UnitOfWork, outage_id: str) -> frozenset[str]:
    """Ids of notice steps not begun whose notice waits to leave."""
    kinds = waiting_kinds(uow, outage_id)
    if not kinds:
        return frozenset()
    rows = uow.all(Step, col(Step.outage_id) == outage_id, col(Step.kind) == StepKind.NOTICE)
    return frozenset(
        row.id for row in rows if row.state is StepState.TODO and row.notice_kind in kinds
    )
