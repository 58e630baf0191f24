"""How outages ended, once they are filed."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import col, select

from app.models.outages.lifecycle import ENDINGS, State
from app.models.tables.log import LogEntry
from app.services.uow import UnitOfWork


def endings_of(uow: UnitOfWork, ids: Sequence[str]) -> dict[str, State]:
    """How each ended: a filed outage's own state no longer says, its log does."""
    entries = select(LogEntry.outage_id, LogEntry.what).where(
        LogEntry.organisation_id == uow.organisation_id,
        LogEntry.kind == "state",
        col(LogEntry.outage_id).in_(ids),
    )
    found: dict[str, State] = {}
    for outage_id, what in uow.session.exec(entries.order_by(col(LogEntry.number))):
        _, _, came_to = what.partition(" → ")
        ending = next((state for state in ENDINGS if came_to.startswith(state.words)), None)
        if ending is not None:
            found[outage_id] = ending
    return found
