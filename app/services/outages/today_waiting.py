"""What waits to leave, as Today shows it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlmodel import col

from app.models.notices.kinds import NoticeKind
from app.models.outbox import ItemState, kind_words
from app.models.tables.notices import Notice
from app.models.tables.outages import Outage
from app.models.tables.outbox import OutboxItem
from app.models.times import speak_moment
from app.services.database import organisation
from app.services.outages.today_rows import WaitingRow
from app.services.uow import UnitOfWork


def waiting_rows(uow: UnitOfWork, found: Sequence[Outage]) -> Iterator[WaitingRow]:
    """What is to leave this laptop, or is leaving and not known to have left, and who sends it."""
    titles = {outage.id: outage for outage in found}
    items = uow.all(
        OutboxItem,
        col(OutboxItem.state).in_([state for state in ItemState if state.open]),
        order=(col(OutboxItem.not_before), col(OutboxItem.id)),
    )
    for item in items:
        outage = titles.get(item.outage_id)
        notice = uow.find(Notice, item.about_id) if item.about_type == "notice" else None
        words = kind_words(item.kind, str(item.payload.get("act", "")))
        kind = NoticeKind(notice.kind).words if notice else words
        zone = outage.zone if outage else organisation(uow).zone
        about = outage.title if outage else str(item.payload.get("name", ""))
        when = speak_moment(item.not_before, zone) if item.not_before else "at once"
        yield WaitingRow(
            item.id,
            item.outage_id,
            f"{kind} · {about}" if about else kind,
            f"{when} · {item.sender}",
        )
