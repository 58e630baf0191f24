"""Whom a planned notice goes to, and who would hear it had they not been left out."""

from __future__ import annotations

from dataclasses import dataclass

from app.models.notices.kinds import NoticeKind
from app.models.tables.outages import Outage
from app.services.notices.audiences import Recipient, resolve
from app.services.notices.composing import Composed, compose
from app.services.notices.reach import reach_of
from app.services.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Whom:
    """`depends`: everyone who depends on the outage's CIs is among them. `can_change`: who hears
    can still be chosen; what has left, or tells people how it goes on, goes to whom it went."""

    recipients: tuple[Recipient, ...]
    people: int
    without: tuple[Recipient, ...] = ()
    depends: bool = False
    can_change: bool = False


def whom_of(uow: UnitOfWork, composed: Composed) -> Whom:
    """A query: of a notice that is shown."""
    if composed.kind is not NoticeKind.PLANNED or not composed.can_be_written:
        return Whom(composed.recipients, composed.reach)
    without = resolve(uow, uow.fetch(Outage, composed.outage_id)).without
    depends = reach_of(uow, composed.outage_id).depends
    return Whom(composed.recipients, composed.reach, without, depends, can_change=True)


def whom(uow: UnitOfWork, outage_id: str) -> Whom:
    """A query: of the planned notice as it stands now."""
    return whom_of(uow, compose(uow, outage_id, NoticeKind.PLANNED))
