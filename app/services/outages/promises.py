"""*We will announce a new date by …*: what people were told of an outage that was postponed, turned
back or only partly done, and what keeps it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, time

from sqlmodel import col

from app.models.errors import BadInput, NotAllowed
from app.models.notices.kinds import NoticeKind, NoticeState
from app.models.outages.debt import DebtKind, Outstanding
from app.models.outages.lifecycle import CLOSED, State
from app.models.tables.notices import Notice
from app.models.tables.outages import Outage
from app.models.tables.outbox import OutboxItem
from app.models.times import speak_date, to_utc
from app.services.events import LiveChanged, OutageChanged
from app.services.outages.waiving import note_waiver
from app.services.uow import Undo, UnitOfWork

NEW_DATE = "new_date_by"
"""In the payload of a notice that promises one, as in what was typed for it."""
TOLD_OTHERWISE = "the promised new date"
PROMISES = (NoticeKind.CANCELLED, NoticeKind.PARTLY_DONE, NoticeKind.BACKED_OUT)


def new_date_owed(uow: UnitOfWork, outage: Outage) -> Iterator[Outstanding]:
    """Kept by the planned notice of a flight that flies it again, or by a word that it was told
    otherwise; late once the promised day is over."""
    found = _promised(uow, outage)
    if found is None or any(w["step"] == TOLD_OTHERWISE for w in outage.waivers):
        return
    told_at, day = found
    again = uow.all(Outage, col(Outage.flown_again_from) == outage.id)
    if _announced(uow, [each.id for each in again]):
        return
    to_come = next((a for a in again if a.state in (State.DRAFT, State.PLANNED)), None)
    why = "people were told that one is announced by then"
    if to_come is not None:
        why = f"{to_come.code} flies it again and is not announced yet"
    yield Outstanding(
        DebtKind.NEW_DATE,
        f"Announce the new date promised by {speak_date(day)}",
        why,
        told_at,
        to_utc(datetime.combine(day, time(23, 59)), outage.zone),
        to_come.id if to_come is not None else "",
    )


def tell_otherwise(
    uow: UnitOfWork, outage_id: str, said: str, by: str = "", *, seen: int | None = None
) -> Undo:
    """The promised new date is not announced by a flight that flies it again: what people were told
    in its place. Raises BadInput, NotAllowed."""
    outage = uow.fetch(Outage, outage_id, seen)
    if outage.state not in CLOSED or outage.state is State.FILED:
        raise NotAllowed(f"{outage.code} is {outage.state.words.lower()}; no new date is owed.")
    if _promised(uow, outage) is None:
        raise NotAllowed(f"Nobody was promised a new date of {outage.code}.")
    if not said.strip():
        raise BadInput("Say what people were told instead; nothing was changed.")
    name = note_waiver(uow, outage, TOLD_OTHERWISE, said, by)
    words = f"the new date of {outage.code} was told otherwise: {said.strip()}"
    uow.log(words, outage, who=name, kind="decision")
    uow.emit(OutageChanged(outage_id))
    uow.emit(LiveChanged(outage_id))
    return uow.undo(f"how the new date of {outage.code} was told", outage_id)


def _promised(uow: UnitOfWork, outage: Outage) -> tuple[datetime, date] | None:
    """When the last such notice left, and the day it promised."""
    notices = uow.all(
        Notice,
        col(Notice.outage_id) == outage.id,
        col(Notice.kind).in_(PROMISES),
        col(Notice.state) == NoticeState.SENT,
        order=(col(Notice.sent_at),),
    )
    for notice in reversed(notices):
        items = uow.all(OutboxItem, col(OutboxItem.about_id) == notice.id)
        said = [item.payload.get(NEW_DATE) for item in items]
        day = next(filter(None, said), None) or json.loads(notice.note or "{}").get(NEW_DATE)
        if day and notice.sent_at is not None:
            return notice.sent_at, date.fromisoformat(day)
    return None


def _announced(uow: UnitOfWork, outage_ids: list[str]) -> bool:
    planned = (col(Notice.kind) == NoticeKind.PLANNED, col(Notice.state) == NoticeState.SENT)
    here = (col(Notice.outage_id).in_(outage_ids), *planned)
    return bool(outage_ids) and bool(uow.all(Notice, *here))
