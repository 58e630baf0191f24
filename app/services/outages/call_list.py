"""Who is called when a flight is cancelled within hours of its start."""

from __future__ import annotations

from app.models.outages.confirming import CANCEL_CALL
from app.models.tables.directory import Person, Vendor
from app.models.tables.live import Confirmation
from app.models.tables.outages import Outage
from app.services.events import LiveChanged, NoticesChanged
from app.services.runbook.loading import load_steps
from app.services.uow import Undo, UnitOfWork


def to_call(uow: UnitOfWork, outage: Outage) -> tuple[str, ...]:
    """Crew, checker, vendor and desk, each once, with a phone number where one is known."""
    loaded = load_steps(uow, outage.id)
    people = {p.id: f"{p.name} {p.phone}".strip() for p in uow.all(Person)}
    owners = [people[row.owner_id] for row in loaded.rows if row.owner_id in people]
    checker = f"{outage.checker} {outage.checker_phone}".strip()
    vendor = uow.find(Vendor, outage.vendor_id) if outage.vendor_id else None
    calls = [*owners, checker, f"{vendor.name} {vendor.phone}" if vendor else "", "service desk"]
    return tuple(dict.fromkeys(name for name in calls if name))


def open_call_list(uow: UnitOfWork, outage: Outage) -> None:
    """They are called: inside four hours a mail may come too late."""
    for person in to_call(uow, outage):
        uow.add(
            Confirmation(
                organisation_id=uow.organisation_id,
                outage_id=outage.id,
                person=person,
                what=CANCEL_CALL,
                asked_at=uow.now,
            )
        )


def confirm_called(
    uow: UnitOfWork, call_id: str, said: str = "", *, seen: int | None = None
) -> Undo:
    """Somebody who is told something by phone was reached."""
    call = uow.fetch(Confirmation, call_id, seen)
    call.answered_at, call.answer = uow.now, said.strip() or "reached"
    uow.log(f"called {call.person}: {call.answer}", call)
    uow.emit(LiveChanged(call.outage_id))
    uow.emit(NoticesChanged(call.outage_id))
    return uow.undo(f"the call to {call.person}", call.outage_id)
