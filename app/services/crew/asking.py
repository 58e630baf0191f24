"""Who of the crew asked for help on the phone, and was not heard of since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from app.models.crew.taps import TapAct
from app.models.ids import StepId
from app.models.outages.lifecycle import CLOSED
from app.models.runbook import SETTLED
from app.models.tables.crew import CrewTap
from app.models.tables.directory import Person
from app.models.tables.outages import Outage
from app.models.tables.runbook import Step
from app.services.runbook.loading import Loaded, load_steps
from app.services.uow import UnitOfWork

MORE = (TapAct.NOTE, TapAct.PHOTO)
"""Says more about what was asked, and takes nothing back."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Help that is asked for; `note` begins with `needs help`."""

    step_id: StepId
    at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class CallForHelp:
    """`key` is another once they ask again; `sentence` says who asks, with what, and their
    number."""

    key: str
    outage_id: str
    sentence: str


def asking_now(uow: UnitOfWork) -> tuple[CallForHelp, ...]:
    """A query: whoever asks for help in any outage that is not over, as they asked."""
    query = (
        select(CrewTap.outage_id)
        .join(Outage, col(Outage.id) == col(CrewTap.outage_id))
        .where(
            CrewTap.organisation_id == uow.organisation_id,
            CrewTap.act == TapAct.HELP,
            col(Outage.state).not_in(CLOSED),
        )
        .distinct()
    )
    found: list[tuple[datetime, CallForHelp]] = []
    for outage_id in uow.session.exec(query):
        for asked in asking_help(uow, outage_id).values():
            key = f"{asked.step_id} {asked.at.isoformat()}"
            call = CallForHelp(key, outage_id, _sentence(uow, asked))
            found.append((asked.at, call))
    return tuple(call for _, call in sorted(found, key=lambda each: each[0]))


def _sentence(uow: UnitOfWork, asked: Asked) -> str:
    step = uow.fetch(Step, asked.step_id)
    owner = uow.find(Person, step.owner_id) if step.owner_id else None
    who, phone = (owner.name, owner.phone) if owner is not None else ("The crew", "")
    words = asked.note.removeprefix("needs help").lstrip(": ")
    said = f"{who} asks for help with {step.code} {step.title}{f': {words}' if words else ''}"
    return f"{said.rstrip('.')}.{f' Call {phone}.' if phone else ''}"


def asking_help(
    uow: UnitOfWork, outage_id: str, loaded: Loaded | None = None
) -> dict[StepId, Asked]:
    """Steps whose owner asked for help and was not heard of since, nor the step settled: a word by
    phone, a further tap or an act on it answers. A note or photo with more about it does not."""
    where = (CrewTap.outage_id == outage_id, col(CrewTap.archived_at).is_(None))
    query = select(CrewTap.step_id, CrewTap.act, CrewTap.at, CrewTap.note).where(*where)
    last: dict[str, tuple[TapAct, datetime, Asked]] = {}
    for step_id, act, at, note in uow.session.exec(query.order_by(col(CrewTap.id))):
        before = last.get(step_id)
        if act in MORE and before is not None and before[0] is TapAct.HELP:
            last[step_id] = (TapAct.HELP, max(before[1], at), before[2])
        else:
            last[step_id] = (TapAct(act), at, Asked(StepId(step_id), at, note))
    if not any(act is TapAct.HELP for act, _, _ in last.values()):
        return {}
    loaded = loaded or load_steps(uow, outage_id)
    found = {}
    for step_id, (act, upto, asked) in last.items():
        row = loaded.row.get(step_id)
        if act is not TapAct.HELP or row is None or row.state in SETTLED:
            continue
        if row.heard_at is None or row.heard_at <= upto:
            found[asked.step_id] = asked
    return found
