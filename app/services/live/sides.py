"""Who holds which side of a flight, and all that the communication side needs to tell people.

Nothing of a step is in its rows: whoever writes an update never has to read the repair.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col

from app.models.errors import NotAllowed
from app.models.live.margin import Outlook
from app.models.live.sides import Side, Standing, next_update, to_users
from app.models.notices.kinds import NoticeKind, NoticeState
from app.models.notices.replies import ReplyKind
from app.models.outages.debt import END_WARNING, DebtKind
from app.models.outages.lifecycle import CLOSED, FLYING, State
from app.models.tables.directory import Person
from app.models.tables.notices import Notice, Reply
from app.models.tables.outages import Outage
from app.models.times import speak_moment, speak_near
from app.services.events import LiveChanged
from app.services.live.look import Look
from app.services.live.rows import OwedRow, owed_row
from app.services.live.services_words import services_in_words
from app.services.notices.audiences import resolve
from app.services.notices.leaving import reach_of
from app.services.notices.stored import waiting_items
from app.services.outages.debt import debts_of
from app.services.outages.turning_back import changed_for_people
from app.services.runbook.board import TURNED_BACK
from app.services.runbook.loading import load_steps
from app.services.uow import Undo, UnitOfWork

SAID = 6
"""Notices shown as said, the newest first."""
_OWED = (DebtKind.NOTICE, DebtKind.REPLY, DebtKind.USER_CHECK)


@dataclass(frozen=True, slots=True)
class Said:
    """A notice that left, or waits to (`at` None)."""

    kind: NoticeKind
    at: datetime | None
    reach: int
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Asking:
    """Somebody who wrote back and has no answer yet."""

    reply_id: str
    sender: str
    kind: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CommsRows:
    """`standing` is the flight in users' words, `next_update` when people are to hear next (None
    once it is over). Of the fix side there is the name alone."""

    outage_id: str
    version: int
    code: str
    title: str
    state: State
    zone: str
    now: datetime
    start: datetime
    promised_end: datetime
    ended_at: datetime | None
    likely_end: datetime
    outlook: Outlook
    lead: str
    fix_lead: str
    coordinator: str
    services: str
    standing: str
    impact: str
    workaround: str
    checker: str
    checker_phone: str
    audience: int
    next_update: datetime | None
    owed: tuple[OwedRow, ...]
    asking: tuple[Asking, ...]
    said: tuple[Said, ...]


def holders(uow: UnitOfWork, outage: Outage) -> dict[Side, str]:
    """Who holds each side; the coordinator where nobody was named."""
    lead = uow.find(Person, outage.coordinator_id) if outage.coordinator_id else None
    led = lead.name if lead else ""
    named = {Side.FIX: outage.fix_lead, Side.COMMUNICATION: outage.comms_lead}
    return {side: name or led for side, name in named.items()}


def give_side(uow: UnitOfWork, outage_id: str, side: Side, name: str, by: str = "") -> Undo:
    """From now on `name` holds it; empty gives it back to the coordinator. Raises as below."""
    return give_sides(uow, outage_id, {side: name}, by)


def give_sides(uow: UnitOfWork, outage_id: str, given: Mapping[Side, str], by: str = "") -> Undo:
    """Several at once. Raises NotAllowed once the outage is filed, or when nothing would change."""
    outage = uow.fetch(Outage, outage_id)
    if outage.state is State.FILED:
        raise NotAllowed(f"{outage.code} is filed; nobody leads a side of it any more.")
    before = holders(uow, outage)
    for side, name in given.items():
        kept = " ".join(name.split()) or None
        if side is Side.FIX:
            outage.fix_lead = kept
        else:
            outage.comms_lead = kept
    after = holders(uow, outage)
    changed = [side for side in Side if after[side] != before[side]]
    if not changed:
        held = " and ".join(f"{after[side] or 'nobody'} is the {side.lead}" for side in given)
        raise NotAllowed(f"{held[:1].upper()}{held[1:]} already; nothing was changed.")
    for side in changed:
        was = f", not {before[side]}" if before[side] else ""
        words = f"{after[side] or 'nobody'} is the {side.lead} now{was}"
        uow.log(words, outage, who=by, kind="role")
    uow.emit(LiveChanged(outage_id))
    return uow.undo("giving a side to somebody else", outage_id)


def may_hold(uow: UnitOfWork) -> tuple[str, ...]:
    """A query: the names to choose from."""
    return tuple(sorted(person.name for person in uow.all(Person) if "user" not in person.roles))


def communication_side(uow: UnitOfWork, outage_id: str) -> CommsRows:
    """A query. Raises NotFound."""
    outage = uow.fetch(Outage, outage_id)
    look = Look(uow, outage)
    held = holders(uow, outage)
    margin = look.margin()
    services = services_in_words(uow, outage)
    notices = _notices(uow, outage)
    flown = outage.state in FLYING
    leaving = waiting_items(uow, outage.id)
    return CommsRows(
        outage_id=outage.id,
        version=outage.version,
        code=outage.code,
        title=outage.title,
        state=outage.state,
        zone=outage.zone,
        now=uow.now,
        start=outage.start_utc,
        promised_end=outage.promised_end_utc,
        ended_at=outage.ended_at,
        likely_end=margin.likely,
        outlook=margin.outlook,
        lead=held[Side.COMMUNICATION],
        fix_lead=held[Side.FIX],
        coordinator=look.coordinator,
        services=services,
        standing=to_users(_standing(uow, outage, services, margin.outlook if flown else None)),
        impact=outage.impact_text,
        workaround=outage.workaround,
        checker=outage.checker,
        checker_phone=outage.checker_phone,
        audience=resolve(uow, outage).reach,
        next_update=None if outage.state in CLOSED else _next(outage, notices),
        owed=tuple(
            owed_row(d, uow.now, leaving)
            for d in debts_of(uow, outage)
            if d.kind in _OWED and (d.notice is None or d.notice.to_people)
        ),
        asking=_asking(uow, outage_id),
        said=tuple(
            Said(n.kind, n.sent_at, reach_of(uow, n), n.subject, n.text) for n in notices[:SAID]
        ),
    )


def _notices(uow: UnitOfWork, outage: Outage) -> list[Notice]:
    """To people: what waits first, then what left, the newest first."""
    found = [
        notice
        for notice in uow.all(
            Notice,
            col(Notice.outage_id) == outage.id,
            col(Notice.state).in_([NoticeState.SENT, NoticeState.QUEUED]),
        )
        if notice.kind.to_people
    ]
    return sorted(found, key=lambda n: (n.sent_at is not None, -(n.sent_at or uow.now).timestamp()))


def _next(outage: Outage, notices: list[Notice]) -> datetime:
    promised = tuple(n.next_update_utc for n in notices if n.next_update_utc is not None)
    told_at = max((n.sent_at for n in notices if n.sent_at is not None), default=None)
    if outage.state not in FLYING:
        return min([*(m for m in promised if told_at is None or m > told_at), outage.start_utc])
    end = outage.promised_end_utc
    return next_update(promised, end, end - END_WARNING, told_at)


def _asking(uow: UnitOfWork, outage_id: str) -> tuple[Asking, ...]:
    rows = uow.all(Reply, col(Reply.outage_id) == outage_id, order=(col(Reply.received_at),))
    quiet = (ReplyKind.THANKS, ReplyKind.AUTOMATIC, ReplyKind.CONFIRMATION)
    return tuple(
        Asking(row.id, row.sender, row.kind, row.text, row.received_at)
        for row in rows
        if not row.answer and not row.decision and row.kind not in quiet
    )


def _standing(uow: UnitOfWork, outage: Outage, services: str, outlook: Outlook | None) -> Standing:
    def clock(moment: datetime) -> str:
        return speak_near(moment, uow.now, outage.zone)

    due = outage.user_check_due
    return Standing(
        state=outage.state,
        services=services,
        start=clock(outage.start_utc),
        end=clock(outage.promised_end_utc),
        outlook=outlook or Outlook.SURE,
        to_come=uow.now < outage.start_utc,
        extended=outage.promised_end_utc > outage.end_utc,
        check_due=speak_moment(due, outage.zone) if due and not outage.user_check else "",
        data_loss=outage.data_loss,
        stays_changed=changed_for_people(load_steps(uow, outage.id), outage.state)
        if outage.state in TURNED_BACK
        else (),
    )
