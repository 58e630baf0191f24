"""What a rehearsal taught: how long steps really took, and which were missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from app.models.runbook import RunbookTemplate, TemplateStep
from app.models.times import speak_span

NOTHING = (
    "There is nothing to carry back: no step took much longer or shorter than the runbook says, "
    "and none is missing there."
)
FEW = 2
"""Minutes. A step that took so little more or less taught nothing."""


KNOWN_FROM = timedelta(minutes=1)
"""What took less was ticked in one go: how long it really took is not known."""
LONGEST = timedelta(hours=24)
"""No step of a runbook takes longer."""


@dataclass(frozen=True, slots=True)
class Took:
    """How long a step took, in the minutes shown, and for how much of it the console was away."""

    span: timedelta
    away: timedelta = timedelta()

    @property
    def known(self) -> bool:
        return self.span >= KNOWN_FROM


@dataclass(frozen=True, slots=True)
class Lesson:
    """One thing to carry back, or not. `code` names the step; `took` None: it is a new step.
    `doubt`: it is carried back only if somebody says so, as nobody saw when the step ended."""

    code: str
    words: str
    took: int | None = None
    doubt: bool = False


def lessons(
    before: RunbookTemplate | None, flown: RunbookTemplate, took: Mapping[str, Took]
) -> tuple[Lesson, ...]:
    """What the runbook, as it is now, does not say yet, in the order of the board. `took` holds the
    steps that were done, by code; with no runbook yet, all go into one and none was missing."""
    known = {step.code: step for step in before.steps} if before is not None else {}
    found = []
    for step in flown.steps:
        span = took.get(step.code)
        if step.code not in known:
            missing = "Missing: " if before is not None else ""
            found.append(Lesson(step.code, f"{missing}{step.code} {step.title}"))
        if span is not None and span.known:
            found += _minutes(step, span, known.get(step.code, step).minutes)
    return tuple(found)


def _minutes(step: TemplateStep, took: Took, known: int) -> Iterator[Lesson]:
    """`known`: what the runbook says, which may have learnt it since."""
    now = took.span // timedelta(minutes=1)
    if min(abs(now - step.minutes), abs(now - known)) <= FEW or took.span > LONGEST:
        return
    words = f"{step.code} {step.title} took {now} min, planned {step.minutes}"
    if known != step.minutes:
        words += f", and the runbook says {known} by now"
    if took.away:
        words += f"; the console was away {speak_span(took.away)} of it"
    yield Lesson(step.code, words, now, doubt=bool(took.away))


def in_one_go(flown: RunbookTemplate, took: Mapping[str, Took]) -> tuple[str, ...]:
    """The codes of steps that were begun and done in the same minute."""
    return tuple(
        step.code for step in flown.steps if step.code in took and not took[step.code].known
    )


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
