"""The kick-off on Today: what came by mail and waits for one key, who said no, who says nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlmodel import col

from app.models.notices.kinds import NoticeKind
from app.models.notices.plan import PlanItem
from app.models.notices.policy import Moment
from app.models.outages.confirming import Word
from app.models.outages.decisions import card_from
from app.models.outages.errands import Errand
from app.models.outages.lifecycle import BEFORE_START
from app.models.tables.directory import Person, Vendor
from app.models.tables.notices import Reply
from app.models.tables.outages import Outage
from app.models.tables.runbook import Step
from app.models.times import speak_moment
from app.services.notices.audiences import Resolved
from app.services.notices.confirmations import waiting_confirmations
from app.services.notices.planning import plan_for, told_of
from app.services.outages.people import Asked, asked_at_kick_off
from app.services.outages.today_rows import NeedRow
from app.services.uow import UnitOfWork

SOON = timedelta(days=2)
"""So long before the notice that a missing answer endangers, who did not answer is asked for."""
NAMED = 3


def confirming(
    uow: UnitOfWork, outage: Outage, resolved: Resolved | None = None
) -> Iterator[NeedRow]:
    """Until the window begins. `resolved` is whom its audiences reach, where that is known
    already."""
    if outage.state not in BEFORE_START:
        return
    mine = (col(Reply.outage_id) == outage.id, col(Reply.kind) == "unsorted")
    replies = uow.all(Reply, *mine, order=(col(Reply.received_at),))
    asked = [a for a in asked_at_kick_off(uow, outage.id).values() if not a.voided]
    mails = waiting_confirmations(uow, replies)
    if not (mails or any(not a.confirmed for a in asked)):
        return
    item = _endangered(uow, outage, resolved)
    for reply, said in mails:
        yield NeedRow(
            key=f"{outage.id}:confirms:{reply.id}",
            outage_id=outage.id,
            words=f"{reply.sender} answers the kick-off: {said.spoken[:80]}",
            sub=" · ".join(filter(None, (outage.title, _danger(item, outage, uow.now)))),
            errand=Errand.REPLY,
            button="Record",
            at=reply.received_at,
            late=_is_late(item, uow.now),
            about=reply.id,
        )
    still_in = _taking_part(uow, outage)
    waited = [a for a in asked if a.person.casefold() in still_in]
    for one in waited:
        if one.answer is not None and one.answer.word is not Word.YES:
            words = f"{one.person} says to the kick-off: {one.answer.spoken[:80]}"
            yield _row(outage, item, uow.now, "no", words, one)
    silent = [a for a in waited if a.answer is None]
    if silent and item is not None and item.due - SOON <= uow.now:
        names = ", ".join(a.person for a in silent[:NAMED])
        more = f" and {len(silent) - NAMED} more" if len(silent) > NAMED else ""
        yield _row(outage, item, uow.now, "silent", f"No answer yet: {names}{more}", silent[0])


def _row(
    outage: Outage, item: PlanItem | None, now: datetime, what: str, words: str, one: Asked
) -> NeedRow:
    return NeedRow(
        key=f"{outage.id}:kick_off:{what}:{one.id}",
        outage_id=outage.id,
        words=words,
        sub=" · ".join(filter(None, (outage.title, _danger(item, outage, now)))),
        errand=Errand.PEOPLE,
        button=Errand.PEOPLE.words,
        at=item.due if item is not None else outage.start_utc,
        late=_is_late(item, now),
        about=one.person,
    )


def asked_first(uow: UnitOfWork, outage_id: str) -> tuple[Asked, ...]:
    """Whom the kick-off asked, those still to confirm first."""
    found = asked_at_kick_off(uow, outage_id).values()
    return tuple(sorted(found, key=lambda asked: asked.confirmed))


def endangered(uow: UnitOfWork, outage: Outage, resolved: Resolved) -> str:
    """What a missing answer endangers by now; empty while there is time, or nothing is missing."""
    asked = asked_at_kick_off(uow, outage.id).values()
    if outage.state not in BEFORE_START or all(a.confirmed for a in asked):
        return ""
    return _danger(_endangered(uow, outage, resolved), outage, uow.now)


def _endangered(uow: UnitOfWork, outage: Outage, resolved: Resolved | None) -> PlanItem | None:
    """The next notice that asks for a crew: the planned one, then the brief of the crew."""
    told = {t.kind for t in told_of(uow, outage.id) if t.about_start in (None, outage.start_utc)}
    for item in plan_for(uow, outage, resolved):
        planned = item.moment is Moment.PLANNED and NoticeKind.PLANNED not in told
        if planned or (item.moment is Moment.CREW_BRIEF and NoticeKind.CREW_BRIEF not in told):
            return item
    return None


def _danger(item: PlanItem | None, outage: Outage, now: datetime) -> str:
    """`endangers the planned notice, due Thu 2 Jan 09:00 EST`; nothing while there is time."""
    if item is None or item.kind is None or item.due - SOON > now:
        return ""
    name = f"the {item.kind.words.lower()}"
    if item.due > now:
        return f"endangers {name}, due {speak_moment(item.due, outage.zone)}"
    last = item.last_possible
    if last > now:
        return f"delays {name}, which must leave by {speak_moment(last, outage.zone)}"
    return f"has delayed {name}, which should have left by {speak_moment(last, outage.zone)}"


def _is_late(item: PlanItem | None, now: datetime) -> bool:
    return item is not None and item.due <= now


def _taking_part(uow: UnitOfWork, outage: Outage) -> frozenset[str]:
    """Who the flight still counts on, casefolded: whoever was replaced is not waited for."""
    steps = uow.all(Step, col(Step.outage_id) == outage.id, col(Step.owner_id).is_not(None))
    ids = {step.owner_id for step in steps} | {outage.coordinator_id, outage.deputy_id}
    names = {p.name for p in uow.all(Person, col(Person.id).in_(ids))}
    names |= {outage.checker, outage.checker_deputy}
    for line in card_from(outage.decision_card):
        names |= {line.who, line.deputy}
    vendor = uow.find(Vendor, outage.vendor_id) if outage.vendor_id else None
    names |= {vendor.name} if vendor is not None else set()
    return frozenset(name.strip().casefold() for name in names if name.strip())
