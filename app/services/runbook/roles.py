"""The roles of a flight's runbook: who plays each, and giving all its steps to one person."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlmodel import col

from app.models.errors import BadInput, NotAllowed
from app.models.outages.lifecycle import CLOSED
from app.models.runbook import SETTLED, StepAct, StepKind
from app.models.runbook.templates import CHECKER_ROLE
from app.models.tables.directory import Person
from app.models.tables.outages import Outage
from app.models.tables.runbook import Step
from app.services.events import StepsChanged
from app.services.runbook.applying import name_checker
from app.services.runbook.editing import is_frozen, require_reason
from app.services.runbook.loading import load_steps
from app.services.uow import Undo, UnitOfWork

if TYPE_CHECKING:
    from app.services.rota.fairest import Suggested


@dataclass(frozen=True, slots=True)
class RoleRow:
    """`owners` are the names of those who own its steps now, `to_give` the codes of the steps
    that another person can still be given, `unowned` how many of these nobody owns; `fair` who of
    those who had the role is free and had the fewest off-hours (only `roles_to_give` says so)."""

    role: str
    owners: tuple[str, ...]
    to_give: tuple[str, ...]
    unowned: int
    fair: Suggested | None = None


@dataclass(frozen=True, slots=True)
class Roles:
    """In the runbook's order; `people` are (id, name, what they do) by name; `frozen`: a change
    needs its reason."""

    rows: tuple[RoleRow, ...]
    people: tuple[tuple[str, str, str], ...]
    frozen: bool


def roles_of(uow: UnitOfWork, outage_id: str) -> Roles:
    """The roles that still have a step to give. Raises NotFound."""
    outage = uow.fetch(Outage, outage_id)
    people = {p.id: p for p in uow.all(Person, order=(col(Person.name),))}
    steps = load_steps(uow, outage_id).rows
    rows = []
    for role in dict.fromkeys(step.role for step in steps if step.role):
        own = [step for step in steps if step.role == role]
        give = [step for step in own if _can_give(step)]
        if give:
            names = (people[s.owner_id].name for s in own if s.owner_id in people)
            unowned = sum(step.owner_id is None for step in give)
            codes = tuple(step.code for step in give)
            rows.append(RoleRow(role, tuple(dict.fromkeys(names)), codes, unowned))
    known = tuple((p.id, p.name, ", ".join(p.roles)) for p in people.values())
    return Roles(tuple(rows), known, is_frozen(uow, outage))


def roles_to_give(uow: UnitOfWork, outage_id: str) -> Roles:
    """With whom each would fairly fall to. Raises NotFound."""
    from app.services.rota.fairest import fairest  # the board does without
    from app.services.rota.loads import loads

    found, outage = roles_of(uow, outage_id), uow.fetch(Outage, outage_id)
    had = loads(uow, outage.window.start.year)
    rows = (
        replace(row, fair=fairest(uow, row.role, outage.window, outage_id, had))
        for row in found.rows
    )
    return replace(found, rows=tuple(rows))


def _can_give(step: Step) -> bool:
    """What was begun or settled stays with whoever did it."""
    return step.started_at is None and step.state not in SETTLED


def assign_role(
    uow: UnitOfWork, outage_id: str, role: str, person_id: str, *, why: str = ""
) -> Undo:
    """Give every step of the role that was not begun to this person. Raises NotFound; NotAllowed
    once the flight has ended; BadInput for a role without such a step, and after the freeze
    without a reason."""
    outage = uow.fetch(Outage, outage_id)
    if outage.state in CLOSED:
        raise NotAllowed(f"{outage.code} is {outage.state.words.lower()}; its steps stay.")
    person = uow.fetch(Person, person_id)
    steps = [s for s in load_steps(uow, outage_id).rows if s.role == role and _can_give(s)]
    if not steps:
        raise BadInput(f"No step of “{role}” is left to give.")
    require_reason(uow, outage, why)
    given = [step for step in steps if step.owner_id != person.id]
    for step in given:
        step.owner_id = person.id
    if role == CHECKER_ROLE:
        name_checker(outage, person)
    outage.runbook_revision += 1
    frozen = " after the freeze" if is_frozen(uow, outage) else ""
    codes = ", ".join(step.code for step in steps)
    reason = f": {why.strip()}" if why.strip() else ""
    uow.log(f"{person.name} is {role}{frozen}, step {codes}{reason}", outage)
    uow.emit(StepsChanged(outage_id, tuple(step.id for step in given)))
    return uow.undo(f"assigning {role}", outage_id)


def whose_work(uow: UnitOfWork, row: Step, act: StepAct) -> str:
    """Whose name work that is begun or done bears, when somebody else ticks it for them, as a
    coordinator does who is told; else empty. Change records name this person."""
    if row.kind is not StepKind.WORK or act not in (StepAct.START, StepAct.FINISH):
        return ""
    owner = uow.fetch(Person, row.owner_id).name if row.owner_id else ""
    return owner if owner != uow.actor.name else ""
