"""Words to say on the bridge: two sentences a gate, with the facts filled in (product.md)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Say(StrEnum):
    OPEN = "open"
    ROLL_CALL = "roll_call"
    NOT_YET = "not_yet"
    GO = "go"
    HOLD = "hold"
    STATUS = "status"
    EXTEND = "extend"
    BACK_OUT = "back_out"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class SayFacts:
    """Words and times ready to speak; empty where there is nothing to say."""

    coordinator: str = ""
    title: str = ""
    services: str = ""
    start: str = ""
    end: str = ""
    way_back: str = ""
    past_return: str = ""
    now_step: str = ""
    now_owner: str = ""
    next_step: str = ""
    next_owner: str = ""
    next_at: str = ""
    latest_start: str = ""
    old_end: str = ""
    reason: str = ""
    undo_first: str = ""
    user_check: str = ""
    against: str = ""
    blocked_step: str = ""
    blocked_owner: str = ""
    do_not_disturb: bool = False
    way_closed: bool = False
    verified: bool = False
    verifying: bool = False
    turned_back: bool = False
    ended: str = "is over"


def words_to_say(say: Say, f: SayFacts) -> str:
    """Two sentences, without quotation marks."""
    match say:
        case Say.OPEN:
            return (
                f"This is {f.coordinator}, leading {f.title} on {f.services}, {f.start} to "
                f"{f.end}. Please say your name when you join, and mute until I call you."
            )
        case Say.ROLL_CALL:
            return (
                "I call each of you by name: answer go or no-go, and what stands in the way. "
                "Any strong objection to starting?"
            )
        case Say.NOT_YET if f.against:
            return (
                f"{f.against} says no; whether we go is decided now. "
                "Stay on the line, and start nothing."
            )
        case Say.NOT_YET:
            return (
                "Everybody has answered; before the go something is still to be settled. "
                "Stay on the line, and start nothing."
            )
        case Say.GO:
            is_open = "closed at" if f.way_closed else "is open until"
            back = f"; our way back {is_open} {f.way_back}" if f.way_back else ""
            return f"We are go for {f.title}{back}. {_first(f)}"
        case Say.HOLD:
            latest = f" until {f.latest_start} at the latest" if f.latest_start else ""
            return (
                f"We hold{latest}{f', because {f.reason}' if f.reason else ''}. "
                "Nobody starts anything; stay on the line, I speak again in ten minutes."
            )
        case Say.STATUS:
            return _status(f)
        case Say.EXTEND:
            moves = "stays closed" if f.way_closed else f"moves to {f.way_back}"
            back = f" Our way back {moves}." if f.way_back else ""
            if f.past_return:
                back = f" We are {f.past_return}."
            return (
                f"We take longer: the end moves from {f.old_end} to {f.end}"
                f"{f', because {f.reason}' if f.reason else ''}.{back} People are being told now."
            )
        case Say.BACK_OUT:
            first = f" We begin with {f.undo_first}." if f.undo_first else ""
            return (
                f"We back out{f', because {f.reason}' if f.reason else ''}: "
                f"stop where you are and say how far you got.{first}"
            )
        case Say.CLOSE:
            check = f" {f.user_check}." if f.user_check else ""
            return (
                f"{f.title} {f.ended}.{check} Thank you all; I close this line now, "
                "please hang up, and rest."
            )


def _first(f: SayFacts) -> str:
    if not f.next_step:
        return "We begin."
    if not f.next_owner:
        return f"We begin with {f.next_step}: who takes it?"
    return f"{f.next_owner}, begin with {f.next_step}."


def _status(f: SayFacts) -> str:
    if f.verified:
        if f.turned_back:
            return "The old state is verified. Stay on the line until we say that it is over."
        return "Everything is verified. Stay on the line until the all clear is given."
    if f.blocked_step and not f.now_step:
        now = f"{f.blocked_owner or 'One of us'} is blocked on {f.blocked_step}."
    elif not f.now_step:
        now = "Nothing is running just now."
    else:
        quiet = ", not to be disturbed" if f.do_not_disturb else ""
        now = f"{f.now_owner or 'We'} {'is' if f.now_owner else 'are'} on {f.now_step}{quiet}."
    if not f.next_step:
        return f"{now} After that {'everything is verified' if f.verifying else 'we verify'}."
    at = f" at about {f.next_at}" if f.next_at else ""
    if not f.next_owner:
        return f"{now} Next is {f.next_step}{at}: who takes it?"
    return f"{now} {f.next_owner}, you are next with {f.next_step}{at}."
