"""Named decisions: recorded when they are given, “was it worth waking them?” asked later."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import col

from app.models.outages.decisions import Act, CardLine, Decided
from app.models.tables.live import Decision
from app.models.tables.outages import Outage
from app.services.events import LiveChanged
from app.services.uow import Undo, UnitOfWork


def record_decision(
    uow: UnitOfWork,
    outage: Outage,
    act: Act | str,
    decided: Decided,
    what: str,
    *,
    line: CardLine | None = None,
    asked_at: datetime | None = None,
) -> Decision:
    """Write down who decided `what` (an infinitive: “start 8 …”). Whoever decided in place of the
    one that `line` of the card names is marked so. `asked_at` is when it was asked, unless that
    follows from how long was waited."""
    named = line.name_of(decided.by) if line else ""
    by, asked_of = named or decided.by.strip(), named or (line.who if line else "")
    instead = f" instead of {asked_of}" if asked_of and not named else ""
    because = f" ({decided.instead.strip()})" if instead and decided.instead.strip() else ""
    number = len(uow.all(Decision, col(Decision.outage_id) == outage.id)) + 1
    decision = Decision(
        organisation_id=uow.organisation_id,
        outage_id=outage.id,
        number=number,
        act=str(act),
        asked_of=asked_of,
        answered_by=by,
        asked_at=asked_at or uow.now - timedelta(minutes=decided.minutes_waited),
        answered_at=uow.now,
        answer=f"{what}, decided{instead}{because}" if instead else what,
        why=decided.why,
        was_called=decided.was_called,
    )
    uow.add(decision)
    reason = f": {decided.why}" if decided.why else ""
    called = ", called up" if decided.was_called else ""
    said = f"{by}{called} decided{instead}{because} to {what}{reason}"
    uow.log(said, decision, kind="decision")
    uow.emit(LiveChanged(outage.id))
    return decision


def say_warranted(uow: UnitOfWork, decision_id: str, warranted: bool, *, seen: int) -> Undo:
    """The person who was woken says later whether it was worth it."""
    decision = uow.fetch(Decision, decision_id, seen)
    decision.warranted = "yes" if warranted else "no"
    verdict = "warranted" if warranted else "not warranted"
    uow.log(f"{decision.answered_by}: being called was {verdict}", decision)
    uow.emit(LiveChanged(decision.outage_id))
    return uow.undo("the verdict on a call", decision.outage_id)
