"""Turning back: what it cannot bring back is named before, decided by name, and said afterwards."""

from __future__ import annotations

from sqlmodel import col

from app.models.outages.decisions import (
    Act,
    CardLine,
    Decided,
    card_from,
    require_decision,
    require_name,
)
from app.models.outages.lifecycle import CLOSED, State
from app.models.runbook import PastReturn, Step, past_return, stays_changed, steps_to_undo
from app.models.tables.live import Decision
from app.models.tables.outages import Outage
from app.models.times import speak_time, to_wall
from app.services.runbook.loading import Loaded, load_steps
from app.services.uow import UnitOfWork


def require_back_out(
    uow: UnitOfWork, outage: Outage, decided: Decided | None
) -> tuple[CardLine, str]:
    """The card's line, and what is decided, as an infinitive. Past a step that cannot be undone it
    is decided by name, whoever the card names. Raises NotAllowed with what stays changed, and who
    decided to begin it."""
    card = card_from(outage.decision_card)
    steps = load_steps(uow, outage.id).known
    past = past_return(steps)
    if past is None:
        return require_decision(card, Act.BACK_OUT, decided), "back out"
    warning = past_return_words(uow, outage, past, steps)
    line = require_name(card, Act.BACK_OUT, decided, warning)
    return line, f"back out, though {past.labels} cannot be undone"


def past_return_words(
    uow: UnitOfWork, outage: Outage, past: PastReturn, steps: tuple[Step, ...]
) -> str:
    """`14 Drop the table cannot be undone; R. Vance decided 20:14 to begin it (“…”). Backing out
    leaves it changed and undoes only B8 Old firmware.`"""
    said = "; ".join(
        f"{step.label} cannot be undone{_decided(uow, outage, step)}" for step in past.steps
    )
    it = "it" if len(past.steps) == 1 else "them"
    rest = ", ".join(step.label for step in steps_to_undo(steps))
    only = f"and undoes only {rest}" if rest else "and there is nothing else to undo"
    return f"{said}. Backing out leaves {it} changed {only}."


def _decided(uow: UnitOfWork, outage: Outage, step: Step) -> str:
    """Who decided to begin it, when and why; empty where nobody is noted."""
    found = uow.all(
        Decision,
        col(Decision.outage_id) == outage.id,
        col(Decision.act) == Act.NO_RETURN.value,
        col(Decision.answer).startswith(f"start {step.code} ", autoescape=True),
        order=(col(Decision.number),),
    )
    if not found:
        return " (nobody is noted to have decided it)"
    last = found[-1]
    at = f" {speak_time(to_wall(last.answered_at, outage.zone))}" if last.answered_at else ""
    why = f" (“{last.why}”)" if last.why else ""
    return f"; {last.answered_by} decided{at} to begin it{why}"


def left_changed(loaded: Loaded, state: State) -> tuple[Step, ...]:
    """What turning back leaves changed: once it is over whatever is not undone, before that what
    never can be."""
    if state in CLOSED:
        return stays_changed(loaded.known)
    past = past_return(loaded.known)
    return past.steps if past else ()


def changed_for_people(loaded: Loaded, state: State) -> tuple[str, ...]:
    """`left_changed` in the words of what people notice, else the step's title."""
    rows = (loaded.row[step.id] for step in left_changed(loaded, state))
    return tuple(dict.fromkeys(row.people_notice or row.title for row in rows))
