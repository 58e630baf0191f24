"""The text of every notice that may still have to leave, for reading out or typing on a phone.

What only the night will tell is left open for the pen.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from app.models.notices.fields import fields
from app.models.notices.kinds import NoticeKind
from app.models.outages.lifecycle import BEFORE_START, FLYING, State
from app.models.reports.packet import NoticeText
from app.models.tables.outages import Outage
from app.services.notices.facts import NoticeExtra, facts_of
from app.services.notices.gathering import Known, gather
from app.services.notices.recipients import Group, Hearing, hearing
from app.services.notices.rendering import render_body
from app.services.notices.template import fill
from app.services.reports.packet_steps import PEN
from app.services.uow import UnitOfWork

_K = NoticeKind
_DURING = (_K.PROGRESS, _K.EXTENDED, _K.ALL_CLEAR, _K.PARTLY_DONE, _K.BACKED_OUT)
_AFTERWARDS = (_K.CHANGE_SUMMARY, _K.SERVICE_DESK_BRIEF)
_BEFORE = (_K.PLANNED, _K.REMINDER, _K.SERVICE_DESK_BRIEF, _K.MONITORING)
_ROAD: dict[State, tuple[NoticeKind, ...]] = {
    **dict.fromkeys(
        BEFORE_START,
        (*_BEFORE, _K.DELAYED, _K.CANCELLED, _K.STARTED, *_DURING, _K.CHANGE_SUMMARY),
    ),
    **dict.fromkeys(FLYING, (_K.STARTED, *_DURING, *_AFTERWARDS)),
    State.COMPLETE: (_K.ALL_CLEAR, *_AFTERWARDS),
    State.PARTLY_DONE: (_K.PARTLY_DONE, *_AFTERWARDS),
    State.BACKED_OUT: (_K.BACKED_OUT, *_AFTERWARDS),
    State.CANCELLED: (_K.CANCELLED,),
}
_AGAIN = frozenset({_K.PROGRESS, _K.EXTENDED, _K.DELAYED})
"""May be needed once more after it was sent; any other that left is not printed again."""
_OPEN: dict[NoticeKind, tuple[str, ...]] = {
    _K.DELAYED: ("reason", "next_update"),
    _K.EXTENDED: ("reason", "new_end", "next_update"),
    _K.PROGRESS: ("progress", "next_update"),
    _K.ALL_CLEAR: ("ended_at", "data_loss", "user_check"),
    _K.PARTLY_DONE: ("ended_at", "reason", "left_over", "data_loss"),
    _K.BACKED_OUT: ("ended_at", "reason", "data_loss"),
    _K.CANCELLED: ("reason",),
    _K.CHANGE_SUMMARY: ("changes",),
}
"""The fields of a kind that the pen fills in, where nothing is known yet."""
_VARIANTS = {_K.CANCELLED: ("postponed", "dropped")}
"""What paper has in both wordings, as it cannot know which it will be."""


def notices_to_come(uow: UnitOfWork, outage_id: str) -> tuple[NoticeText, ...]:
    """Word for word, in the order in which they may be needed."""
    known = gather(uow, uow.fetch(Outage, outage_id))
    due = {item.kind: item.due for item in reversed(known.plan) if item.kind is not None}
    # the end that is owed by a moment may be an all clear or an extension
    due.pop(_K.ALL_CLEAR, None)
    return tuple(
        _written(known, kind, due.get(kind), variant)
        for kind in _kinds(known)
        for variant in _VARIANTS.get(kind, ("",))
    )


def _kinds(known: Known) -> Iterator[NoticeKind]:
    outage = known.outage
    left = {
        notice.kind
        for notice in known.left
        # the brief before the window is not the one after it
        if notice.kind is not _K.SERVICE_DESK_BRIEF
        or outage.state in BEFORE_START
        or (outage.ended_at is not None and notice.sent_at >= outage.ended_at)
    }
    for kind in _ROAD.get(outage.state, ()):
        if kind in _AGAIN or kind not in left:
            yield kind


def _written(known: Known, kind: NoticeKind, due: datetime | None, variant: str) -> NoticeText:
    heard = hearing(known, kind)
    everyone = hearing(known, _K.PROGRESS) if kind.to_people else heard
    if not heard.groups:
        heard = everyone if everyone.groups else Hearing((Group(known.resolved.recipients),))
    source = known.template(kind)
    values = fields(facts_of(known, kind, NoticeExtra(), heard.groups[0]))
    for name in _OPEN.get(kind, ()):
        if not values[name]:
            values[name] = (PEN,) if isinstance(values[name], tuple) else PEN
    if variant:
        values["postponed"] = variant == "postponed"
        values["new_date_by"] = values["new_date_by"] or PEN
    rendered = render_body(
        fill(source.subject, values, markup=False), fill(source.body, values, markup=True)
    )
    return NoticeText(
        f"{kind.words} ({variant})" if variant else kind.words,
        rendered.subject,
        rendered.text,
        due,
        _to(heard) if kind.to_people else "",
    )


def _to(heard: Hearing) -> str:
    """The first names, and how many more: the whole list is the console's to know."""
    names = [recipient.name for recipient in heard.recipients]
    more = f" and {len(names) - 4} more" if len(names) > 4 else ""
    return f"{', '.join(names[:4])}{more}"
