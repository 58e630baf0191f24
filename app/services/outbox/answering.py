"""The answer to a reply, as a message of its own."""

from __future__ import annotations

from sqlmodel import select

from app.models.errors import BadInput, NotAllowed
from app.models.outbox import TAKE_BACK
from app.models.tables.notices import Reply
from app.models.tables.outbox import OutboxItem
from app.services.events import NoticesChanged, OutboxChanged
from app.services.uow import UnitOfWork


def queue_answer(uow: UnitOfWork, reply_id: str, text: str, by: str = "") -> str:
    """What somebody who replied is answered, in ten seconds; the id of the outbox item. Raises
    BadInput, NotAllowed when no address is known."""
    reply = uow.fetch(Reply, reply_id)
    if not text.strip():
        raise BadInput(f"Write what {reply.sender} is answered.")
    if not reply.email:
        raise NotAllowed(f"No address of {reply.sender} is known: answer by phone or by mail.")
    mine = select(OutboxItem.id).where(OutboxItem.about_id == reply.id)
    known = uow.session.exec(mine).all()  # with those whose decision was undone: a key is used once
    subject = reply.subject or "Your answer"
    if not subject.casefold().startswith("re:"):
        subject = f"RE: {subject}"
    item = uow.add(
        OutboxItem(
            organisation_id=uow.organisation_id,
            key=f"answer:{reply.id}:{len(known) + 1}",
            kind="answer",
            payload={
                "subject": subject,
                "body": text.strip(),
                "email": reply.email,
                "name": reply.sender,
                "notice_id": reply.notice_id or "",
            },
            not_before=uow.on_the_wall(TAKE_BACK),
            about_type="reply",
            about_id=reply.id,
            outage_id=reply.outage_id,
        )
    )
    uow.log(f"answers {reply.sender}: {text.strip()}", reply, who=by)
    uow.emit(OutboxChanged(reply.outage_id))
    uow.emit(NoticesChanged(reply.outage_id))
    return item.id
