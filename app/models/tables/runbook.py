"""The steps of a flight, their dependencies, and what undoes them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Field

from app.models.runbook import Phase, StepKind, StepState
from app.models.tables.base import Json, Record, Token


class Step(Record, table=True):
    """`minutes` is the planned duration. `result` of a check: passed, failed, waived, not_tested.

    `by` is whose report set the state, `via` who wrote it down when that is another person.
    """

    __tablename__ = "step"
    outage_id: str = Field(foreign_key="outage.id", index=True)
    code: str
    position: int = 0
    title: str
    how: str = ""
    phase: Phase = Field(default=Phase.WINDOW, sa_type=Token(Phase))
    kind: StepKind = Field(
        default=StepKind.WORK,
        sa_type=Token(StepKind),
    )
    role: str = ""
    owner_id: str | None = Field(default=None, foreign_key="person.id")
    minutes: int = 5
    state: StepState = Field(
        default=StepState.TODO,
        sa_type=Token(StepState),
    )
    ci_id: str | None = Field(default=None, foreign_key="ci.id")
    ci_role: str = ""
    notice_kind: str = ""
    bridge_act: str = ""
    setting: str = ""
    before_value: str = ""
    after_value: str = ""
    no_return: bool = False
    do_not_disturb: bool = False
    people_notice: str = ""
    not_before: datetime | None = None
    not_after: datetime | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    heard_at: datetime | None = None
    blocked_reason: str = ""
    blocked_until: datetime | None = None
    result: str = ""
    note: str = ""
    by: str = ""
    via: str = ""


class StepDependency(Record, table=True):
    """`step_id` waits for `after_id`. `outage_id` is carried so that one query reads them all."""

    __tablename__ = "step_dependency"
    outage_id: str = Field(foreign_key="outage.id", index=True)
    step_id: str = Field(foreign_key="step.id", index=True)
    after_id: str = Field(foreign_key="step.id")


class StepUndo(Record, table=True):
    """`step_id` is undone by the back-out step `back_out_id`."""

    __tablename__ = "step_undo"
    outage_id: str = Field(foreign_key="outage.id", index=True)
    step_id: str = Field(foreign_key="step.id", index=True)
    back_out_id: str = Field(foreign_key="step.id")


class SavedRunbook(Record, table=True):
    """A runbook of the organisation's own; each saving is a further revision of its name, the
    highest counts. `content` is what `models.runbook.template_from_mapping` reads."""

    __tablename__ = "runbook_template"
    name: str
    key: str = Field(index=True)
    revision: int = 1
    content: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    saved_by: str = ""
