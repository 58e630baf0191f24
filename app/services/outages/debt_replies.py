"""What is owed to those who replied: a decision, an answer that reaches them, another time."""

from __future__ import annotations

from collections.abc import Iterator

from sqlmodel import col, select

from app.models.notices.replies import ObjectionDecision
from app.models.outages.debt import DebtKind, Outstanding
from app.models.outages.lifecycle import BEFORE_START, CLOSED, State
from app.models.tables.log import LogEntry
from app.models.tables.notices import Reply
from app.models.tables.outages import Outage
from app.services.notices.answers import answer_stopped, calls_open
from app.services.uow import UnitOfWork


def replies_owed(uow: UnitOfWork, outage: Outage) -> Iterator[Outstanding]:
    """An undecided objection at any time, and a decision that did not reach who objects. What
    nobody has sorted may be one, so it is not filed unread; until the end Today asks for it, and
    the GO."""
    replies = uow.all(Reply, col(Reply.outage_id) == outage.id, order=(col(Reply.received_at),))
    unsorted = [reply for reply in replies if reply.kind == "unsorted"]
    if unsorted and outage.state in CLOSED:
        yield Outstanding(
            DebtKind.REPLY,
            "Sort one reply" if len(unsorted) == 1 else f"Sort {len(unsorted)} replies",
            "one of them may be an objection" if len(unsorted) > 1 else "it may be an objection",
            outage.ended_at or uow.now,
            None,
            unsorted[0].id,
        )
    calls = calls_open(uow, outage.id, replies)
    for call, reply in calls:
        yield Outstanding(
            DebtKind.CALL,
            f"Tell {reply.sender} by phone: “{reply.answer[:60]}”",
            "their objection was decided, and no address of them is known",
            reply.decided_at or reply.received_at,
            outage.ended_at or outage.start_utc,
            call.id,
        )
    begun = outage.state not in BEFORE_START  # then no GO is left to block
    for reply in replies:
        if reply.kind == "objection" and not reply.decision:
            yield Outstanding(
                DebtKind.REPLY,
                f"Objection {'unanswered' if begun else 'undecided'}: {reply.sender} "
                f"“{reply.text[:60]}”",
                f"{reply.sender} still waits for an answer"
                if begun
                else "an open objection blocks GO",
                reply.received_at,
                outage.ended_at or outage.start_utc,  # after the end people are told first
                reply.id,
            )
        if reply.decision and not any(owed is reply for _, owed in calls):
            yield from _did_not_leave(uow, outage, reply)
        if _waits_for_another_time(uow, outage, reply):
            yield Outstanding(
                DebtKind.REPLY,
                f"Move the window, as {reply.sender} was answered",
                "their objection was decided so",
                reply.decided_at or reply.received_at,
                outage.start_utc,
                reply.id,
            )


def _waits_for_another_time(uow: UnitOfWork, outage: Outage, reply: Reply) -> bool:
    """Whoever objects was promised one, and the window has not moved since they wrote."""
    announced = outage.state in (State.ANNOUNCED, State.GO_NO_GO, State.HOLD)
    if reply.decision != ObjectionDecision.MOVE or not announced:
        return False
    query = select(LogEntry.number).where(
        col(LogEntry.organisation_id) == outage.organisation_id,
        col(LogEntry.outage_id) == outage.id,
        col(LogEntry.what).startswith(f"moved {outage.code} from "),
        col(LogEntry.at) >= reply.received_at,
    )
    return uow.session.exec(query).first() is None


def _did_not_leave(uow: UnitOfWork, outage: Outage, reply: Reply) -> Iterator[Outstanding]:
    """It was taken back, by hand or as the window moved, and nothing was said in its place."""
    if outage.state is not State.CANCELLED and answer_stopped(uow, reply):
        yield Outstanding(
            DebtKind.REPLY,
            f"Answer {reply.sender}: the answer was taken back before it left",
            "their objection was decided, and they have not heard",
            reply.decided_at or reply.received_at,
            outage.ended_at or outage.start_utc,
            reply.id,
        )
