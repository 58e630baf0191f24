"""Department heads who said nothing, on Today once their day to answer has passed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time

from app.models.outages.errands import Errand
from app.models.times import speak_date, to_utc
from app.services.calendar.outreach_rows import silent
from app.services.database import organisation
from app.services.outages.today_rows import NeedRow
from app.services.uow import UnitOfWork

NAMED = 3


def silent_heads(uow: UnitOfWork) -> Iterator[NeedRow]:
    """One row a round, until its time is over."""
    for row, asks in silent(uow):
        names = ", ".join(f"{a.name} ({a.waits} days)" for a in asks[:NAMED])
        more = f" and {len(asks) - NAMED} more" if len(asks) > NAMED else ""
        yield NeedRow(
            key=f"outreach:{row.id}",
            outage_id="",
            words=f"Silent on what not to disturb in {row.words}: {names}{more}",
            sub=f"answers were due {speak_date(row.answers_by)} {row.answers_by.year}",
            errand=Errand.OUTREACH,
            button=Errand.OUTREACH.words,
            at=to_utc(datetime.combine(row.answers_by, time(23, 59)), organisation(uow).zone),
            late=True,
        )
