"""Who of the crew asked for help on the phone, and was not heard of since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from app.models.crew.taps import TapAct
from app.models.ids import StepId
from app.models.runbook import SETTLED
from app.models.tables.crew import CrewTap
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
