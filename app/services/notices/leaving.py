"""A notice left: what that does to the flight, whoever sent it."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import col

from app.models.errors import NotAllowed
from app.models.notices.kinds import NoticeKind, NoticeState
from app.models.outages.confirming import is_call
from app.models.outages.lifecycle import State
from app.models.runbook import StepKind
from app.models.tables.live import Confirmation
from app.models.tables.notices import Notice, RecipientSet
from app.models.tables.outages import Outage
from app.services.events import LiveChanged, NoticesChanged, OutageChanged
from app.services.notices.audiences import recipients_in
from app.services.notices.gathering import gather
from app.services.notices.recipients import asked_at_kick_off
from app.services.runbook.acting import complete_acts
from app.services.uow import UnitOfWork


def mark_left(
    uow: UnitOfWork,
    outage: Outage,
    notice: Notice,
    at: datetime,
    by: str = "",
    *,
    whole: bool = True,
) -> None:
    """It counts as told from `at` on: a planned notice announces the outage, a notice step is
    finished (when it left as a `whole`), and everybody asked at kick-off owes an answer."""
    kind = notice.kind
    notice.state, notice.sent_at, notice.sent_by = NoticeState.SENT, at, by or uow.actor.name
    if kind is NoticeKind.PLANNED and outage.state is State.PLANNED:
        outage.state, outage.state_since = State.ANNOUNCED, uow.now
        uow.log(f"{outage.code} {State.PLANNED.words} → {State.ANNOUNCED.words}", outage, who=by)
        uow.emit(OutageChanged(outage.id))
    if kind is NoticeKind.KICK_OFF:
        _ask_confirmations(uow, outage, notice, at)
    if whole:
        complete_acts(uow, outage, StepKind.NOTICE, kind.value, by)
    reach = reach_of(uow, notice)
    told = f"told to {reach:,}" if reach else "given by hand"
    uow.log(f"{kind.words} {told}", notice, who=by, kind="notice", at=at)
    uow.emit(NoticesChanged(outage.id))
    uow.emit(LiveChanged(outage.id))


def mark_left_unasked(
    uow: UnitOfWork, outage: Outage, notice: Notice, at: datetime, *, whole: bool
) -> None:
    """The same of what is seen to have left: it is recorded as it happened, whether or not a rule
    would have allowed it now."""
    mark_left(uow, outage, notice, at, whole=False)
    if whole:
        try:
            complete_acts(uow, outage, StepKind.NOTICE, notice.kind.value)
        except NotAllowed as refusal:
            uow.log(f"its step was not ticked: {refusal.sentence}", notice)


def reach_of(uow: UnitOfWork, notice: Notice) -> int:
    """How many people it goes to, as far as known."""
    stored = uow.find(RecipientSet, notice.recipient_set_id) if notice.recipient_set_id else None
    return sum(max(r.size, 1) for r in recipients_in(stored))


def _ask_confirmations(uow: UnitOfWork, outage: Outage, notice: Notice, at: datetime) -> None:
    """Everybody asked at kick-off owes an answer; whom a notice taken back half-way did not reach
    was not asked."""
    stored = uow.find(RecipientSet, notice.recipient_set_id) if notice.recipient_set_id else None
    reached = {r.name for r in recipients_in(stored)}
    asked = {
        c.person
        for c in uow.all(Confirmation, col(Confirmation.outage_id) == outage.id)
        if c.voided_at is None and not is_call(c.what)
    }
    for group in asked_at_kick_off(gather(uow, outage)).groups:
        name = group.recipients[0].name
        if name not in asked and (stored is None or name in reached):
            uow.add(
                Confirmation(
                    organisation_id=uow.organisation_id,
                    outage_id=outage.id,
                    person=name,
                    what=group.role,
                    asked_at=at,
                )
            )
