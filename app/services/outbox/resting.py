"""Why the rest of a notice to many does not leave yet: a mailbox sends only so fast."""

from __future__ import annotations

from sqlmodel import col

from app.models.outbox import ItemState, PartState, Route
from app.models.outbox_pace import Arrival, arrival
from app.models.tables.outbox import OutboxItem, OutboxPart
from app.services.outbox.items import MAIL
from app.services.outbox.picking import pace_of
from app.services.uow import UnitOfWork

TO_LEAVE = (PartState.PENDING, PartState.DRAFTING, PartState.DRAFTED)


def rest_of(uow: UnitOfWork, item_id: str) -> Arrival | None:
    """A query: of a notice that leaves in several messages, those that are still to leave and when
    the last of them does; None where the pace holds nothing up."""
    item = uow.find(OutboxItem, item_id)
    if item is None or item.kind not in MAIL or item.state is not ItemState.LEAVING:
        return None
    if item.route is Route.OUTLOOK_DRAFT:
        return None
    rows = uow.all(
        OutboxPart,
        col(OutboxPart.item_id) == item_id,
        col(OutboxPart.state).in_(TO_LEAVE),
        order=(col(OutboxPart.number),),
    )
    start = max(item.not_before or uow.now, uow.now)
    found = arrival(pace_of(uow), [row.reach for row in rows], start)
    return found if rows and found.last_at > start else None
