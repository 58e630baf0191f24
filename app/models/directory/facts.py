"""What a person types about an entry of the directory, and what can be wrong with it.

The rules here need nothing but the words typed; names that are taken, rings of dependencies and
the like are looked for by the use cases (`services/directory/editing.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import TypeVar

from app.models.calendar.hours import parse_hours
from app.models.directory.words import CiKind, Criticality, Environment, Role
from app.models.errors import BadInput
from app.models.times import zone

LONGEST = 200
_MAIL = re.compile(r"[^@\s<>,;:\"()\[\]\\]{1,64}@(?:[\w-]{1,63}\.)+[\w-]{2,63}")
_PHONE = re.compile(r"\+?[\d\s().\-/x#*,]+(?:ext\.?\s*\d+)?", re.IGNORECASE)


class EntryKind(StrEnum):
    """The six lists of the directory."""

    PEOPLE = "people"
    DEPARTMENTS = "departments"
    SERVICES = "services"
    CIS = "cis"
    VENDORS = "vendors"
    AUDIENCES = "audiences"

    @property
    def words(self) -> str:
        return "CIs" if self is EntryKind.CIS else self.value.capitalize()

    @property
    def one(self) -> str:
        if self is EntryKind.PEOPLE:
            return "person"
        return "CI" if self is EntryKind.CIS else self.value.removesuffix("s")


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """`site` is a name: a site not known yet is made when the person is saved."""

    name: str
    email: str = ""
    phone: str = ""
    zone: str = ""
    site: str = ""
    department_id: str = ""
    roles: tuple[Role, ...] = (Role.USER,)


@dataclass(frozen=True, slots=True)
class DepartmentFacts:
    name: str
    head_id: str = ""


@dataclass(frozen=True, slots=True)
class ServiceFacts:
    """`cis` are those it rests on, `audiences` who is told; both are ids."""

    name: str
    plain_name: str = ""
    owner_id: str = ""
    criticality: Criticality = Criticality.NORMAL
    hours: str = ""
    zone: str = ""
    cis: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CiFacts:
    """`needed_by_flight` says what the flight needs it for (mail, bridge …); empty: it does not.
    `hours` are those in which it may be worked on."""

    name: str
    kind: CiKind = CiKind.OTHER
    environment: Environment = Environment.PRODUCTION
    vendor_id: str = ""
    circuit: str = ""
    needed_by_flight: str = ""
    depends_on: tuple[str, ...] = ()
    hours: str = ""
    zone: str = ""


@dataclass(frozen=True, slots=True)
class VendorFacts:
    name: str
    contact: str = ""
    phone: str = ""
    contract: str = ""


@dataclass(frozen=True, slots=True)
class AudienceFacts:
    """Who is in it: people, departments, a list, or everyone who uses a service."""

    name: str
    members: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    list_address: str = ""
    list_size: int = 0
    zone: str = ""
    rule_service_id: str = ""


Facts = PersonFacts | DepartmentFacts | ServiceFacts | CiFacts | VendorFacts | AudienceFacts
Some = TypeVar("Some", bound=Facts)

BLANK: dict[EntryKind, Facts] = {
    EntryKind.PEOPLE: PersonFacts(""),
    EntryKind.DEPARTMENTS: DepartmentFacts(""),
    EntryKind.SERVICES: ServiceFacts(""),
    EntryKind.CIS: CiFacts(""),
    EntryKind.VENDORS: VendorFacts(""),
    EntryKind.AUDIENCES: AudienceFacts(""),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one field; an empty `field` is about the whole."""

    field: str
    sentence: str


def is_mail_address(text: str) -> bool:
    return _MAIL.fullmatch(text) is not None


def tidied(facts: Some) -> Some:
    """Single spaces and no line ends in any text: names go into subjects of mails."""
    texts = {}
    for each in fields(facts):
        value = getattr(facts, each.name)
        if type(value) is str:
            texts[each.name] = " ".join(value.split())
    return replace(facts, **texts)  # type: ignore[arg-type]  # the same fields, tidied


def faults_of(facts: Facts) -> tuple[Fault, ...]:
    """Everything wrong with what was typed, in the order of the form."""
    return tuple(_faults(tidied(facts)))


def require_no_faults(facts: Facts) -> None:
    """Raises BadInput with the first fault and its `field`."""
    for fault in faults_of(facts):
        raise BadInput(fault.sentence, field=fault.field)


def _faults(facts: Facts) -> Iterator[Fault]:
    if not facts.name:
        yield Fault("name", "Give it a name.")
    for each in fields(facts):
        value = getattr(facts, each.name)
        if isinstance(value, str) and len(value) > LONGEST:
            yield Fault(each.name, f"That is too long: {LONGEST} characters are the most.")
    match facts:
        case PersonFacts():
            yield from _person(facts)
        case ServiceFacts() | CiFacts():
            yield from _hours(facts.hours)
            yield from _zone(facts.zone)
        case VendorFacts():
            yield from _phone(facts.phone)
        case AudienceFacts():
            yield from _audience(facts)


def _person(facts: PersonFacts) -> Iterator[Fault]:
    if not facts.email:
        yield Fault("email", "A person is known by their mail address: it is needed.")
    elif not is_mail_address(facts.email):
        yield _no_mail("email", facts.email)
    yield from _phone(facts.phone)
    yield from _zone(facts.zone)
    if not facts.roles:
        yield Fault("roles", "Choose at least one role; “user” is for people who are only told.")


def _audience(facts: AudienceFacts) -> Iterator[Fault]:
    if facts.list_address and not is_mail_address(facts.list_address):
        yield _no_mail("list_address", facts.list_address)
    if facts.list_size and not facts.list_address:
        yield Fault("list_size", "A size needs the list’s address.")
    if facts.list_size < 0:
        yield Fault("list_size", "A list has no fewer than 0 people.")
    yield from _zone(facts.zone)
    if not (facts.members or facts.departments or facts.list_address or facts.rule_service_id):
        yield Fault("", "Nobody is in it: choose people, departments, a list or a service.")


def _phone(text: str) -> Iterator[Fault]:
    digits = sum(letter.isdigit() for letter in text)
    if text and (digits < 3 or _PHONE.fullmatch(text) is None):
        yield Fault("phone", f"“{text[:40]}” is no phone number; write it like +1 212 555 0142.")


def _zone(text: str) -> Iterator[Fault]:
    if text:
        try:
            zone(text)
        except BadInput as bad:
            yield Fault("zone", bad.sentence)


def _hours(text: str) -> Iterator[Fault]:
    try:
        parse_hours(text)
    except BadInput as bad:
        yield Fault("hours", bad.sentence)


def _no_mail(field: str, text: str) -> Fault:
    return Fault(field, f"“{text[:60]}” is no mail address; write it like kai.ito@site.example.")
