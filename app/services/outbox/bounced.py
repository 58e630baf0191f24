"""How many of those a notice went to did not get it."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlmodel import col, func, select

from app.models.tables.notices import Bounce
from app.services.uow import UnitOfWork


def bounced(uow: UnitOfWork, notice_ids: Collection[str]) -> Mapping[str, int]:
    """A query: by notice; those of which all arrived are left out."""
    rows = uow.session.exec(
        select(col(Bounce.notice_id), func.count())
        .where(col(Bounce.notice_id).in_(notice_ids), col(Bounce.archived_at).is_(None))
        .group_by(col(Bounce.notice_id))
    )
    return dict(rows.all())
