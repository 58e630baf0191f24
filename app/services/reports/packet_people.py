"""The packet's people: who decides, and everybody who may have to be called."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlmodel import col

from app.models.outages.decisions import Act, CardLine, card_from, line_for
from app.models.reports.packet import Contact, DecisionRow
from app.models.tables.directory import Person, Vendor
from app.models.tables.outages import Outage
from app.services.database import organisation
from app.services.directory.called import meant
from app.services.reports.packet_steps import Flown
from app.services.uow import UnitOfWork

COORDINATOR = "coordinator"
DESK = "service desk"


def contact(uow: UnitOfWork, person_id: str | None, role: str = "") -> Contact | None:
    person = uow.find(Person, person_id) if person_id else None
    return Contact(person.name, person.phone, role) if person else None


def decision_rows(outage: Outage) -> tuple[DecisionRow, ...]:
    """The decision card, acts that the same person decides in one line; what the card leaves
    out is the coordinator's."""
    card = card_from(outage.decision_card)
    together: dict[tuple[object, ...], list[CardLine]] = {}
    for act in Act:
        line = line_for(card, act)
        deputy = (line.deputy, line.deputy_phone)
        key = (line.who, line.phone, deputy, line.wait if line.who else None, line.then)
        together.setdefault(key, []).append(line)
    limit = line_for(card, Act.EXTEND).limit
    return tuple(_decision(lines, limit) for lines in together.values())


def _decision(lines: list[CardLine], limit: int) -> DecisionRow:
    first = lines[0]
    said = [
        f"Extend beyond {limit} min" if line.act is Act.EXTEND_BEYOND else line.words
        for line in lines
    ]
    what = [said[0], *(_inside(words) for words in said[1:])]
    return DecisionRow(
        what="; ".join(what),
        who=Contact(first.who or COORDINATOR, first.phone),
        deputy=Contact(first.deputy, first.deputy_phone) if first.deputy else None,
        wait_minutes=first.wait if first.who else None,
        then=first.then,
    )


def _inside(words: str) -> str:
    """`Hold` becomes `hold` within a line; `GO against a NO` stays."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


def call_list(uow: UnitOfWork, flown: Flown) -> tuple[Contact, ...]:
    """Everybody to reach in the night, each once with all they are on this flight."""
    found: dict[str, Contact] = {}
    people = uow.all(Person)
    for called in _called(uow, flown):
        if not called.name.strip():
            continue
        person = meant(people, called.name)
        key = person.id if person else called.name.strip().casefold()
        known = found.get(key, Contact(called.name.strip()))
        roles = dict.fromkeys(r for r in (known.role, called.role) if r)
        found[key] = Contact(known.name, known.phone or called.phone, ", ".join(roles))
    return tuple(found.values())


def _called(uow: UnitOfWork, flown: Flown) -> Iterator[Contact]:
    outage = flown.outage
    for person_id, role in (
        (outage.coordinator_id, COORDINATOR),
        (outage.deputy_id, "deputy coordinator"),
        *_crew(flown),
    ):
        found = contact(uow, person_id, role)
        if found is not None:
            yield found
    yield Contact(outage.checker, outage.checker_phone, "user-side checker")
    yield Contact(outage.checker_deputy, outage.checker_deputy_phone, "deputy checker")
    yield from _vendor(uow, outage)
    yield from _deciders(card_from(outage.decision_card))
    yield _desk(uow)


def _crew(flown: Flown) -> Iterator[tuple[str | None, str]]:
    """Each owner with the codes of their steps: on the phone those are what is spoken of."""
    roles: dict[str, dict[str, list[str]]] = {}
    for step in flown.order:
        row = flown.rows[step.id]
        if row.owner_id and row.owner_id != flown.outage.coordinator_id:
            roles.setdefault(row.owner_id, {}).setdefault(row.role, []).append(row.code)
    for owner, played in roles.items():
        for role, codes in played.items():
            steps = f"step{'s' if len(codes) > 1 else ''} {', '.join(codes)}"
            yield owner, f"{role}: {steps}" if role else steps


def _vendor(uow: UnitOfWork, outage: Outage) -> Iterator[Contact]:
    vendor = uow.find(Vendor, outage.vendor_id) if outage.vendor_id else None
    if vendor is not None:
        case = f"case {outage.vendor_case}" if outage.vendor_case else "no case yet"
        contract = f"contract {vendor.contract}" if vendor.contract else ""
        parts = ("vendor", case, contract, vendor.contact)
        yield Contact(vendor.name, vendor.phone, ", ".join(part for part in parts if part))


def _deciders(card: Iterable[CardLine]) -> Iterator[Contact]:
    lines = [line for line in card if line.who]
    for line in lines:
        yield Contact(line.who, line.phone, "decides")
    for line in lines:
        yield Contact(line.deputy, line.deputy_phone, "decides as deputy")


def _desk(uow: UnitOfWork) -> Contact:
    """The directory's service desk; else the route that people were given to reach operations."""
    for person in uow.all(Person, col(Person.key) == DESK):
        return Contact(person.name, person.phone)
    return Contact("Service desk", "", organisation(uow).objection_route)
