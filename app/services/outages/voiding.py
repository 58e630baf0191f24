"""What was agreed, asked or is about to be said of a window that is another now."""

from __future__ import annotations

from sqlmodel import col

from app.models.log import iso
from app.models.notices.kinds import NoticeState
from app.models.outages.confirming import is_call
from app.models.outages.lifecycle import State
from app.models.outbox import ItemState
from app.models.tables.live import Confirmation, Criterion, RollCallAnswer
from app.models.tables.notices import Notice
from app.models.tables.outages import Outage
from app.models.tables.outbox import OutboxItem
from app.services.bridge.meeting import KIND, OPENS_BEFORE
from app.services.events import LiveChanged, NoticesChanged, OutboxChanged
from app.services.notices.planning import SERVICE_IDS
from app.services.notices.stored import outbox_of
from app.services.outages.planning import service_ids
from app.services.outbox.items import MAIL
from app.services.outbox.settling import take_back
from app.services.uow import UnitOfWork


def void_for_move(uow: UnitOfWork, outage: Outage) -> None:
    """Of a draft nobody knows; of any other, who confirmed is asked again and what waits does not
    leave, and once people were told all else that was agreed falls, too. A meeting that is asked
    for is asked for at the new time."""
    for item in _meetings_asked(uow, outage):
        begins, ends = outage.start_utc - OPENS_BEFORE, outage.promised_end_utc
        item.payload = {**item.payload, "start": iso(begins), "end": iso(ends)}
    if outage.state is State.DRAFT:
        return
    void_waiting(uow, outage, "the window moved")
    for asked in uow.all(Confirmation, col(Confirmation.outage_id) == outage.id):
        if not is_call(asked.what):
            asked.voided_at = asked.voided_at or uow.now
    if outage.state is not State.PLANNED:
        void_agreements(uow, outage)


def void_waiting(uow: UnitOfWork, outage: Outage, why: str) -> int:
    """Nothing about this outage that still waits will leave. What is in Outlook already is void
    once Outlook says that it is gone; what left anyway is shown as left. Returns how many."""
    mail = uow.all(
        OutboxItem,
        col(OutboxItem.outage_id) == outage.id,
        col(OutboxItem.kind).in_(MAIL),
        col(OutboxItem.taken_back_at).is_(None),
        col(OutboxItem.state).in_([state for state in ItemState if state.open]),
    )
    for item in mail:
        take_back(uow, item, why)
    notices = uow.all(
        Notice, col(Notice.outage_id) == outage.id, col(Notice.state) == NoticeState.QUEUED
    )
    for notice in notices:
        if outbox_of(uow, notice.id) is None:
            notice.state = NoticeState.VOID
    if notices or mail:
        uow.emit(NoticesChanged(outage.id))
    return len(mail)


def void_meeting(uow: UnitOfWork, outage: Outage, why: str) -> None:
    """A meeting that was asked for and is not made yet is not made."""
    for item in _meetings_asked(uow, outage):
        item.state, item.last_answer = ItemState.VOID, why
        uow.log(f"the Teams meeting is not made: {why}", item)
        uow.emit(OutboxChanged(outage.id))


def _meetings_asked(uow: UnitOfWork, outage: Outage) -> list[OutboxItem]:
    asked = uow.all(
        OutboxItem,
        col(OutboxItem.outage_id) == outage.id,
        col(OutboxItem.kind) == KIND,
        col(OutboxItem.state).in_([ItemState.WAITING, ItemState.ATTENTION, ItemState.HELD]),
    )
    return [item for item in asked if item.payload.get("act") == "open"]


def void_agreements(uow: UnitOfWork, outage: Outage) -> None:
    """What was agreed for another window is asked again: criteria, roll call, packet."""
    for answer in uow.all(RollCallAnswer, col(RollCallAnswer.outage_id) == outage.id):
        uow.archive(answer)
    for criterion in uow.all(Criterion, col(Criterion.outage_id) == outage.id):
        uow.archive(criterion)
    outage.packet_printed_at = None
    uow.emit(LiveChanged(outage.id))


def withdraw_untrue(uow: UnitOfWork, outage_id: str) -> int:
    """What waits and speaks of another window or of other services than the outage has now does
    not leave: whom it was to remind is owed the rescheduled notice instead. Returns how many."""
    outage = uow.fetch(Outage, outage_id)
    window, services = (outage.start_utc, outage.promised_end_utc), service_ids(uow, outage_id)
    queued = (col(Notice.outage_id) == outage_id, col(Notice.state) == NoticeState.QUEUED)
    count = 0
    for notice in uow.all(Notice, *queued):
        item = outbox_of(uow, notice.id)
        named = item.payload.get(SERVICE_IDS) if item is not None else None
        about = (notice.about_start_utc, notice.about_end_utc)
        if about == window and (named is None or set(named) == set(services)):
            continue
        if item is None:
            notice.state = NoticeState.VOID
        elif item.taken_back_at is None:
            take_back(uow, item, "it is no longer true")
        uow.log(f"took back the {notice.kind.words.lower()}: it is no longer true", notice)
        count += 1
    if count:
        uow.emit(NoticesChanged(outage_id))
    return count
