"""From when a step can be begun: the flight is there, its window open, its lock past."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.models.errors import NotAllowed
from app.models.live.paper import has_come
from app.models.outages.lifecycle import BEFORE_START, CLOSED, FLYING, State
from app.models.runbook import Phase, StepAct, StepState
from app.models.runbook import Step as Known
from app.models.tables.outages import Outage
from app.models.tables.runbook import Step
from app.models.times import between, speak_moment, speak_time, to_wall
from app.services.uow import UnitOfWork

_STARTING = (StepAct.START, StepAct.FINISH, StepAct.TO_CHECK)


def opens_at(outage: Outage, step: Known, now: datetime) -> datetime | None:
    """When the window or the step's own lock lets it begin, where that is still to come."""
    if step.begun or step.state not in (StepState.TODO, StepState.BLOCKED):
        return None
    window = outage.start_utc if step.phase in (Phase.WINDOW, Phase.VERIFY) else None
    return max((m for m in (step.not_before, window) if m is not None and m > now), default=None)


def opens_words(opens: datetime, start: datetime, zone: str) -> str:
    """`locked until 20:00`, or `the window opens 19:00`."""
    at = speak_time(to_wall(opens, zone))
    return f"the window opens {at}" if opens == start else f"locked until {at}"


def lock_words(not_after: datetime | None, zone: str, *, late: bool) -> str:
    """`not after 19:20`, of what is not begun; once it cannot begin by then it is `late`."""
    if not_after is None:
        return ""
    at = speak_time(to_wall(not_after, zone))
    return f"too late: not after {at}" if late else f"not after {at}"


def why_owed(row: Step, zone: str) -> str:
    """The question about what was taken at once, a block or a start past its lock; empty once there
    is a reason."""
    if row.blocked_reason:
        return ""
    if row.state is StepState.BLOCKED:
        return f"Why is {row.code} {row.title} blocked?"
    began, by = row.started_at, row.not_after
    if row.note or began is None or by is None or between(by, began) <= timedelta():
        return ""
    return f"Why did {row.code} {row.title} begin after {speak_time(to_wall(by, zone))}?"


def has_its_turn(state: State, phase: Phase) -> bool:
    """Whether steps of the phase can be begun and done while the flight is in this state; of the
    window, once it is open."""
    match phase:
        case Phase.BEFORE:
            return state in BEFORE_START | FLYING and state is not State.DRAFT
        case Phase.WINDOW | Phase.VERIFY:
            return state in FLYING
        case Phase.BACK_OUT:
            return state is State.BACKING_OUT
        case Phase.WRAP_UP:
            return state in FLYING | CLOSED and state is not State.FILED


def require_phase(uow: UnitOfWork, outage: Outage, step: Known, act: StepAct) -> None:
    """Is the flight where this step belongs? Raises NotAllowed saying what comes first."""
    if outage.state is State.FILED:
        raise NotAllowed(f"{outage.code} is filed; its steps change no more.")
    if act not in _STARTING:
        return
    there = has_its_turn(outage.state, step.phase)
    in_window = step.phase in (Phase.WINDOW, Phase.VERIFY)
    if there and not in_window:
        return
    if step.phase is Phase.BACK_OUT:
        raise NotAllowed(
            f"{step.label} belongs to the way back. Decide to back out first; nothing was changed."
        )
    if there:
        if uow.now >= outage.start_utc:
            return
        opens = speak_moment(outage.start_utc, outage.zone)
        if outage.started_at is not None and not has_come(outage.started_at, uow.now):
            at, began = (speak_moment(each, outage.zone) for each in (uow.now, outage.started_at))
            raise NotAllowed(
                f"The clock of this machine says {at}, but {outage.code} began {began}: it was set "
                "back. Set it right; nothing was changed."
            )
        raise NotAllowed(f"{step.label} belongs to the window, which opens {opens}.")
    raise NotAllowed(
        f"{outage.code} is {outage.state.words.lower()}, so {step.label} cannot start yet. "
        + ("Plan it first." if outage.state is State.DRAFT else "It needs the GO first.")
    )


def require_unlocked(outage: Outage, step: Known, at: datetime) -> None:
    """A missed not-after lock stands in nobody's way: it shows as late, the reason is asked
    afterwards."""
    if step.not_before is not None and at < step.not_before:
        opens = speak_time(to_wall(step.not_before, outage.zone))
        raise NotAllowed(
            f"{step.label} is locked until {opens}; nothing was changed. Wait, or change its lock "
            "if the reason for it is gone."
        )
