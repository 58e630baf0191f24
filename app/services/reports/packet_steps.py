"""The packet's sections: the steps of each phase in the order they are flown, ready for the pen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from app.models.ids import StepId
from app.models.live.go import Criterion
from app.models.live.words import Say, SayFacts, words_to_say
from app.models.outages.lifecycle import CLOSED, FLYING, State
from app.models.reports.clock import clock
from app.models.reports.packet import (
    BACK_OUT,
    BEFORE_THE_WINDOW,
    IN_THE_WINDOW,
    VERIFY,
    WRAP_UP,
    Section,
    StepRow,
)
from app.models.runbook import (
    SETTLED,
    BridgeAct,
    NoReturn,
    Phase,
    StepKind,
    StepState,
    as_begun,
    backout_moment,
    in_order,
    is_changing,
    latest_starts,
    past_return,
    plan,
)
from app.models.runbook import Step as Known
from app.models.tables.outages import Outage
from app.models.tables.runbook import Step
from app.services.runbook.board import names_of
from app.services.runbook.loading import Loaded, load_steps, touched
from app.services.uow import UnitOfWork

HEADINGS = {
    Phase.BEFORE: BEFORE_THE_WINDOW,
    Phase.WINDOW: IN_THE_WINDOW,
    Phase.VERIFY: VERIFY,
    Phase.BACK_OUT: BACK_OUT,
    Phase.WRAP_UP: WRAP_UP,
}
CHECKER = "user-side checker"
"""The role that the outage names somebody for, who need not be in the directory."""
PEN = "________"
"""Where a fact is not known before the night: room to write it."""


@dataclass(frozen=True, slots=True)
class Flown:
    """The steps of one outage in flying order, with what the rules say of their times."""

    outage: Outage
    loaded: Loaded
    order: tuple[Known, ...]
    planned: Mapping[StepId, datetime]
    latest: Mapping[StepId, datetime | NoReturn]
    names: Mapping[str, str]
    rows: Mapping[str, Step] = field(default_factory=dict)
    codes: Mapping[StepId, str] = field(default_factory=dict)

    @classmethod
    def of(cls, uow: UnitOfWork, outage: Outage) -> Flown:
        loaded = load_steps(uow, outage.id)
        laid = plan(loaded.known, outage.start_utc).steps
        planned = {step_id: times.start for step_id, times in laid.items()}
        phases = list(Phase)
        placed = {step.id: place for place, step in enumerate(in_order(loaded.known))}

        def turn(step: Known) -> tuple[int, datetime, int]:
            # the way back has no planned times; its own dependencies order it
            when = planned.get(step.id, outage.start_utc)
            return phases.index(step.phase), when, placed[step.id]

        return cls(
            outage,
            loaded,
            tuple(sorted(loaded.known, key=turn)),
            planned,
            latest_starts(loaded.known, outage.promised_end_utc, uow.now),
            names_of(uow, loaded),
            loaded.row,
            {step.id: step.code for step in loaded.known},
        )

    def who(self, row: Step) -> str:
        """The owner, else who or what role it is for; the checker is no step's owner."""
        if not row.owner_id and row.role == CHECKER:
            return self.outage.checker or row.role
        return self.names.get(row.owner_id or "", "") or row.role

    def ci(self, row: Step) -> str:
        return touched(row, self.names)


def sections(
    flown: Flown, say: SayFacts, changed: Mapping[str, str], *, vendor: bool
) -> tuple[Section, ...]:
    """Every step once; `say` has the facts of the words to speak, `changed` what differs from the
    last print, by step id."""
    made = []
    for phase, heading in HEADINGS.items():
        rows = tuple(
            replace(_row(flown, step, say, vendor=vendor), changed=changed.get(step.id, ""))
            for step in flown.order
            if step.phase is phase
        )
        if rows:
            made.append(Section(heading, rows, _note(phase, say)))
    return tuple(made)


def _note(phase: Phase, say: SayFacts) -> str:
    """What may have to be said between two steps."""
    if phase is Phase.WINDOW:
        facts = SayFacts(old_end=say.end, end=PEN, reason=PEN, way_back=PEN)
        return f"To extend, say: “{words_to_say(Say.EXTEND, facts)}”"
    if phase is Phase.BACK_OUT:
        said = words_to_say(Say.BACK_OUT, SayFacts(reason=PEN))
        return f"Undo only what was begun, in this order. Say: “{said}”"
    return ""


def _row(flown: Flown, step: Known, say: SayFacts, *, vendor: bool) -> StepRow:
    row, latest = flown.rows[step.id], flown.latest.get(step.id)
    after = sorted(step.after & flown.codes.keys(), key=lambda i: flown.rows[i].position)
    ci = flown.ci(row)
    return StepRow(
        code=step.code,
        title=step.title,
        how=_how(row, vendor=vendor),
        say=_say(row, say),
        after=tuple(flown.codes[i] for i in after),
        changes=(ci,) if ci else (),
        undone_by=tuple(flown.codes[i] for i in step.undone_by if i in flown.codes),
        cannot_be_undone=step.no_return,
        do_not_disturb=step.do_not_disturb,
        gate=step.kind is StepKind.GATE,
        who=flown.who(row),
        planned=flown.planned.get(step.id),
        minutes=step.minutes,
        start_by=latest if isinstance(latest, datetime) else None,
        lock=_lock(flown.outage, step),
        ticked=step.state is StepState.DONE,
        started=step.started_at,
        finished=step.ended_at,
        state=state_words(row),
    )


def _how(row: Step, *, vendor: bool) -> str:
    if row.kind is not StepKind.GATE:
        return row.how.strip()
    sometimes = {Criterion.NEW_TIME_TOLD, Criterion.CREW_BOARD} | (
        set() if vendor else {Criterion.VENDOR_CASE}
    )
    asked = [c.words for c in Criterion if c not in sometimes]
    return "\n".join(part for part in (" · ".join(asked), row.how.strip()) if part)


def _say(row: Step, say: SayFacts) -> str:
    """The words of a gate's outcomes one under the other; the layout quotes the whole."""
    if row.state in SETTLED:
        return ""
    if row.kind is StepKind.GATE:
        hold = SayFacts(latest_start=PEN, reason=PEN)
        return (
            f"{words_to_say(Say.ROLL_CALL, say)}”\nGO: “{words_to_say(Say.GO, say)}”\n"
            f"HOLD: “{words_to_say(Say.HOLD, hold)}"
        )
    if row.kind is StepKind.BRIDGE:
        closing = row.bridge_act == BridgeAct.CLOSE
        return words_to_say(Say.CLOSE if closing else Say.OPEN, say)
    return ""


def _lock(outage: Outage, step: Known) -> str:
    window = outage.window
    parts = [
        f"not before {clock(step.not_before, window)}" if step.not_before else "",
        f"not after {clock(step.not_after, window)}" if step.not_after else "",
    ]
    return ", ".join(part for part in parts if part)


def state_words(row: Step) -> str:
    """What is already so and is more than a tick; empty for a step not begun or just done."""
    why = ""
    if row.state is StepState.BLOCKED:
        why = row.blocked_reason
    elif row.state is StepState.SKIPPED:
        why = row.note
    if row.state is StepState.TODO:
        return ""
    if row.state is StepState.DONE:
        return row.result if row.result in ("waived", "failed") else ""
    if row.state is StepState.CHECK and row.result:
        return row.result.replace("_", " ")
    return f"{row.state.words}: {why}" if why else row.state.words


def way_back(flown: Flown, now: datetime) -> tuple[datetime | None, str]:
    """The back-out moment for paper, and what it means.

    Paper cannot count down, so the moment is the one that holds once every step is begun; the
    words give the later ones that hold until then. None, with words, where there is none.
    """
    steps, outage = flown.loaded.known, flown.outage
    if outage.state in CLOSED:
        return None, f"The flight is over ({outage.state.words.lower()})."
    changing = [s for s in flown.order if is_changing(s) and s.phase is not Phase.BACK_OUT]
    if not changing:
        return None, "No step changes anything, so there is nothing to undo."
    if past := past_return(steps):
        said = past.headline(outage.zone)
        return None, f"{said}: there is no back-out moment any more. {past.labels} stays changed."
    undoable = [s for s in changing if not s.no_return]
    lost = ", ".join(s.label for s in changing if s.no_return)
    once = f" Once begun, this cannot be undone: {lost}." if lost else ""
    if not undoable:
        return None, f"There is no way back.{once}"
    end, begun = outage.promised_end_utc, steps
    parts, moment = [], backout_moment(steps, end, now)
    for step in undoable:
        begun = as_begun(begun, step, now)
        later = backout_moment(begun, end, now)
        if not step.begun and later != moment:
            parts.append(f"{clock(later, outage.window)} once {step.code} is begun")
        moment = later
    if outage.state is State.BACKING_OUT:
        words = "The flight is backing out; this is when the rest of it must have begun."
    elif outage.state in FLYING and now > moment and not parts:
        words = "It has passed: there is no way back inside the window any more."
    elif parts:
        words = "Begin to back out at this time at the latest, once every step is begun."
    else:
        words = "Begin to back out at this time at the latest."
    if len(parts) > 1:
        words += f" Before that it is {', '.join(parts[:-1])}."
    if end != outage.end_utc:
        words += f" It reckons with the promised end, {clock(end, outage.window)}."
    return moment, words + once
