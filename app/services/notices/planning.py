"""The communication plan of one outage, and what was told so far."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlmodel import col

from app.models.notices.kinds import NoticeState
from app.models.notices.plan import PlanItem, plan
from app.models.notices.policy import POLICIES, Policy
from app.models.outages.debt import Told
from app.models.outages.lifecycle import ImpactClass
from app.models.tables.notices import Notice, RecipientSet
from app.models.tables.outages import Outage
from app.services.database import organisation
from app.services.notices.audiences import Resolved, keys_in, resolve, workdays
from app.services.uow import UnitOfWork


def policy_for(uow: UnitOfWork, impact: ImpactClass) -> Policy:
    """The organisation's policy: the built-in one with what was edited put in its place."""
    edited = organisation(uow).policy.get(impact.value, {})
    known = {name: value for name, value in edited.items() if name in _DAYS}
    if "reminder_days" in known:
        known["reminder_days"] = tuple(known["reminder_days"])
    return replace(POLICIES[impact], **known)


_DAYS = (
    "kick_off_days",
    "scope_freeze_days",
    "planned_days",
    "runbook_freeze_days",
    "brief_working_days",
    "reminder_days",
)


def plan_for(
    uow: UnitOfWork, outage: Outage, resolved: Resolved | None = None
) -> tuple[PlanItem, ...]:
    """What is due when, from the policy of its impact class."""
    resolved = resolved or resolve(uow, outage)
    window = outage.window
    years = {window.start.year - 1, window.start.year, window.end.year, window.end.year + 1}
    planned_at = outage.created_at or uow.now
    return plan(
        window,
        outage.impact,
        policy_for(uow, outage.impact),
        workdays(uow, resolved, years),
        min(planned_at, window.start_utc - timedelta(minutes=1)),
    )


def told_of(uow: UnitOfWork, outage_id: str) -> tuple[Told, ...]:
    """Every notice that left, oldest first."""
    notices = uow.all(
        Notice,
        col(Notice.outage_id) == outage_id,
        col(Notice.state) == NoticeState.SENT,
        order=(col(Notice.sent_at),),
    )
    ids = {n.recipient_set_id for n in notices if n.recipient_set_id}
    sets = {s.id: s for s in uow.all(RecipientSet, col(RecipientSet.id).in_(ids))}
    return tuple(
        Told(
            notice.kind,
            notice.sent_at,
            keys_in(sets.get(notice.recipient_set_id or "")),
            notice.about_start_utc,
            notice.about_end_utc,
        )
        for notice in notices
        if notice.sent_at is not None
    )
