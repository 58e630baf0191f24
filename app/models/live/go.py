"""GO/NO-GO: criteria with evidence, then the roll call by name (product.md, T−30 min)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.models.runbook import Step, StepKind
from app.models.times import speak_moment

GO_WITHIN = timedelta(days=1)
"""How long before its window a flight may be given the GO: early is the coordinator's choice,
days ahead what holds today may not hold on the night."""


class Criterion(StrEnum):
    STEPS_DONE = "steps_done"
    BACKUP_VERIFIED = "backup_verified"
    UNDO_READY = "undo_ready"
    OWNERS_REACHED = "owners_reached"
    CREW_BOARD = "crew_board"
    CHECKER_REACHED = "checker_reached"
    DESK_BRIEFED = "desk_briefed"
    MONITORING_BRIEFED = "monitoring_briefed"
    BRIDGE_OPEN = "bridge_open"
    PACKET_CURRENT = "packet_current"
    VENDOR_CASE = "vendor_case"
    OBJECTIONS_DECIDED = "objections_decided"
    NEW_TIME_TOLD = "new_time_told"

    @property
    def words(self) -> str:
        return _WORDS[self]


_WORDS = {
    Criterion.STEPS_DONE: "Steps before the GO done",
    Criterion.BACKUP_VERIFIED: "Backup verified",
    Criterion.UNDO_READY: "Undo ready",
    Criterion.OWNERS_REACHED: "Owners reached",
    Criterion.CREW_BOARD: "Crew board opened",
    Criterion.CHECKER_REACHED: "User-side checker reached",
    Criterion.DESK_BRIEFED: "Service desk briefed",
    Criterion.MONITORING_BRIEFED: "Monitoring briefed",
    Criterion.BRIDGE_OPEN: "Bridge open",
    Criterion.PACKET_CURRENT: "Packet current",
    Criterion.VENDOR_CASE: "Vendor case open",
    Criterion.OBJECTIONS_DECIDED: "Objections decided",
    Criterion.NEW_TIME_TOLD: "New time told",
}


@dataclass(frozen=True, slots=True)
class Said:
    """Evidence somebody gave for a criterion by hand."""

    met: bool
    evidence: str
    by: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of the roll call; a later one of the same name stands in its place."""

    name: str
    go: bool
    at: datetime
    why: str = ""


@dataclass(frozen=True, slots=True)
class GoFacts:
    """What the criteria are judged from; times as the console knows them, words ready to show.
    `crew_board` is empty while that is off."""

    expected: tuple[str, ...]
    answers: tuple[Answer, ...] = ()
    said: tuple[tuple[Criterion, Said], ...] = ()
    without_way_back: tuple[str, ...] = ()
    backup_steps_open: tuple[str, ...] = ()
    backup_steps_done: tuple[str, ...] = ()
    desk_briefed: str = ""
    monitoring_briefed: str = ""
    bridge_open: str = ""
    packet_printed: str = ""
    packet_stale: bool = False
    checker: str = ""
    checker_phone: str = ""
    vendor: str = ""
    vendor_case: str = ""
    objections_open: tuple[str, ...] = ()
    unsorted: tuple[str, ...] = ()
    moved: bool = False
    told_another_time: int = 0
    before_gate: tuple[str, ...] = ()
    before_gate_open: tuple[str, ...] = ()
    unowned: tuple[str, ...] = ()
    crew_board: str = ""
    crew_unopened: bool = False


@dataclass(frozen=True, slots=True)
class Judged:
    """`evidence` says why it is met, or what is missing and whom to call."""

    criterion: Criterion
    met: bool
    evidence: str
    by_hand: bool


def judge(facts: GoFacts) -> tuple[Judged, ...]:
    """Each criterion in the order it is asked. What the console knows itself is not asked; what
    a person said stands above it; but that objections are decided or steps done is never said over
    one that is not: it may have come since."""
    said = dict(facts.said)
    judged = []
    for criterion in Criterion:
        if criterion is Criterion.VENDOR_CASE and not facts.vendor:
            continue
        if criterion is Criterion.NEW_TIME_TOLD and not facts.moved:
            continue
        if criterion is Criterion.STEPS_DONE and not facts.before_gate:
            continue
        if criterion is Criterion.CREW_BOARD and not facts.crew_board:
            continue
        word = said.get(criterion)
        if word and word.met and never_said(criterion, facts):
            word = None
        if word:
            evidence = f"{word.evidence} ({word.by})" if word.evidence else word.by
            judged.append(Judged(criterion, word.met, evidence, True))
        else:
            met, evidence = _known(criterion, facts)
            judged.append(Judged(criterion, met, evidence, False))
    return tuple(judged)


def _known(criterion: Criterion, facts: GoFacts) -> tuple[bool, str]:
    match criterion:
        case Criterion.STEPS_DONE:
            if facts.before_gate_open:
                return False, f"not done: {few(facts.before_gate_open)}"
            return True, f"{len(facts.before_gate)} of {len(facts.before_gate)} done"
        case Criterion.BACKUP_VERIFIED:
            if facts.backup_steps_open:
                return False, f"not done: {', '.join(facts.backup_steps_open)}"
            done = ", ".join(facts.backup_steps_done)
            return bool(done), done or "nobody has said that the backup was verified"
        case Criterion.UNDO_READY:
            if facts.without_way_back:
                return False, f"no way back noted for {', '.join(facts.without_way_back)}"
            return True, "every changing step names its undo, or that there is none"
        case Criterion.OWNERS_REACHED:
            missing = missing_answers(facts)
            nobody = ""
            if facts.unowned:
                codes, more = ", ".join(facts.unowned[:6]), len(facts.unowned) - 6
                nobody = f"nobody has {codes}{f' and {more} more' if more > 0 else ''}; "
            if missing:
                return False, f"{nobody}not answered: {', '.join(missing)}"
            return True, f"{nobody}{len(facts.expected)} of {len(facts.expected)} answered"
        case Criterion.CREW_BOARD:
            return not facts.crew_unopened, facts.crew_board
        case Criterion.CHECKER_REACHED:
            if facts.checker and facts.checker in latest_answers(facts.answers):
                return True, f"{facts.checker} answered the roll call"
            who = f"{facts.checker} {facts.checker_phone}".strip() or "no checker named"
            return False, who
        case Criterion.DESK_BRIEFED:
            return bool(facts.desk_briefed), facts.desk_briefed or "brief not sent"
        case Criterion.MONITORING_BRIEFED:
            return bool(facts.monitoring_briefed), facts.monitoring_briefed or "brief not sent"
        case Criterion.BRIDGE_OPEN:
            return bool(facts.bridge_open), facts.bridge_open or "not opened"
        case Criterion.PACKET_CURRENT:
            if not facts.packet_printed:
                return False, "not printed"
            if facts.packet_stale:
                return False, f"{facts.packet_printed}, but the runbook changed since"
            return True, facts.packet_printed
        case Criterion.VENDOR_CASE:
            return bool(facts.vendor_case), facts.vendor_case or f"no case with {facts.vendor}"
        case Criterion.OBJECTIONS_DECIDED:
            waiting = undecided(facts)
            return not waiting, "; ".join(p for p in (waiting or "none open", unread(facts)) if p)
        case Criterion.NEW_TIME_TOLD:
            if not facts.told_another_time:
                return True, "everyone ever told knows the window as it is"
            one = facts.told_another_time == 1
            who = "1 address believes" if one else f"{facts.told_another_time} addresses believe"
            return False, f"{who} in another time: send the rescheduled notice"


def never_said(criterion: Criterion, facts: GoFacts) -> str:
    """What is still to be done where nobody’s word makes the criterion met; empty: nothing."""
    match criterion:
        case Criterion.STEPS_DONE if facts.before_gate_open:
            open_ = few(facts.before_gate_open)
            return f"Do each on the board, or skip it there ({open_}), or waive it at the GO."
        case Criterion.OBJECTIONS_DECIDED if waiting := undecided(facts):
            return f"Decide each under Communication ({waiting}), or waive it at the GO."
    return ""


def few(names: tuple[str, ...], most: int = 4) -> str:
    more = len(names) - most
    return f"{', '.join(names[:most])}{f' and {more} more' if more > 0 else ''}"


def undecided(facts: GoFacts) -> str:
    """Who objects and has no decision, in words; empty: each objection has its decision."""
    return f"undecided: {', '.join(facts.objections_open)}" if facts.objections_open else ""


def unread(facts: GoFacts) -> str:
    """Whose reply nobody has sorted: it may be an objection, and stops nothing; empty: nobody's."""
    return f"not sorted yet: {few(facts.unsorted)}" if facts.unsorted else ""


def too_early(now: datetime, start: datetime, zone: str) -> str:
    """Why the GO cannot be given yet, in one sentence; empty within GO_WITHIN of the start."""
    opens = start - GO_WITHIN
    if now >= opens:
        return ""
    return (
        f"GO can be given from {speak_moment(opens, zone)}, a day before the window opens; "
        "to fly sooner, move the window."
    )


def before_gate(steps: Iterable[Step]) -> tuple[Step, ...]:
    """What a gate waits for, near or far."""
    known = {step.id: step for step in steps}
    waited_for = set()
    todo = [before for s in known.values() if s.kind is StepKind.GATE for before in s.after]
    while todo:
        here = todo.pop()
        if here in known and here not in waited_for:
            waited_for.add(here)
            todo.extend(known[here].after)
    return tuple(s for s in known.values() if s.id in waited_for)


def latest_answers(answers: Iterable[Answer]) -> dict[str, Answer]:
    latest: dict[str, Answer] = {}
    for answer in sorted(answers, key=lambda a: a.at):
        latest[answer.name] = answer
    return latest


def missing_answers(facts: GoFacts) -> tuple[str, ...]:
    """Who was expected on the roll call and has not answered."""
    answered = latest_answers(facts.answers)
    return tuple(name for name in facts.expected if name not in answered)


def noes(facts: GoFacts) -> tuple[Answer, ...]:
    """Whose last word is NO-GO."""
    return tuple(a for a in latest_answers(facts.answers).values() if not a.go)
