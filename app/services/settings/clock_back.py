"""A clock set back: what is written down already is of a later time than now."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import col, select

from app.models.tables.log import LogEntry
from app.models.times import speak_moment, speak_span
from app.services.database import organisation
from app.services.uow import UnitOfWork

CLOCK_GRACE = timedelta(minutes=5)
"""Less is a time server at work, two machines that differ a little, or a step noted by a watch that
is ahead, as the paper allows (`models/live/paper.TOLERANCE`)."""
REHEARSED = "rehearsal"
"""The kind of the entry that a rehearsal begins with."""
_PRACTISED = timedelta(days=1)
_LATEST = 20
"""Entries looked at: some bear a time that was given, such as when a notice was sent."""


def last_written(uow: UnitOfWork) -> datetime | None:
    """The latest moment of the last log entries; None while there is no organisation, and where
    the sample was flown days ahead on a practice clock (`fly`). In a rehearsal those since it
    began: a past window is flown in the past."""
    if not uow.organisation_id:
        return None
    newest = (
        select(LogEntry.at, LogEntry.kind)
        .where(LogEntry.organisation_id == uow.organisation_id)
        .order_by(col(LogEntry.number).desc())
        .limit(_LATEST)
    )
    counted: list[datetime] = []
    for at, kind in uow.session.exec(newest):
        counted.append(at)
        if kind == REHEARSED:
            break
    latest = max(counted, default=None)
    ahead = latest is not None and latest - uow.now > _PRACTISED
    return None if ahead and organisation(uow).is_sample else latest


def clock_back(uow: UnitOfWork) -> str:
    """What to say when the clock was set back since; empty when it was not."""
    latest = last_written(uow)
    return "" if latest is None else clock_back_words(latest, uow.now, organisation(uow).zone)


def clock_back_words(latest: datetime, now: datetime, zone: str) -> str:
    """`latest` is the latest moment known. Empty when `now` is not earlier than that."""
    if now >= latest - CLOCK_GRACE:
        return ""
    return (
        f"This computer’s clock went back {speak_span(latest - now)}: the latest known time is "
        f"{speak_moment(latest, zone)}. Nothing is lost; set the clock right, as all times count "
        "by it."
    )
