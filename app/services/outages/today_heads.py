"""Department heads on Today: whom nobody asked yet when a round is due, and who said nothing once
their day to answer has passed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time

from sqlmodel import col

from app.models.calendar.outreach import DAYS_TO_ANSWER
from app.models.outages.errands import Errand
from app.models.tables.directory import Department
from app.models.times import speak_date, to_utc, to_wall
from app.services.calendar.outreach_putting_off import period_due
from app.services.calendar.outreach_rows import silent
from app.services.database import organisation
from app.services.outages.today_rows import NeedRow
from app.services.uow import UnitOfWork

NAMED = 3


def heads(uow: UnitOfWork) -> Iterator[NeedRow]:
    yield from silent_heads(uow)
    yield from _round_due(uow)


def _round_due(uow: UnitOfWork) -> Iterator[NeedRow]:
    """The next round that nobody started or put off, where somebody leads a department."""
    zone = organisation(uow).zone
    today = to_wall(uow.now, zone).date()
    period = period_due(uow)
    if period is None or not uow.all(Department, col(Department.head_id).is_not(None)):
        return
    days = (period.first - today).days
    yield NeedRow(
        key=f"outreach:due:{period.token}",
        outage_id="",
        words=f"Ask department heads what not to disturb in {period.words}",
        sub=f"no round is under way, and it begins in {days} day{'s' if days != 1 else ''}",
        errand=Errand.OUTREACH,
        button="Ask…",
        at=to_utc(datetime.combine(period.first, time()), zone),
        late=days < DAYS_TO_ANSWER,
    )


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
