"""What the crew board asks of the coordinator on Today: help, reports by mail, unopened links."""

from __future__ import annotations

from collections.abc import Iterator

from sqlmodel import col

from app.models.live.go import GO_WITHIN
from app.models.notices.replies import ReplyKind
from app.models.outages.errands import Errand
from app.models.outages.lifecycle import BEFORE_START, CLOSED
from app.models.tables.notices import Reply
from app.models.tables.outages import Outage
from app.models.tables.runbook import Step
from app.services.crew.asking import asking_help
from app.services.crew.mailing import waiting_reports
from app.services.crew.reached import reached
from app.services.outages.today_rows import NeedRow
from app.services.uow import UnitOfWork


def crew_needs(uow: UnitOfWork, outage: Outage) -> Iterator[NeedRow]:
    if outage.state in CLOSED:
        return
    yield from _helping(uow, outage)
    yield from _by_mail(uow, outage)
    if outage.state in BEFORE_START and uow.now >= outage.start_utc - GO_WITHIN:
        yield from _unopened(uow, outage)


def _helping(uow: UnitOfWork, outage: Outage) -> Iterator[NeedRow]:
    for step_id, tap in asking_help(uow, outage.id).items():
        step = uow.fetch(Step, step_id)
        yield NeedRow(
            key=f"{outage.id}:help:{step_id}:{tap.at.isoformat()}",
            outage_id=outage.id,
            words=f"Help is asked for: {step.code} {step.title}",
            sub=" · ".join(part for part in (outage.title, tap.note) if part),
            errand=Errand.STEP,
            button=Errand.STEP.words,
            at=tap.at,
            late=True,
            about=step.id,
        )


def _by_mail(uow: UnitOfWork, outage: Outage) -> Iterator[NeedRow]:
    mine = (col(Reply.outage_id) == outage.id, col(Reply.guess) == ReplyKind.REPORT.value)
    replies = uow.all(Reply, *mine, order=(col(Reply.received_at),))
    for reply, _ in waiting_reports(uow, replies):
        yield NeedRow(
            key=f"{outage.id}:report:{reply.id}",
            outage_id=outage.id,
            words=f"{reply.sender} reports by mail: {reply.text[:80]}",
            sub=outage.title,
            errand=Errand.REPLY,
            button="Record",
            at=reply.received_at,
            late=True,
            about=reply.id,
        )


def _unopened(uow: UnitOfWork, outage: Outage) -> Iterator[NeedRow]:
    found = reached(uow, outage)
    if found is None or not found.unreached:
        return
    many = len(found.unreached)
    yield NeedRow(
        key=f"{outage.id}:crew_board",
        outage_id=outage.id,
        words=f"{many} of {found.asked} did not open the crew board",
        sub=f"{outage.title} · call {', '.join(found.unreached[:3])}{' …' if many > 3 else ''}",
        errand=Errand.CREW,
        button=Errand.CREW.words,
        at=outage.start_utc,
        late=False,
    )
