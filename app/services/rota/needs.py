"""What the rota needs of whoever sits at Today: a hand-over to acknowledge, days to fill."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time

from app.models.outages.errands import Errand
from app.models.times import speak_date, to_utc
from app.services.database import organisation
from app.services.outages.today_rows import NeedRow
from app.services.rota.handover import unacknowledged
from app.services.rota.reading import troubles_near
from app.services.rota.turns import today_of
from app.services.uow import UnitOfWork


def rota_needs(uow: UnitOfWork) -> Iterator[NeedRow]:
    """Nothing where nobody uses the rota."""
    zone, today = organisation(uow).zone, today_of(uow)
    over = unacknowledged(uow)
    if over is not None:
        ended = over.ends < today
        when = f"ended {speak_date(over.ends)}" if ended else f"ends {speak_date(over.ends)}"
        to = f" to {over.incoming}" if over.incoming else ""
        yield _row(
            f"handover:{over.leaving_id}:{over.ends}",
            f"Hand-over{to} is not acknowledged",
            f"the turn of {over.leaving} {when}: notes, what is stuck and owed, the next 30 days",
            _midnight(over.ends, zone),
            late=ended,
        )
    for trouble in troubles_near(uow):
        yield _row(
            f"rota:{trouble.trouble}:{trouble.first}",
            trouble.sentence,
            "somebody covers these days, or a flight then has no coordinator",
            _midnight(trouble.first, zone),
            late=trouble.first <= today,
        )


def _row(key: str, words: str, sub: str, at: datetime, *, late: bool) -> NeedRow:
    return NeedRow(key, "", words, sub, Errand.ROTA, Errand.ROTA.words, at, late)


def _midnight(day: date, zone: str) -> datetime:
    return to_utc(datetime.combine(day, time.min), zone)
