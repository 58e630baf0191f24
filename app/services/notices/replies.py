"""Replies to notices: noted, sorted by one key, objections decided."""

from __future__ import annotations

from datetime import datetime
from email.utils import parseaddr
from enum import StrEnum
from typing import TypeVar

from sqlmodel import col

from app.models.directory.facts import is_mail_address
from app.models.errors import BadInput, NotAllowed
from app.models.notices.replies import ObjectionDecision, ReplyKind
from app.models.outages.lifecycle import State
from app.models.tables.notices import Reply
from app.models.tables.outages import Outage
from app.models.times import speak_moment
from app.services.crew.mailing import record_report
from app.services.events import LiveChanged, NoticesChanged
from app.services.notices.answers import owe_answer
from app.services.notices.confirmations import record_confirmation
from app.services.notices.excluding import follow_decision
from app.services.uow import Undo, UnitOfWork

T = TypeVar("T", bound=StrEnum)


def note_reply(
    uow: UnitOfWork,
    outage_id: str,
    sender: str,
    text: str,
    kind: str = ReplyKind.UNSORTED,
    *,
    received_at: datetime | None = None,
    notice_id: str | None = None,
) -> Undo:
    """Somebody answered, by mail or by phone. Raises BadInput, NotAllowed."""
    outage = uow.fetch(Outage, outage_id)
    if outage.state is State.FILED:
        raise NotAllowed(f"{outage.code} is filed; open a new outage for what came up since.")
    if not sender.strip():
        raise BadInput("Say who answered.")
    if not text.strip():
        raise BadInput("Note what they said, in their words.")
    at = received_at or uow.now
    if at > uow.now:
        raise BadInput(f"{speak_moment(at, outage.zone)} has not come yet.")
    name, email = _named(sender)
    reply = Reply(
        organisation_id=uow.organisation_id,
        outage_id=outage_id,
        notice_id=notice_id,
        sender=name,
        email=email,
        kind=_token(ReplyKind, kind),
        text=text.strip(),
        received_at=at,
    )
    uow.add(reply)
    uow.log(f"{reply.sender} answered ({reply.kind}): {reply.text}", reply)
    _announce(uow, outage_id)
    return uow.undo(f"the reply of {reply.sender}", outage_id)


def sort_reply(uow: UnitOfWork, reply_id: str, kind: str, *, seen: int | None = None) -> Undo:
    """Say what a reply is; one that answers the kick-off is recorded there. A decided objection
    stays one."""
    reply = uow.fetch(Reply, reply_id, seen)
    wanted = _token(ReplyKind, kind)
    if wanted is ReplyKind.CONFIRMATION:
        return record_confirmation(uow, reply_id)
    if wanted is ReplyKind.REPORT:
        return record_report(uow, reply_id)
    if reply.decision and wanted is not ReplyKind.OBJECTION:
        raise NotAllowed(
            f"This objection was decided ({reply.decision}) by {reply.decided_by}; it stays one."
        )
    reply.kind = wanted
    uow.log(f"the reply of {reply.sender} is {wanted.words.lower()}", reply)
    _announce(uow, reply.outage_id)
    return uow.undo(f"sorting the reply of {reply.sender}", reply.outage_id)


def decide_objection(
    uow: UnitOfWork,
    reply_id: str,
    decision: str,
    answer: str = "",
    by: str = "",
    *,
    told: bool = False,
    without: str = "",
    seen: int | None = None,
) -> Undo:
    """Keep the window, move it, exclude who objects, or talk first (which leaves it open). All but
    talking need an answer: it goes out as a mail, or is owed by phone where no address is known;
    `told`: they were told by phone already. Excluding leaves them, or the department or address
    `without`, out of whom it is told to. Raises NotAllowed, BadInput."""
    reply = uow.fetch(Reply, reply_id, seen)
    if reply.kind != ReplyKind.OBJECTION:
        raise NotAllowed("Only an objection is decided; sort the reply as one first.")
    wanted = _token(ObjectionDecision, decision)
    if wanted.settles and not answer.strip():
        raise BadInput(f"Say what {reply.sender} is answered; nothing was decided.")
    before = reply.answer
    reply.decision = wanted.value if wanted.settles else ""
    reply.answer = answer.strip()
    reply.decided_by, reply.decided_at = by or uow.actor.name, uow.now
    if wanted.settles:
        owe_answer(uow, reply, before, told=told)
    left_out = follow_decision(uow, reply, without)
    said = f": {reply.answer}" if reply.answer else ""
    uow.log(
        f"objection of {reply.sender}: {wanted.words.lower()}{said}",
        reply,
        who=by,
        kind="decision",
    )
    _announce(uow, reply.outage_id)
    label = f"the decision on {reply.sender}’s objection"
    if left_out is None:
        return uow.undo(label, reply.outage_id)

    def back(later: UnitOfWork) -> None:
        for each in left_out.also:
            each(later)

    return uow.undo(label, reply.outage_id, also=back)


def open_objections(uow: UnitOfWork, outage_id: str) -> list[Reply]:
    """Undecided, in the order they came."""
    here = (col(Reply.outage_id) == outage_id, col(Reply.kind) == ReplyKind.OBJECTION)
    return [r for r in uow.all(Reply, *here, order=(col(Reply.received_at),)) if not r.decision]


def answer_reply(
    uow: UnitOfWork,
    reply_id: str,
    answer: str,
    by: str = "",
    *,
    told: bool = False,
    seen: int | None = None,
) -> Undo:
    """Answer a question or thanks; by mail where an address is known and they were not `told` by
    phone. Raises BadInput, NotAllowed."""
    reply = uow.fetch(Reply, reply_id, seen)
    if reply.kind in (ReplyKind.OBJECTION, ReplyKind.AUTOMATIC):
        raise NotAllowed(
            "An objection is answered with its decision; an automatic reply needs no answer."
        )
    if not answer.strip():
        raise BadInput(f"Say what {reply.sender} is answered; nothing was kept.")
    before, reply.answer = reply.answer, answer.strip()
    reply.decided_by, reply.decided_at = by or uow.actor.name, uow.now
    owe_answer(uow, reply, before, told=told)
    uow.log(f"answered {reply.sender}: {reply.answer}", reply, who=by)
    _announce(uow, reply.outage_id)
    return uow.undo(f"the answer to {reply.sender}", reply.outage_id)


def _named(sender: str) -> tuple[str, str]:
    """Name and address, where one was typed: `Ana Novak <ana@h.example>`, or the address alone."""
    said = " ".join(sender.split())
    name, email = parseaddr(said) if "@" in said else ("", "")
    return (name or email, email) if is_mail_address(email) else (said, "")


def _announce(uow: UnitOfWork, outage_id: str) -> None:
    uow.emit(NoticesChanged(outage_id))
    uow.emit(LiveChanged(outage_id))


def _token(tokens: type[T], text: str) -> T:
    try:
        return tokens(text.strip().casefold())
    except ValueError:
        known = ", ".join(token.value for token in tokens)
        raise BadInput(f"There is no “{text}” here; it is one of: {known}.") from None
