"""Replies as they are shown, with the way an answer to each would go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col

from app.models.crew.mailing import report_in
from app.models.notices.replies import ReplyKind
from app.models.tables.notices import Reply
from app.services.notices.answers import address_of, calls_open
from app.services.notices.confirmations import confirmed_by
from app.services.notices.excluding import leavable
from app.services.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class ReplyRow:
    """`email` is where an answer would go: whence it came by mail (`by_mail`), else what the
    directory knows of its sender. `to_call`: they are to be told by phone, and were not yet.
    `leavable`: of an objection, whom its decision can leave out, as (who, words). `confirms`: what
    it says to the kick-off, if it answers that; `reports`: of which step it says what, if a button
    of the crew brief made it."""

    id: str
    version: int
    sender: str
    kind: str
    text: str
    received_at: datetime
    decision: str
    answer: str
    decided_by: str
    guess: str = ""
    email: str = ""
    by_mail: bool = False
    to_call: bool = False
    leavable: tuple[tuple[str, str], ...] = ()
    confirms: str = ""
    reports: str = ""


def reply_rows(uow: UnitOfWork, outage_id: str) -> tuple[ReplyRow, ...]:
    """In the order they came."""
    replies = uow.all(Reply, col(Reply.outage_id) == outage_id, order=(col(Reply.received_at),))
    owed = {reply.id for _, reply in calls_open(uow, outage_id, replies)}
    choices = leavable(uow, replies)
    return tuple(
        ReplyRow(
            r.id,
            r.version,
            r.sender,
            r.kind,
            r.text,
            r.received_at,
            r.decision,
            r.answer,
            r.decided_by,
            r.guess,
            address_of(uow, r),
            bool(r.remote_id),
            r.id in owed,
            choices.get(r.id, ()),
            _confirms(uow, r),
            _reports(r),
        )
        for r in replies
    )


def _reports(reply: Reply) -> str:
    report = report_in(reply.subject) if reply.guess == ReplyKind.REPORT else None
    return report.words if report is not None else ""


def _confirms(uow: UnitOfWork, reply: Reply) -> str:
    if ReplyKind.CONFIRMATION not in (reply.kind, reply.guess):
        return ""
    said = confirmed_by(uow, reply)
    return said.word.words if said is not None else ""
