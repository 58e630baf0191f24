"""Take a step out of a flight, or put it in another place of its phase."""

from __future__ import annotations

from sqlmodel import col

from app.models.errors import NotAllowed
from app.models.ids import StepId
from app.models.outages.lifecycle import CLOSED
from app.models.runbook import StepState, in_order
from app.models.tables.outages import Outage
from app.models.tables.runbook import Step, StepDependency, StepUndo
from app.services.events import StepsChanged
from app.services.runbook.editing import is_frozen, require_reason
from app.services.runbook.loading import load_steps
from app.services.uow import Undo, UnitOfWork


def remove_step(uow: UnitOfWork, step_id: str, *, seen: int, why: str = "") -> Undo:
    """What waited for it now waits for what it waited for itself; what it undid has no way back
    noted any more. Raises NotAllowed once it is begun, BadInput (`frozen`) without a reason
    after the freeze."""
    row = uow.fetch(Step, step_id, seen)
    outage = _open_outage(uow, row)
    if row.state is not StepState.TODO:
        raise NotAllowed(
            f"Step {row.code} is {row.state.words}: what was begun stays written down. "
            "Skip it, or put it back first."
        )
    require_reason(uow, outage, why)
    loaded = load_steps(uow, outage.id)
    gone = loaded.step[StepId(step_id)]
    moved = [step for step in loaded.known if gone.id in step.after]
    for step in moved:
        owner = {"step_id": str(step.id), "outage_id": outage.id}
        uow.set_links(StepDependency, owner, "after_id", (step.after - {gone.id}) | gone.after)
    undone = [step for step in loaded.known if gone.id in step.undone_by]
    for step in undone:
        owner = {"step_id": str(step.id), "outage_id": outage.id}
        uow.set_links(StepUndo, owner, "back_out_id", [i for i in step.undone_by if i != gone.id])
    for table in (StepDependency, StepUndo):
        for link in uow.all(table, col(table.step_id) == step_id):
            uow.archive(link)
    uow.archive(row)
    uow.session.flush()
    in_order(load_steps(uow, outage.id).known)
    outage.runbook_revision += 1
    told = []
    if moved:
        after = ", ".join(loaded.step[i].code for i in sorted(gone.after)) or "nothing"
        told.append(f"{', '.join(step.code for step in moved)} now waits for {after}")
    if undone:
        told.append(f"{', '.join(step.code for step in undone)} lost a way back")
    rest = f" ({'; '.join(told)})" if told else ""
    uow.log(f"removed step {row.code} {row.title}{rest}{_mark(uow, outage, why)}", row)
    uow.emit(StepsChanged(outage.id, (row.id,)))
    return uow.undo(f"removing step {row.code}", outage.id)


def shift_step(
    uow: UnitOfWork, step_id: str, *, later: bool, seen: int, why: str = ""
) -> Undo | None:
    """Change places with its neighbour of the same phase; None when it is the first or last.
    The order is that of board, packet and words; what waits for what stays."""
    row = uow.fetch(Step, step_id, seen)
    outage = _open_outage(uow, row)
    mates = [r for r in load_steps(uow, outage.id).rows if r.phase is row.phase]
    place = [r.id for r in mates].index(row.id) + (1 if later else -1)
    if not 0 <= place < len(mates):
        return None
    require_reason(uow, outage, why)
    other = mates[place]
    row.position, other.position = other.position, row.position
    outage.runbook_revision += 1
    where = "after" if later else "before"
    uow.log(f"put step {row.code} {where} {other.code}{_mark(uow, outage, why)}", row)
    uow.emit(StepsChanged(outage.id, (row.id, other.id)))
    return uow.undo(f"moving step {row.code}", outage.id)


def _open_outage(uow: UnitOfWork, row: Step) -> Outage:
    outage = uow.fetch(Outage, row.outage_id)
    if outage.state in CLOSED:
        raise NotAllowed(f"{outage.code} is {outage.state.words.lower()}; its steps stay.")
    return outage


def _mark(uow: UnitOfWork, outage: Outage, why: str) -> str:
    frozen = " after the freeze" if is_frozen(uow, outage) else ""
    return f"{frozen}{f': {why.strip()}' if why.strip() else ''}"
