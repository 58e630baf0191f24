"""How an answer reaches whoever replied: by mail where an address is known, else by phone."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import col

from app.models.directory.facts import is_mail_address
from app.models.directory.words import name_keys
from app.models.ids import key_of
from app.models.outages.confirming import ANSWER_CALL, answer_call
from app.models.outbox import ItemState
from app.models.tables.directory import Person
from app.models.tables.live import Confirmation
from app.models.tables.notices import Notice, Reply
from app.models.tables.outages import Outage
from app.models.tables.outbox import OutboxItem
from app.services.outbox.answering import queue_answer
from app.services.uow import UnitOfWork

BY_PHONE = "told by phone"


def address_of(uow: UnitOfWork, reply: Reply) -> str:
    """Where their mail came from; else that of the one person of the directory who is called so.
    Empty where nobody is, or several are: an answer goes to nobody else."""
    if reply.email:
        return reply.email
    person = sender_of(uow, reply)
    return person.email if person is not None and is_mail_address(person.email) else ""


def sender_of(uow: UnitOfWork, reply: Reply) -> Person | None:
    """Who of the directory replied, where that is one person alone."""
    if reply.email:
        found = uow.all(Person, col(Person.email_key) == key_of(reply.email))
    else:
        found = uow.all(Person, col(Person.key).in_(name_keys(reply.sender)))
    return found[0] if len(found) == 1 else None


def owe_answer(uow: UnitOfWork, reply: Reply, before: str, *, told: bool = False) -> None:
    """The answer goes out as a mail, the same words once. Of a decision without an address, a call
    is owed until they were told; `told`: they were, and nothing more is sent."""
    call = _call_of(uow, reply)
    address = "" if told else address_of(uow, reply)
    if address:
        if call is not None and call.answered_at is None:
            uow.archive(call)
        if reply.answer != before or answer_stopped(uow, reply):
            reply.email = address
            _put_beside(uow, reply)
            queue_answer(uow, reply.id, reply.answer)
        return
    if call is None and (told or reply.decision):
        call = Confirmation(
            organisation_id=uow.organisation_id,
            outage_id=reply.outage_id,
            person=reply.sender,
            what=answer_call(reply.id),
            asked_at=uow.now,
        )
        uow.add(call)
    if told and call is not None:
        call.answered_at, call.answer = uow.now, BY_PHONE
    elif call is not None and reply.answer != before:
        call.answered_at, call.answer = None, ""


def answer_stopped(uow: UnitOfWork, reply: Reply) -> bool:
    """Its last answer was taken back before it left, and nobody told them by phone since."""
    mine = (col(OutboxItem.about_id) == reply.id, col(OutboxItem.kind) == "answer")
    items = uow.all(OutboxItem, *mine, order=(col(OutboxItem.id),))
    if not items or items[-1].state is not ItemState.VOID:
        return False
    call = _call_of(uow, reply)
    return call is None or call.answered_at is None


def calls_open(
    uow: UnitOfWork, outage_id: str, replies: Sequence[Reply]
) -> list[tuple[Confirmation, Reply]]:
    """Who is still to be told by phone what they are answered."""
    if not any(reply.decision for reply in replies):
        return []
    by_call = {answer_call(reply.id): reply for reply in replies}
    mine = (
        col(Confirmation.outage_id) == outage_id,
        col(Confirmation.what).startswith(ANSWER_CALL),
        col(Confirmation.answered_at).is_(None),
    )
    calls = uow.all(Confirmation, *mine, order=(col(Confirmation.id),))
    return [(call, by_call[call.what]) for call in calls if call.what in by_call]


def _call_of(uow: UnitOfWork, reply: Reply) -> Confirmation | None:
    found = uow.all(Confirmation, col(Confirmation.what) == answer_call(reply.id))
    return found[0] if found else None


def _put_beside(uow: UnitOfWork, reply: Reply) -> None:
    """To what was announced last, so that what comes back to the answer is known as theirs; before
    anything was, the outage is named."""
    sent = uow.all(
        Notice,
        col(Notice.outage_id) == reply.outage_id,
        col(Notice.sent_at).is_not(None),
        col(Notice.kind).in_(["planned", "rescheduled"]),
        order=(col(Notice.sent_at),),
    )
    if sent and not reply.notice_id:
        reply.notice_id = sent[-1].id
    named = sent[-1].subject if sent else uow.fetch(Outage, reply.outage_id).title
    reply.subject = reply.subject or named
