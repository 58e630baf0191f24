"""What the crew said by phone or mail and the coordinator has yet to answer, wherever they look."""

from __future__ import annotations

from collections.abc import Iterator

from sqlmodel import col

from app.models.notices.replies import ReplyKind
from app.models.outages.lifecycle import CLOSED
from app.models.tables.crew import CrewLink
from app.models.tables.directory import Person
from app.models.tables.notices import Reply
from app.services.crew.asking import asking_help
from app.services.crew.mailing import waiting_reports
from app.services.live.look import Look
from app.services.live.rows import Said


def said_now(look: Look) -> tuple[Said, ...]:
    """Who asks for help, then what came by mail."""
    if look.outage.state in CLOSED:
        return ()
    return (*_helping(look), *_mailed(look))


def _helping(look: Look) -> Iterator[Said]:
    found = asking_help(look.uow, look.outage.id, look.loaded)
    for asked in sorted(found.values(), key=lambda each: each.at):
        step = look.loaded.step[asked.step_id]
        owner = look.uow.find(Person, step.owner) if step.owner is not None else None
        yield Said(
            who=owner.name if owner is not None else "the crew",
            phone=owner.phone if owner is not None else "",
            words=asked.note.removeprefix("needs help").lstrip(": "),
            about=step.label,
            at=asked.at,
            step_id=asked.step_id,
        )


def _mailed(look: Look) -> list[Said]:
    """Those first that one key can take: of a step of whoever wrote, or nobody's."""
    mine = (col(Reply.outage_id) == look.outage.id, col(Reply.guess) == ReplyKind.REPORT.value)
    replies = look.uow.all(Reply, *mine, order=(col(Reply.received_at),))
    steps = {step.code.casefold(): step for step in look.loaded.known}
    found = []
    for reply, report in waiting_reports(look.uow, replies):
        step = steps.get(report.step.casefold())
        link = look.uow.find(CrewLink, report.mark)
        owned = step is not None and step.owner not in (None, link.person_id if link else None)
        said = Said(
            who=reply.sender,
            words=report.act.value,
            about=step.label if step is not None else f"step {report.step}",
            more=reply.text.removeprefix(report.words).lstrip(": "),
            at=reply.received_at,
            reply_id=reply.id,
        )
        found.append((step is None or owned, said))
    return [said for _, said in sorted(found, key=lambda each: each[0])]
