"""Once a flight has turned back nothing goes forward, and what is being undone stays as it is."""

from __future__ import annotations

from datetime import datetime

from app.models.errors import NotAllowed
from app.models.ids import StepId
from app.models.outages.lifecycle import State
from app.models.runbook import Phase, StepAct
from app.models.runbook import Step as Known
from app.models.tables.outages import Outage
from app.models.tables.runbook import Step
from app.models.times import speak_time, to_wall
from app.services.runbook.loading import Loaded, load_steps
from app.services.uow import UnitOfWork


def require_forward(outage: Outage, step: Known, at: datetime) -> None:
    """A step of the window is not begun after the flight turned back; from paper it may be told
    that it was begun before. Raises NotAllowed."""
    since = outage.state_since
    if outage.state is not State.BACKING_OUT or since is None or at < since:
        return
    if step.phase in (Phase.WINDOW, Phase.VERIFY):
        turned = speak_time(to_wall(since, outage.zone))
        raise NotAllowed(
            f"{outage.code} is backing out since {turned}: {step.label} is not begun any more. "
            "Nothing was changed."
        )


def require_not_being_undone(outage: Outage, loaded: Loaded, step: Known, act: StepAct) -> None:
    """Its back-out steps decide when it is undone; it is neither finished nor put back meanwhile.
    Raises NotAllowed."""
    undoing = _undoing(outage, loaded, step)
    if undoing is not None and act not in (StepAct.BLOCK, StepAct.UNBLOCK):
        raise NotAllowed(
            f"{undoing.label} is {undoing.state.words} and undoes {step.label}, which is undone "
            "with it. Nothing was changed."
        )


def require_not_undone_since(uow: UnitOfWork, step_id: str) -> None:
    """An act is not taken back (Ctrl+Z) from under the back-out step that undoes it already.
    Raises NotAllowed."""
    row = uow.fetch(Step, step_id)
    loaded = load_steps(uow, row.outage_id)
    step = loaded.step[StepId(step_id)]
    undoing = _undoing(uow.fetch(Outage, row.outage_id), loaded, step)
    if undoing is not None:
        raise NotAllowed(
            f"{undoing.label} is {undoing.state.words} and undoes {step.label}: put {undoing.code} "
            "back first. Nothing was put back."
        )


def require_way_back_untouched(uow: UnitOfWork, outage_id: str) -> None:
    """The flight does not go forward again (Ctrl+Z) once something of the way back is begun.
    Raises NotAllowed."""
    known = load_steps(uow, outage_id).known
    begun = next((s for s in known if s.phase is Phase.BACK_OUT and s.begun), None)
    if begun is not None:
        raise NotAllowed(
            f"{begun.label} is {begun.state.words}, and belongs to the way back: put it back "
            "first. Nothing was put back."
        )


def _undoing(outage: Outage, loaded: Loaded, step: Known) -> Known | None:
    """The back-out step that has begun to undo it."""
    if outage.state is not State.BACKING_OUT:
        return None
    there = (loaded.step[i] for i in step.undone_by if i in loaded.step)
    return next((undo for undo in there if undo.begun), None)
