"""What waits when the console is closed, and what of it Outlook can hold meanwhile."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import col

from app.models.outbox import ItemState, Route
from app.models.tables.outbox import OutboxItem
from app.services.outbox.items import MAIL
from app.services.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Kept:
    """Of the `items` that leave only while this console runs, `holdable` can be given to Outlook:
    those whose time is still to come. What is on its way already cannot."""

    items: int = 0
    holdable: int = 0


def kept_here(uow: UnitOfWork) -> Kept:
    """A query."""
    rows = uow.all(
        OutboxItem,
        col(OutboxItem.route) == Route.CONSOLE,
        col(OutboxItem.state).in_((ItemState.WAITING, ItemState.LEAVING)),
        col(OutboxItem.kind).in_(MAIL),
    )
    return Kept(len(rows), len(holdable(uow)))


def holdable(uow: UnitOfWork) -> list[OutboxItem]:
    """What Outlook can be given to hold until its time."""
    return uow.all(
        OutboxItem,
        col(OutboxItem.state) == ItemState.WAITING,
        col(OutboxItem.route) == Route.CONSOLE,
        col(OutboxItem.kind).in_(MAIL),
        col(OutboxItem.not_before) > uow.now,
    )


def left_to_hand_over(uow: UnitOfWork) -> int:
    """A query: items that Outlook is to hold and does not hold yet."""
    return len(
        uow.all(
            OutboxItem,
            col(OutboxItem.route) == Route.OUTLOOK_HOLDS,
            col(OutboxItem.state).in_((ItemState.WAITING, ItemState.LEAVING)),
        )
    )
