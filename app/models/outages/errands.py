"""What the coordinator is sent to do next: one token for each errand, the strip of the life."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from app.models.outages.debt_kinds import DebtKind
from app.models.outages.lifecycle import ENDINGS, FLYING, State

if TYPE_CHECKING:
    from app.models.notices.kinds import NoticeKind
    from app.models.outages.debt import Debt


class Errand(StrEnum):
    """`words` is what stands on the button that does it or leads there."""

    OPEN = "open"
    PLAN = "plan"
    NOTICE = "notice"
    REPLY = "reply"
    PEOPLE = "people"
    CREW = "crew"
    OUTREACH = "outreach"
    GATE = "gate"
    ROLL_CALL = "roll_call"
    LIVE = "live"
    BRIDGE_OPEN = "bridge_open"
    BRIDGE_CLOSE = "bridge_close"
    PACKET = "packet"
    STEP = "step"
    CHANGE = "change"
    USER_CHECK = "user_check"
    DECISION = "decision"
    CALL = "call"
    NEW_DATE = "new_date"
    OUTBOX = "outbox"
    ROTA = "rota"
    FILE = "file"
    FLY_AGAIN = "fly_again"

    @property
    def words(self) -> str:
        return _WORDS[self]

    @property
    def on_live(self) -> bool:
        """Done while leading the window, on Live; all others in the outage's own workspace."""
        return self in _ON_LIVE


def errand_of(kind: str) -> Errand:
    """What pays a debt of the kind with this token, where it is not a notice."""
    return _PAYS.get(kind, Errand.OPEN)


_PAYS: dict[str, Errand] = {
    DebtKind.CHANGE_RECORD: Errand.CHANGE,
    DebtKind.USER_CHECK: Errand.USER_CHECK,
    DebtKind.STEP: Errand.STEP,
    DebtKind.REPLY: Errand.REPLY,
    DebtKind.PACKET: Errand.PACKET,
    Errand.OUTBOX: Errand.OUTBOX,
    Errand.CREW: Errand.CREW,
}
WAITS_TO_LEAVE = "waits to leave; the Outbox says when"
"""What is said of a notice that is owed and in the outbox, wherever the debt is shown."""
_WORDS = {
    Errand.OPEN: "Open",
    Errand.PLAN: "Make it planned",
    Errand.NOTICE: "Review and send",
    Errand.REPLY: "Open replies",
    Errand.PEOPLE: "Note it",
    Errand.CREW: "Crew board",
    Errand.OUTREACH: "Look",
    Errand.GATE: "Begin go/no-go",
    Errand.ROLL_CALL: "Roll call",
    Errand.LIVE: "Open Live",
    Errand.BRIDGE_OPEN: "Open bridge",
    Errand.BRIDGE_CLOSE: "Close bridge",
    Errand.PACKET: "Print packet",
    Errand.STEP: "Open board",
    Errand.CHANGE: "Review",
    Errand.USER_CHECK: "Note it",
    Errand.DECISION: "Answer",
    Errand.CALL: "Reached…",
    Errand.NEW_DATE: "New date…",
    Errand.OUTBOX: "Open Outbox",
    Errand.ROTA: "Open rota",
    Errand.FILE: "File it",
    Errand.FLY_AGAIN: "Fly again…",
}

_ON_LIVE = frozenset(
    {Errand.GATE, Errand.ROLL_CALL, Errand.LIVE, Errand.BRIDGE_OPEN, Errand.BRIDGE_CLOSE}
)
_OF_DEBT = {
    DebtKind.NOTICE: Errand.NOTICE,
    DebtKind.PACKET: Errand.PACKET,
    DebtKind.CHANGE_RECORD: Errand.CHANGE,
    DebtKind.USER_CHECK: Errand.USER_CHECK,
    DebtKind.STEP: Errand.STEP,
    DebtKind.REPLY: Errand.REPLY,
    DebtKind.DECISION: Errand.DECISION,
    DebtKind.CALL: Errand.CALL,
    DebtKind.NEW_DATE: Errand.NEW_DATE,
}
GATE_BEFORE = timedelta(minutes=30)
"""When the bridge opens and GO/NO-GO begins (product.md)."""


def errand_for(debt: Debt, state: State) -> Errand:
    """What settles the debt."""
    if debt.kind is DebtKind.BRIDGE:
        to_close = debt.to_close or state in ENDINGS
        return Errand.BRIDGE_CLOSE if to_close else Errand.BRIDGE_OPEN
    return _OF_DEBT[debt.kind]


@dataclass(frozen=True, slots=True)
class Next:
    """The one thing to do next, with the debt it settles if it settles one."""

    errand: Errand
    debt: Debt | None = None


def next_of(
    state: State,
    owed: Sequence[Debt],
    start: datetime,
    now: datetime,
    leaving: AbstractSet[NoticeKind] = frozenset(),
) -> Next | None:
    """The next thing to do on an outage, None when there is only waiting for the day.

    `owed` is most urgent first, as `debts` gives it; of what is `leaving` the Outbox says more.
    With its start at hand, a flight waits for the planned notice that leaves: go/no-go is next.
    """
    match state:
        case State.DRAFT:
            return Next(Errand.PLAN)
        case State.GO_NO_GO | State.HOLD:
            return Next(Errand.ROLL_CALL)
        case State.FILED:
            return Next(Errand.FLY_AGAIN)
    if state in FLYING:
        return Next(Errand.LIVE)
    at_hand = now >= start - GATE_BEFORE
    if state is State.ANNOUNCED and at_hand:
        return Next(Errand.GATE)
    if state is State.PLANNED and at_hand and "planned" in leaving:
        return Next(Errand.OUTBOX)
    still = [debt for debt in owed if debt.notice not in leaving]
    if still and still[0].kind is DebtKind.BRIDGE and any(d.kind is DebtKind.STEP for d in still):
        return Next(Errand.LIVE, still[0])  # the wrap-up is done first, while the bridge is open
    if still:
        return Next(errand_for(still[0], state), still[0])
    if owed:
        return Next(Errand.OUTBOX, owed[0])
    if state in ENDINGS:
        return Next(Errand.FILE)
    if state is not State.PLANNED:
        return None
    # the planned notice makes it announced, so it comes next even before it is due
    return Next(Errand.OUTBOX if "planned" in leaving else Errand.NOTICE)


_START = (State.PLANNED, State.ANNOUNCED, State.GO_NO_GO, State.IN_PROGRESS)


def strip_of(state: State, *, ended: State = State.COMPLETE) -> tuple[tuple[State, ...], int]:
    """The states to show in a row, and which of them is now. `ended` tells how what is filed
    came there."""
    road: tuple[State, ...] = (*_START, State.VERIFYING, State.COMPLETE, State.FILED)
    match ended if state is State.FILED else state:
        case State.DRAFT:
            road = (State.DRAFT, *road)
        case State.HOLD:
            road = tuple(State.HOLD if s is State.GO_NO_GO else s for s in road)
        case State.PARTLY_DONE:
            road = tuple(State.PARTLY_DONE if s is State.COMPLETE else s for s in road)
        case State.BACKING_OUT | State.BACKED_OUT:
            road = (*_START, State.BACKING_OUT, State.BACKED_OUT, State.FILED)
        case State.CANCELLED:
            road = (State.DRAFT, State.CANCELLED, State.FILED)
    return road, road.index(state)
