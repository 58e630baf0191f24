"""Which words are to be said on the bridge now, with the facts filled in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.models.live.words import Say, SayFacts, words_to_say
from app.models.outages.lifecycle import CLOSED, State
from app.models.runbook import StepKind
from app.models.tables.outages import Outage
from app.models.times import speak_moment, speak_time, to_wall
from app.services.live.rows import BridgeRow, CriterionRow, LiveStep, RollRow


@dataclass(frozen=True, slots=True)
class Longer:
    """The end was moved from `old_end` (UTC), and why."""

    old_end: datetime
    why: str


def say_now(
    outage: Outage,
    services: str,
    coordinator: str,
    bridge: BridgeRow | None,
    roll: Sequence[RollRow],
    criteria: Sequence[CriterionRow],
    running: Sequence[LiveStep],
    following: Sequence[LiveStep],
    checks: Sequence[LiveStep],
    way_back: datetime | None,
    longer: Longer | None = None,
    stays: Sequence[str] = (),
    *,
    now: datetime,
    latest_start: datetime | None = None,
    blocked: Sequence[LiveStep] = (),
    undoing: bool = False,
) -> tuple[Say, str]:
    """The gate the flight stands at, and two sentences for it; none once the line is closed.
    `longer`: the end was just moved; `stays`: what turning back left changed;
    `latest_start`: how long a hold may last; `undoing`: the way back was begun, or there is
    nothing to undo."""
    say = _gate(outage.state, bridge, roll, criteria)
    if say is Say.STATUS and longer is not None:
        say = Say.EXTEND
    if say is Say.BACK_OUT and undoing:
        say = Say.STATUS  # the way back was called out; now it is being flown

    def clock(moment: datetime | None) -> str:
        return speak_time(to_wall(moment, outage.zone)) if moment else ""

    doing = running[0] if running else None
    acts = (StepKind.GATE, StepKind.NOTICE, StepKind.BRIDGE, StepKind.ALL_CLEAR)
    # who says this does the acts; on the line the next piece of work is called out
    after = next((s for s in following if s.kind not in acts), None)
    start = outage.start_utc
    facts = SayFacts(
        coordinator=coordinator or "the coordinator",
        title=outage.title,
        services=services,
        start=clock(start),
        end=clock(outage.promised_end_utc),
        way_back=clock(way_back),
        way_closed=way_back is not None and way_back <= now,
        now_step=_spoken(doing),
        now_owner=doing.owner if doing else "",
        next_step=_spoken(after),
        next_owner=after.owner if after else "",
        next_at=clock(after.at) if after else "",
        latest_start=clock(latest_start),
        blocked_step=_spoken(blocked[0] if blocked else None),
        blocked_owner=blocked[0].owner if blocked else "",
        against=" and ".join(row.name for row in roll if row.go is False),
        old_end=clock(longer.old_end if longer else outage.end_utc),
        reason=as_clause(longer.why if longer else ""),
        undo_first=_spoken(after) if say is Say.BACK_OUT else "",
        user_check=_user_check(outage),
        ended="is backed out, but not everything is as it was before"
        if outage.state is State.BACKED_OUT and stays
        else _ENDED.get(outage.state, "is over"),
        turned_back=outage.state is State.BACKING_OUT,
        verifying=outage.state is State.VERIFYING,
        do_not_disturb=bool(doing and doing.do_not_disturb),
        verified=not (checks or running or blocked or after)
        and outage.state in (State.VERIFYING, State.BACKING_OUT),
    )
    hung_up = say is Say.CLOSE and bridge is not None and bridge.closed_at is not None
    return say, "" if hung_up else words_to_say(say, facts)


_ENDED = {
    State.PARTLY_DONE: "is over, partly done",
    State.BACKED_OUT: "is backed out, and everything is as it was before",
    State.CANCELLED: "is cancelled",
}


def as_clause(reason: str) -> str:
    """`The flash is slow.` as it follows “because”; a name or an abbreviation keeps its capital."""
    plain = reason.strip().rstrip(".!… ")
    first, _, rest = plain.partition(" ")
    ordinary = first.lower() in _ORDINARY
    return f"{first.lower() if ordinary else first} {rest}".strip()


_ORDINARY = frozenset(
    ["a", "an", "the", "it", "its", "we", "our", "one", "two", "some", "this", "that", "there"]
)


def _gate(
    state: State,
    bridge: BridgeRow | None,
    roll: Sequence[RollRow],
    criteria: Sequence[CriterionRow],
) -> Say:
    if state is State.HOLD:
        return Say.HOLD
    if state is State.BACKING_OUT:
        return Say.BACK_OUT
    if state in CLOSED:
        return Say.CLOSE
    if state in (State.IN_PROGRESS, State.VERIFYING):
        return Say.STATUS
    if bridge is None or not bridge.open:
        return Say.OPEN
    if any(row.go is None for row in roll):
        return Say.ROLL_CALL
    if not roll and any(not row.met for row in criteria):
        return Say.ROLL_CALL
    ready = all(row.met for row in criteria) and all(row.go for row in roll)
    return Say.GO if ready else Say.NOT_YET


def _spoken(step: LiveStep | None) -> str:
    return f"step {step.code}, {step.title}" if step else ""


def _user_check(outage: Outage) -> str:
    if outage.user_check:
        return f"{outage.checker or 'The user side'} says that it works"
    if outage.user_check_due:
        due = speak_moment(outage.user_check_due, outage.zone)
        return f"The user check is due {due}"
    return ""
