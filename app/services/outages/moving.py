"""Another time for a flight: moved before it starts, extended while it flies."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial

from app.models.errors import BadInput, NotAllowed
from app.models.outages.debt import ever_told
from app.models.outages.decisions import Decided, card_from, extension_act, require_decision
from app.models.outages.lifecycle import BEFORE_START, FLYING, State
from app.models.tables.live import Decision
from app.models.tables.outages import Outage
from app.models.times import Window, speak_moment, speak_window
from app.services.calendar.owed import owe_event
from app.services.events import LiveChanged, OutageChanged
from app.services.live.deciding import record_decision, say_warranted
from app.services.notices.planning import told_of
from app.services.outages.scope_freeze import scope_watch
from app.services.outages.voiding import void_for_move, withdraw_untrue
from app.services.outages.waiving import in_place_of
from app.services.runbook.applying import shift_locks
from app.services.uow import Undo, UnitOfWork


def told_count(uow: UnitOfWork, outage_id: str) -> int:
    """How many people and lists were ever told of this outage: what a move concerns."""
    return len(ever_told(told_of(uow, outage_id)))


def require_movable(outage: Outage) -> None:
    """Raises NotAllowed when it has begun or ended."""
    if outage.state in FLYING:
        raise NotAllowed(f"{outage.code} is being flown: extend it instead of moving it.")
    if outage.state not in BEFORE_START:
        raise NotAllowed(f"{outage.code} is {outage.state.words.lower()}. Fly it again instead.")


def require_move_to(uow: UnitOfWork, outage: Outage, window: Window, why: str) -> int:
    """How many were told of the old time. Raises NotAllowed, BadInput where it cannot move so."""
    require_movable(outage)
    if window == outage.window:
        raise BadInput("That is the window it has; nothing was changed.")
    if window.start_utc <= uow.now:
        raise BadInput(
            f"{speak_moment(window.start_utc, window.zone)} has passed; give a start still to come."
        )
    told = told_count(uow, outage.id)
    if told and not why.strip():
        raise BadInput("People were told of the old time; say why it moves.")
    return told


def move_window(
    uow: UnitOfWork, outage_id: str, window: Window, why: str = "", *, seen: int
) -> Undo:
    """Another window. Announced or later: what was agreed is asked again, what waits does not
    leave, and a rescheduled notice is owed to everyone ever told. Raises NotAllowed, BadInput."""
    outage = uow.fetch(Outage, outage_id, seen)
    told = require_move_to(uow, outage, window, why)
    old, marked = speak_window(outage.window), scope_watch(uow, outage)
    shift_locks(uow, outage, window.start_utc - outage.start_utc)
    outage.set_window(window)
    outage.calendar_sequence += 1
    void_for_move(uow, outage)
    if outage.state not in (State.DRAFT, State.PLANNED):
        outage.state, outage.state_since = State.ANNOUNCED, uow.now
    reason = f": {why.strip()}" if why.strip() else ""
    known = f"{marked()}; {told} were told of the old time" if told else marked()
    uow.log(f"moved {outage.code} from {old} to {speak_window(window)}{known}{reason}", outage)
    owe_event(uow, outage)
    uow.emit(OutageChanged(outage.id))
    untrue = partial(withdraw_untrue, outage_id=outage.id)
    return uow.undo(f"moving {outage.code}", outage.id, also=untrue)


def extend(
    uow: UnitOfWork,
    outage_id: str,
    end: datetime,
    why: str,
    decided: Decided | None = None,
    by: str = "",
) -> Undo:
    """A new promised end (UTC) while it flies; the back-out moment moves with it and *extended*
    is owed to everyone told. Raises NotAllowed when the card asks for somebody's decision."""
    outage = uow.fetch(Outage, outage_id)
    if outage.state not in FLYING:
        raise NotAllowed(f"{outage.code} is not being flown; move its window instead.")
    old = outage.promised_end_utc
    if end <= old:
        raise BadInput(f"The end is {speak_moment(old, outage.zone)}; give a later one.")
    if end <= uow.now:
        raise BadInput("That end has passed already; give one still to come.")
    if not why.strip():
        raise BadInput("Say why it takes longer; people are told.")
    minutes = int((end - outage.end_utc).total_seconds() // 60)
    card = card_from(outage.decision_card)
    act = extension_act(card, minutes)
    line = require_decision(card, act, decided)
    outage.promised_end_utc = end
    outage.calendar_sequence += 1
    what = f"extend from {speak_moment(old, outage.zone)} to {speak_moment(end, outage.zone)}"
    given = replace(decided or Decided(by or uow.actor.name), why=why.strip())
    if decided is not None and decided.why.strip() not in ("", given.why):
        what += f" ({decided.why.strip()})"  # what the decider said; people are told `why`
    record_decision(uow, outage, act, given, what, line=line)
    uow.log(f"extended: {what.removeprefix('extend ')}: {why.strip()}", outage, who=by)
    owe_event(uow, outage)
    uow.emit(OutageChanged(outage.id))
    uow.emit(LiveChanged(outage.id))
    return uow.undo(f"extending {outage.code}", outage.id)


def accept_conflict(
    uow: UnitOfWork, outage_id: str, reason: str, sentence: str, why: str, by: str = ""
) -> Undo:
    """Fly in spite of a conflict, by name and reason; it stays visible on the outage."""
    outage = uow.fetch(Outage, outage_id)
    if not why.strip():
        raise BadInput("Say why this conflict is accepted.")
    accepted = {
        "reason": reason,
        "sentence": sentence,
        "why": why.strip(),
        "by": f"{by.strip() or uow.actor.name}{in_place_of(uow, outage, by)}",
    }
    outage.accepted_conflicts = [*outage.accepted_conflicts, accepted]
    uow.log(f"{accepted['by']} accepted “{sentence}”: {why.strip()}", outage, kind="waiver")
    uow.emit(OutageChanged(outage.id))
    return uow.undo("accepting a conflict", outage.id)


def note_user_check(uow: UnitOfWork, outage_id: str, said: str, *, by: str = "") -> Undo:
    """What the user-side checker said, word for word; settles a check promised for later."""
    outage = uow.fetch(Outage, outage_id)
    if not said.strip():
        raise BadInput("Note what the checker said, word for word.")
    outage.user_check = said.strip()
    uow.log(f"user check: “{outage.user_check}” ({outage.checker or 'user side'})", outage, who=by)
    uow.emit(OutageChanged(outage.id))
    return uow.undo("the user check", outage.id)


def note_warranted(uow: UnitOfWork, decision_id: str, warranted: bool) -> Undo:
    """Whether calling somebody up was worth it, in their own word."""
    seen = uow.fetch(Decision, decision_id).version
    return say_warranted(uow, decision_id, warranted, seen=seen)
