"""The back-out moment by hand, from the words of product.md, with none of the console's own code:

window end − time to undo everything done or begun (through the back-out steps' own dependencies
and people) − verification of the old state. Who undoes what in which order is settled once, minute
by minute: whoever is free takes, of what may begin, the one with the most behind it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from math import ceil

from app.models.runbook import Phase, Step, StepKind, StepState

OVER = (StepState.DONE, StepState.SKIPPED, StepState.UNDONE)
UNDER_WAY = (StepState.RUNNING, StepState.CHECK)
Minutes = Callable[[Step], int]


def moment_by_hand(steps: Sequence[Step], end: datetime, now: datetime) -> datetime:
    way_back = [step for step in steps if step.phase is Phase.BACK_OUT]
    checks = [step for step in way_back if step.kind is StepKind.CHECK]
    undoing = [step for step in way_back if step.kind is not StepKind.CHECK]
    called = called_for(steps)

    def left(step: Step) -> int:
        if step.state not in UNDER_WAY or step.started_at is None:
            return step.minutes
        over = step.started_at + timedelta(minutes=step.minutes)
        return min(step.minutes, max(0, ceil((over - now) / timedelta(minutes=1))))

    undo = taking(undoing, lambda step: left(step) if step.id in called else 0)
    verify = taking(checks, lambda step: 0 if step.state in OVER else left(step))
    return end - timedelta(minutes=undo + verify)


def past_return_by_hand(steps: Sequence[Step]) -> list[str]:
    """The codes of what is under way or over and cannot be undone: from the first on there is no
    back-out moment, as no time is enough to undo it."""
    there = (*UNDER_WAY, StepState.DONE)
    held = (StepState.BLOCKED, StepState.SKIPPED)
    return sorted(
        step.code
        for step in steps
        if step.no_return
        and (step.state in there or (step.state in held and step.started_at is not None))
    )


def called_for(steps: Sequence[Step]) -> set[str]:
    """The back-out steps that undo something done or begun and that are not over; one that was
    over before its step was begun again is called for anew."""
    index = {step.id: step for step in steps}
    called: set[str] = set()
    for step in steps:
        if not step.begun:
            continue
        for undo in (index[i] for i in step.undone_by if i in index):
            again = undo.ended_at and step.started_at and undo.ended_at < step.started_at
            if undo.state not in OVER or again:
                called.add(undo.id)
    return called


def taking(steps: Sequence[Step], minutes: Minutes) -> int:
    """How long they take in their settled order when each takes `minutes`."""
    previous = settled_order(steps)
    index = {step.id: step for step in steps}
    ends: dict[str, int] = {}

    def end(step: Step) -> int:
        if step.id not in ends:
            waits = [index[i] for i in step.after if i in index]
            if step.id in previous:
                waits.append(previous[step.id])
            ends[step.id] = max((end(other) for other in waits), default=0) + minutes(step)
        return ends[step.id]

    return max((end(step) for step in steps), default=0)


def settled_order(steps: Sequence[Step]) -> dict[str, Step]:
    """Of each step what its person does just before it, when all are done at their full length."""
    index = {step.id: step for step in steps}

    def behind(step: Step) -> int:
        after = [other for other in steps if step.id in other.after]
        return step.minutes + max((behind(other) for other in after), default=0)

    weight = {step.id: behind(step) for step in steps}
    ends: dict[str, int] = {}
    doing: dict[str, Step] = {}
    previous: dict[str, Step] = {}
    minute = 0
    while len(ends) < len(steps):
        for step in steps:
            if step.owner or step.id in ends:
                continue
            if all(ends.get(i, minute + 1) <= minute for i in step.after if i in index):
                ends[step.id] = minute + step.minutes
        for owner in {step.owner for step in steps if step.owner}:
            if owner in doing and ends[doing[owner].id] > minute:
                continue
            may = [
                step
                for step in steps
                if step.owner == owner
                and step.id not in ends
                and all(ends.get(i, minute + 1) <= minute for i in step.after if i in index)
            ]
            if may:
                taken = max(may, key=lambda step: weight[step.id])  # of equals the first
                if owner in doing:
                    previous[taken.id] = doing[owner]
                doing[owner] = taken
                ends[taken.id] = minute + taken.minutes
        minute += 1
    return previous
