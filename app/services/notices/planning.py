"""The communication plan of one outage, and what was told so far."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlmodel import col

from app.models.notices.kinds import NoticeKind, NoticeState
from app.models.notices.plan import PlanItem, plan
from app.models.notices.policy import Moment, Policy, policy_in
from app.models.outages.debt import Told
from app.models.outages.lifecycle import FLYING, ImpactClass
from app.models.outbox import ItemState
from app.models.tables.directory import Service
from app.models.tables.notices import Notice, RecipientSet
from app.models.tables.outages import Outage
from app.models.tables.outbox import OutboxItem, OutboxPart
from app.services.database import organisation
from app.services.notices.audiences import Recipient, Resolved, recipients_in, resolve
from app.services.notices.workdays import workdays
from app.services.uow import UnitOfWork

SERVICE_IDS = "service_ids"
"""In the payload of a notice's outbox item: what it spoke of, however it is called later."""
NOTHING_CHANGED = "nothing_changed"
"""There, of a summary: that there was nothing to notice when it was written."""


def policy_for(uow: UnitOfWork, impact: ImpactClass) -> Policy:
    """The organisation's policy: the built-in one with what was edited put in its place."""
    return policy_in(organisation(uow).policy, impact)


def plan_for(
    uow: UnitOfWork, outage: Outage, resolved: Resolved | None = None
) -> tuple[PlanItem, ...]:
    """What is due when, from the policy of its impact class."""
    resolved = resolved or resolve(uow, outage)
    window = outage.window
    years = {window.start.year - 1, window.start.year, window.end.year, window.end.year + 1}
    planned_at = outage.created_at or uow.now
    items = plan(
        window,
        outage.impact,
        policy_for(uow, outage.impact),
        workdays(uow, resolved, years),
        min(planned_at, window.start_utc - timedelta(minutes=1)),
    )
    longer = outage.promised_end_utc - window.end_utc
    if outage.state not in FLYING or not longer:
        return items
    return tuple(_later(i, longer) if i.moment is Moment.END_OWED else i for i in items)


def _later(item: PlanItem, by: timedelta) -> PlanItem:
    """Extended, it is another end that must not pass in silence."""
    return replace(item, due=item.due + by, last_possible=item.last_possible + by)


@dataclass(frozen=True, slots=True)
class Left:
    """A notice that left. `services` are the ids of those it spoke of (of one older than that is
    kept: a name nobody has any more), None where that is not known; `spoken` their names then."""

    id: str
    kind: NoticeKind
    sent_at: datetime
    recipients: Mapping[str, Recipient]
    about: tuple[datetime, datetime] | None
    services: frozenset[str] | None
    missed: frozenset[str] = frozenset()
    """Whom it did not reach, as the rest of it was taken back."""
    spoken: tuple[str, ...] = ()
    next_update: datetime | None = None
    left_over: tuple[str, ...] = ()
    """What it said that people will not have yet."""
    nothing_changed: bool = False
    """It was a summary, and there was nothing to notice then."""

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(self.recipients)


def left_of(uow: UnitOfWork, outage_id: str) -> tuple[Left, ...]:
    """Every notice that left, oldest first."""
    notices = uow.all(
        Notice,
        col(Notice.outage_id) == outage_id,
        col(Notice.state) == NoticeState.SENT,
        order=(col(Notice.sent_at), col(Notice.id)),
    )
    ids = {n.recipient_set_id for n in notices if n.recipient_set_id}
    sets = {s.id: s for s in uow.all(RecipientSet, col(RecipientSet.id).in_(ids))}
    items = {i.about_id: i for i in uow.all(OutboxItem, col(OutboxItem.outage_id) == outage_id)}
    missed = _missed(uow, items.values())
    named: Mapping[str, str] = {}
    if any(SERVICE_IDS not in i.payload for i in items.values()):
        named = {s.plain_name or s.name: s.id for s in uow.all(Service)}
    return tuple(
        Left(
            notice.id,
            notice.kind,
            notice.sent_at,
            {r.key: r for r in recipients_in(sets.get(notice.recipient_set_id or ""))},
            (notice.about_start_utc, notice.about_end_utc)
            if notice.about_start_utc and notice.about_end_utc
            else None,
            _services(items.get(notice.id), named),
            missed.get(notice.id, frozenset()),
            tuple(items[notice.id].payload.get("services", ())) if notice.id in items else (),
            notice.next_update_utc,
            tuple(json.loads(notice.note or "{}").get("left_over", ())),
            _nothing_changed(notice, items.get(notice.id)),
        )
        for notice in notices
        if notice.sent_at is not None
    )


def _nothing_changed(notice: Notice, item: OutboxItem | None) -> bool:
    """As it was when it was written; of one older than that is kept, as its subject says."""
    if notice.kind is not NoticeKind.CHANGE_SUMMARY:
        return False
    noted = item.payload.get(NOTHING_CHANGED) if item is not None else None
    return notice.subject.startswith("Nothing changed") if noted is None else bool(noted)


def _services(item: OutboxItem | None, named: Mapping[str, str]) -> frozenset[str] | None:
    if item is None or not item.payload.get("services"):
        return None
    if SERVICE_IDS in item.payload:
        return frozenset(item.payload[SERVICE_IDS])
    return frozenset(named.get(name, name) for name in item.payload["services"])


def _missed(uow: UnitOfWork, items: Iterable[OutboxItem]) -> dict[str, frozenset[str]]:
    """By the id of the notice: who is only in messages that were taken back. Of most there are
    none, and nothing is read."""
    half = {i.id: i for i in items if i.taken_back_at is not None and i.state is ItemState.SENT}
    gone: dict[str, set[str]] = {}
    reached: dict[str, set[str]] = {}
    for part in uow.all(OutboxPart, col(OutboxPart.item_id).in_(list(half))) if half else []:
        stored = uow.find(RecipientSet, part.recipient_set_id or "")
        people = [r.key for r in recipients_in(stored) if r.email]
        kept = reached if part.state.left else gone
        kept.setdefault(part.item_id, set()).update(people[part.first : part.first + part.reach])
    return {
        half[each].about_id: frozenset(keys - reached.get(each, set()))
        for each, keys in gone.items()
    }


def as_told(left: Iterable[Left]) -> tuple[Told, ...]:
    """The same as the rules of debt want it."""
    return tuple(
        Told(
            n.kind,
            n.sent_at,
            n.keys,
            n.about[0] if n.about else None,
            n.about[1] if n.about else None,
            n.missed,
            n.services,
            n.next_update,
            n.nothing_changed,
        )
        for n in left
    )


def told_of(uow: UnitOfWork, outage_id: str) -> tuple[Told, ...]:
    """Every notice that left, oldest first, as the rules of debt want it."""
    return as_told(left_of(uow, outage_id))
