"""What is to be done next: a query over what is on disk and what this process knows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import or_, select
from sqlmodel import col

from app.models.outbox import (
    ACCEPTED_LOOKS,
    IN_MOTION,
    Act,
    ItemState,
    Known,
    PartState,
    Route,
    next_act,
    wakes_at,
)
from app.models.outbox_pace import DAY, FEW, Pace
from app.models.tables.outbox import OutboxItem, OutboxPart
from app.services.outbox.items import MAIL
from app.services.uow import UnitOfWork


@dataclass(slots=True)
class Fresh:
    """What this process knows beyond the disk: whose last try had a clear answer, and when it saw
    a draft last. Lost with the process, after which everything is looked at first. `who` is
    signed in; empty: nobody, or not known."""

    parts: set[str] = field(default_factory=set)
    seen: dict[str, datetime] = field(default_factory=dict)
    who: str = ""

    def of_another(self, owner: str | None) -> bool:
        """A message of `owner` lies in a mailbox that cannot be seen now."""
        return bool(owner and self.who) and owner != self.who

    def forget(self, part_id: str) -> None:
        self.parts.discard(part_id)
        self.seen.pop(part_id, None)


@dataclass(frozen=True, slots=True)
class Next:
    """`act` on the part now; or `prepare` the item; or nothing before `wakes`. `leaving` counts
    items at which there is something to do soon."""

    item_id: str = ""
    part_id: str = ""
    act: Act = Act.REST
    wakes: datetime | None = None
    leaving: int = 0
    asks: int = 0

    @property
    def prepares(self) -> bool:
        return bool(self.item_id) and not self.part_id

    @property
    def idle(self) -> bool:
        return not self.item_id


class _Item(NamedTuple):
    id: str
    state: ItemState
    route: Route
    not_before: datetime | None
    taken_back_at: datetime | None


class _Part(NamedTuple):
    id: str
    item_id: str
    number: int
    state: PartState
    reach: int
    tried_at: datetime | None
    looks: int
    held_until: datetime | None
    owner: str | None


A_WHILE = timedelta(minutes=10)
"""The rest of a notice to many leaves tomorrow: nobody is at work on it until then."""
_FIRST = {Act.ASK: 0, Act.DELETE: 1, Act.LOOK: 2, Act.SEND: 3, Act.CREATE: 4}


def pick(uow: UnitOfWork, fresh: Fresh) -> Next:
    """The one thing to do now, or when to look again. What is taken back comes first, then looks,
    then messages to few before those to many."""
    now = uow.now
    items, parts = _at_work(uow)
    pace = pace_of(uow)
    found: list[tuple[tuple[int, bool, datetime, int], str, str, Act]] = []
    wakes: list[datetime] = []
    next_at: dict[str, datetime] = {}
    for part in parts:
        item = items[part.item_id]
        act, at = _act(item, part, fresh, pace, now)
        if act in _FIRST:
            order = (_FIRST[act], part.reach > FEW, item.not_before or now, part.number)
            found.append((order, item.id, part.id, act))
        elif at is not None:
            wakes.append(at)
            next_at[item.id] = min(at, next_at.get(item.id, at))
    with_parts = {part.item_id for part in parts}
    for item in items.values():
        if item.state is ItemState.WAITING and item.id not in with_parts:
            ready = _ready_at(item, now)
            if ready is not None and ready <= now:
                found.append(((5, False, ready, 0), item.id, "", Act.CREATE))
            elif ready is not None:
                wakes.append(ready)
    asking = {
        part.item_id for part in parts if part.state in (PartState.UNCLEAR, PartState.REFUSED)
    }
    asks = len(asking | {i.id for i in items.values() if i.state is ItemState.ATTENTION})
    soon = now + A_WHILE
    leaving = sum(
        item.state is ItemState.LEAVING and next_at.get(item.id, now) <= soon
        for item in items.values()
    )
    first = min(wakes, default=None)
    if not found:
        return Next(wakes=first, leaving=leaving, asks=asks)
    _, item_id, part_id, act = min(found)
    return Next(item_id, part_id, act, first, leaving, asks)


def _act(
    item: _Item, part: _Part, fresh: Fresh, pace: Pace, now: datetime
) -> tuple[Act, datetime | None]:
    """The act, or REST with the moment from which on there may be one."""
    known = Known(
        part.state,
        item.route,
        part.id in fresh.parts,
        taken_back=item.taken_back_at is not None,
        held=item.state is ItemState.HELD,
        tried_at=part.tried_at,
        looks=part.looks,
        held_until=part.held_until,
        looked_at=fresh.seen.get(part.id),
        of_another=fresh.of_another(part.owner),
    )
    act = next_act(known, now)
    if act is Act.WAIT:
        return Act.REST, wakes_at(known)
    if act in (Act.CREATE, Act.SEND):
        ready = _ready_at(item, now)
        if ready is None:
            return Act.REST, None
        if item.route is not Route.OUTLOOK_DRAFT:
            ready = max(ready, pace.earliest(part.reach, now))
        if ready > now:
            return Act.REST, ready
    return act, None


def _ready_at(item: _Item, now: datetime) -> datetime | None:
    """From when on the mailbox may know of it; None: never by us."""
    if item.route is Route.FILE:
        return None
    return (item.not_before or now) if item.route is Route.CONSOLE else now


def _at_work(uow: UnitOfWork) -> tuple[Mapping[str, _Item], list[_Part]]:
    """Open items, and closed ones of which a part is still in motion; without their payloads."""
    parts = [
        _Part(*row)
        for row in uow.session.connection().execute(
            select(*(getattr(OutboxPart, name) for name in _Part._fields))
            .join(OutboxItem, col(OutboxItem.id) == col(OutboxPart.item_id))
            .where(
                col(OutboxPart.organisation_id) == uow.organisation_id,
                or_(
                    col(OutboxItem.state).in_([s for s in ItemState if s.open]),
                    col(OutboxPart.state).in_(IN_MOTION),
                    (col(OutboxPart.state) == PartState.ACCEPTED)
                    & (col(OutboxPart.looks) < ACCEPTED_LOOKS),
                ),
            )
        )
    ]
    ids = {part.item_id for part in parts}
    items = {
        item.id: item
        for item in (
            _Item(*row)
            for row in uow.session.connection().execute(
                select(*(getattr(OutboxItem, name) for name in _Item._fields)).where(
                    col(OutboxItem.organisation_id) == uow.organisation_id,
                    col(OutboxItem.archived_at).is_(None),
                    col(OutboxItem.kind).in_(MAIL),
                    or_(
                        col(OutboxItem.state).in_([s for s in ItemState if s.open]),
                        col(OutboxItem.id).in_(ids),
                    ),
                )
            )
        )
    }
    return items, [part for part in parts if part.item_id in items]


def pace_of(uow: UnitOfWork) -> Pace:
    """What this mailbox sent in the last day, and what it may have sent."""
    since = uow.now - DAY
    rows = uow.session.connection().execute(
        select(OutboxPart.accepted_at, OutboxPart.tried_at, OutboxPart.reach).where(  # type: ignore[call-overload]
            col(OutboxPart.organisation_id) == uow.organisation_id,
            or_(
                col(OutboxPart.accepted_at) > since,
                col(OutboxPart.state).in_([PartState.SENDING, PartState.UNCLEAR])
                & (col(OutboxPart.tried_at) > since),
            ),
        )
    )
    return Pace.of(_moments(rows))


def _moments(
    rows: Iterable[tuple[datetime | None, datetime | None, int]],
) -> list[tuple[datetime, int]]:
    return [(at or tried, reach) for at, tried, reach in rows if at or tried]  # type: ignore[misc]
