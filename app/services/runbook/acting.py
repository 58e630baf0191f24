"""What somebody does with a step: the one road for the board, Live, paper and phone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from app.models.errors import BadInput, NotAllowed
from app.models.ids import StepId
from app.models.live.paper import has_come
from app.models.outages.decisions import Act, Decided, card_from, require_decision
from app.models.outages.lifecycle import State
from app.models.runbook import (
    Column,
    Phase,
    StepAct,
    StepKind,
    StepState,
    act_for_move,
    acted,
    begins,
    by_id,
    is_act,
    require_startable,
)
from app.models.runbook import Step as Known
from app.models.runbook.backout import in_play, is_changing, latest_start
from app.models.runbook.no_return import NoReturn
from app.models.tables.outages import Outage
from app.models.tables.runbook import Step
from app.models.times import between, speak_time, to_wall
from app.services.events import StepsChanged
from app.services.live.deciding import record_decision
from app.services.outages.waiving import in_place_of, note_waiver
from app.services.runbook.applying import act_rows
from app.services.runbook.loading import Loaded, load_steps
from app.services.runbook.opening import require_phase, require_unlocked
from app.services.runbook.roles import whose_work
from app.services.runbook.turned_back import (
    require_forward,
    require_not_being_undone,
    require_not_undone_since,
)
from app.services.uow import Undo, UnitOfWork

TO_THE_MINUTE = timedelta(minutes=1)
"""Times are given without their seconds."""


@dataclass(frozen=True, slots=True)
class Report:
    """Who says so: `by` whose report it is (empty: the actor, or whose work is begun or done),
    `via` who wrote it down. `at` is when it happened if not now; `decided` the named decision a
    late or final start needs."""

    by: str = ""
    via: str = ""
    note: str = ""
    result: str = ""
    until: datetime | None = None
    at: datetime | None = None
    decided: Decided | None = None


RESULTS = ("passed", "failed", "not_tested", "waived")
_VERBS = {
    StepAct.START: "started",
    StepAct.FINISH: "finished",
    StepAct.TO_CHECK: "handed over to be verified",
    StepAct.PASS_CHECK: "verified",
    StepAct.FAIL_CHECK: "sent back",
    StepAct.BLOCK: "blocked",
    StepAct.UNBLOCK: "unblocked",
    StepAct.SKIP: "skipped",
    StepAct.UNDO: "undid",
    StepAct.REOPEN: "reopened",
    StepAct.PUT_BACK: "put back",
}


def move_step(
    uow: UnitOfWork, step_id: str, column: Column, report: Report = Report(), *, seen: int
) -> Undo | None:
    """What dragging a card means. None when the card lies there already.

    Raises NotAllowed, Stale, NotFound.
    """
    row = uow.fetch(Step, step_id, seen)
    act = act_for_move(row.state, column, begun=row.started_at is not None)
    return None if act is None else act_on_step(uow, step_id, act, report, seen=seen)


def act_on_step(
    uow: UnitOfWork, step_id: str, act: StepAct, report: Report = Report(), *, seen: int
) -> Undo:
    """Start, finish, block … a step. Raises NotAllowed with the reason, Stale, NotFound."""
    row = uow.fetch(Step, step_id, seen)
    outage = uow.fetch(Outage, row.outage_id)
    do_act(uow, outage, load_steps(uow, outage.id), row, act, report)
    whole = partial(require_not_undone_since, step_id=step_id)
    return uow.undo(f"{row.code} {_VERBS[act]}", outage.id, also=whole)


def do_act(
    uow: UnitOfWork, outage: Outage, loaded: Loaded, row: Step, act: StepAct, report: Report
) -> Loaded:
    """`act_on_step` where the steps are loaded already; returns them as they are afterwards."""
    step = loaded.step[StepId(row.id)]
    require_allowed(uow, outage, loaded, step, act, report)
    _require_after_start(outage, step, report)
    if begins(step, act):
        _require_way_back(uow, outage, loaded, step, report)
    apply_act(uow, outage, row, step, act, report)
    loaded = loaded.renewed(row)
    if outage.state is State.BACKING_OUT and row.state is StepState.DONE:
        loaded = _mark_undone(uow, outage, loaded, row.id, report)
    return loaded


def require_allowed(
    uow: UnitOfWork, outage: Outage, loaded: Loaded, step: Known, act: StepAct, report: Report
) -> None:
    """Raises NotAllowed: an act is not ticked, it is not the step's turn, it is locked. Whether
    beginning it needs a decision is `needs_decision`'s to say."""
    if is_act(step):
        _refuse_ticking(step, act)
    require_phase(uow, outage, step, act)
    require_not_being_undone(outage, loaded, step, act)
    if begins(step, act):
        require_forward(outage, step, _when(uow, report))
        _require_predecessors(outage, loaded, step)
        require_unlocked(outage, step, _when(uow, report))


def needs_decision(outage: Outage, loaded: Loaded, step: Known, at: datetime) -> str:
    """What beginning it at that moment would need a named decision for (an infinitive); else
    empty."""
    if not is_changing(step) or step.phase is Phase.BACK_OUT:
        return ""
    latest = latest_start(loaded.known, step, outage.promised_end_utc, at)
    if isinstance(latest, NoReturn):
        return f"start {step.label}, which cannot be undone"
    if at <= latest:
        return ""
    return f"start {step.label} after {speak_time(to_wall(latest, outage.zone))}, too late"


def check_step(
    uow: UnitOfWork, step_id: str, result: str, report: Report = Report(), *, seen: int
) -> Undo:
    """The outcome of a verify step: passed, failed, not_tested, or waived by name and reason.

    Failed and not tested leave it in Verify, where it stands in the way of the all-clear.
    """
    if result not in RESULTS:
        raise BadInput(f"A check is passed, failed, not tested or waived, not “{result}”.")
    row = uow.fetch(Step, step_id, seen)
    outage = uow.fetch(Outage, row.outage_id)
    do_check(uow, outage, load_steps(uow, outage.id), row, result, report)
    return uow.undo(f"{row.code} {result.replace('_', ' ')}", outage.id)


def do_check(
    uow: UnitOfWork, outage: Outage, loaded: Loaded, row: Step, result: str, report: Report
) -> Loaded:
    """`check_step` where the steps are loaded already; returns them as they are afterwards."""
    step = loaded.step[StepId(row.id)]
    require_phase(uow, outage, step, StepAct.FINISH)
    _require_after_start(outage, step, report)
    if result == "waived":
        if not report.note.strip() or not (report.by or uow.actor.name).strip():
            raise BadInput("A waiver needs a name and a reason; nothing was changed.")
        note_waiver(uow, outage, row.code, report.note, report.by)
    else:
        _require_predecessors(outage, loaded, step)
    if row.state is StepState.SKIPPED:  # left out, and seen to after all
        apply_act(uow, outage, row, step, StepAct.REOPEN, replace(report, note=""))
        loaded = loaded.renewed(row)
        step = loaded.step[StepId(row.id)]
    settled = result in ("passed", "waived")
    act = StepAct.FINISH if settled else StepAct.TO_CHECK
    if row.result:
        row.note = ""  # it was about an earlier try, which the log keeps
    if row.state is StepState.CHECK and not settled:
        at = _when(uow, report)
        row.result, row.note = result, report.note.strip()
        row.by, row.via = report.by or uow.actor.name, report.via
        row.heard_at = max(at, row.heard_at) if row.heard_at else at
        what = f"{row.code} {row.title} {result.replace('_', ' ')}, tried again"
        uow.log(
            f"{what}{_tail(report.note)}", row, who=report.by, via=report.via, kind="check", at=at
        )
    else:
        apply_act(uow, outage, row, step, act, replace(report, result=result))
    uow.emit(StepsChanged(outage.id, (row.id,)))
    return loaded.renewed(row)


def hear(uow: UnitOfWork, step_id: str, report: Report, *, seen: int) -> Undo:
    """“Heard by phone”: somebody said how it goes; nothing else changes."""
    row = uow.fetch(Step, step_id, seen)
    at = _when(uow, report)
    row.heard_at = max(at, row.heard_at) if row.heard_at else at
    said = report.note.strip() or "still on it"
    what = f"{row.code} {row.title}: {said}"
    uow.log(what, row, who=report.by, via=report.via, kind="heard", at=at)
    uow.emit(StepsChanged(row.outage_id, (row.id,)))
    return uow.undo(f"{row.code} heard", row.outage_id)


def give_reason(uow: UnitOfWork, step_id: str, reason: str, *, seen: int) -> Undo:
    """The reason of a block or a late start, asked for afterwards on the card."""
    row = uow.fetch(Step, step_id, seen)
    row.blocked_reason = reason.strip()
    uow.log(f"{row.code} {row.title}: {row.blocked_reason}", row)
    uow.emit(StepsChanged(row.outage_id, (row.id,)))
    return uow.undo(f"{row.code} reason", row.outage_id)


def apply_act(
    uow: UnitOfWork, outage: Outage, row: Step, step: Known, act: StepAct, report: Report
) -> None:
    """Record the act on the row and in the log; rules about order and time were asked before."""
    at = _when(uow, report)
    owner = "" if report.by else whose_work(uow, row, act)
    if owner:
        report = replace(report, by=owner, via=report.via or uow.actor.name)
    after = acted(step, act, at)
    row.state, row.started_at, row.ended_at = after.state, after.started_at, after.ended_at
    row.heard_at = max(at, row.heard_at) if row.heard_at else at
    if act is not StepAct.UNDO or not row.by:  # who undid it is in the log, and is not who did it
        row.by, row.via = report.by or uow.actor.name, report.via
    row.result = report.result
    if act is StepAct.BLOCK:
        row.blocked_reason, row.blocked_until = report.note.strip(), report.until
    elif row.state is not StepState.BLOCKED:
        row.blocked_until = None
    if report.note.strip() and act is not StepAct.BLOCK:
        row.note = report.note.strip()
    what = f"{_VERBS[act]} {row.code} {row.title}"
    if report.result == "waived":  # nobody saw it pass
        what = f"waived {row.code} {row.title}{in_place_of(uow, outage, report.by)}"
    elif act is StepAct.TO_CHECK and report.result:  # tried at once, and not passed
        what = f"{row.code} {row.title} {report.result.replace('_', ' ')}"
    timed = row.started_at is not None and row.started_at != row.ended_at
    if row.state is StepState.DONE and timed and row.started_at and row.ended_at:
        took = between(row.started_at, row.ended_at) // TO_THE_MINUTE
        what += f" ({took} min, planned {row.minutes})"
    verified = bool(report.result) or act in (StepAct.PASS_CHECK, StepAct.FAIL_CHECK)
    uow.log(
        f"{what}{_tail(report.note)}", row, who=report.by, via=report.via, at=at,
        kind="check" if verified else "act",
    )  # fmt: skip
    uow.emit(StepsChanged(outage.id, (row.id,)))


def complete_acts(
    uow: UnitOfWork,
    outage: Outage,
    kind: StepKind,
    part: str = "",
    by: str = "",
    act: StepAct = StepAct.FINISH,
) -> None:
    """The act is done, so the first open step that *is* this act is done with it (or skipped,
    where the act did not happen and never will)."""
    for row in act_rows(uow, outage.id, kind, part)[:1]:
        step = load_steps(uow, outage.id).step[StepId(row.id)]
        apply_act(uow, outage, row, step, act, Report(by=by))


def _when(uow: UnitOfWork, report: Report) -> datetime:
    if report.at is None:
        return uow.now
    if not has_come(report.at, uow.now):
        raise BadInput("That time has not come yet; give when it really happened.")
    return report.at


def _tail(note: str) -> str:
    return f": {note.strip()}" if note.strip() else ""


def _refuse_ticking(step: Known, act: StepAct) -> None:
    """An act step is done by doing the act; it may still be blocked, unblocked or put back."""
    if act not in (StepAct.START, StepAct.FINISH, StepAct.TO_CHECK, StepAct.PASS_CHECK):
        return
    how = {
        StepKind.GATE: "Give the GO on Live (Roll call)",
        StepKind.NOTICE: "Send the notice under Communication",
        StepKind.BRIDGE: "Open or close the bridge on Live",
        StepKind.ALL_CLEAR: "Give the all-clear on Live",
    }[step.kind]
    raise NotAllowed(
        f"{step.label} is an act, not a tick. {how}, and the step is done with it.",
        act_step=step.kind,
    )


def _require_after_start(outage: Outage, step: Known, report: Report) -> None:
    """Of a time that was given; a clock that was set back in between is nobody's word."""
    if report.at is None or step.started_at is None or not step.begun:
        return
    if report.at <= step.started_at - TO_THE_MINUTE:
        at, began = (
            speak_time(to_wall(each, outage.zone)) for each in (report.at, step.started_at)
        )
        raise BadInput(
            f"{step.label} began {began}, so that cannot have been at {at}; nothing was changed. "
            "Look at both times again."
        )


def _require_predecessors(outage: Outage, loaded: Loaded, step: Known) -> None:
    """Turned back, only the steps of the way back hold others up: the all clear never comes,
    and the wrap-up must not wait for it."""
    turned = outage.state in (State.BACKING_OUT, State.BACKED_OUT)
    if turned and step.phase in (Phase.BACK_OUT, Phase.WRAP_UP):
        playing = by_id(in_play(loaded.known, backing_out=True))
        require_startable(playing.get(step.id, step), playing)
    else:
        require_startable(step, loaded.step)


def _require_way_back(
    uow: UnitOfWork, outage: Outage, loaded: Loaded, step: Known, report: Report
) -> None:
    """Later than the latest start, or without return: a decision by the one the card names."""
    why = needs_decision(outage, loaded, step, _when(uow, report))
    if not why:
        return
    card, because = card_from(outage.decision_card), _what_it_closes(uow, outage, loaded, step)
    line = require_decision(card, Act.NO_RETURN, report.decided, because)
    decided = report.decided or Decided(report.by or uow.actor.name, report.note)
    record_decision(uow, outage, Act.NO_RETURN, decided, why, line=line)


def _what_it_closes(uow: UnitOfWork, outage: Outage, loaded: Loaded, step: Known) -> str:
    """What beginning it now does to the way back, in sentences."""
    latest = latest_start(loaded.known, step, outage.promised_end_utc, uow.now)
    if isinstance(latest, NoReturn):
        return f"{step.label} cannot be undone: once it is begun there is no way back."
    closes = latest + timedelta(minutes=step.minutes)

    def clock(moment: datetime) -> str:
        return speak_time(to_wall(moment, outage.zone))

    over = "which has passed" if closes <= uow.now else f"before its {step.minutes} min are over"
    return (
        f"{step.label} was to start by {clock(latest)}. Begun now, it moves the way back to "
        f"{clock(closes)}, {over}."
    )


def _mark_undone(
    uow: UnitOfWork, outage: Outage, loaded: Loaded, back_out_id: str, report: Report
) -> Loaded:
    """A step whose back-out steps are all done is undone with the last of them."""
    for step in loaded.known:
        if back_out_id not in step.undone_by or not step.begun:
            continue
        others = (loaded.step[i].state for i in step.undone_by if i in loaded.step)
        if all(state in (StepState.DONE, StepState.SKIPPED) for state in others):
            undone = Report(report.by, report.via)
            row = loaded.row[step.id]
            apply_act(uow, outage, row, step, StepAct.UNDO, undone)
            loaded = loaded.renewed(row)
    return loaded
