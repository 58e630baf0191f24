"""Where each list of changes was left, stored in the transaction of what was taken from it.

A place can be found again by a full round, so it is derived: neither logged nor versioned.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col

from app.models.tables.sync import SyncCursor
from app.services.uow import UnitOfWork

RENEW = timedelta(hours=1)
"""The service names a new place with every answer, also with an empty one; so often it is kept."""


@dataclass(frozen=True, slots=True)
class Place:
    """`cursor` empty: a full round begins. `begun_at` is when the first one did, `round_at` when
    the last full round was through."""

    cursor: str = ""
    begun_at: datetime | None = None
    round_at: datetime | None = None


def place_of(uow: UnitOfWork, name: str) -> Place:
    row = _row(uow, name)
    return Place(row.cursor, row.begun_at, row.round_at) if row is not None else Place()


def keep_place(
    uow: UnitOfWork, name: str, cursor: str, *, through: bool = False, news: bool = True
) -> None:
    """Go on from `cursor` the next time; `through`: a full round ended here. Without `news` the
    old place would do as well."""
    row = _row(uow, name)
    if row is None:
        row = SyncCursor(organisation_id=uow.organisation_id, place=name, begun_at=uow.now)
    elif not news and not through and uow.now - (row.updated_at or uow.now) < RENEW:
        return
    row.cursor, row.updated_at = cursor, uow.now
    if through:
        row.round_at = uow.now
    uow.add(row)


def forget_place(uow: UnitOfWork, name: str) -> None:
    """The service knows it no more: the next round is a full one."""
    row = _row(uow, name)
    if row is not None:
        row.cursor = ""
        uow.add(row)


def _row(uow: UnitOfWork, name: str) -> SyncCursor | None:
    found = uow.all(SyncCursor, col(SyncCursor.place) == name)
    return found[0] if found else None
