"""Which act moves the flight on now: the one primary button of Live."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from app.models.outages.debt import DebtKind
from app.models.outages.lifecycle import ENDINGS, FLYING, State
from app.models.runbook import (
    SETTLED,
    Phase,
    StepKind,
    StepState,
    by_id,
    is_act,
    is_ready,
    is_unseen_check,
)
from app.models.runbook import Step as Known
from app.models.tables.outages import Outage
from app.services.live.rows import BridgeRow, CriterionRow, NextAct, OwedRow, RollRow
from app.services.runbook.opening import opens_at


def next_act_of(
    outage: Outage,
    bridge: BridgeRow | None,
    criteria: Sequence[CriterionRow],
    roll: Sequence[RollRow],
    owed: Sequence[OwedRow],
    playing: Sequence[Known],
    now: datetime,
    leaving: Collection[str] = (),
) -> NextAct:
    """The one primary act; what is being done now comes before what could be begun. `leaving` are
    the ids of the notice steps whose notice waits to leave: nothing waits for them."""
    state = outage.state
    if state in (State.ANNOUNCED, State.GO_NO_GO, State.HOLD):
        if bridge is not None and bridge.line and not bridge.open:
            return NextAct.OPEN_BRIDGE
        if state is State.ANNOUNCED:
            return NextAct.BEGIN_GATE
        open_answers = any(row.go is None for row in roll)
        red = any(not row.met for row in criteria)
        return NextAct.ROLL_CALL if open_answers or red else NextAct.GO
    if state in FLYING:
        return _next_in_flight(outage, playing, leaving, now)
    if state in ENDINGS:
        return _next_owed(outage, owed, playing, now)
    return NextAct.NONE


def _next_owed(
    outage: Outage, owed: Sequence[OwedRow], playing: Sequence[Known], now: datetime
) -> NextAct:
    """Everyone is told; then the wrap-up's steps are begun and finished here, as in flight, while
    the bridge is still open; then the debt in its order. What waits to leave asks for nothing
    more."""
    if not owed:
        return NextAct.FILE
    first = next((row for row in owed if not row.leaving), None)
    if first is None:
        return NextAct.WAIT
    if first.kind is DebtKind.NOTICE and (first.due or now) <= now:
        return NextAct.PAY_DEBT
    due = {row.about_id for row in owed if row.kind is DebtKind.STEP}
    work = [s for s in playing if s.id in due and s.phase is Phase.WRAP_UP]
    if any(step.state is StepState.RUNNING for step in work):
        return NextAct.DONE_STEP
    index = by_id(playing)
    if any(is_ready(step, index) and opens_at(outage, step, now) is None for step in work):
        return NextAct.START_STEP
    return NextAct.CLOSE_BRIDGE if first.kind is DebtKind.BRIDGE else NextAct.PAY_DEBT


_PHASES = {
    State.IN_PROGRESS: (Phase.BEFORE, Phase.WINDOW),
    State.VERIFYING: (Phase.VERIFY,),
    State.BACKING_OUT: (Phase.BACK_OUT,),
}


def _next_in_flight(
    outage: Outage, playing: Sequence[Known], leaving: Collection[str], now: datetime
) -> NextAct:
    index, state = by_id(playing), outage.state
    mine = [step for step in playing if step.phase in _PHASES[state]]
    work = [step for step in mine if step.kind is StepKind.WORK]
    if any(step.state is StepState.RUNNING for step in work):
        return NextAct.DONE_STEP
    open_checks = [s for s in mine if s.kind is StepKind.CHECK and s.state not in SETTLED]
    if any(is_ready(step, index) and opens_at(outage, step, now) is None for step in work):
        return NextAct.START_STEP
    if any(is_ready(s, index) or s.begun for s in open_checks):
        return NextAct.CHECK
    still = [
        s
        for s in mine
        if s.state not in (*SETTLED, StepState.UNDONE)
        and s.phase is not Phase.BEFORE
        and s.id not in leaving
        and not (is_act(s) and state is not State.IN_PROGRESS)
    ]
    if still:
        return NextAct.WAIT
    if any(is_unseen_check(s) for s in mine):  # the all clear would refuse
        return NextAct.CHECK
    return {
        State.IN_PROGRESS: NextAct.VERIFY,
        State.VERIFYING: NextAct.ALL_CLEAR,
        State.BACKING_OUT: NextAct.BACKED_OUT,
    }[state]
