"""The calendar entry that goes with a notice: written when it is stored, kept as it was."""

from __future__ import annotations

from app.models.notices.kinds import NoticeKind
from app.models.notices.wording import capital, say_list
from app.models.tables.directory import Person, Service
from app.models.tables.outages import Outage
from app.models.tables.outbox import OutboxItem
from app.services.bridge.joining import how_to_join
from app.services.notices.eml import Recipient as Addressee
from app.services.outages.planning import bridge_of, service_ids
from app.services.uow import UnitOfWork

HOLD, SEQUENCE = "hold", "sequence"
"""In the payload of a notice's outbox item: the entry as it goes with it, and its number."""


def method_of(kind: NoticeKind) -> str:
    """A cancelled outage takes the entry away."""
    return "CANCEL" if kind is NoticeKind.CANCELLED else "PUBLISH"


def calendar_file(uow: UnitOfWork, outage: Outage, kind: NoticeKind) -> bytes:
    """The entry as it stands now: UID from the outage, SEQUENCE raised by every move, extension
    and cancellation."""
    from app.services.notices.ics import CalendarEntry, Method, ics

    organiser = uow.find(Person, outage.coordinator_id) if outage.coordinator_id else None
    bridge = bridge_of(uow, outage.id) if kind.internal else None
    entry = CalendarEntry(
        outage_id=outage.id,
        sequence=outage.calendar_sequence,
        changed_at=outage.updated_at or outage.created_at or uow.now,
        window=outage.window,
        summary=f"Planned outage: {services_in_words(uow, outage)}",
        description=f"{outage.code} {outage.title}",
        location=how_to_join(bridge),
        end=outage.promised_end_utc,
        organiser=Addressee(organiser.email, organiser.name)
        if organiser is not None and organiser.email
        else None,
    )
    return ics(entry, Method(method_of(kind)))


def calendar_for(
    uow: UnitOfWork, outage: Outage, kind: NoticeKind, item: OutboxItem | None
) -> tuple[bytes, int]:
    """The entry and its SEQUENCE: of a notice that waits or left as it was written then, else as
    it stands now."""
    kept = item.payload.get(HOLD) if item is not None else None
    if item is not None and isinstance(kept, str):
        return kept.encode(), int(item.payload[SEQUENCE])
    return calendar_file(uow, outage, kind), outage.calendar_sequence


def services_in_words(uow: UnitOfWork, outage: Outage) -> str:
    """`File cluster and home pages`, as users know them."""
    named = {s.id: s.plain_name or s.name for s in uow.all(Service)}
    return capital(say_list(named[i] for i in service_ids(uow, outage.id) if i in named))
