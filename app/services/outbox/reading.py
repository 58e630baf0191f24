"""The Outbox as rows: what is to leave, is leaving, has left, needs attention."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import or_, select
from sqlmodel import col

from app.models.notices.kinds import NoticeKind
from app.models.outbox import (
    BY_FILE,
    FROM_OUTLOOK,
    HELD_BY_OUTLOOK,
    WHILE_RUNNING,
    ItemState,
    PartState,
    Route,
    kind_words,
    sender_words,
)
from app.models.outbox_pace import Arrival, arrival, batches
from app.models.tables.notices import Notice, RecipientSet
from app.models.tables.outages import Outage
from app.models.tables.outbox import OutboxItem, OutboxPart
from app.models.tables.sync import RemoteLink
from app.services.notices.audiences import Recipient
from app.services.outbox.items import LETTERS, MAIL
from app.services.outbox.parts import addressed
from app.services.outbox.picking import pace_of
from app.services.outbox.returning import bounced
from app.services.uow import UnitOfWork

EDITED = "the change made in Outlook is to be answered first"
SHOWN_FOR = timedelta(days=14)
"""How long what left is shown."""


class Standing(StrEnum):
    TO_LEAVE = "to_leave"
    LEAVING = "leaving"
    ATTENTION = "attention"
    LEFT = "left"

    @property
    def words(self) -> str:
        return _WORDS[self]


class Can(StrEnum):
    """What a person can do with an item now; each names the use case in `outbox.acting`."""

    SEND_NOW = "send_now"
    HOLD = "hold"
    RELEASE = "release"
    TAKE_BACK = "take_back"
    ROUTE = "route"
    EXPORT = "export"
    SAY = "say"
    """`say_it_left`, `say_send_again`, or (taken back) `say_it_did_not_leave`."""


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """`reach` counts addresses; of `messages`, `left` were taken by the service. `sender` says who
    sends it, `last_answer` what the last try gave, in plain words. `lies_with`: it lies in the
    mailbox of that address, while somebody else is signed in. `undelivered` did not get it."""

    id: str
    version: int
    kind: str
    notice: str
    words: str
    subject: str
    outage_id: str
    code: str
    title: str
    zone: str
    standing: Standing
    state: ItemState
    route: Route
    sender: str
    reach: int
    messages: int
    left: int
    not_before: datetime | None
    attempts: int
    last_answer: str
    last_tried_at: datetime | None
    taken_back: bool
    can: frozenset[Can]
    left_at: datetime | None = None
    web_link: str = ""
    notice_id: str = ""
    lies_with: str = ""
    undelivered: int = 0

    @property
    def is_asked(self) -> bool:
        """A calendar entry or a meeting, which is asked for and does not leave."""
        return self.kind not in MAIL


@dataclass(frozen=True, slots=True)
class PartRow:
    """One message of an item."""

    id: str
    number: int
    reach: int
    state: PartState
    answer: str
    tried_at: datetime | None
    held_until: datetime | None
    web_link: str


class _Part(NamedTuple):
    item_id: str
    state: PartState
    reach: int
    last_answer: str
    web_link: str
    owner: str | None


def outbox(
    uow: UnitOfWork, *, sends: bool = True, outage_id: str = "", who: str = ""
) -> tuple[OutboxRow, ...]:
    """A query: everything open, and what left lately; what needs attention first, then by time.
    With `sends` False no account is set up, so that everything leaves by a person’s hand. `who` is
    signed in, by address; empty: nobody, or not known."""
    where = [
        or_(
            col(OutboxItem.state).in_([s for s in ItemState if s.open]),
            col(OutboxItem.updated_at) > uow.now - SHOWN_FOR,
        )
    ]
    if outage_id:
        where.append(col(OutboxItem.outage_id) == outage_id)
    items = uow.all(OutboxItem, *where)
    ids = {item.outage_id for item in items}
    outages = {o.id: o for o in uow.all(Outage, col(Outage.id).in_(ids))}
    parts = _parts(uow, [item.id for item in items])
    counts = _set_counts(uow, [item for item in items if not parts.get(item.id)])
    about = [item.about_id for item in items]
    notices = {n.id: n for n in uow.all(Notice, col(Notice.id).in_(about))}
    rows = [_row(item, parts.get(item.id, ()), outages, counts, notices, sends) for item in items]
    back = bounced(uow, notices)
    rows = [replace(r, undelivered=back.get(r.notice_id, 0)) if back else r for r in rows]
    asked = _edited_in_outlook(uow, items)
    rows = [replace(row, last_answer=EDITED) if row.id in asked else row for row in rows]
    if who:
        rows = [_as_seen_by(who, row, parts.get(row.id, ())) for row in rows]
    ended = {item.id: item.updated_at for item in items}
    return tuple(sorted(rows, key=lambda row: _order(row, ended[row.id])))


def _as_seen_by(who: str, row: OutboxRow, parts: Sequence[_Part]) -> OutboxRow:
    """What lies in another's mailbox is out of reach: nothing is offered that would need it."""
    owners = [p.owner for p in parts if not (p.state.nothing_outside or p.state.left)]
    owner = next((each for each in owners if each and each != who), None)
    if owner is None or not row.state.open:
        return row
    said = f"it lies in the mailbox of {owner}, who is not signed in: "
    said += (
        "it may still leave from there; ask them, or sign in as them"
        if row.taken_back or row.state is ItemState.HELD
        else "from here it is neither looked for nor sent a second time"
    )
    return replace(
        row,
        lies_with=owner,
        last_answer=row.last_answer if Can.SAY in row.can else said,
        sender=f"{owner}, from the drafts in Outlook" if row.sender == FROM_OUTLOOK else row.sender,
        can=row.can & {Can.TAKE_BACK, Can.SAY},
        web_link="",
    )


def _edited_in_outlook(uow: UnitOfWork, items: Sequence[OutboxItem]) -> frozenset[str]:
    """The calendar entries over which nothing is written until a person answers."""
    about = {i.about_id: i.id for i in items if i.kind == "event" and i.state is ItemState.WAITING}
    links = uow.all(RemoteLink, col(RemoteLink.local_id).in_(about)) if about else []
    return frozenset(about[link.local_id] for link in links if link.proposal)


def parts(uow: UnitOfWork, item_id: str) -> tuple[PartRow, ...]:
    """A query: the messages of one item."""
    rows = uow.all(OutboxPart, col(OutboxPart.item_id) == item_id, order=(col(OutboxPart.number),))
    return tuple(
        PartRow(
            p.id, p.number, p.reach, p.state, p.last_answer, p.tried_at, p.held_until, p.web_link
        )
        for p in rows
    )


def recipients(uow: UnitOfWork, item_id: str) -> tuple[Recipient, ...]:
    """A query: whom an item goes to, each once."""
    item = uow.fetch(OutboxItem, item_id)
    if item.kind in LETTERS:
        email, name = str(item.payload.get("email", "")), str(item.payload.get("name", ""))
        return (Recipient(name, email, "", _WHY[item.kind]),)
    found: dict[str, Recipient] = {}
    for message in item.payload.get("messages", ()):
        stored = uow.find(RecipientSet, message["recipient_set_id"])
        found.update({r.key: r for r in addressed(stored)})
    return tuple(found.values())


def when_last_arrives(uow: UnitOfWork, counts: Sequence[int], start: datetime) -> Arrival:
    """A query, before anything is queued: when the last message leaves that goes to so many
    addresses (of each text), behind what waits already and within the limits on sending."""
    sizes = [size for count in (*waiting_counts(uow), *counts) for _, size in batches(count)]
    ahead = arrival(pace_of(uow), sizes, start)
    ours = sum(len(batches(count)) for count in counts)
    return Arrival(ours, sum(counts), ahead.last_at)


def still_open(uow: UnitOfWork) -> tuple[int, bool]:
    """A query: how many items are still to leave, and whether somebody is asked about one."""
    is_open = [s for s in ItemState if s.open]
    items = uow.all(OutboxItem, col(OutboxItem.state).in_(is_open))
    return len(items), any(item.state is ItemState.ATTENTION for item in items)


def waiting_counts(uow: UnitOfWork) -> list[int]:
    items = uow.all(
        OutboxItem,
        col(OutboxItem.kind).in_(MAIL),
        col(OutboxItem.state) == ItemState.WAITING,
        col(OutboxItem.not_before) <= uow.now,
    )
    counts = _set_counts(uow, items)
    waiting = uow.session.connection().execute(
        select(OutboxPart.reach).where(  # type: ignore[call-overload]
            col(OutboxPart.organisation_id) == uow.organisation_id,
            col(OutboxPart.state).in_(
                [PartState.PENDING, PartState.DRAFTING, PartState.DRAFTED, PartState.SENDING]
            ),
        )
    )
    return [*(counts.get(item.id, 0) for item in items), *(row[0] for row in waiting)]


def _parts(uow: UnitOfWork, ids: Sequence[str]) -> Mapping[str, list[_Part]]:
    found: dict[str, list[_Part]] = {}
    query = (
        select(*(getattr(OutboxPart, name) for name in _Part._fields))
        .where(col(OutboxPart.item_id).in_(ids))
        .order_by(col(OutboxPart.number))
    )
    for row in uow.session.connection().execute(query):
        found.setdefault(row[0], []).append(_Part(*row))
    return found


def _set_counts(uow: UnitOfWork, items: Sequence[OutboxItem]) -> Mapping[str, int]:
    """How many addresses an item without messages goes to; the sets themselves stay on disk."""
    wanted = {
        item.id: [m.get("recipient_set_id") for m in item.payload.get("messages", ())]
        for item in items
    }
    ids = {each for found in wanted.values() for each in found if each}
    query = select(RecipientSet.id, RecipientSet.count).where(col(RecipientSet.id).in_(ids))  # type: ignore[call-overload]
    counts = {row[0]: int(row[1]) for row in uow.session.connection().execute(query)}
    return {item: sum(counts.get(each, 0) for each in found) for item, found in wanted.items()}


def _row(
    item: OutboxItem,
    parts: Sequence[_Part],
    outages: Mapping[str, Outage],
    counts: Mapping[str, int],
    notices: Mapping[str, Notice],
    sends: bool,
) -> OutboxRow:
    outage, notice = outages.get(item.outage_id), notices.get(item.about_id)
    asking = [p for p in parts if p.state.asks]
    standing = _standing(item, bool(asking))
    taken_back = item.taken_back_at is not None
    last = asking[0].last_answer if asking else item.last_answer
    if parts and (not last or (item.state is ItemState.SENT and not taken_back)):
        last = parts[0].last_answer or last
    if item.state is ItemState.SENT and item.route is Route.FILE:
        last = ""  # a person sent it; what became of a draft before is no answer to that
    return OutboxRow(
        item.id,
        item.version,
        item.kind,
        str(item.payload.get("notice", "")),
        _kind_words(item),
        notice.subject if notice else str(item.payload.get("subject", "")),
        item.outage_id,
        outage.code if outage else "",
        outage.title if outage else "",
        outage.zone if outage else "UTC",
        standing,
        item.state,
        item.route,
        _sender(item, sends),
        sum(p.reach for p in parts) or counts.get(item.id, 0),
        len(parts),
        sum(p.state.left for p in parts),
        item.not_before,
        item.attempts,
        "being taken back" if taken_back and item.state is ItemState.LEAVING else last,
        item.last_tried_at,
        taken_back,
        _can(item, parts, bool(asking), sends),
        notice.sent_at if notice else None if item.state.open else item.updated_at,
        parts[0].web_link if len(parts) == 1 else "",
        notice.id if notice else "",
    )


def _sender(item: OutboxItem, sends: bool) -> str:
    if not item.state.open:
        return _SENT_BY.get(item.sender, item.sender)
    if item.kind in MAIL and not sends:
        return BY_FILE
    if item.state is ItemState.HELD:
        return "nobody, while it is held"
    return item.sender or sender_words(item.route, item.not_before)


def _standing(item: OutboxItem, asks: bool) -> Standing:
    if item.state.open and (asks or item.state is ItemState.ATTENTION):
        return Standing.ATTENTION
    match item.state:
        case ItemState.SENT | ItemState.VOID:
            return Standing.LEFT
        case ItemState.LEAVING:
            return Standing.LEAVING
        case _:
            return Standing.TO_LEAVE


def _can(item: OutboxItem, parts: Sequence[_Part], asks: bool, sends: bool) -> frozenset[Can]:
    if item.kind not in MAIL or not item.state.open:
        return frozenset()
    if item.taken_back_at is not None:
        return frozenset({Can.SAY} if asks else ())
    state = item.state
    outside = any(p.state.may_have_left for p in parts)
    can = {Can.TAKE_BACK}
    if not outside and item.kind == "notice":
        can.add(Can.EXPORT)
    if sends:
        unknown = (PartState.SENDING, PartState.UNCLEAR, PartState.RECALLING)
        if not any(p.state in unknown for p in parts):
            can |= {Can.SEND_NOW, Can.ROUTE}
        held = state is ItemState.HELD or (state is ItemState.ATTENTION and not parts)
        can.add(Can.RELEASE if held else Can.HOLD)
        if state is ItemState.EXPORTED:
            can -= {Can.HOLD, Can.RELEASE}
    if asks:
        can.add(Can.SAY)
    return frozenset(can)


def _kind_words(item: OutboxItem) -> str:
    if item.kind == "notice" and "notice" in item.payload:
        return NoticeKind(item.payload["notice"]).words
    return kind_words(item.kind, str(item.payload.get("act", "")))


def _order(row: OutboxRow, ended: datetime | None) -> tuple[int, float]:
    first = (Standing.ATTENTION, Standing.LEAVING, Standing.TO_LEAVE, Standing.LEFT)
    at = (row.left_at or ended) if row.standing is Standing.LEFT else row.not_before
    stamp = at.timestamp() if at else 0.0
    return first.index(row.standing), -stamp if row.standing is Standing.LEFT else stamp


_WORDS = {
    Standing.TO_LEAVE: "To leave",
    Standing.LEAVING: "Leaving",
    Standing.ATTENTION: "Needs attention",
    Standing.LEFT: "Left",
}
_SENT_BY = {
    WHILE_RUNNING: "this console",
    HELD_BY_OUTLOOK: "Outlook, at its time",
    FROM_OUTLOOK: "you, from the drafts in Outlook",
}
"""Who sent it, of who was to send it."""
_WHY = {
    "answer": "because you answered",
    "times": "because you fly it",
    "outreach": "because you lead a department",
}
