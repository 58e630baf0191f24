"""The notices of a flight as the report shows them: what was due, what left, and when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlmodel import col

from app.models.notices.kinds import NoticeState
from app.models.notices.plan import PlanItem
from app.models.notices.policy import Moment
from app.models.outages.debt import ENDING_NOTICE, announces, ever_told, promised_after
from app.models.outages.lifecycle import CLOSED, State
from app.models.reports.after_action import NoticeLine
from app.models.tables.notices import Notice, RecipientSet
from app.models.tables.outages import Outage
from app.services.notices.planning import plan_for, told_of
from app.services.outages.debt import noticeable_change
from app.services.uow import UnitOfWork

_AFTER = frozenset({Moment.CHANGE_SUMMARY, Moment.END_BRIEF})
_OPEN = (NoticeState.DRAFT, NoticeState.QUEUED, NoticeState.FAILED)


def notice_lines(uow: UnitOfWork, outage: Outage, ending: State) -> tuple[NoticeLine, ...]:
    """What the plan wanted with the notice that met it, then what was sent besides; those that
    left in the order they left, the rest by their due moments."""
    rows = uow.all(Notice, col(Notice.outage_id) == outage.id)
    left = sorted((n for n in rows if n.sent_at), key=lambda n: (n.sent_at, n.number))
    ids = {n.recipient_set_id for n in rows if n.recipient_set_id}
    sets = {s.id: s for s in uow.all(RecipientSet, col(RecipientSet.id).in_(ids))}
    lines = []
    for item in plan_for(uow, outage):
        if item.kind is None:
            continue
        met = next((n for n in left if _meets(n, item, outage)), None)
        if met is not None:
            left.remove(met)
            lines.append(_line(met, sets, item))
        elif item.moment is Moment.END_OWED and ending in CLOSED:
            continue  # it is over: what is owed of that stands below, by its name
        else:
            lines.append(
                NoticeLine(item.moment.words, "", item.due, None, _why(item, uow, outage, ending))
            )
    lines += [_line(n, sets) for n in left]
    lines += _ending_owed(uow, outage, rows)
    lines += [_line(n, sets) for n in rows if n.sent_at is None and n.state in _OPEN]
    return tuple(sorted(lines, key=lambda x: x.sent or x.due or outage.start_utc))


def _ending_owed(uow: UnitOfWork, outage: Outage, rows: Sequence[Notice]) -> Iterator[NoticeLine]:
    """How it ended, while those who were told of it have not heard."""
    kind = ENDING_NOTICE.get(outage.state)
    waits = any(n.kind is kind and (n.sent_at or n.state in _OPEN) for n in rows)
    if kind is not None and not waits and ever_told(told_of(uow, outage.id)):
        yield NoticeLine(kind.words, "", outage.ended_at, None, "owed")


def _meets(notice: Notice, item: PlanItem, outage: Outage) -> bool:
    """A brief before the window is not the one after it, though both are of one kind. Of a window
    that was moved, what announced it is what first spoke of it as it is."""
    if item.moment is Moment.PLANNED:
        return announces(notice.kind, notice.about_start_utc, outage.start_utc)
    if notice.kind not in (item.met_by or {item.kind}) or notice.sent_at is None:
        return False
    if item.moment in _AFTER:
        return notice.sent_at >= (outage.ended_at or outage.start_utc)
    if item.moment is Moment.SERVICE_DESK_BRIEF and outage.ended_at is not None:
        return notice.sent_at < outage.ended_at
    return True


def _line(
    notice: Notice, sets: dict[str, RecipientSet], item: PlanItem | None = None
) -> NoticeLine:
    number = f" {notice.number}" if notice.number > 1 else ""
    return NoticeLine(
        kind=f"{notice.kind.words}{number}",
        to=_to(sets.get(notice.recipient_set_id or "")),
        due=item.due if item else None,
        latest=item.last_possible if item else None,
        sent=notice.sent_at,
        state=notice.state.words.lower(),
    )


def _to(recipients: RecipientSet | None) -> str:
    """`12 people, File cluster users (a list of 1,240)`."""
    if recipients is None:
        return ""
    people = len(recipients.people)
    parts = [f"{people} {'person' if people == 1 else 'people'}"] if people else []
    for known in recipients.lists:
        size = f"a list of {known['size']:,}" if known.get("size") else "a list"
        parts.append(f"{known['name']} ({size})")
    return ", ".join(parts)


def _why(item: PlanItem, uow: UnitOfWork, outage: Outage, ending: State) -> str:
    """Why an item of the plan has no notice."""
    summary = item.moment is Moment.CHANGE_SUMMARY and ending in CLOSED - {State.CANCELLED}
    promised = summary and promised_after(told_of(uow, outage.id), ending) is not None
    if summary and not promised and not noticeable_change(uow, outage.id):
        return "not needed: people will notice nothing"
    if ending is State.CANCELLED and item.due > uow.now:
        return "cancelled before it was due"
    if item.due > uow.now:
        return "not due yet"
    return "" if ending in CLOSED else "owed"


def people_told(uow: UnitOfWork, outage_id: str, reach: int) -> str:
    """Who was ever told. A list counts once, as its members are not known; `reach` reckons with
    the sizes that their owners gave."""
    told = len(ever_told(told_of(uow, outage_id)))
    if not told:
        return ""
    return f"{told} {'address' if told == 1 else 'addresses'}, about {reach:,} people"
