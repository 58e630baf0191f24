"""What one of the crew taps on the phone, and what each kind of step allows there."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from app.models.errors import BadInput
from app.models.ids import StepId
from app.models.runbook.steps import Step, StepAct, StepKind, StepState, acts_for, is_act

NOTE_LENGTH = 2_000
OLDEST = timedelta(hours=24)
"""So long a tap made without a connection may wait on the phone."""
SKEW = timedelta(minutes=2)
"""A phone's clock may be so far ahead."""
BACK_WITHIN = timedelta(minutes=5)
"""So long after it counted a tap can be taken back on the phone."""
_ID = re.compile(r"[A-Za-z0-9-]{8,64}")


class TapAct(StrEnum):
    START = "start"
    DONE = "done"
    BLOCKED = "blocked"
    HELP = "help"
    STILL = "still"
    NOTE = "note"
    PHOTO = "photo"
    BACK = "back"

    @property
    def words(self) -> str:
        """What was said by it: `done`, `needs help`."""
        return _WORDS[self]

    @property
    def goes_back(self) -> bool:
        """It can be taken back: it says how the step stands, not what was seen."""
        return self.moves or self in (TapAct.HELP, TapAct.STILL)

    @property
    def moves(self) -> bool:
        """It changes where the step stands, so it needs to know where it stood."""
        return self in (TapAct.START, TapAct.DONE, TapAct.BLOCKED)


_WORDS = {
    TapAct.START: "started",
    TapAct.DONE: "done",
    TapAct.BLOCKED: "blocked",
    TapAct.HELP: "needs help",
    TapAct.STILL: "still on it",
    TapAct.NOTE: "a note",
    TapAct.PHOTO: "a photo",
    TapAct.BACK: "taken back",
}


def taps_for(step: Step) -> tuple[TapAct, ...]:
    """What can be tapped now, the likeliest first. An act is done in the console only; whether a
    check passed is said there, too, so that a phone hands it over to be verified."""
    if is_act(step):
        return ()
    legal = acts_for(step.state, begun=step.begun)
    found = []
    if act_for(step, TapAct.START) in legal:
        found.append(TapAct.START)
    if step.state is not StepState.CHECK and act_for(step, TapAct.DONE) in legal:
        found.append(TapAct.DONE)
    if StepAct.BLOCK in legal:
        found.append(TapAct.BLOCKED)
    if step.state in (StepState.TODO, StepState.RUNNING, StepState.BLOCKED, StepState.CHECK):
        found.append(TapAct.HELP)
    if step.state in (StepState.RUNNING, StepState.BLOCKED):
        found.append(TapAct.STILL)
    return (*found, TapAct.NOTE, TapAct.PHOTO)


def act_for(step: Step, tap: TapAct) -> StepAct | None:
    """The act of the runbook that a tap means; None for a mere word."""
    if tap is TapAct.START:
        begun = step.state is StepState.BLOCKED and step.begun
        return StepAct.UNBLOCK if begun else StepAct.START
    if tap is TapAct.DONE:
        return StepAct.TO_CHECK if step.kind is StepKind.CHECK else StepAct.FINISH
    return StepAct.BLOCK if tap is TapAct.BLOCKED else None


def begun_after(playing: Iterable[Step], step_id: StepId) -> Step | None:
    """A step that was begun as this one was done: what it goes by is not taken back."""
    return next((each for each in playing if step_id in each.after and each.begun), None)


def require_tap_id(tap_id: str) -> str:
    """Raises BadInput."""
    if not _ID.fullmatch(tap_id):
        raise BadInput("A tap needs an id of 8 to 64 letters, digits and hyphens.")
    return tap_id


def happened_at(at: datetime | None, now: datetime, act: TapAct | None = None) -> datetime | None:
    """When a tap was made that says so; None: now. Raises BadInput for a time nobody can have."""
    if at is None or now - timedelta(seconds=1) <= at <= now + SKEW:
        return None
    photo = act is TapAct.PHOTO
    if at > now:
        again = "choose the photo" if photo else "tap"
        raise BadInput(
            f"This phone’s clock is ahead of the console’s. Set it right, then {again} again."
        )
    if now - at > OLDEST:
        raise BadInput(
            "That photo was taken more than a day ago, so it was not kept. Send it to the "
            "coordinator by mail."
            if photo
            else "That was tapped more than a day ago. Tell the coordinator instead."
        )
    return at
