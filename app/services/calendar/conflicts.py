"""Conflicts of an outage, from one bounded range query a kind and the rules."""

from __future__ import annotations

from app.models.tables.outages import Outage
from app.services.uow import UnitOfWork


def open_blocks(uow: UnitOfWork, outage: Outage) -> tuple[str, ...]:
    """The sentences of the blocking conflicts nobody accepted."""
    return ()
