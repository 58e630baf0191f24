"""Closing a conference bridge: a procedure that ends with proof.

No service ends a running meeting for everybody on somebody's behalf, and a deleted meeting's link
may still work. So each step is answered for itself, and what is shown is never more than what was
seen: “locked”, “the organiser is asked to end it”, “ended”.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

LOCKED = "organizer"
"""The lobby setting with which nobody but the organiser gets in without waiting."""


class Provider(StrEnum):
    LINE = "line"
    TEAMS = "teams"


class ClosingStep(StrEnum):
    """In the order they are done. `EVENT` is answered by the console, with the lock."""

    FAREWELL = "farewell"
    LOCK = "lock"
    EVENT = "event"
    END = "end"
    LOOK = "look"

    @property
    def words(self) -> str:
        return _WORDS[self][0]

    @property
    def how(self) -> str:
        return _WORDS[self][1]


_WORDS = {
    ClosingStep.FAREWELL: (
        "Say farewell in the meeting",
        "Say that the bridge closes now and where people hear more.",
    ),
    ClosingStep.LOCK: (
        "Lock the lobby",
        "From then on nobody new gets in; those inside stay until the meeting is ended.",
    ),
    ClosingStep.EVENT: (
        "Cancel its calendar entry",
        "The console looks whether there is one.",
    ),
    ClosingStep.END: (
        "End the meeting for everybody",
        "The organiser presses “End meeting” in Teams; nothing else removes those inside.",
    ),
    ClosingStep.LOOK: (
        "Look that it has ended",
        "Try the link or read the attendance report; or say that the link stays in use.",
    ),
}


@dataclass(frozen=True, slots=True)
class ClosingAnswer:
    """`answer` is what was seen or said; of the lock, the lobby setting as it was read again."""

    step: ClosingStep
    answer: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Closing:
    answers: tuple[ClosingAnswer, ...] = ()

    def answered(self, step: ClosingStep) -> ClosingAnswer | None:
        """The last answer given to it."""
        return next((a for a in reversed(self.answers) if a.step is step), None)

    @property
    def begun(self) -> bool:
        return bool(self.answers)

    @property
    def next(self) -> ClosingStep | None:
        """The first step that a person or the lobby has yet to answer; None when all are done."""
        asked = (step for step in ClosingStep if step is not ClosingStep.EVENT)
        return next((step for step in asked if self.answered(step) is None), None)

    @property
    def complete(self) -> bool:
        return self.next is None

    @property
    def words(self) -> str:
        """How it stands, and no more than that."""
        if not self.begun:
            return "open"
        if self.complete:
            return "ended"
        if self.answered(ClosingStep.END):
            return "said to be ended; not looked at yet"
        if self.answered(ClosingStep.LOCK):
            return "locked; the organiser is asked to end it"
        return "closing"

    @property
    def proof(self) -> str:
        """The sentence kept with a closed bridge: what was seen, step for step."""
        given = ((step, self.answered(step)) for step in ClosingStep)
        return "; ".join(f"{step.words.lower()}: {a.answer}" for step, a in given if a is not None)


def closing_from(rows: Iterable[Mapping[str, str]]) -> Closing:
    """As it is stored: [{"step", "answer", "by", "at" (ISO 8601)}]."""
    return Closing(tuple(_answer_from(row) for row in rows))


def _answer_from(row: Mapping[str, str]) -> ClosingAnswer:
    at = datetime.fromisoformat(row["at"])
    return ClosingAnswer(ClosingStep(row["step"]), row["answer"], row["by"], at)


def closing_to(closing: Closing) -> list[dict[str, str]]:
    return [
        {"step": a.step.value, "answer": a.answer, "by": a.by, "at": a.at.isoformat()}
        for a in closing.answers
    ]


def spoken(line: str, dial_in: str, join_link: str) -> str:
    """How to join, as it is read out or written down: each way once, nothing invented."""
    return " · ".join(dict.fromkeys(part for part in (line, dial_in, join_link) if part))
