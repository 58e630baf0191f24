"""Waivers, by name and reason: the coordinator’s or the deputy’s; whoever else gives one is marked
as giving it in their place."""

from __future__ import annotations

from app.models.errors import BadInput
from app.models.live.go import Criterion
from app.models.tables.directory import Person
from app.models.tables.outages import Outage
from app.services.uow import UnitOfWork


def note_waiver(uow: UnitOfWork, outage: Outage, what: str, why: str, by: str = "") -> str:
    """Keeps it on the outage, in place of one of the same thing, and returns by whom: `K. Ito
    instead of M. Okafor`. The log is its caller’s. Raises BadInput without a reason."""
    if not why.strip():
        raise BadInput(f"Waiving {spoken(what)} needs a reason; nothing was changed.")
    name = f"{by.strip() or uow.actor.name}{in_place_of(uow, outage, by)}"
    waiver = {"step": what, "by": name, "why": why.strip()}
    outage.waivers = [*(w for w in outage.waivers if w["step"] != what), waiver]
    return name


def in_place_of(uow: UnitOfWork, outage: Outage, by: str = "") -> str:
    """` instead of M. Okafor`; empty for the coordinator, the deputy, or where none is named."""
    name = by.strip() or uow.actor.name
    leading = [uow.find(Person, each) for each in (outage.coordinator_id, outage.deputy_id) if each]
    names = [person.name for person in leading if person]
    stands_in = bool(names) and name.casefold() not in [each.casefold() for each in names]
    return f" instead of {names[0]}" if stands_in else ""


def spoken(waived: str) -> str:
    """A criterion in words; what is no criterion is a step’s code."""
    return Criterion(waived).words if waived in set(Criterion) else waived
