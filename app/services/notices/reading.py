"""What the Communication tab shows: the plan as it stands, debts, replies,
what waits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col

from app.models.account import Profile
from app.models.notices.kinds import NoticeKind, NoticeState
from app.models.notices.plan import PlanItem, Standing, Timing, status
from app.models.notices.policy import Moment
from app.models.outages.debt import Debt, DebtKind, of_this_window
from app.models.outages.lifecycle import BEFORE_START, CLOSED, FLYING, State
from app.models.outages.told import ANNOUNCEMENTS
from app.models.severity import Severity
from app.models.tables.bridge import Bridge
from app.models.tables.notices import Notice, Reply
from app.models.tables.outages import Outage
from app.models.tables.outbox import OutboxItem
from app.models.times import speak_moment
from app.services.account.settings import account_settings
from app.services.notices.arriving import Undelivered, undelivered
from app.services.notices.audiences import Recipient
from app.services.notices.by_audience import ByAudience, by_audience
from app.services.notices.gathering import Known, gather
from app.services.notices.planning import Left
from app.services.notices.recipients import REMINDER_COUNTS, speaks_of_now
from app.services.notices.reply_rows import ReplyRow, reply_rows
from app.services.notices.when import may_leave
from app.services.outages.debt import debts_of
from app.services.outages.planning import bridge_of
from app.services.outbox.reading import OutboxRow, outbox
from app.services.outbox.returning import answers_to
from app.services.uow import UnitOfWork

_FREEZES = (Moment.SCOPE_FREEZE, Moment.RUNBOOK_FREEZE)


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A line of the communication plan. `kind` None: an act, not a notice. `owed` counts who
    must hear it now; `waiting` is the id of the notice that waits to leave."""

    key: str
    title: str
    kind: NoticeKind | None
    due: datetime | None
    last_possible: datetime | None
    zone: str
    standing: Standing
    why: str
    sent_at: datetime | None = None
    reach: int = 0
    owed: int = 0
    waiting: str = ""
    is_owed: bool = False
    """Also to somebody without an address, such as a desk that is told by hand."""
    audiences: tuple[ByAudience, ...] = ()
    """Of a notice to people: told and owed in each audience."""


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """`state`: waiting or exported (saved as a file, not sent until a person says so)."""

    notice_id: str
    outage_id: str
    code: str
    kind: NoticeKind
    subject: str
    not_before: datetime | None
    state: str
    sender: str


@dataclass(frozen=True, slots=True)
class Communication:
    """`sends`: an account is set up, so the console can send; `leaving` is what waits, leaves or
    left lately; `answers_to` whose own mailboxes its notices left from."""

    outage_id: str
    code: str
    title: str
    state: State
    zone: str
    start: datetime
    rows: tuple[PlanRow, ...]
    debts: tuple[Debt, ...]
    replies: tuple[ReplyRow, ...]
    waiting: tuple[WaitingRow, ...]
    faults: tuple[str, ...]
    undelivered: tuple[Undelivered, ...] = ()
    sends: bool = False
    leaving: tuple[OutboxRow, ...] = ()
    answers_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OwedRow:
    """A notice owed on one of the outages, for the rail's page."""

    outage_id: str
    code: str
    title: str
    zone: str
    debt: Debt


@dataclass(frozen=True, slots=True)
class Correspondence:
    """What is owed and what waits over all outages, and replies nobody sorted or decided."""

    owed: tuple[OwedRow, ...]
    waiting: tuple[WaitingRow, ...]
    replies: int


def communication(uow: UnitOfWork, outage_id: str) -> Communication:
    outage = uow.fetch(Outage, outage_id)
    known = gather(uow, outage)
    owed = {d.notice: d for d in known.debts if d.kind is DebtKind.NOTICE}
    waiting = _waiting(uow, outage_id)
    ids = {row.kind: row.notice_id for row in waiting}
    bridge = bridge_of(uow, outage_id)
    sends = account_settings(uow).profile is not Profile.NONE
    rows = [_row(known, item, owed, ids, bridge) for item in known.plan]
    if known.outage.state in CLOSED:  # how it ended is told by its own name
        rows = [row for row in rows if row.key != Moment.END_OWED.value or row.sent_at]
    rows += _unplanned(known, rows, owed, ids)
    rows.sort(key=lambda row: (_comes_last(row), row.due or row.sent_at or uow.now))
    return Communication(
        outage_id,
        outage.code,
        outage.title,
        outage.state,
        outage.zone,
        outage.start_utc,
        tuple(rows),
        tuple(d for d in known.debts if d.kind in (DebtKind.NOTICE, DebtKind.REPLY)),
        reply_rows(uow, outage_id),
        waiting,
        known.resolved.faults,
        undelivered(uow, outage_id),
        sends,
        outbox(uow, sends=sends, outage_id=outage_id),
        answers_to(uow, outage_id),
    )


def correspondence(uow: UnitOfWork) -> Correspondence:
    """Most urgent first, over all outages that still owe something."""
    found: list[OwedRow] = []
    for outage in uow.all(Outage, col(Outage.state).not_in([State.DRAFT, State.FILED])):
        found += [
            OwedRow(outage.id, outage.code, outage.title, outage.zone, debt)
            for debt in debts_of(uow, outage)
            if debt.kind is DebtKind.NOTICE
        ]
    open_replies = sum(
        1
        for r in uow.all(Reply)
        if r.kind == "unsorted" or (r.kind == "objection" and not r.decision)
    )
    found.sort(key=lambda row: row.debt.late_at)
    return Correspondence(tuple(found), _waiting(uow), open_replies)


def _row(
    known: Known,
    item: PlanItem,
    owed: dict[NoticeKind | None, Debt],
    waiting: dict[NoticeKind, str],
    bridge: Bridge | None,
) -> PlanRow:
    done = _done(known, item, bridge)
    sent_at, told = done if done else (None, {})
    standing = status(item, known.now, sent_at)
    if item.moment in _FREEZES and sent_at is not None:
        standing = Standing(Timing.DONE, None, f"Frozen since {speak_moment(sent_at, item.zone)}.")
    debt = owed.get(item.kind) if item.kind is not None else None
    if debt is not None and debt.moment not in (None, item.moment):
        debt = None
    lapsed = sent_at is None and debt is None and _lapsed(known, item)
    if lapsed:
        standing = Standing(Timing.DUE, None, "Not needed any more.")  # nothing is to come of it
    elif _turned(item, standing, debt, owed):
        standing = Standing(Timing.DUE, None, "The rescheduled notice takes its place.")
    elif debt is not None and standing.timing is Timing.LATER:  # owed before its moment
        standing = Standing(Timing.DUE, Severity.WARN, f"{debt.sentence}: {debt.why}.")
    elif item.moment is Moment.STARTED and _held(known, item):
        standing = Standing(Timing.LATER, None, "When it starts; delayed is told until then.")
    return PlanRow(
        key=item.moment.value,
        title=item.moment.words,
        kind=item.kind,
        due=item.due,
        last_possible=item.last_possible,
        zone=item.zone,
        standing=standing,
        why=item.why,
        sent_at=sent_at,
        reach=_reach(told),
        owed=debt.count if debt else 0,
        waiting=waiting.get(item.kind, "") if item.kind and not lapsed else "",
        is_owed=debt is not None,
        audiences=_audiences(known, item.kind, told, debt),
    )


def _held(known: Known, item: PlanItem) -> bool:
    """Its start has passed and it has not begun: nothing can be told as started, and nothing is
    late but the start itself."""
    return known.outage.state in BEFORE_START and known.now >= item.due


def _turned(
    item: PlanItem, standing: Standing, debt: Debt | None, owed: Mapping[NoticeKind | None, Debt]
) -> bool:
    """What a reminder would forward is no longer true."""
    reminds = item.moment is Moment.REMINDER and standing.timing in (Timing.DUE, Timing.LATE)
    return reminds and debt is None and NoticeKind.RESCHEDULED in owed


def _audiences(
    known: Known, kind: NoticeKind | None, told: Mapping[str, Recipient], debt: Debt | None
) -> tuple[ByAudience, ...]:
    if kind is None or not kind.to_people:
        return ()
    return by_audience(known, told.values(), debt.owed_to if debt else frozenset())


def _comes_last(row: PlanRow) -> bool:
    """What nobody is owed and nobody was sent."""
    return row.kind is NoticeKind.DIGEST and not (row.sent_at or row.waiting)


def _lapsed(known: Known, item: PlanItem) -> bool:
    """What comes before the start lapses with it, and when it is over only what is owed is left."""
    state = known.outage.state
    if state in CLOSED:
        return True
    return state not in BEFORE_START and item.due < known.outage.start_utc


def _done(
    known: Known, item: PlanItem, bridge: Bridge | None
) -> tuple[datetime, Mapping[str, Recipient]] | None:
    """When the item was met, and who heard."""
    outage = known.outage
    if item.moment in _FREEZES:
        return (item.due, {}) if known.now >= item.due else None
    if item.moment is Moment.BRIDGE:
        opened = bridge.opened_at if bridge else None
        return (opened, {}) if opened and of_this_window(opened, outage.start_utc) else None
    if item.moment is Moment.PACKET:
        return (outage.packet_printed_at, {}) if outage.packet_printed_at else None
    met = item.met_by or frozenset({item.kind} if item.kind else ())
    if item.moment is Moment.PLANNED:
        met = met | {NoticeKind.RESCHEDULED}
    elif item.moment is Moment.REMINDER:  # whoever was told about then needs none
        met = met | ANNOUNCEMENTS
    since = _since(known, item)
    sent = [
        n for n in known.left if n.kind in met and n.sent_at >= since and speaks_of_now(known, n)
    ]
    if item.moment is Moment.SERVICE_DESK_BRIEF and outage.ended_at is not None:
        sent = [n for n in sent if n.sent_at < outage.ended_at]  # else it is the one after the end
    if not sent:
        return None
    return sent[0].sent_at, _heard(sent)


def _since(known: Known, item: PlanItem) -> datetime:
    outage = known.outage
    if item.moment is Moment.REMINDER:
        return item.due - REMINDER_COUNTS
    if item.moment is Moment.END_BRIEF:
        return outage.ended_at or item.due
    return outage.created_at or (item.due - timedelta(days=3650))


def _heard(notices: Sequence[Left]) -> Mapping[str, Recipient]:
    """Who heard several of them counts once."""
    return {address: r for notice in notices for address, r in notice.recipients.items()}


def _reach(told: Mapping[str, Recipient]) -> int:
    return sum(max(r.size, 1) for r in told.values())


_ON_REQUEST = {
    NoticeKind.PROGRESS: "When the facts change.",
    NoticeKind.DIGEST: "When the leaders want to know.",
}
"""Kinds that the plan does not ask for, and that may leave all the same."""


def _offered(known: Known, kind: NoticeKind) -> bool:
    if kind is NoticeKind.PROGRESS:
        return known.outage.state in FLYING
    return kind is NoticeKind.DIGEST and may_leave(known.outage.state, kind)


def _unplanned(
    known: Known,
    rows: list[PlanRow],
    owed: dict[NoticeKind | None, Debt],
    waiting: dict[NoticeKind, str],
) -> Iterator[PlanRow]:
    """What the plan did not foresee: moved, cancelled, extended, how it really ended."""
    planned = {row.kind for row in rows if row.key != Moment.END_OWED.value}
    zone = known.outage.zone
    for kind in NoticeKind:
        sent = [n for n in known.left if n.kind is kind]
        debt = owed.get(kind)
        offered = _offered(known, kind)
        if kind in planned or not (sent or debt or kind in waiting or offered):
            continue
        if debt is not None:
            due = debt.late_at
            late = known.now > due
            timing = Timing.LATE if late else Timing.DUE
            severity = Severity.WARN
            standing = Standing(timing, severity, f"{debt.sentence}: {debt.why}.")
        elif sent:
            done = speak_moment(sent[-1].sent_at, zone)
            standing = Standing(Timing.DONE, None, f"Done {done}.")
        elif kind in waiting:
            standing = Standing(Timing.DUE, Severity.WARN, "Waits to leave.")
        else:
            standing = Standing(Timing.LATER, None, _ON_REQUEST[kind])
        yield PlanRow(
            key=kind.value,
            title=kind.words,
            kind=kind,
            due=debt.due if debt else None,
            last_possible=None,
            zone=zone,
            standing=standing,
            why=debt.why if debt else "",
            sent_at=sent[-1].sent_at if sent and debt is None else None,
            reach=_reach(_heard(sent)),
            owed=debt.count if debt else 0,
            waiting=waiting.get(kind, ""),
            is_owed=debt is not None,
            audiences=_audiences(known, kind, _heard(sent), debt),
        )


def _waiting(uow: UnitOfWork, outage_id: str = "") -> tuple[WaitingRow, ...]:
    where = [col(Notice.state) == NoticeState.QUEUED]
    if outage_id:
        where.append(col(Notice.outage_id) == outage_id)
    items = {i.about_id: i for i in uow.all(OutboxItem, col(OutboxItem.kind) == "notice")}
    codes = {o.id: o.code for o in uow.all(Outage)}
    found = [
        WaitingRow(
            notice.id,
            notice.outage_id,
            codes.get(notice.outage_id, ""),
            notice.kind,
            notice.subject,
            items[notice.id].not_before,
            items[notice.id].state,
            items[notice.id].sender,
        )
        for notice in uow.all(Notice, *where)
        if notice.id in items
    ]
    return tuple(sorted(found, key=lambda r: r.not_before.timestamp() if r.not_before else 0.0))
