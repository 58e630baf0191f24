"""What goes into the hand-over pack, read from the store as it stands."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import or_
from sqlmodel import col

from app.models.notices.kinds import NoticeKind
from app.models.notices.replies import ObjectionDecision
from app.models.outages.errands import Errand, next_of
from app.models.outages.lifecycle import BEFORE_START, FLYING
from app.models.outbox import ItemState, kind_words
from app.models.rota.pack import Line, PackData
from app.models.runbook import StepState
from app.models.tables.directory import Person
from app.models.tables.notices import Notice, Reply
from app.models.tables.outages import Outage
from app.models.tables.outbox import OutboxItem
from app.models.tables.runbook import Step
from app.models.times import speak_date, speak_moment, speak_window, to_wall
from app.services.calendar.listing import list_occurrences
from app.services.database import organisation
from app.services.notices.stored import waiting_items
from app.services.outages.brief import NEXT_WORDS, debt_row
from app.services.outages.confirming import confirming
from app.services.outages.debt import debts_of
from app.services.outages.reading import open_outages
from app.services.rota.handover import Turnover, turnover, typed_notes
from app.services.rota.reading import troubles_in
from app.services.uow import UnitOfWork

AHEAD = timedelta(days=30)
_ASKS = {"unsorted": "wrote", "objection": "objects", "question": "asks"}
_NEEDS = (ItemState.ATTENTION, ItemState.HELD)


def pack_data(uow: UnitOfWork) -> PackData:
    """As it stands now: of the turn that ends next, or ended and was not acknowledged. Raises
    NotFound while there is no organisation."""
    home = organisation(uow)
    over = turnover(uow)
    found = open_outages(uow)
    soon = [o for o in found if o.start_utc < uow.now + AHEAD or o.state in FLYING]
    owed: list[Line] = []
    rows = []
    for outage in soon:
        debts = debts_of(uow, outage)
        leaving = waiting_items(uow, outage.id) if debts else {}
        for debt in debts:
            row = debt_row(debt, outage, uow.now, leaving)
            owed.append(Line(_called(outage), row.sentence, row.sub))
        following = next_of(outage.state, debts, outage.start_utc, uow.now, frozenset(leaving))
        words = "nothing now"
        if following is not None and following.debt is not None:
            words = following.debt.sentence
        elif following is not None:
            words = NEXT_WORDS.get(following.errand, following.errand.words)
        window = speak_window(outage.window)
        rows.append((_called(outage), window, outage.state.words, words))
    return PackData(
        organisation=home.name,
        leaving=over.leaving,
        incoming=over.incoming,
        ends=over.ends,
        zone=home.zone,
        made_at=uow.now,
        notes=typed_notes(uow, over),
        open=tuple(rows),
        later=len(found) - len(soon),
        owed=tuple(owed),
        stuck=tuple(_stuck(uow, found)),
        ahead=tuple(_ahead(uow, found, over, home.zone)),
    )


def _called(outage: Outage) -> str:
    return f"{outage.code} {outage.title}"


def _stuck(uow: UnitOfWork, found: list[Outage]) -> Iterator[Line]:
    titles = {outage.id: outage for outage in found}
    items = uow.all(OutboxItem, col(OutboxItem.state).in_(_NEEDS), order=(col(OutboxItem.id),))
    for item in items:
        outage = titles.get(item.outage_id) or uow.find(Outage, item.outage_id)
        notice = uow.find(Notice, item.about_id) if item.about_type == "notice" else None
        words = kind_words(item.kind, str(item.payload.get("act", "")))
        kind = NoticeKind(notice.kind).words if notice else words
        said = item.last_answer or item.state.words
        yield Line(_called(outage) if outage else "Outbox", f"{kind}: {item.state.words}", said)
    ids = list(titles)
    blocked = uow.all(Step, col(Step.state) == StepState.BLOCKED, col(Step.outage_id).in_(ids))
    for step in blocked:
        outage = titles[step.outage_id]
        why = step.blocked_reason or "no reason given"
        if step.blocked_until is not None:
            why += f", until {speak_moment(step.blocked_until, outage.zone)}"
        yield Line(_called(outage), f"Step {step.code} {step.title} is blocked", why)
    waiting = uow.all(
        Reply,
        col(Reply.outage_id).in_(ids),
        or_(col(Reply.decided_at).is_(None), col(Reply.decision) == ObjectionDecision.TALK),
        col(Reply.kind).in_(tuple(_ASKS)),
        order=(col(Reply.received_at),),
    )
    for reply in waiting:
        outage = titles[reply.outage_id]
        text = " ".join(reply.text.split())
        short = f"{text[:77]}…" if len(text) > 78 else text
        what = f"{reply.sender} {_ASKS[reply.kind]}: “{short}”"
        since = speak_moment(reply.received_at, outage.zone)
        yield Line(_called(outage), what, f"unanswered since {since}")
    for outage in found:
        for need in confirming(uow, outage):
            if need.errand is Errand.PEOPLE:
                yield Line(_called(outage), need.words, need.sub.removeprefix(f"{outage.title} · "))


def _ahead(uow: UnitOfWork, found: list[Outage], over: Turnover, zone: str) -> Iterator[Line]:
    """In the order of time: windows, freezes and events, days without a coordinator."""
    lines: list[tuple[datetime, Line]] = []
    until = uow.now + AHEAD
    for outage in found:
        if outage.state in BEFORE_START and uow.now <= outage.start_utc < until:
            lead = uow.find(Person, outage.coordinator_id) if outage.coordinator_id else None
            who = lead.name if lead is not None else "nobody leads it"
            line = Line(
                speak_window(outage.window), _called(outage), f"{outage.state.words}, {who}"
            )
            lines.append((outage.start_utc, line))
    for row in list_occurrences(uow, uow.now, until):
        first, last = to_wall(row.start, zone), to_wall(row.end - timedelta(minutes=1), zone)
        when = speak_date(first.date()) if row.all_day else speak_moment(row.start, zone)
        if last.date() != first.date():
            when = f"{speak_date(first.date())}–{speak_date(last.date())}"
        lines.append((row.start, Line(when, row.title, row.layer)))
    yield from (line for _, line in sorted(lines, key=lambda each: each[0]))
    today = to_wall(uow.now, zone).date()
    for trouble in troubles_in(uow, today, today + AHEAD) if over.used else ():
        yield Line("Rota", trouble.sentence)
