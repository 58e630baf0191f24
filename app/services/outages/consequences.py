"""What moving or cancelling would mean: who was told is said first, then what falls and what must
be done. Nothing is changed by asking."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from sqlmodel import col

from app.models.notices.kinds import NoticeKind, NoticeState
from app.models.notices.wording import say_list
from app.models.outages.confirming import is_call
from app.models.outages.lifecycle import State, require_move
from app.models.outages.told import BRIEFS
from app.models.runbook import Phase, StepKind, StepState
from app.models.runbook.backout import is_changing
from app.models.tables.live import Confirmation, RollCallAnswer
from app.models.tables.notices import Notice
from app.models.tables.outages import Outage
from app.models.times import speak_moment, speak_window
from app.services.notices.planning import Left, left_of
from app.services.outages.call_list import to_call
from app.services.outages.debt import CALL_LIST_WITHIN
from app.services.outages.moving import require_movable
from app.services.outages.planning import bridge_of
from app.services.runbook.loading import load_steps
from app.services.uow import UnitOfWork

LISTED = 6
"""Names in one sentence; the rest is counted."""


def moving_means(uow: UnitOfWork, outage_id: str) -> tuple[str, ...]:
    """Sentences, the first of who was told. Raises NotFound; NotAllowed where it cannot move."""
    outage = uow.fetch(Outage, outage_id)
    require_movable(outage)
    left = left_of(uow, outage_id)
    told = _told(outage, left, "is then owed the new time")
    if outage.state in (State.DRAFT, State.PLANNED):
        return (told,)
    again = [
        _count(_confirmed(uow, outage_id), "confirmation"),
        _count(len(uow.all(RollCallAnswer, col(RollCallAnswer.outage_id) == outage_id)), "answer")
        and "the roll call",
        f"the packet printed {speak_moment(outage.packet_printed_at, outage.zone)}"
        if outage.packet_printed_at
        else "",
    ]
    void = say_list(each for each in again if each)
    return tuple(
        each
        for each in (
            told,
            f"Void and asked again: {void}." if void else "",
            _waiting(uow, outage_id),
            _suppressed(left, "it hears of the new time, so that the old one is not suppressed"),
            _bridge(uow, outage_id),
            _done_before(uow, outage, "It stands; see whether it still holds then", ticks=True),
        )
        if each
    )


def cancelling_means(uow: UnitOfWork, outage_id: str) -> tuple[str, ...]:
    """The same of cancelling it now. Raises NotFound; NotAllowed where it cannot be cancelled."""
    outage = uow.fetch(Outage, outage_id)
    require_move(outage.state, State.CANCELLED)
    left = left_of(uow, outage_id)
    return tuple(
        each
        for each in (
            _told(outage, left, "is then owed the cancelled notice"),
            _calls(uow, outage),
            _waiting(uow, outage_id),
            _suppressed(left, "it is owed that the alerts stay on"),
            _bridge(uow, outage_id),
            _done_before(uow, outage, "Undo it, or skip it"),
        )
        if each
    )


def _told(outage: Outage, left: Sequence[Left], owed: str) -> str:
    known = {r.key: r for n in left if n.kind.to_people for r in n.recipients.values()}
    beside = {k for n in left if n.kind in BRIEFS for k in n.keys} - set(known)
    if not known and not beside:
        return "Nobody was told of it yet."
    people = sum(max(r.size, 1) for r in known.values())
    at = "1 address" if len(known) == 1 else f"{len(known):,} addresses"
    now = (outage.start_utc, outage.promised_end_utc)
    same = all(n.about in (None, now) for n in left)
    window = speak_window(outage.window) if same else "it"
    who = "1 person was" if people == 1 else f"{people:,} people were"
    said = f"{who} told of {window}, at {at}" if known else f"No user was told of {window}"
    if beside:
        of_crew = "1 of crew and desks" if len(beside) == 1 else f"{len(beside)} of crew and desks"
        said += f"{', and' if known else ';'} {of_crew}{'' if known else ' were'}"
    return f"{said}. Each {owed}."


def _calls(uow: UnitOfWork, outage: Outage) -> str:
    ahead = outage.start_utc - uow.now
    if outage.state is State.DRAFT or ahead > CALL_LIST_WITHIN:
        return ""
    names = to_call(uow, outage)
    when = "It begins within four hours" if ahead > timedelta() else "Its start has passed"
    return f"{when}: a mail may come too late, so call {_few(names)}."


def _waiting(uow: UnitOfWork, outage_id: str) -> str:
    queued = (col(Notice.outage_id) == outage_id, col(Notice.state) == NoticeState.QUEUED)
    kinds = dict.fromkeys(NoticeKind(n.kind).words.lower() for n in uow.all(Notice, *queued))
    return f"Waits to leave, and is taken back: {say_list(kinds)}." if kinds else ""


def _suppressed(left: Iterable[Left], then: str) -> str:
    asked = any(n.kind is NoticeKind.MONITORING for n in left)
    return f"Monitoring was asked to suppress alerts: {then}." if asked else ""


def _bridge(uow: UnitOfWork, outage_id: str) -> str:
    bridge = bridge_of(uow, outage_id)
    is_open = bridge is not None and bridge.opened_at is not None and bridge.closed_at is None
    return "The bridge is open: close it, with proof." if is_open else ""


def _done_before(uow: UnitOfWork, outage: Outage, then: str, *, ticks: bool = False) -> str:
    """What was changed, with `ticks` whatever was done: a backup verified weeks ago, say."""
    loaded = load_steps(uow, outage.id)
    done = [
        s
        for s in loaded.known
        if s.phase is Phase.BEFORE
        and s.state is StepState.DONE
        and (is_changing(s) or (ticks and s.kind in (StepKind.WORK, StepKind.CHECK)))
    ]
    said = []
    for step in done:
        undo = ", ".join(loaded.step[i].code for i in step.undone_by if i in loaded.step)
        said.append(f"{step.label} (undone by {undo})" if undo else step.label)
    return f"Done for the window already: {_few(said)}. {then}." if said else ""


def _confirmed(uow: UnitOfWork, outage_id: str) -> int:
    rows = uow.all(Confirmation, col(Confirmation.outage_id) == outage_id)
    asked = (r for r in rows if not is_call(r.what))
    return sum(1 for r in asked if r.voided_at is None and r.answered_at)


def _count(number: int, what: str) -> str:
    return "" if not number else f"{number} {what}{'' if number == 1 else 's'}"


def _few(names: Iterable[str]) -> str:
    known = list(names)
    more = len(known) - LISTED
    listed = say_list(known) if more <= 0 else ", ".join(known[:LISTED])
    return f"{listed} and {more} more" if more > 0 else listed
