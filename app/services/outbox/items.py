"""Outbox items and their parts as rows: what they add up to, and how one is taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col

from app.models.errors import NotAllowed
from app.models.outbox import ItemState, Known, PartState, Route, item_state
from app.models.tables.outbox import OutboxItem, OutboxPart
from app.services.events import OutboxChanged
from app.services.uow import UnitOfWork

LETTERS = ("answer", "times", "outreach")
"""One message to one person, whose words and address the item carries itself."""
MAIL = ("notice", *LETTERS)
"""Kinds that leave as messages."""
LOOK_FIRST = "look_first"
"""In the payload of what may have left before this store knows of it: after a restore."""


def named(item: OutboxItem) -> str:
    """As the log calls it: `outbox: planned`."""
    said = str(item.payload.get("notice", item.kind)).replace("_", " ")
    return f"outbox: {said}"


def parts_of(uow: UnitOfWork, item_id: str) -> list[OutboxPart]:
    return uow.all(OutboxPart, col(OutboxPart.item_id) == item_id, order=(col(OutboxPart.number),))


def known_of(
    item: OutboxItem,
    part: OutboxPart,
    *,
    fresh: bool = False,
    looked_at: datetime | None = None,
    of_another: bool = False,
) -> Known:
    return Known(
        part.state,
        item.route,
        fresh,
        taken_back=item.taken_back_at is not None,
        held=item.state is ItemState.HELD,
        tried_at=part.tried_at,
        looks=part.looks,
        held_until=part.held_until,
        looked_at=looked_at,
        of_another=of_another,
    )


def left_at(part: OutboxPart, at: datetime, now: datetime) -> datetime:
    """What Outlook took at `at`, but held: people got it when its time came."""
    return max(at, min(part.held_until, now)) if part.held_until is not None else at


def restate(uow: UnitOfWork, item: OutboxItem, parts: Sequence[OutboxPart]) -> ItemState:
    """The state that the parts add up to. What a person said is sent stays so, and files stay
    files."""
    states = [part.state for part in parts]
    closed = item.state is ItemState.SENT and item.taken_back_at is None
    if not closed:
        made = item_state(
            states,
            held=item.state is ItemState.HELD and item.taken_back_at is None,
            taken_back=item.taken_back_at is not None,
            route=item.route,
        )
        files = item.route is Route.FILE and item.taken_back_at is None
        item.state = ItemState.EXPORTED if files and made is not ItemState.SENT else made
    uow.emit(OutboxChanged(item.outage_id))
    return item.state


def stop_parts(parts: Sequence[OutboxPart]) -> None:
    """What nothing was tried with is gone at once; what was refused is taken back as it stands."""
    for part in parts:
        if part.state is PartState.PENDING:
            part.state = PartState.VOID
        elif part.state is PartState.REFUSED:
            part.state = PartState.DRAFTED if part.remote_id else PartState.VOID
            part.looks = 0


def take_back_parts(uow: UnitOfWork, item: OutboxItem, why: str) -> Sequence[OutboxPart]:
    """Nothing more of it leaves. The item is void when that is proven already, else the mailbox
    is asked first (LEAVING, with `taken_back_at`)."""
    parts = parts_of(uow, item.id)
    item.taken_back_at = item.taken_back_at or uow.now
    item.last_answer = why
    stop_parts(parts)
    restate(uow, item, parts)
    return parts


def require_none_outside(uow: UnitOfWork, item: OutboxItem) -> None:
    """Raises NotAllowed when a part of it may leave, or may have left, without the console."""
    if item.taken_back_at is not None:
        raise NotAllowed("It is being taken back; the Outbox says when it is proven gone.")
    parts = parts_of(uow, item.id)
    if any(part.state in (PartState.HELD_BY_OUTLOOK, PartState.RECALLING) for part in parts):
        raise NotAllowed(
            "Outlook holds it and sends it by itself when its time comes. Take it back first."
        )
    if any(part.state.may_have_left for part in parts):
        raise NotAllowed(
            "A part of it left, or may have left, already. The Outbox shows which; say there what "
            "is known, so that nobody gets it twice."
        )
