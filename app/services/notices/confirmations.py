"""Answers to the kick-off that come by mail: recognised by subject or first word, and recorded as
what somebody says once a person presses one key."""

from __future__ import annotations

from collections.abc import Iterable

from sqlmodel import col

from app.models.errors import NotAllowed
from app.models.notices.addresses import address_key
from app.models.notices.kinds import NoticeKind, NoticeState
from app.models.notices.replies import ReplyKind
from app.models.outages.confirming import Confirmed, answer_in, code_answered
from app.models.tables.notices import Notice, RecipientSet, Reply
from app.models.tables.outages import Outage
from app.services.events import LiveChanged, NoticesChanged
from app.services.notices.audiences import recipients_in
from app.services.outages.people import asked_at_kick_off, confirm
from app.services.uow import Undo, UnitOfWork


def kick_off_answered(uow: UnitOfWork, subject: str) -> Notice | None:
    """The kick-off that a button's mail answers, which is no reply to it: the last that left."""
    code = code_answered(subject)
    found = uow.all(Outage, col(Outage.code) == code) if code else []
    kick_offs = [n for outage in found for n in _kick_offs(uow, outage.id)]
    return kick_offs[-1] if kick_offs else None


def confirmed_by(uow: UnitOfWork, reply: Reply) -> Confirmed | None:
    """What it says to the kick-off; None for a reply to anything else."""
    notice = uow.find(Notice, reply.notice_id) if reply.notice_id else None
    if notice is None or notice.kind is not NoticeKind.KICK_OFF or reply.automatic:
        return None
    return answer_in(reply.subject, _own_text(reply))


def record_confirmation(uow: UnitOfWork, reply_id: str, *, seen: int | None = None) -> Undo:
    """It is what its sender says to the kick-off. Raises NotAllowed when it says neither yes, no
    nor that they cannot."""
    reply = uow.fetch(Reply, reply_id, seen)
    said = confirmed_by(uow, reply)
    if said is None:
        raise NotAllowed(
            "It says neither yes, no nor “can’t” to the kick-off. Note on the People tab what they "
            "say (Y, N)."
        )
    name, what = _who(uow, reply)
    reply.kind = ReplyKind.CONFIRMATION
    uow.log(f"the mail of {reply.sender} answers the kick-off", reply)
    confirm(uow, reply.outage_id, name, what, said)
    uow.emit(NoticesChanged(reply.outage_id))
    uow.emit(LiveChanged(reply.outage_id))
    return uow.undo(f"{name}’s confirmation", reply.outage_id)


def _own_text(reply: Reply) -> str:
    """A mail without words is kept as its subject."""
    return "" if reply.text in (reply.subject, "(no text)") else reply.text


def _who(uow: UnitOfWork, reply: Reply) -> tuple[str, str]:
    """As they were asked, and as what: known by the address they wrote from."""
    key = address_key(reply.email)
    by_address = {
        address_key(r.email): r.name
        for notice in _kick_offs(uow, reply.outage_id)
        for r in recipients_in(_recipients(uow, notice))
    }
    name = by_address.get(key, reply.sender) if reply.email else reply.sender
    asked = asked_at_kick_off(uow, reply.outage_id).get(name.casefold())
    return name, asked.what if asked is not None else ""


def _kick_offs(uow: UnitOfWork, outage_id: str) -> list[Notice]:
    return uow.all(
        Notice,
        col(Notice.outage_id) == outage_id,
        col(Notice.kind) == NoticeKind.KICK_OFF,
        col(Notice.state) == NoticeState.SENT,
        order=(col(Notice.number),),
    )


def _recipients(uow: UnitOfWork, notice: Notice) -> RecipientSet | None:
    return uow.find(RecipientSet, notice.recipient_set_id) if notice.recipient_set_id else None


def waiting_confirmations(
    uow: UnitOfWork, replies: Iterable[Reply]
) -> list[tuple[Reply, Confirmed]]:
    """Those not sorted yet that answer the kick-off, and what they say."""
    found = []
    for reply in replies:
        if reply.kind == ReplyKind.UNSORTED and reply.guess == ReplyKind.CONFIRMATION:
            said = confirmed_by(uow, reply)
            if said is not None:
                found.append((reply, said))
    return found
