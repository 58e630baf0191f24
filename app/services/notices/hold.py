"""The calendar entry that goes with a notice: written when it is stored, kept as it was."""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.models.directory.facts import is_mail_address
from app.models.notices.kinds import NoticeKind
from app.models.notices.wording import capital, say_list
from app.models.tables.directory import Person, Service
from app.models.tables.outages import Outage
from app.models.tables.outbox import OutboxItem
from app.services.bridge.joining import how_to_join
from app.services.notices.audiences import Recipient
from app.services.notices.eml import Recipient as Addressee
from app.services.outages.planning import bridge_of, service_ids
from app.services.uow import UnitOfWork

HOLD, SEQUENCE = "hold", "sequence"
"""In the payload of a notice's outbox item: the entry as it goes with it, and its number."""


_METHOD = re.compile(rb"^METHOD:(\w+)\r?$", re.M)
MOST_LISTS = 20


def method_in(content: bytes) -> str:
    """What a written entry asks of a calendar, as its mail has to say, too."""
    found = _METHOD.search(content)
    return found[1].decode() if found else "PUBLISH"


def calendar_file(
    uow: UnitOfWork, outage: Outage, kind: NoticeKind, told: Sequence[Recipient] = ()
) -> bytes:
    """The entry as it stands now: UID from the outage, SEQUENCE raised by every move, extension
    and cancellation. A REQUEST, so that a later one changes the entry and a CANCEL takes it away;
    without an organiser’s address it can only be published."""
    from app.services.notices.ics import CalendarEntry, Method, ics

    person = uow.find(Person, outage.coordinator_id) if outage.coordinator_id else None
    organiser = None
    if person is not None and is_mail_address(person.email):
        organiser = Addressee(person.email, person.name)
    method = Method.REQUEST if organiser is not None else Method.PUBLISH
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
        organiser=organiser,
        attendees=_asked(told, organiser) if organiser is not None else (),
        informs=True,
    )
    return ics(entry, Method.CANCEL if kind is NoticeKind.CANCELLED else method)


def _asked(told: Sequence[Recipient], organiser: Addressee) -> tuple[Addressee, ...]:
    """Who stands in an entry that everybody gets: a single reader, or the lists; never the others,
    as nobody sees who else is told. The organiser alone stands for those."""
    lists = [Addressee(r.email, r.name) for r in told if r.is_list and r.email]
    if len(told) == 1 and not lists and told[0].email:
        lists = [Addressee(told[0].email, told[0].name)]
    return tuple(lists[:MOST_LISTS]) or (organiser,)


def calendar_for(
    uow: UnitOfWork,
    outage: Outage,
    kind: NoticeKind,
    item: OutboxItem | None,
    told: Sequence[Recipient] = (),
) -> tuple[bytes, int]:
    """The entry and its SEQUENCE: of a notice that waits or left as it was written then, else as
    it stands now."""
    kept = item.payload.get(HOLD) if item is not None else None
    if item is not None and isinstance(kept, str):
        return kept.encode(), int(item.payload[SEQUENCE])
    return calendar_file(uow, outage, kind, told), outage.calendar_sequence


def services_in_words(uow: UnitOfWork, outage: Outage) -> str:
    """`File cluster and home pages`, as users know them."""
    named = {s.id: s.plain_name or s.name for s in uow.all(Service)}
    return capital(say_list(named[i] for i in service_ids(uow, outage.id) if i in named))
