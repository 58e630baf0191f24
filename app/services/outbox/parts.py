"""The messages of a due item: Bcc batches to many, one message to each person with own words."""

from __future__ import annotations

from datetime import datetime

from app.models.errors import ConsoleError
from app.models.notices.kinds import NoticeKind, NoticeState
from app.models.outbox import ItemState, PartState
from app.models.outbox_pace import batches
from app.models.severity import Severity
from app.models.tables.notices import Notice, RecipientSet
from app.models.tables.outages import Outage
from app.models.tables.outbox import OutboxItem, OutboxPart
from app.services.account.settings import account_settings
from app.services.events import OutboxChanged
from app.services.notices.allowing import require_state
from app.services.notices.audiences import Recipient, recipients_in
from app.services.notices.composing import compose
from app.services.notices.manner import enclosed_from, mailbox_of, prove
from app.services.notices.planning import SERVICE_IDS
from app.services.outages.planning import service_ids
from app.services.outbox.items import LETTERS, LOOK_FIRST, MAIL, named, parts_of
from app.services.uow import UnitOfWork


def addressed(stored: RecipientSet | None) -> tuple[Recipient, ...]:
    """Those of a stored set whom a mail reaches, always in the same order."""
    return tuple(r for r in recipients_in(stored) if r.email)


def place_of(part: OutboxPart) -> int:
    """Which of the item's messages it carries."""
    return int(part.key.rpartition(":")[2].partition(".")[0])


def prepare(uow: UnitOfWork, item_id: str) -> int:
    """Make the parts of an item whose time has come; how many. What would no longer be right (the
    flight moved on, a check blocks it) needs attention instead, and says why."""
    item = uow.fetch(OutboxItem, item_id)
    if item.state is not ItemState.WAITING or item.kind not in MAIL or parts_of(uow, item_id):
        return 0
    trouble = _trouble(uow, item)
    made = 0 if trouble else _make(uow, item)
    if not made:
        trouble = trouble or "nobody it goes to has a mail address; tell them by hand"
        item.state, item.last_answer = ItemState.ATTENTION, f"not sent: {trouble}"
        uow.log(f"{named(item)} not sent by itself: {trouble}", item)
    else:
        item.state = ItemState.LEAVING
        item.attempts, item.last_tried_at = item.attempts + 1, uow.now
        messages = "message" if made == 1 else "messages"
        uow.log(f"{named(item)} begins to leave in {made} {messages}", item)
    uow.emit(OutboxChanged(item.outage_id))
    return made


def _make(uow: UnitOfWork, item: OutboxItem) -> int:
    slices = _slices(uow, item)
    mailbox = mailbox_of(item.payload.get("send_as"), account_settings(uow).shared_mailbox)
    for number, (place, set_id, first, reach) in enumerate(slices, 1):
        uow.add(
            OutboxPart(
                organisation_id=uow.organisation_id,
                item_id=item.id,
                number=number,
                key=f"{item.key}:{place}.{first}",
                state=PartState.DRAFTING if item.payload.get(LOOK_FIRST) else PartState.PENDING,
                recipient_set_id=set_id,
                first=first,
                reach=reach,
                mailbox=mailbox,
            )
        )
    return len(slices)


def _slices(uow: UnitOfWork, item: OutboxItem) -> list[tuple[int, str | None, int, int]]:
    """(place of the text, recipient set, first, how many) of each message."""
    if item.kind in LETTERS:
        return [(0, None, 0, 1)]
    found = []
    for place, message in enumerate(item.payload.get("messages", ())):
        set_id = message.get("recipient_set_id")
        count = len(addressed(uow.find(RecipientSet, set_id))) if set_id else 0
        found += [(place, set_id, first, reach) for first, reach in batches(count)]
    return found


def _trouble(uow: UnitOfWork, item: OutboxItem) -> str:
    """Why it should not leave by itself now; empty when nothing stands in the way."""
    if item.kind == "times" and _too_late(item, uow.now):
        return "the time it names has passed: tell them by phone, or send the times anew"
    if item.kind != "notice":
        return ""
    notice = uow.find(Notice, item.about_id)
    outage = uow.find(Outage, item.outage_id)
    if notice is None or outage is None or notice.state is not NoticeState.QUEUED:
        return "its notice does not wait any more"
    kind = NoticeKind(notice.kind)
    about = (notice.about_start_utc, notice.about_end_utc)
    if about[0] is not None and about != (outage.start_utc, outage.promised_end_utc):
        return "it speaks of another window than the flight has now; take it back and write it anew"
    named = item.payload.get(SERVICE_IDS)
    if named is not None and set(named) != set(service_ids(uow, outage.id)):
        return "it names other services than the flight has now; take it back and write it anew"
    try:
        prove(uow, enclosed_from(item.payload.get("files", ())))
        require_state(outage, kind)
        composed = compose(uow, outage.id, kind)
    except ConsoleError as refusal:
        return refusal.sentence
    found = next((f for f in composed.findings if f.severity is Severity.BLOCK), None)
    return found.sentence if found is not None and composed.notice_id == notice.id else ""


def _too_late(item: OutboxItem, now: datetime) -> bool:
    """A time of somebody of the crew came while the mail waited: it would mislead them."""
    made = item.created_at or now
    moments = (datetime.fromisoformat(str(each)) for each in item.payload.get("duty") or ())
    return any(made < moment <= now for moment in moments)
