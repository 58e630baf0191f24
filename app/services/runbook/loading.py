"""The steps of one outage as the rules want them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from sqlmodel import col, select
from sqlmodel.sql.expression import Select

from app.models.ids import PersonId, StepId
from app.models.runbook import Step as Known
from app.models.tables.runbook import Step, StepDependency, StepUndo
from app.services.uow import UnitOfWork

Pairs = Select[str, str]


@dataclass(frozen=True)  # no slots: what is looked up by id is built once
class Loaded:
    """Rows and values of the same steps, both in the runbook's order."""

    rows: tuple[Step, ...]
    known: tuple[Known, ...]

    @cached_property
    def row(self) -> Mapping[str, Step]:
        return {row.id: row for row in self.rows}

    @cached_property
    def step(self) -> Mapping[StepId, Known]:
        return {step.id: step for step in self.known}

    def renewed(self, row: Step) -> Loaded:
        """After `row` was changed: its value follows, nothing is read again."""
        return replace(
            self,
            known=tuple(
                as_known(row, each.after, each.undone_by) if each.id == row.id else each
                for each in self.known
            ),
        )


def load_steps(uow: UnitOfWork, outage_id: str) -> Loaded:
    """In a query, which changes nothing, they are loaded once."""
    return uow.once(f"steps of {outage_id}", lambda: _load(uow, outage_id))


def _load(uow: UnitOfWork, outage_id: str) -> Loaded:
    rows = uow.all(Step, col(Step.outage_id) == outage_id, order=(col(Step.position),))
    after: dict[str, set[StepId]] = defaultdict(set)
    waits = select(StepDependency.step_id, StepDependency.after_id)
    for step_id, after_id in uow.session.exec(_of(waits, StepDependency, uow, outage_id)):
        after[step_id].add(StepId(after_id))
    undone: dict[str, list[StepId]] = defaultdict(list)
    undoes = select(StepUndo.step_id, StepUndo.back_out_id)
    for step_id, back_out_id in uow.session.exec(_of(undoes, StepUndo, uow, outage_id)):
        undone[step_id].append(StepId(back_out_id))
    known = tuple(as_known(row, frozenset(after[row.id]), tuple(undone[row.id])) for row in rows)
    return Loaded(tuple(rows), known)


def _of(
    query: Pairs, table: type[StepDependency | StepUndo], uow: UnitOfWork, outage_id: str
) -> Pairs:
    """Two columns alone: 500 whole links took as long as all else that a step's act asks for."""
    return query.where(
        col(table.organisation_id) == uow.organisation_id,
        col(table.archived_at).is_(None),
        col(table.outage_id) == outage_id,
    )


def as_known(row: Step, after: frozenset[StepId], undone_by: tuple[StepId, ...]) -> Known:
    return Known(
        id=StepId(row.id),
        code=row.code,
        title=row.title,
        phase=row.phase,
        kind=row.kind,
        minutes=row.minutes,
        state=row.state,
        owner=PersonId(row.owner_id) if row.owner_id else None,
        after=after,
        undone_by=undone_by,
        no_return=row.no_return,
        changes=row.ci_id is not None or bool(row.ci_role or row.setting),
        not_before=row.not_before,
        not_after=row.not_after,
        started_at=row.started_at,
        ended_at=row.ended_at,
        do_not_disturb=row.do_not_disturb,
    )


def touched(row: Step, names: Mapping[str, str]) -> str:
    """`CTL-A: firmware`: the CI, or the words that stand for it, and the setting changed."""
    ci = names.get(row.ci_id or "", "") or row.ci_role
    return ": ".join(part for part in (ci, row.setting) if part)
