"""Edit the steps of a flight. After the runbook freeze every edit is marked and has its reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlmodel import select

from app.models.errors import BadInput, NotAllowed
from app.models.ids import StepId, new_id
from app.models.notices.policy import Moment
from app.models.outages.lifecycle import CLOSED, State
from app.models.runbook import Phase, by_id, in_order
from app.models.runbook import Step as KnownStep
from app.models.runbook.templates import TemplateStep
from app.models.tables.directory import ConfigurationItem, Person
from app.models.tables.outages import Outage
from app.models.tables.runbook import Step, StepDependency, StepUndo
from app.services.events import StepsChanged
from app.services.notices.planning import plan_for
from app.services.runbook.applying import row_of
from app.services.runbook.loading import load_steps
from app.services.uow import Undo, UnitOfWork


def edit_step(
    uow: UnitOfWork, step_id: str, changes: Mapping[str, object], *, seen: int, why: str = ""
) -> Undo:
    """Change a step's facts: title, how, minutes, owner_id, ci_id, people_notice, no_return,
    do_not_disturb, not_before and not_after (moments in UTC, or None); `after` and `undone_by` as
    lists of codes. Raises BadInput, NotAllowed."""
    row = uow.fetch(Step, step_id, seen)
    outage = uow.fetch(Outage, row.outage_id)
    if outage.state in CLOSED:
        raise NotAllowed(f"{outage.code} is {outage.state.words.lower()}; its steps stay.")
    require_reason(uow, outage, why)
    codes = {step.code: step.id for step in load_steps(uow, outage.id).known}
    for name, value in changes.items():
        if name in ("after", "undone_by"):
            relink(uow, row, name, value, codes)
        elif name in _EDITABLE:
            setattr(row, name, _checked(uow, name, value))
        else:
            raise BadInput(f"A step has no “{name}” to change.")
    if row.not_before and row.not_after and row.not_after < row.not_before:
        raise BadInput("It may not start before one moment nor after an earlier one.")
    uow.session.flush()
    _require_sound(load_steps(uow, outage.id).known, row.id)
    outage.runbook_revision += 1
    frozen = " after the freeze" if is_frozen(uow, outage) else ""
    uow.log(f"edited step {row.code} {row.title}{frozen}{f': {why}' if why else ''}", row)
    uow.emit(StepsChanged(outage.id, (row.id,)))
    return uow.undo(f"editing step {row.code}", outage.id)


def _require_sound(steps: Sequence[KnownStep], changed: str) -> None:
    """Raises BadInput: a circle, a way back that is none, waiting for a step that never comes."""
    in_order(steps)
    index = by_id(steps)
    step = index[StepId(changed)]
    for other in (index[i] for i in step.undone_by if i in index):
        if other.phase is not Phase.BACK_OUT:
            raise BadInput(f"Step {other.code} is no back-out step, so it cannot undo {step.code}.")
    for other in (index[i] for i in step.after if i in index):
        if other.phase is Phase.BACK_OUT and step.phase is not Phase.BACK_OUT:
            raise BadInput(
                f"Step {other.code} comes only when backing out: {step.code} cannot wait for it."
            )


_EDITABLE = [
    "title",
    "how",
    "minutes",
    "owner_id",
    "ci_id",
    "people_notice",
    "no_return",
    "do_not_disturb",
    "before_value",
    "after_value",
    "setting",
    "not_before",
    "not_after",
]


def is_frozen(uow: UnitOfWork, outage: Outage) -> bool:
    """From T−7 days (the plan's runbook freeze) edits are marked and ask for a reason."""
    if outage.state in (State.DRAFT, State.PLANNED):
        return False
    freezes = [i.due for i in plan_for(uow, outage) if i.moment is Moment.RUNBOOK_FREEZE]
    return any(due <= uow.now for due in freezes)


def require_reason(uow: UnitOfWork, outage: Outage, why: str) -> None:
    """Raises BadInput with `frozen` when the freeze has begun and no reason is given."""
    if not why.strip() and is_frozen(uow, outage):
        raise BadInput(
            "The runbook is frozen since seven days before the window: say why it changes now.",
            frozen=True,
        )


def _checked(uow: UnitOfWork, name: str, value: object) -> object:
    if name == "minutes" and not (isinstance(value, int) and 0 < value <= 24 * 60):
        raise BadInput("A step takes between 1 minute and 24 hours.")
    if name == "title" and not str(value).strip():
        raise BadInput("A step needs a title.")
    if name == "owner_id" and value:
        uow.fetch(Person, str(value))
    if name == "ci_id" and value:
        uow.fetch(ConfigurationItem, str(value))
    moment = isinstance(value, datetime) and value.tzinfo is not None
    if name in ("not_before", "not_after") and value is not None and not moment:
        raise BadInput("A lock is a moment, with its offset.")
    return value or None if name in ("owner_id", "ci_id") else value


def relink(uow: UnitOfWork, row: Step, name: str, value: object, codes: Mapping[str, str]) -> None:
    wanted = [str(code).strip() for code in value] if isinstance(value, list | tuple) else []
    unknown = [code for code in wanted if code not in codes]
    if unknown:
        raise BadInput(f"There is no step {', '.join(unknown)} on this flight.")
    owner = {"step_id": row.id, "outage_id": row.outage_id}
    ids = [codes[code] for code in wanted]
    if name == "after":
        uow.set_links(StepDependency, owner, "after_id", ids)
    else:
        uow.set_links(StepUndo, owner, "back_out_id", ids)


def add_step(uow: UnitOfWork, outage_id: str, step: TemplateStep, *, why: str = "") -> Undo:
    """A further step at the end of its phase; its code is the next free number (B… for a
    back-out step). Raises NotAllowed on a closed outage."""
    outage = uow.fetch(Outage, outage_id)
    if outage.state in CLOSED:
        raise NotAllowed(f"{outage.code} is {outage.state.words.lower()} and takes no new steps.")
    require_reason(uow, outage, why)
    rows = load_steps(uow, outage_id).rows
    code = step.code or _free_code(uow, outage_id, step.phase)
    if any(row.code == code for row in rows):
        raise BadInput(f"There is a step {code} already.")
    phases = list(Phase)
    before = [r for r in rows if phases.index(r.phase) <= phases.index(step.phase)]
    position = max((r.position for r in before), default=-1) + 1
    for row in rows:
        if row.position >= position:
            row.position += 1
    new = row_of(uow, outage, step, new_id(), position, {}, {})
    new.code = code
    uow.add(new)
    uow.session.flush()
    known = {row.code: row.id for row in rows}
    relink(uow, new, "after", list(step.after), known)
    relink(uow, new, "undone_by", list(step.undone_by), known)
    uow.session.flush()
    _require_sound(load_steps(uow, outage.id).known, new.id)
    outage.runbook_revision += 1
    frozen = " after the freeze" if is_frozen(uow, outage) else ""
    uow.log(f"added step {code} {step.title}{frozen}{f': {why}' if why else ''}", new)
    uow.emit(StepsChanged(outage_id))
    return uow.undo(f"adding step {code}", outage_id)


def _free_code(uow: UnitOfWork, outage_id: str, phase: Phase) -> str:
    """A number that no step of this flight ever had: a packet may be printed already."""
    prefix = "B" if phase is Phase.BACK_OUT else ""
    taken = set(uow.session.exec(select(Step.code).where(Step.outage_id == outage_id)))
    number = 1
    while f"{prefix}{number}" in taken:
        number += 1
    return f"{prefix}{number}"
