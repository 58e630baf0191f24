"""What is stuck at the end of a turn: somebody who comes has to see to each of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import or_
from sqlmodel import col

from app.models.notices.kinds import NoticeKind
from app.models.notices.replies import ObjectionDecision
from app.models.outages.errands import Errand
from app.models.outages.lifecycle import BEFORE_START
from app.models.outbox import ItemState, kind_words
from app.models.rota.pack import Line
from app.models.runbook import StepState
from app.models.severity import Severity
from app.models.tables.notices import Notice, Reply
from app.models.tables.outages import Outage
from app.models.tables.outbox import OutboxItem
from app.models.tables.runbook import Step
from app.models.times import speak_date, speak_moment
from app.services.calendar.outreach_rows import silent
from app.services.calendar.rechecking import clashes, clashes_now
from app.services.notices.confirmations import waiting_confirmations
from app.services.outages.confirming import confirming
from app.services.uow import UnitOfWork

_ASKS = {"unsorted": "wrote", "objection": "objects", "question": "asks"}
_NEEDS = (ItemState.ATTENTION, ItemState.HELD)
_WEIGHT = {Severity.BLOCK: "new since it was planned, blocks"}


def called(outage: Outage) -> str:
    return f"{outage.code} {outage.title}"


def stuck(uow: UnitOfWork, found: list[Outage], *, looked_again: bool = False) -> Iterator[Line]:
    """Of the outages `found`: what came to stand against their windows, what waits for a hand in
    the outbox, blocked steps, answers nobody saw to; then who was asked and never answered."""
    titles = {outage.id: outage for outage in found}
    yield from _against(uow, titles, looked_again=looked_again)
    yield from _in_outbox(uow, titles)
    yield from _blocked(uow, titles)
    yield from _unanswered(uow, titles)
    for outage in found:
        for need in confirming(uow, outage):
            if need.errand is Errand.PEOPLE:
                yield Line(called(outage), need.words, need.sub.removeprefix(f"{outage.title} · "))
    for row, asks in silent(uow):
        by = f"answers were due {speak_date(row.answers_by)} {row.answers_by.year}"
        for ask in asks:
            yield Line(f"Outreach {row.words}", f"{ask.name} ({ask.department}) is silent", by)


def _against(
    uow: UnitOfWork, titles: Mapping[str, Outage], *, looked_again: bool
) -> Iterator[Line]:
    """The nearest window first, as `titles` are."""
    news = clashes_now(uow) if looked_again else clashes(uow)
    for i, outage in titles.items():
        for clash in news.get(i, ()) if outage.state in BEFORE_START else ():
            weight = _WEIGHT.get(clash.severity, "new since it was planned")
            yield Line(called(outage), clash.sentence, weight)


def _in_outbox(uow: UnitOfWork, titles: Mapping[str, Outage]) -> Iterator[Line]:
    items = uow.all(OutboxItem, col(OutboxItem.state).in_(_NEEDS), order=(col(OutboxItem.id),))
    for item in items:
        outage = titles.get(item.outage_id) or uow.find(Outage, item.outage_id)
        notice = uow.find(Notice, item.about_id) if item.about_type == "notice" else None
        words = kind_words(item.kind, str(item.payload.get("act", "")))
        kind = NoticeKind(notice.kind).words if notice else words
        said = item.last_answer or item.state.words
        yield Line(called(outage) if outage else "Outbox", f"{kind}: {item.state.words}", said)


def _blocked(uow: UnitOfWork, titles: Mapping[str, Outage]) -> Iterator[Line]:
    mine = col(Step.outage_id).in_(list(titles))
    for step in uow.all(Step, col(Step.state) == StepState.BLOCKED, mine):
        outage = titles[step.outage_id]
        why = step.blocked_reason or "no reason given"
        if step.blocked_until is not None:
            why += f", until {speak_moment(step.blocked_until, outage.zone)}"
        yield Line(called(outage), f"Step {step.code} {step.title} is blocked", why)


def _unanswered(uow: UnitOfWork, titles: Mapping[str, Outage]) -> Iterator[Line]:
    waiting = uow.all(
        Reply,
        col(Reply.outage_id).in_(list(titles)),
        or_(col(Reply.decided_at).is_(None), col(Reply.decision) == ObjectionDecision.TALK),
        col(Reply.kind).in_(tuple(_ASKS)),
        order=(col(Reply.received_at),),
    )
    to_record = {reply.id: said for reply, said in waiting_confirmations(uow, waiting)}
    for reply in waiting:
        outage = titles[reply.outage_id]
        when = speak_moment(reply.received_at, outage.zone)
        said = to_record.get(reply.id)
        if said is not None:
            what = f"{reply.sender} answers the kick-off: {said.spoken[:80]}"
            yield Line(called(outage), what, f"by mail {when}, not recorded yet")
            continue
        text = " ".join(reply.text.split())
        short = f"{text[:77]}…" if len(text) > 78 else text
        what = f"{reply.sender} {_ASKS[reply.kind]}: “{short}”"
        yield Line(called(outage), what, f"unanswered since {when}")
