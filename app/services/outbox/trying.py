"""One try: the intent on disk before the act, and what the answer makes of it after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import col

from app.models.errors import NotFound, StoreTrouble
from app.models.outbox import GONE_AFTER, LOOKS, Act, PartState, Route, next_act
from app.models.tables.outbox import OutboxItem, OutboxPart
from app.services.outbox.items import known_of, left_at, parts_of, stop_parts
from app.services.outbox.picking import Fresh
from app.services.outbox.settling import settle
from app.services.outbox.writing import Written, hold_until, written
from app.services.ports.mail import Found
from app.services.ports.trouble import Gone, Refused, RemoteTrouble, Unclear
from app.services.uow import UnitOfWork

TOO_LATE = "it left before it could be taken back"


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be done outside now; its intent is on disk. `came_from` is the state it goes back
    to when the try had no effect."""

    part_id: str
    act: Act
    key: str
    came_from: PartState
    mailbox: str = ""
    remote_id: str = ""
    internet_id: str = ""
    written: Written | None = None


@dataclass(frozen=True, slots=True)
class Looked:
    """`seen`: the draft is there; `extra` are other drafts with our key, which are never sent."""

    seen: bool = False
    extra: tuple[str, ...] = ()


def claim(uow: UnitOfWork, part_id: str, act: Act, fresh: Fresh) -> Work | None:
    """Note the intent. None when something changed meanwhile and this is not to be done any more:
    it was held or taken back, say."""
    part = uow.fetch(OutboxPart, part_id)
    item = uow.fetch(OutboxItem, part.item_id)
    known = known_of(
        item,
        part,
        fresh=part_id in fresh.parts,
        looked_at=fresh.seen.get(part_id),
        of_another=fresh.of_another(part.owner),
    )
    if next_act(known, uow.now) is not act:
        return None
    message = None
    if act is Act.CREATE:
        try:
            message = written(uow, item, part)
        except (NotFound, StoreTrouble) as missing:  # a file that goes with it
            _to(uow, item, part, PartState.REFUSED, missing.sentence)
            return None
    work = Work(
        part.id,
        act,
        part.key,
        part.state,
        part.mailbox,
        part.remote_id,
        part.internet_id,
        message,
    )
    if act is Act.ASK:
        _ask(uow, item, part, of_another=known.of_another)
    elif act.changes:
        _intend(uow, item, part, act, fresh.who)
    return work


def _intend(uow: UnitOfWork, item: OutboxItem, part: OutboxPart, act: Act, who: str) -> None:
    again = part.state is PartState.SENDING and act is Act.SEND
    if act is Act.CREATE:
        part.state = PartState.DRAFTING
        part.remote_id = part.internet_id = part.conversation = part.web_link = ""
        part.held_until, part.accepted_at = hold_until(item, uow.now), None
        part.owner = who if who and not part.mailbox else None
    elif act is Act.SEND:
        part.state = PartState.SENDING
    else:
        by_hand = item.route is Route.OUTLOOK_DRAFT  # a person may have sent it from there
        unsent = part.state in (PartState.DRAFTED, PartState.DELETING) and not by_hand
        part.state = PartState.DELETING if unsent else PartState.RECALLING
    part.tried_at = uow.now
    if not again:  # a send that goes on being unclear is not tried for ever
        part.looks = 0
    _log(uow, item, part, f"message {part.number}: {part.state.words}")


def _ask(uow: UnitOfWork, item: OutboxItem, part: OutboxPart, *, of_another: bool) -> None:
    part.state = PartState.UNCLEAR
    part.last_answer = (
        f"{_LIES_WITH}{part.owner}, who is not signed in: ask them whether it left, or sign in as "
        "them, and it is looked for there"
        if of_another
        else "it is neither among the drafts nor among the sent: look in Outlook, then say here "
        "whether it left"
    )
    item.last_answer = f"message {part.number}: {part.last_answer}"
    _log(uow, item, part, f"message {part.number}: not known whether it left, a person is asked")
    settle(uow, item, parts_of(uow, item.id))


_LIES_WITH = "it lies in the mailbox of "


def found_again(uow: UnitOfWork, who: str) -> list[str]:
    """A query: the messages a person was asked about because `who`, in whose mailbox they lie,
    was not signed in."""
    asked = uow.all(
        OutboxPart,
        col(OutboxPart.state) == PartState.UNCLEAR,
        col(OutboxPart.owner) == who,
        col(OutboxPart.last_answer).startswith(_LIES_WITH),
    )
    return [part.id for part in asked]


def look_again(uow: UnitOfWork, part_ids: Sequence[str]) -> None:
    """Their mailbox can be seen again: they are looked for, as after any unclear send. What is
    nowhere is asked about anew and never sent by itself."""
    for part_id in part_ids:
        part = uow.fetch(OutboxPart, part_id)
        part.looks, part.tried_at = 0, None
        said = "its mailbox is signed in again, so it is looked for"
        _to(uow, uow.fetch(OutboxItem, part.item_id), part, PartState.SENDING, said)


def note_created(uow: UnitOfWork, work: Work, found: Found) -> None:
    item, part = _both(uow, work)
    _adopt(part, found)
    _to(uow, item, part, PartState.DRAFTED, "the draft is in Outlook")


def note_accepted(uow: UnitOfWork, work: Work) -> None:
    """Taken by the service: told, or kept by it until the time comes."""
    item, part = _both(uow, work)
    part.accepted_at = part.tried_at = uow.now
    part.looks = 0
    if part.held_until is not None and part.held_until > uow.now:
        _to(uow, item, part, PartState.HELD_BY_OUTLOOK, "Outlook keeps it until its time")
    else:
        part.held_until = None
        _to(uow, item, part, PartState.ACCEPTED, "taken by Outlook")


def note_deleted(uow: UnitOfWork, work: Work) -> None:
    item, part = _both(uow, work)
    _gone(part)
    _to(uow, item, part, PartState.VOID, "Outlook deleted the draft")


def note_trouble(uow: UnitOfWork, work: Work, trouble: RemoteTrouble) -> None:
    """Without effect it goes back to what it was; unclear, the intent stands and the mailbox is
    looked at; declined, a person is asked."""
    item, part = _both(uow, work)
    item.attempts, item.last_tried_at = item.attempts + 1, uow.now
    if item.taken_back_at is None:
        item.last_answer = trouble.sentence
    state = part.state
    if isinstance(trouble, Refused):
        state = _refused(work)
    elif isinstance(trouble, Gone):
        state = PartState.REFUSED if work.act is Act.CREATE else part.state
        if state is PartState.DELETING:  # somebody deleted it in Outlook, or sent it from there
            state = PartState.RECALLING
    elif not isinstance(trouble, Unclear):
        state = work.came_from
    part.state = state
    if item.taken_back_at is not None:
        stop_parts([part])
    _to(uow, item, part, part.state, trouble.sentence)


def _refused(work: Work) -> PartState:
    if work.act is Act.DELETE or work.came_from is PartState.SENDING:
        return PartState.UNCLEAR  # an earlier try may have had its effect
    return PartState.REFUSED


def note_looked(uow: UnitOfWork, work: Work, found: Sequence[Found]) -> Looked:
    """What the mailbox shows decides. Only the draft that was tried counts as that draft; while
    Outlook keeps a message, it is not among the sent wherever it lies."""
    item, part = _both(uow, work)
    kept = part.held_until is not None and uow.now < part.held_until
    sent = [each for each in found if not each.is_draft and not kept]
    drafts = [each for each in found if each.is_draft or kept]
    if sent:
        return _sent(uow, item, part, sent, drafts)
    ours = next((d for d in drafts if _is(part, d)), None)
    if ours is None and drafts and part.state in _NEVER_SENT:
        ours = drafts[0]
    extra = tuple(each.id for each in drafts if ours is not None and each is not ours)
    if ours is not None and part.state is PartState.SENDING and kept and not ours.is_draft:
        part.accepted_at = uow.now
        _to(uow, item, part, PartState.HELD_BY_OUTLOOK, "Outlook keeps it until its time")
    elif ours is not None:
        _seen(uow, item, part, ours)
    else:
        _not_seen(uow, item, part)
    return Looked(ours is not None, extra)


_NEVER_SENT = (PartState.DRAFTING, PartState.DRAFTED, PartState.DELETING)


def _is(part: OutboxPart, found: Found) -> bool:
    return found.id == part.remote_id or bool(
        part.internet_id and found.internet_id == part.internet_id
    )


def _sent(
    uow: UnitOfWork,
    item: OutboxItem,
    part: OutboxPart,
    sent: Sequence[Found],
    drafts: Sequence[Found],
) -> Looked:
    at = sent[0].sent_at
    taken = part.accepted_at or (min(at, uow.now) if at else uow.now)
    part.accepted_at = left_at(part, taken, uow.now)
    _adopt(part, sent[0])
    said = TOO_LATE if item.taken_back_at is not None else "seen among the sent"
    _to(uow, item, part, PartState.SENT, said)
    return Looked(extra=tuple(each.id for each in drafts))


def _seen(uow: UnitOfWork, item: OutboxItem, part: OutboxPart, ours: Found) -> None:
    if part.state is PartState.DRAFTING:
        _adopt(part, ours)
        part.looks = 0
        _to(uow, item, part, PartState.DRAFTED, "the draft is in Outlook")
        return
    if not _is(part, ours):
        _adopt(part, ours)
        _log(uow, item, part, f"message {part.number}: another draft of it is used")
    if part.state is PartState.DRAFTED and part.looks:
        part.looks = 0
        _log(uow, item, part, f"message {part.number}: the draft is there after all")
    if part.state in (PartState.SENDING, PartState.ACCEPTED, PartState.HELD_BY_OUTLOOK):
        part.looks += 1
        if part.state is PartState.ACCEPTED and part.looks == LOOKS:
            part.last_answer = "taken by Outlook, but still among the drafts: look there"
        _log(uow, item, part, f"message {part.number}: still among the drafts")


def _not_seen(uow: UnitOfWork, item: OutboxItem, part: OutboxPart) -> None:
    part.looks += 1
    if part.state is PartState.DRAFTING:
        part.looks = 0
        gone = item.taken_back_at is not None
        state = PartState.VOID if gone else PartState.PENDING
        _to(uow, item, part, state, "nothing of it is in Outlook")
    elif part.state is PartState.DELETING and part.looks >= GONE_AFTER:
        _gone(part)
        _to(uow, item, part, PartState.VOID, "the draft is gone from Outlook")
    else:
        _log(uow, item, part, f"message {part.number}: not found in Outlook so far")


def _both(uow: UnitOfWork, work: Work) -> tuple[OutboxItem, OutboxPart]:
    part = uow.fetch(OutboxPart, work.part_id)
    return uow.fetch(OutboxItem, part.item_id), part


def _adopt(part: OutboxPart, found: Found) -> None:
    part.remote_id, part.internet_id = found.id, found.internet_id or part.internet_id
    part.conversation = found.conversation or part.conversation
    part.web_link = found.web_link or part.web_link


def _gone(part: OutboxPart) -> None:
    part.remote_id = part.internet_id = part.conversation = part.web_link = ""
    part.held_until = part.accepted_at = None
    part.looks = 0


def _to(uow: UnitOfWork, item: OutboxItem, part: OutboxPart, state: PartState, said: str) -> None:
    part.state, part.last_answer = state, said
    _log(uow, item, part, f"message {part.number}: {said}")
    parts = parts_of(uow, item.id)
    if item.taken_back_at is not None:  # why it was stays its answer, unless it left after all
        item.last_answer = TOO_LATE if state.left else item.last_answer
    elif not any(each.state.asks for each in parts):
        item.last_answer = said
    settle(uow, item, parts)


def _log(uow: UnitOfWork, item: OutboxItem, part: OutboxPart, what: str) -> None:
    """About the part, which is no line of the flight’s own log: there are many of them."""
    uow.log(f"outbox, {item.payload.get('notice', item.kind)}, {what}", part, kind="outbox")
