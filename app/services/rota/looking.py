"""The hand-over as the rota's screen shows it."""

from __future__ import annotations

from dataclasses import dataclass

from app.services.rota.handover import (
    Acknowledged,
    Turnover,
    acknowledged,
    turnover,
    typed_notes,
    unacknowledged,
)
from app.services.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class HandoverRows:
    """`asked`: Today asks for it; `done` once it was acknowledged."""

    over: Turnover
    notes: str
    asked: bool
    done: Acknowledged | None


def handover_rows(uow: UnitOfWork) -> HandoverRows:
    over = turnover(uow)
    done = acknowledged(uow, over) if over.leaving_id else None
    return HandoverRows(over, typed_notes(uow, over), unacknowledged(uow) is not None, done)
