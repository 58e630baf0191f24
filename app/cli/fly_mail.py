"""The stages of `fly` in which mail leaves and comes back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlmodel import col

from app.cli.fly_flight import Flight, Stage
from app.models.errors import NotAllowed
from app.models.notices.kinds import NoticeKind, NoticeState
from app.models.notices.policy import Moment
from app.models.notices.replies import ObjectionDecision, ReplyKind
from app.models.outbox import ItemState, PartState
from app.models.tables.directory import Person
from app.models.tables.notices import Notice, Reply
from app.models.tables.outages import Outage
from app.models.tables.outbox import OutboxItem, OutboxPart
from app.services.directory.finding import find_person
from app.services.notices.composing import compose
from app.services.notices.facts import NOTHING_TYPED, NoticeExtra
from app.services.notices.planning import plan_for
from app.services.notices.replies import decide_objection, sort_reply
from app.services.notices.sending import queue, record_sent
from app.services.notices.stored import newest, outbox_of
from app.services.outbox.items import parts_of
from app.services.uow import UnitOfWork

OBJECTOR = "D. Moreau"
OBJECTION = (
    "Please do not take the file cluster down that evening: we read the night's scans from it "
    "until eight."
)
ANSWER = (
    "Thank you for saying so. The window stays, as the vendor is here that evening only; your "
    "scans are copied to the reading room's own disk beforehand, and the service desk calls you "
    "at half past six to check that they open."
)
Says = Callable[[Flight], NoticeExtra]


def sent_stage(
    kind: NoticeKind,
    moment: Moment | None,
    number: int = 1,
    name: str = "",
    says: Says = lambda flight: NOTHING_TYPED,
) -> Stage:
    """Queue the notice when it is due and have it sent; done when all of it was seen among the
    sent `number` times."""

    def do(flight: Flight) -> None:
        send(flight, kind, moment, says(flight))

    return Stage(name or kind.value, do, was_sent(kind, number))


def send(
    flight: Flight, kind: NoticeKind, moment: Moment | None, extra: NoticeExtra = NOTHING_TYPED
) -> None:
    if moment is not None:
        flight.at(flight.store.read(_due, flight.outage_id, moment))
    waiting = flight.store.read(_on_its_way, flight.outage_id, kind)
    if not waiting and not flight.store.read(_has_addresses, flight.outage_id, kind, extra):
        by_hand = flight.outage_id, kind
        flight.store.run(lambda uow: record_sent(uow, *by_hand, uow.now, extra=extra))
        return
    notice_id = waiting or flight.store.run(queue, flight.outage_id, kind, extra)
    flight.work(lambda uow: _has_left(uow, notice_id), f"{kind.words}: its sending")


def _due(uow: UnitOfWork, outage_id: str, moment: Moment) -> datetime:
    outage = uow.fetch(Outage, outage_id)
    items = [item.due for item in plan_for(uow, outage) if item.moment is moment]
    return items[0] if items else uow.now


def _on_its_way(uow: UnitOfWork, outage_id: str, kind: NoticeKind) -> str:
    """The notice that was queued before the flight was broken off, if there is one."""
    waits = newest(uow, outage_id, kind, NoticeState.QUEUED)
    if waits is not None:
        return waits.id
    left = newest(uow, outage_id, kind, NoticeState.SENT)
    return left.id if left is not None and not _has_left(uow, left.id) else ""


def _has_addresses(uow: UnitOfWork, outage_id: str, kind: NoticeKind, extra: NoticeExtra) -> bool:
    return any(r.email for r in compose(uow, outage_id, kind, extra).recipients)


def _has_left(uow: UnitOfWork, notice_id: str) -> bool:
    """All of it was seen among the sent. Raises NotAllowed when it does not leave by itself."""
    item = outbox_of(uow, notice_id)
    if item is None:
        return False
    if item.state is ItemState.ATTENTION:
        raise NotAllowed(f"The outbox needs somebody: {item.last_answer}.")
    return _all_seen(uow, item)


def _all_seen(uow: UnitOfWork, item: OutboxItem) -> bool:
    parts = parts_of(uow, item.id)
    return item.state is ItemState.SENT and all(part.state is PartState.SENT for part in parts)


def was_sent(kind: NoticeKind, number: int = 1) -> Callable[[Flight], bool]:
    def done(flight: Flight) -> bool:
        def look(uow: UnitOfWork) -> bool:
            sent = uow.all(
                Notice,
                col(Notice.outage_id) == flight.outage_id,
                col(Notice.kind) == kind,
                col(Notice.state) == NoticeState.SENT,
            )
            return sum(_has_left(uow, notice.id) for notice in sent) >= number

        return bool(flight.outage_id) and flight.store.read(look)

    return done


# --- an objection ----------------------------------------------------------------------------


def _object(flight: Flight) -> None:
    """One of those who read the planned notice answers it, in the practice tenant."""
    part, reader = flight.store.read(_read_by, flight.outage_id)
    flight.rehearsal.answer_once(part.mailbox, part.remote_id, reader.email, reader.name, OBJECTION)
    flight.work(lambda uow: bool(_cards(uow, flight.outage_id)), "The objection as a card")


def _read_by(uow: UnitOfWork, outage_id: str) -> tuple[OutboxPart, Person]:
    notice = newest(uow, outage_id, NoticeKind.PLANNED, NoticeState.SENT)
    item = outbox_of(uow, notice.id) if notice is not None else None
    parts = parts_of(uow, item.id) if item is not None else []
    if not parts:
        raise NotAllowed("The planned notice left by hand, so nobody answers it by mail.")
    return parts[0], find_person(uow, OBJECTOR)


def _cards(uow: UnitOfWork, outage_id: str) -> list[Reply]:
    return [r for r in uow.all(Reply, col(Reply.outage_id) == outage_id) if not r.automatic]


def _decide(flight: Flight) -> None:
    card = flight.store.read(lambda uow: _cards(uow, flight.outage_id)[0])
    if card.kind != ReplyKind.OBJECTION:
        flight.store.run(sort_reply, card.id, card.guess or ReplyKind.OBJECTION)
    flight.store.run(decide_objection, card.id, ObjectionDecision.KEEP, ANSWER)


def _decided(flight: Flight) -> bool:
    return any(card.decision for card in flight.store.read(_cards, flight.outage_id))


def _answers_left(uow: UnitOfWork, outage_id: str) -> bool:
    items = uow.all(
        OutboxItem, col(OutboxItem.outage_id) == outage_id, col(OutboxItem.kind) == "answer"
    )
    return bool(items) and all(_all_seen(uow, item) for item in items)


def _answer(flight: Flight) -> None:
    flight.work(lambda uow: _answers_left(uow, flight.outage_id), "The answer to the objection")


OBJECTION_STAGES = (
    Stage("objection", _object, lambda flight: bool(flight.store.read(_cards, flight.outage_id))),
    Stage("decided", _decide, _decided),
    Stage("answered", _answer, lambda flight: flight.store.read(_answers_left, flight.outage_id)),
)
