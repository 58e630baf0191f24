"""The steps that the rules ask about when one is tapped: few of a runbook's 150."""

from __future__ import annotations

from sqlmodel import col, select

from app.models.crew.taps import TapAct, act_for
from app.models.ids import StepId
from app.models.runbook import begins
from app.models.runbook.backout import is_changing
from app.models.tables.outages import Outage
from app.models.tables.runbook import Step, StepDependency, StepUndo
from app.services.runbook.board import TURNED_BACK
from app.services.runbook.loading import Loaded, as_known, load_steps
from app.services.uow import UnitOfWork


def steps_asked(uow: UnitOfWork, outage: Outage, row: Step, tapped: TapAct) -> Loaded:
    """The step by itself, and what it comes after where the tap begins it. All of them where the
    way back is asked about: a change is begun, or the flight turned back."""
    if outage.state in TURNED_BACK:
        return load_steps(uow, outage.id)
    step = as_known(row, frozenset(), _undone_by(uow, row))
    act = act_for(step, tapped)
    if act is None or not begins(step, act):
        return Loaded((row,), (step,))
    if is_changing(step):
        return load_steps(uow, outage.id)
    after = _after(uow, row)
    rows = uow.all(Step, col(Step.id).in_({row.id, *after}), order=(col(Step.position),))
    known = (  # of the others it is asked only how they stand
        as_known(each, after if each.id == row.id else frozenset(), ()) for each in rows
    )
    return Loaded(tuple(rows), tuple(known))


def _after(uow: UnitOfWork, row: Step) -> frozenset[StepId]:
    query = select(StepDependency.after_id).where(
        StepDependency.step_id == row.id, col(StepDependency.archived_at).is_(None)
    )
    return frozenset(map(StepId, uow.session.exec(query)))


def _undone_by(uow: UnitOfWork, row: Step) -> tuple[StepId, ...]:
    query = select(StepUndo.back_out_id).where(
        StepUndo.step_id == row.id, col(StepUndo.archived_at).is_(None)
    )
    return tuple(map(StepId, uow.session.exec(query)))
