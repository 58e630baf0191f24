"""A part as the message that leaves."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlmodel import col

from app.models.notices.kinds import NoticeKind
from app.models.outbox import PartState, Route
from app.models.tables.notices import Reply
from app.models.tables.outages import Outage
from app.models.tables.outbox import OutboxItem, OutboxPart
from app.services.notices.audiences import Recipient
from app.services.notices.hold import calendar_for, method_in
from app.services.notices.manner import enclosed_from, files_of
from app.services.notices.rendering import Rendered, page, render_body
from app.services.notices.stored import outbox_of
from app.services.outbox.items import LETTERS
from app.services.outbox.parts import place_of
from app.services.ports.mail import Address, File, Outgoing
from app.services.uow import UnitOfWork

HOLD_AT_LEAST = timedelta(minutes=2)
"""Outlook is not asked to hold what is due sooner: it leaves at once."""


@dataclass(frozen=True, slots=True)
class Written:
    """`message` without its addresses, which are `recipient_set_id` from `first` on; `whole` is
    what to send when the message it forwards is gone."""

    message: Outgoing
    whole: Outgoing
    recipient_set_id: str | None
    first: int
    reach: int

    def to(self, everyone: tuple[Recipient, ...]) -> Outgoing:
        return self._addressed(self.message, everyone)

    def alone(self, everyone: tuple[Recipient, ...]) -> Outgoing:
        return self._addressed(self.whole, everyone)

    def _addressed(self, message: Outgoing, everyone: tuple[Recipient, ...]) -> Outgoing:
        """One reader, or one list, stands in To; of several nobody sees the others."""
        batch = everyone[self.first : self.first + self.reach]
        addresses = tuple(Address(r.email, r.name) for r in batch)
        if not addresses:
            return message
        return (
            replace(message, to=addresses)
            if len(addresses) == 1
            else replace(message, bcc=addresses)
        )


def written(uow: UnitOfWork, item: OutboxItem, part: OutboxPart) -> Written:
    """What its payload says, with the calendar entry where one goes with it."""
    if item.kind in LETTERS:
        return _letter(uow, item, part)
    message = item.payload["messages"][place_of(part)]
    rendered = Rendered(message["subject"], message["text"], message["html"])
    kind = NoticeKind(item.payload["notice"])
    whole = Outgoing(
        key=part.key,
        subject=rendered.subject,
        text=rendered.text,
        html=page(rendered),
        reply_to=_reply_to(item),
        files=_files(uow, item, kind),
        mailbox=part.mailbox,
        hold_until=hold_until(item, uow.now),
    )
    forwarded = whole
    original = _sent_original(uow, message.get("original", ""), part.mailbox)
    if original:
        note = render_body(rendered.subject, message["body"])
        forwarded = replace(whole, html=note.html, text=note.text, forward_of=original)
    return Written(forwarded, whole, part.recipient_set_id, part.first, part.reach)


def hold_until(item: OutboxItem, now: datetime) -> datetime | None:
    """Until when Outlook is to keep it; None: it leaves at once."""
    due = item.not_before
    if item.route is not Route.OUTLOOK_HOLDS or due is None or due <= now + HOLD_AT_LEAST:
        return None
    return due


def _letter(uow: UnitOfWork, item: OutboxItem, part: OutboxPart) -> Written:
    reply = uow.find(Reply, item.about_id) if item.about_type == "reply" else None
    rendered = render_body(str(item.payload["subject"]), str(item.payload["body"]))
    whole = Outgoing(
        key=part.key,
        subject=rendered.subject,
        text=rendered.text,
        html=page(rendered),
        to=(Address(str(item.payload["email"]), str(item.payload["name"])),),
        mailbox=part.mailbox,
        hold_until=hold_until(item, uow.now),
    )
    remote = reply.remote_id if reply is not None else ""
    letter = replace(whole, html=rendered.html, answer_to=remote) if remote else whole
    return Written(letter, whole, None, 0, part.reach)


def _sent_original(uow: UnitOfWork, notice_id: str, mailbox: str) -> str:
    """The message of the original notice that was seen among the sent; empty when not known."""
    item = outbox_of(uow, notice_id) if notice_id else None
    if item is None:
        return ""
    found = uow.all(
        OutboxPart,
        col(OutboxPart.item_id) == item.id,
        col(OutboxPart.state) == PartState.SENT,
        col(OutboxPart.remote_id) != "",
        col(OutboxPart.mailbox) == mailbox,
        order=(col(OutboxPart.number),),
    )
    return found[0].remote_id if found else ""


def _files(uow: UnitOfWork, item: OutboxItem, kind: NoticeKind) -> tuple[File, ...]:
    added = files_of(uow, enclosed_from(item.payload.get("files", ())))
    if not item.payload.get("calendar"):
        return added
    outage = uow.fetch(Outage, item.outage_id)
    content, _ = calendar_for(uow, outage, kind, item)
    media = f"text/calendar; method={method_in(content)}; charset=utf-8"
    return (File("outage.ics", media, content), *added)


def _reply_to(item: OutboxItem) -> tuple[Address, ...]:
    address = str(item.payload.get("reply_to", ""))
    return (Address(address),) if address else ()
