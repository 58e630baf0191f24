"""What the crew was told of their times: by the crew brief, by a mail of their own, by phone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col

from app.models.live.crew_times import Duty, Telling
from app.models.notices.kinds import NoticeKind, NoticeState
from app.models.outbox import ItemState
from app.models.tables.directory import Person
from app.models.tables.notices import Notice, RecipientSet
from app.models.tables.outbox import OutboxItem, OutboxPart
from app.services.notices.audiences import keys_in
from app.services.uow import UnitOfWork

TIMES = "times"
"""The kind of outbox item that carries one person's times."""
BY_PHONE = "told by phone"


@dataclass(frozen=True, slots=True)
class Told:
    """`state` is that of the mail: what waits to leave is not said twice, but nobody knows it
    yet. `how` is in words; `item_id` is empty for the crew brief."""

    telling: Telling
    state: ItemState
    how: str
    item_id: str = ""

    @property
    def known(self) -> bool:
        return self.state is ItemState.SENT


def told_to(uow: UnitOfWork, outage_id: str) -> Mapping[str, tuple[Told, ...]]:
    """By the id of the person, oldest first. What was taken back was not said."""
    found: dict[str, list[Told]] = defaultdict(list)
    for person_id, told in _by_brief(uow, outage_id):
        found[person_id].append(told)
    items = uow.all(
        OutboxItem,
        col(OutboxItem.outage_id) == outage_id,
        col(OutboxItem.kind) == TIMES,
        col(OutboxItem.state) != ItemState.VOID,
    )
    left = _left_at(uow, [item.id for item in items])
    for item in items:
        if item.taken_back_at is not None and item.state is not ItemState.SENT:
            continue
        at = left.get(item.id) or item.last_tried_at or item.created_at or uow.now
        telling = Telling(at, duty_from(item.payload.get("duty")))
        by_phone = item.sender.startswith(BY_PHONE)
        how = item.sender if by_phone else f"mail {item.state.words}"
        found[item.about_id].append(Told(telling, item.state, how, item.id))
    return {who: tuple(sorted(told, key=lambda t: t.telling.at)) for who, told in found.items()}


def duty_from(stored: object) -> Duty | None:
    """As `stored_duty` wrote it."""
    if not isinstance(stored, list) or len(stored) != 2:
        return None
    return Duty(*(datetime.fromisoformat(str(moment)) for moment in stored))


def stored_duty(duty: Duty | None) -> list[str] | None:
    """For the payload of an outbox item."""
    return [duty.be_ready.isoformat(), duty.release.isoformat()] if duty is not None else None


def _by_brief(uow: UnitOfWork, outage_id: str) -> list[tuple[str, Told]]:
    briefs = {
        notice.id: notice
        for notice in uow.all(
            Notice,
            col(Notice.outage_id) == outage_id,
            col(Notice.kind) == NoticeKind.CREW_BRIEF,
            col(Notice.state).in_([NoticeState.SENT, NoticeState.QUEUED]),
        )
    }
    if not briefs:
        return []
    by_address = {person.email_key: person.id for person in uow.all(Person) if person.email_key}
    found = []
    for item in uow.all(OutboxItem, col(OutboxItem.about_id).in_(briefs)):
        notice = briefs[item.about_id]
        sent = notice.state is NoticeState.SENT
        for message in item.payload.get("messages", ()):
            duty = duty_from(message.get("duty"))
            if duty is None:
                continue
            telling = Telling(notice.sent_at or item.created_at or uow.now, duty)
            state = ItemState.SENT if sent else item.state
            told = Told(telling, state, f"crew brief {'sent' if sent else state.words}")
            readers = keys_in(uow.find(RecipientSet, message["recipient_set_id"]))
            found += [(by_address[key], told) for key in readers if key in by_address]
    return found


def _left_at(uow: UnitOfWork, items: list[str]) -> dict[str, datetime]:
    parts = uow.all(OutboxPart, col(OutboxPart.item_id).in_(items)) if items else []
    return {part.item_id: part.accepted_at for part in parts if part.accepted_at is not None}
