"""The crew of a flight as silence and rest see it, and a word from one of them."""

from __future__ import annotations

from app.models.live.hearing import Crewman, Task
from app.models.outages.lifecycle import FLYING
from app.models.runbook import Step as Known
from app.models.runbook import StepKind, StepState
from app.models.tables.directory import Person
from app.models.tables.runbook import Step
from app.services.live.look import Look
from app.services.runbook.acting import Report, hear
from app.services.uow import Undo, UnitOfWork


def crew_of(look: Look) -> tuple[Crewman, ...]:
    """Everybody with a step in play but the coordinator, who sits here; in the runbook's order.
    Nobody before the start: the roll call knows who was reached."""
    if look.outage.state not in FLYING:
        return ()
    mine: dict[str, list[Known]] = {}
    for step in look.playing:
        if step.owner is not None and step.owner != look.outage.coordinator_id:
            mine.setdefault(step.owner, []).append(step)
    made = [_crewman(look, look.uow.find(Person, owner), steps) for owner, steps in mine.items()]
    return tuple(each for each in made if each is not None)


def _crewman(look: Look, person: Person | None, steps: list[Known]) -> Crewman | None:
    if person is None:
        return None
    rows = [look.row[step.id] for step in steps]
    coming = [
        (look.expected.steps[step.id].start, step)
        for step in steps
        if step.state is StepState.TODO
        and step.id in look.expected.steps
        and step.kind in (StepKind.WORK, StepKind.CHECK)
    ]
    needed = min(coming, key=lambda each: each[0], default=None)
    words = [m for row in rows for m in (row.heard_at, row.started_at, row.ended_at) if m]
    return Crewman(
        name=person.name,
        phone=person.phone,
        tasks=tuple(
            _task(step, look.row[step.id]) for step in steps if step.state is StepState.RUNNING
        ),
        needed_at=needed[0] if needed else None,
        next_label=needed[1].label if needed else "",
        next_id=needed[1].id if needed else None,
        heard_at=max(words, default=None),
    )


def _task(step: Known, row: Step) -> Task:
    began = step.started_at
    assert began is not None  # it runs
    heard = max(began, row.heard_at) if row.heard_at else began
    return Task(step.label, step.id, began, step.minutes, heard, step.do_not_disturb)


def heard_from(uow: UnitOfWork, step_id: str, by: str, note: str = "") -> Undo:
    """A word from `by` about a step, by phone, written down by whoever sits here. It takes no
    version: it changes nothing that somebody else could have changed. Raises NotFound."""
    via = uow.actor.name if by != uow.actor.name else ""
    seen = uow.fetch(Step, step_id).version
    return hear(uow, step_id, Report(by=by, via=via, note=note), seen=seen)
