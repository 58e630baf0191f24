"""What the crew was told of their times: by the crew brief, by a mail of their own, by phone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
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
BY_HAND = "told by"


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
    return told_in(uow, [outage_id]).get(outage_id, {})


def told_in(
    uow: UnitOfWork, outages: Sequence[str]
) -> Mapping[str, Mapping[str, tuple[Told, ...]]]:
    """The same of many outages, by their ids."""
    found: dict[str, dict[str, list[Told]]] = defaultdict(lambda: defaultdict(list))
    for outage_id, person_id, told in _by_brief(uow, outages):
        found[outage_id][person_id].append(told)
    items = uow.all(
        OutboxItem,
        col(OutboxItem.outage_id).in_(outages),
        col(OutboxItem.kind) == TIMES,
        col(OutboxItem.state) != ItemState.VOID,
    )
    left = _left_at(uow, [item.id for item in items])
    for item in items:
        if item.taken_back_at is not None and item.state is not ItemState.SENT:
            continue
        at = left.get(item.id) or item.last_tried_at or item.created_at or uow.now
        telling = Telling(at, duty_from(item.payload.get("duty")))
        by_hand = item.sender.startswith(BY_HAND)
        how = item.sender if by_hand else f"mail {item.state.words}"
        found[item.outage_id][item.about_id].append(Told(telling, item.state, how, item.id))
    return {
        outage_id: {
            who: tuple(sorted(told, key=lambda t: t.telling.at)) for who, told in people.items()
        }
        for outage_id, people in found.items()
    }


def tellings(told: Sequence[Told]) -> list[Telling]:
    """What they knew: what only waits to leave spared nobody anything."""
    return [each.telling for each in told if each.known]


def duty_from(stored: object) -> Duty | None:
    """As `stored_duty` wrote it."""
    if not isinstance(stored, list) or len(stored) != 2:
        return None
    return Duty(*(datetime.fromisoformat(str(moment)) for moment in stored))


def stored_duty(duty: Duty | None) -> list[str] | None:
    """For the payload of an outbox item."""
    return [duty.be_ready.isoformat(), duty.release.isoformat()] if duty is not None else None


def _by_brief(uow: UnitOfWork, outages: Sequence[str]) -> list[tuple[str, str, Told]]:
    """(outage, person, what the crew brief told them)."""
    briefs = {
        notice.id: notice
        for notice in uow.all(
            Notice,
            col(Notice.outage_id).in_(outages),
            col(Notice.kind) == NoticeKind.CREW_BRIEF,
            col(Notice.state).in_([NoticeState.SENT, NoticeState.QUEUED]),
        )
    }
    if not briefs:
        return []
    said: list[tuple[str, Told, str]] = []
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
            said.append((notice.outage_id, told, str(message["recipient_set_id"])))
    wanted = {set_id for _, _, set_id in said}
    sets = uow.all(RecipientSet, col(RecipientSet.id).in_(wanted))
    readers = {stored.id: keys_in(stored) for stored in sets}
    keys = {key for found in readers.values() for key in found}
    crew = {p.email_key: p.id for p in uow.all(Person, col(Person.email_key).in_(keys))}
    return [
        (outage_id, crew[key], told)
        for outage_id, told, set_id in said
        for key in readers.get(set_id, frozenset()) & set(crew)
    ]


def _left_at(uow: UnitOfWork, items: list[str]) -> dict[str, datetime]:
    parts = uow.all(OutboxPart, col(OutboxPart.item_id).in_(items)) if items else []
    return {part.item_id: part.accepted_at for part in parts if part.accepted_at is not None}
