"""Notices as they are kept: drafts, what waits, what left, and their outbox items."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from sqlmodel import col

from app.models.notices.chips import Run
from app.models.notices.facts import NoticeFacts
from app.models.notices.kinds import NoticeKind, NoticeState
from app.models.outages.errands import WAITS_TO_LEAVE
from app.models.outbox import ItemState
from app.models.tables.notices import Notice, RecipientSet
from app.models.tables.outbox import OutboxItem
from app.services.notices.audiences import Recipient, recipients_in
from app.services.notices.rendering import Rendered
from app.services.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Message:
    """One text and those who get it; `body` is the simple mark-up it was rendered from (of a
    reminder the note alone), `source` the same with its values as chips, which `runs` are;
    `original` is the notice that it forwards."""

    rendered: Rendered
    body: str
    recipients: tuple[Recipient, ...]
    facts: NoticeFacts | None = None
    source: str = ""
    runs: tuple[Run, ...] = ()
    original: str = ""


def newest(uow: UnitOfWork, outage_id: str, kind: NoticeKind, state: NoticeState) -> Notice | None:
    found = uow.all(
        Notice,
        col(Notice.outage_id) == outage_id,
        col(Notice.kind) == kind,
        col(Notice.state) == state,
        order=(col(Notice.number).desc(),),
    )
    return found[0] if found else None


def outbox_key(notice_id: str) -> str:
    """One effect a notice, however often it is asked for."""
    return f"notice:{notice_id}"


def waiting_kinds(uow: UnitOfWork, outage_id: str) -> frozenset[NoticeKind]:
    """Of which a notice waits to leave."""
    queued = (col(Notice.outage_id) == outage_id, col(Notice.state) == NoticeState.QUEUED)
    return frozenset(notice.kind for notice in uow.all(Notice, *queued))


class InOutbox(NamedTuple):
    """The outbox item of a notice that waits; `by_hand`: it leaves by a person's hand alone."""

    item: str
    words: str = WAITS_TO_LEAVE
    by_hand: bool = False


def waiting_items(uow: UnitOfWork, outage_id: str) -> Mapping[NoticeKind, InOutbox]:
    """The same, with the newest outbox item of each."""
    queued = (col(Notice.outage_id) == outage_id, col(Notice.state) == NoticeState.QUEUED)
    notices = uow.all(Notice, *queued, order=(col(Notice.number),))
    found = ((notice.kind, outbox_of(uow, notice.id)) for notice in notices)
    return {NoticeKind(kind): _in_outbox(item) for kind, item in found}


def _in_outbox(item: OutboxItem | None) -> InOutbox:
    if item is None or item.state not in _BY_HAND:
        return InOutbox(item.id if item else "")
    return InOutbox(item.id, f"waits for you, in the Outbox: {item.state.words}", True)


_BY_HAND = (ItemState.HELD, ItemState.ATTENTION, ItemState.EXPORTED, ItemState.DRAFTED)


def outbox_of(uow: UnitOfWork, notice_id: str) -> OutboxItem | None:
    found = uow.all(OutboxItem, col(OutboxItem.key) == outbox_key(notice_id))
    return found[0] if found else None


def stored_messages(uow: UnitOfWork, notice: Notice) -> tuple[Message, ...]:
    """The texts of a notice that waits or left, each with those it goes to."""
    item = outbox_of(uow, notice.id)
    parts = item.payload.get("messages", []) if item else []
    if not parts:
        everyone = recipients_in(_set(uow, notice.recipient_set_id))
        whole = Rendered(notice.subject, notice.text, notice.html)
        return (Message(whole, notice.source, everyone),)
    return tuple(
        Message(
            Rendered(part["subject"], part["text"], part["html"]),
            part["body"],
            recipients_in(_set(uow, part["recipient_set_id"])),
            original=part.get("original", ""),
        )
        for part in parts
    )


def _set(uow: UnitOfWork, set_id: str | None) -> RecipientSet | None:
    return uow.find(RecipientSet, set_id) if set_id else None
