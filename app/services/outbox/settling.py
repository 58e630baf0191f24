"""What it means for a notice that its parts left, or that it is proven that none will."""

from __future__ import annotations

from collections.abc import Sequence

from app.models.notices.kinds import NoticeState
from app.models.outbox import ItemState
from app.models.tables.notices import Notice, RecipientSet
from app.models.tables.outages import Outage
from app.models.tables.outbox import OutboxItem, OutboxPart
from app.services.events import NoticesChanged
from app.services.notices.audiences import Recipient, recipient_set
from app.services.notices.leaving import mark_left_unasked
from app.services.outbox.items import named, parts_of, restate, take_back_parts
from app.services.outbox.parts import addressed, place_of
from app.services.uow import UnitOfWork


def settle(uow: UnitOfWork, item: OutboxItem, parts: Sequence[OutboxPart]) -> None:
    """Restate the item; when all of it left, or none ever will, its notice says so in the same
    transaction. Of a notice that was taken back too late, those it reached count as told."""
    was = item.state
    state = restate(uow, item, parts)
    if state is not was:
        uow.log(f"{named(item)} {state.words}{_why(item)}", item)
    if item.kind != "notice" or state.open:
        return
    notice = uow.find(Notice, item.about_id)
    if notice is None or notice.state is NoticeState.SENT:
        return
    if state is ItemState.VOID:
        notice.state = NoticeState.VOID
        uow.emit(NoticesChanged(item.outage_id))
        return
    left = [part for part in parts if part.state.left]
    if not left:
        return
    whole = len(left) == len(parts)
    if not whole:
        _narrow(uow, item, notice, left)
        item.last_answer = f"{len(left)} of its {len(parts)} messages left before it was taken back"
    at = max((part.accepted_at for part in left if part.accepted_at), default=uow.now)
    mark_left_unasked(uow, uow.fetch(Outage, item.outage_id), notice, at, whole=whole)


def take_back(uow: UnitOfWork, item: OutboxItem, why: str) -> ItemState:
    """Nothing more of it leaves; void at once when that is proven, else once the mailbox was
    asked. A part that left anyway is shown as left."""
    was = item.state
    parts = take_back_parts(uow, item, why)
    now = item.state
    item.state = was  # so that `settle` sees and logs the change
    settle(uow, item, parts)
    return now


def taken_back_words(uow: UnitOfWork, item_id: str) -> str:
    """A query: what became of it when it was taken back, in a sentence that is true."""
    item = uow.fetch(OutboxItem, item_id)
    parts = parts_of(uow, item_id)
    left, gone = sum(p.state.left for p in parts), sum(p.state.nothing_outside for p in parts)
    draft = " Its text is a draft again." if item.kind == "notice" else ""
    if item.state is ItemState.VOID:
        return f"Taken back before it left.{draft}"
    if left and left == len(parts):
        return "It had left already; it stands as told."
    rest = len(parts) - left
    if left and left + gone == len(parts):
        one = rest == 1
        return (
            f"{left} of its {len(parts)} messages had left and cannot be called back; the other"
            f"{'' if one else f' {rest}'} {'does' if one else 'do'} not leave, and who was to get "
            f"{'it is' if one else 'them are'} still owed it."
        )
    had = f" {left} of its {len(parts)} messages had left already." if left else ""
    return f"Being taken back: the Outbox says when it is proven gone from Outlook.{had}"


def _narrow(uow: UnitOfWork, item: OutboxItem, notice: Notice, left: Sequence[OutboxPart]) -> None:
    """Only those it reached were told: the ledger owes the others."""
    messages = list(item.payload["messages"])
    reached: dict[int, list[Recipient]] = {}
    for part in left:
        stored = uow.find(RecipientSet, part.recipient_set_id or "")
        people = addressed(stored)[part.first : part.first + part.reach]
        reached.setdefault(place_of(part), []).extend(people)
    kept = [
        {**messages[place], "recipient_set_id": recipient_set(uow, people).id}
        for place, people in sorted(reached.items())
    ]
    everyone = {r.key: r for people in reached.values() for r in people}
    notice.recipient_set_id = recipient_set(uow, everyone.values()).id
    item.payload = {**item.payload, "messages": kept}


def _why(item: OutboxItem) -> str:
    return f": {item.last_answer}" if item.last_answer else ""
