"""What a rehearsal taught: how long steps really took, and which were missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from app.models.runbook import RunbookTemplate

FEW = 2
"""Minutes. A step that took so little more or less taught nothing."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """One thing to carry back, or not. `code` names the step; `took` None: it is a new step."""

    code: str
    words: str
    took: int | None = None


def minutes_of(took: timedelta) -> int:
    """Rounded up: a plan a minute long is kept, one a minute short is not."""
    return max(1, -int(-took.total_seconds() // 60))


def lessons(
    before: RunbookTemplate | None, flown: RunbookTemplate, took: Mapping[str, timedelta]
) -> tuple[Lesson, ...]:
    """What differs between the runbook and the flight that was rehearsed from it, in the order of
    the board. `took` holds the steps that were done, by code; with no runbook yet, all go into one
    and none was missing."""
    known = {step.code: step for step in before.steps} if before is not None else {}
    found = []
    for step in flown.steps:
        span = took.get(step.code)
        if step.code not in known:
            missing = "Missing: " if before is not None else ""
            found.append(Lesson(step.code, f"{missing}{step.code} {step.title}"))
        if span is not None and abs(minutes_of(span) - step.minutes) > FEW:
            now = minutes_of(span)
            words = f"{step.code} {step.title} took {now} min, planned {step.minutes}"
            found.append(Lesson(step.code, words, now))
    return tuple(found)


def proposal(
    before: RunbookTemplate | None, flown: RunbookTemplate, taken: Iterable[Lesson]
) -> RunbookTemplate:
    """The runbook with only what was `taken` from the rehearsal."""
    took = {lesson.code: lesson.took for lesson in taken if lesson.took is not None}
    new = {lesson.code for lesson in taken if lesson.took is None}
    known = {step.code: step for step in before.steps} if before is not None else {}
    steps = []
    for step in flown.steps:
        if step.code not in known and step.code not in new:
            continue
        kept = known.get(step.code, step)
        if step.code in took:
            kept = replace(kept, minutes=took[step.code] or kept.minutes)
        steps.append(kept)
    steps += [step for code, step in known.items() if code not in {s.code for s in flown.steps}]
    there = {step.code for step in steps}
    sound = tuple(
        replace(
            step,
            after=tuple(code for code in step.after if code in there),
            undone_by=tuple(code for code in step.undone_by if code in there),
        )
        for step in steps
    )
    return replace(before or flown, steps=sound)
