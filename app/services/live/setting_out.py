"""How the copy of a rehearsal stands when it begins."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from sqlmodel import col

from app.models.bridge import Provider
from app.models.errors import BadInput, NotAllowed
from app.models.notices.leadtime import Waiver
from app.models.notices.policy import Moment
from app.models.outages.lifecycle import BEFORE_START, FLYING, State
from app.models.runbook import StepState
from app.models.tables.base import Record
from app.models.tables.bridge import Bridge
from app.models.tables.calendar import CalendarLayer
from app.models.tables.live import Criterion, Decision, RollCallAnswer
from app.models.tables.notices import Notice
from app.models.tables.outages import Outage
from app.models.tables.runbook import Step
from app.models.tables.sync import SyncCursor
from app.services.account.settings import turn_to_practice
from app.services.bridge.meeting import ask_meeting
from app.services.calendar.layers import OUTLOOK
from app.services.notices.planning import plan_for
from app.services.notices.reading import communication
from app.services.notices.sending import record_sent
from app.services.outages.planning import bridge_of
from app.services.reports.building import mark_printed
from app.services.settings.clock_back import REHEARSED
from app.services.settings.restore import hold_items
from app.services.uow import UnitOfWork

_AGAIN = {
    "state": StepState.TODO, "started_at": None, "ended_at": None, "heard_at": None,
    "blocked_reason": "", "blocked_until": None, "result": "", "note": "", "by": "", "via": "",
    "before_value": "", "after_value": "",
}  # fmt: skip
_TAKEN = Waiver("rehearsal", "taken as told, to begin at the gate")


class Begin(StrEnum):
    """`gate`: what is due before is taken as told and printed, so that the night alone is flown.
    `plan`: it is all still to do."""

    GATE = "gate"
    PLAN = "plan"


def set_out(uow: UnitOfWork, outage_id: str, speed: float, begin: Begin) -> None:
    """Nothing leaves this machine, and the flight stands before its gate as if it had not been
    flown."""
    outage = uow.fetch(Outage, outage_id)
    _leave_the_real_one(uow)
    held = hold_items(uow, "held: this is a rehearsal")
    if outage.state not in BEFORE_START:
        _begin_anew(uow, outage)
    for other in uow.all(Outage, col(Outage.state).in_((*FLYING, State.GO_NO_GO, State.HOLD))):
        if other.id != outage_id:
            uow.archive(other)  # of two flights at once only this one is rehearsed
    outage.state, outage.state_since = State.ANNOUNCED, uow.now
    uow.log(
        f"rehearsal of {outage.code} at {speed:g}×; {held} waiting held, nothing leaves",
        outage,
        kind=REHEARSED,
    )
    _ask_meeting_anew(uow, outage)
    if begin is Begin.GATE:
        _take_as_done(uow, outage)


def _leave_the_real_one(uow: UnitOfWork) -> None:
    """Calendars stay as they were read; where the mailbox was left is of no use in another one."""
    turn_to_practice(uow)
    for cursor in uow.all(SyncCursor):
        cursor.cursor, cursor.begun_at, cursor.round_at = "", None, None
    for layer in uow.all(CalendarLayer, col(CalendarLayer.source).startswith(OUTLOOK)):
        layer.source = "Outlook, as it stood when the rehearsal began"


def _take_as_done(uow: UnitOfWork, outage: Outage) -> None:
    """What cannot be told (nobody is owed it, its text is not right) stays to do."""
    told, left = [], []
    due = {item.moment.value: item.due for item in plan_for(uow, outage)}
    for row in communication(uow, outage.id).rows:
        if row.sent_at is not None or row.due is None or row.due > uow.now:
            continue
        if row.key == Moment.PACKET.value:
            mark_printed(uow, outage.id)
        elif row.kind is not None and row.key in due:
            at = max(row.due, outage.created_at or row.due)
            try:
                record_sent(uow, outage.id, row.kind, at, waive=_TAKEN)
            except (BadInput, NotAllowed):
                left.append(row.title)
            else:
                told.append(row.title)
    outage.state, outage.state_since = State.GO_NO_GO, uow.now
    still = f"; still to do: {', '.join(left)}" if left else ""
    uow.log(
        f"the rehearsal begins at the gate; taken as told: {', '.join(told) or 'nothing'}{still}",
        outage,
        kind=REHEARSED,
    )


def _ask_meeting_anew(uow: UnitOfWork, outage: Outage) -> None:
    """A meeting of the real tenant is not opened, locked or joined from here: the practice tenant
    makes one of its own."""
    bridge = bridge_of(uow, outage.id)
    if bridge is None or bridge.provider != Provider.TEAMS:
        return
    number = int(bridge.external_id.rpartition(":")[2] or 0) if bridge.external_id else 0
    bridge.external_id = f"{outage.id}:{number + 1}"
    bridge.meeting_id = bridge.join_link = bridge.dial_in = ""
    bridge.opened_at = bridge.closed_at = None
    bridge.opened_by = ""
    ask_meeting(uow, outage.id)


def _begin_anew(uow: UnitOfWork, outage: Outage) -> None:
    outage.started_at = outage.ended_at = outage.user_check_due = None
    outage.user_check = outage.data_loss = outage.ending_note = ""
    outage.waivers = []
    outage.promised_end_utc = outage.end_utc
    for step in uow.all(Step, col(Step.outage_id) == outage.id):
        for name, value in _AGAIN.items():
            setattr(step, name, value)
    for bridge in uow.all(Bridge, col(Bridge.outage_id) == outage.id):
        bridge.opened_at = bridge.closed_at = None
        bridge.opened_by = bridge.closed_by = bridge.proof = ""
        bridge.closing = []
    for notice in uow.all(Notice, col(Notice.outage_id) == outage.id):
        if notice.sent_at is not None and notice.sent_at > uow.now:
            uow.archive(notice)  # told while it was flown
    answered: Sequence[type[Record]] = (Criterion, RollCallAnswer, Decision)
    for table in answered:
        for row in uow.all(table, getattr(table, "outage_id") == outage.id):  # noqa: B009
            uow.archive(row)
