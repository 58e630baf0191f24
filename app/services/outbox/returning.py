"""What comes back of what left: how much was not delivered, and where answers arrive."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlmodel import col, func, select

from app.models.tables.notices import Bounce
from app.models.tables.outbox import OutboxItem, OutboxPart
from app.services.uow import UnitOfWork


def bounced(uow: UnitOfWork, notice_ids: Collection[str]) -> Mapping[str, int]:
    """A query: by notice; those of which all arrived are left out."""
    rows = uow.session.exec(
        select(col(Bounce.notice_id), func.count())
        .where(col(Bounce.notice_id).in_(notice_ids), col(Bounce.archived_at).is_(None))
        .group_by(col(Bounce.notice_id))
    )
    return dict(rows.all())


def answers_to(uow: UnitOfWork, outage_id: str) -> tuple[str, ...]:
    """A query: in whose own mailboxes answers arrive, which are read while they are signed in."""
    owner = col(OutboxPart.owner)
    rows = uow.session.exec(
        select(owner)
        .join(OutboxItem, col(OutboxItem.id) == col(OutboxPart.item_id))
        .where(
            col(OutboxItem.outage_id) == outage_id,
            owner.is_not(None),
            col(OutboxPart.accepted_at).is_not(None),
        )
        .distinct()
        .order_by(owner)
    )
    return tuple(each for each in rows if each)
