"""What a person gives of one notice, value by value: in a field, or on a command line."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from app.models.errors import BadInput
from app.models.times import parse_wall, to_utc, to_wall
from app.services.notices.facts import NoticeExtra


class Typed(StrEnum):
    REASON = "reason"
    PROGRESS = "progress"
    NEXT_UPDATE = "next_update"
    LEFT_OVER = "left_over"
    NEW_DATE_BY = "new_date_by"
    DESK_ANSWER = "desk_answer"
    DATA_LOSS = "data_loss"
    USER_CHECK = "user_check"
    NOTE = "note"


def put(extra: NoticeExtra, what: Typed, text: str, zone: str, near: datetime) -> NoticeExtra:
    """With that value as it is written; an empty text takes it away. Raises BadInput."""
    if what is Typed.NEXT_UPDATE:
        return replace(extra, next_update=moment_of(text, zone, near) if text else None)
    if what is Typed.NEW_DATE_BY:
        return replace(extra, new_date_by=_day(text) if text else None)
    if what is Typed.LEFT_OVER:
        return replace(extra, left_over=tuple(p.strip() for p in text.split(";") if p.strip()))
    match what:
        case Typed.REASON:
            return replace(extra, reason=text)
        case Typed.PROGRESS:
            return replace(extra, progress=text)
        case Typed.DATA_LOSS:
            return replace(extra, data_loss=text)
        case Typed.USER_CHECK:
            return replace(extra, user_check=text)
        case Typed.NOTE:
            return replace(extra, note=text)
    return replace(extra, desk_answer=text)


def moment_of(text: str, zone: str, near: datetime) -> datetime:
    """`21:45` is the next such time after `near` (UTC); else a date and time. Raises BadInput."""
    here = to_wall(near, zone)
    try:
        clock = time.fromisoformat(text if ":" in text else f"{text}:00")
    except ValueError:
        return to_utc(parse_wall(text), zone)
    wall = datetime.combine(here.date(), clock.replace(tzinfo=None))
    return to_utc(wall if wall >= here else wall + timedelta(days=1), zone)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput(f"“{text}” is not a date; write it like 2025-01-17.") from None
