"""Going on when the way back is about to close: asked by the console, answered by a person."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import col

from app.models.errors import BadInput, NotAllowed
from app.models.live.asking import ASKS, asked_at
from app.models.outages.decisions import CONTINUE, Decided
from app.models.outages.lifecycle import State
from app.models.runbook import past_return, undo_time
from app.models.runbook import way_back as closes_at
from app.models.tables.live import Decision
from app.models.tables.outages import Outage
from app.models.times import speak_time, to_wall
from app.services.live.deciding import record_decision
from app.services.runbook.loading import load_steps
from app.services.uow import Undo, UnitOfWork


def go_on(
    uow: UnitOfWork,
    outage_id: str,
    way_back: datetime,
    minutes: int,
    why: str = "",
    by: str = "",
) -> Undo:
    """The answer “continue” to the ask so many minutes before the way back closes: a decision,
    kept with when it was asked. Raises NotAllowed when the way back is no longer at `way_back`,
    as whoever answered saw another moment; BadInput for what is never asked."""
    outage = uow.fetch(Outage, outage_id)
    if outage.state not in (State.IN_PROGRESS, State.VERIFYING):
        raise NotAllowed(f"{outage.code} is {outage.state.words.lower()}: nothing is to go on.")
    if minutes not in ASKS:
        raise BadInput(f"It is asked {', '.join(map(str, ASKS))} minutes ahead, not {minutes}.")
    steps = load_steps(uow, outage_id).known
    closes = closes_at(steps, outage.promised_end_utc, uow.now)

    def clock(moment: datetime) -> str:
        return speak_time(to_wall(moment, outage.zone))

    if closes is None:
        past = past_return(steps)
        since = past.words(outage.zone) if past else ""
        raise NotAllowed(f"There is no way back to ask about: {since}. Nothing was noted.")
    if closes != way_back:
        raise NotAllowed(
            f"The way back closes at {clock(closes)} now, not at {clock(way_back)}; look again. "
            "Nothing was noted."
        )
    asked = asked_at(way_back, minutes)
    if asked in answered(uow, outage_id):
        raise NotAllowed("That was answered already: continue.")
    when = "has closed" if minutes == 0 else f"closes in {minutes} min"
    answer = f"continue: the way back {when}, at {clock(way_back)}"
    decided = Decided(by or uow.actor.name, why.strip())
    record_decision(uow, outage, CONTINUE, decided, answer, asked_at=asked)
    return uow.undo("the answer to the ask", outage.id)


def answered(uow: UnitOfWork, outage_id: str) -> frozenset[datetime]:
    """The moments of the asks that were answered with “continue”."""
    found = uow.all(Decision, col(Decision.outage_id) == outage_id, col(Decision.act) == CONTINUE)
    return frozenset(row.asked_at for row in found if row.asked_at is not None)


def closing(uow: UnitOfWork, outage: Outage) -> datetime | None:
    """When the way back closes, where that is still a question: there is something to undo, it
    can be undone, and nobody turned back."""
    if outage.state not in (State.IN_PROGRESS, State.VERIFYING):
        return None
    steps = load_steps(uow, outage.id).known
    if past_return(steps) or undo_time(steps, uow.now) <= timedelta():
        return None
    return closes_at(steps, outage.promised_end_utc, uow.now)
