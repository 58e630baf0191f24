"""One entry as its form wants it, what the form offers, and the lists that have no other home."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlmodel import col

from app.models.directory.facts import (
    AudienceFacts,
    CiFacts,
    DepartmentFacts,
    EntryKind,
    Facts,
    PersonFacts,
    ServiceFacts,
    VendorFacts,
)
from app.models.directory.words import Role
from app.models.errors import NotFound
from app.models.ids import key_of
from app.models.tables.base import Record
from app.models.tables.directory import (
    Audience,
    CiDependency,
    ConfigurationItem,
    Department,
    Person,
    Service,
    ServiceAudience,
    ServiceCi,
    Site,
    Vendor,
)
from app.models.times import zone_names
from app.services.database import organisation
from app.services.directory.archiving import TABLES, Uses, uses_of
from app.services.directory.editing import Entry
from app.services.notices.audiences import reached_by
from app.services.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class DepartmentRow:
    """`people` is how many work in it."""

    id: str
    version: int
    name: str
    head: str
    people: int


@dataclass(frozen=True, slots=True)
class ArchivedRow:
    """`since` is UTC."""

    id: str
    version: int
    name: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Offer:
    """Something a form offers to choose. `sub` tells two of one name apart."""

    id: str
    name: str
    sub: str = ""


@dataclass(frozen=True, slots=True)
class Offers:
    """What the forms offer; `zones` are IANA names, `home_zone` the organisation's."""

    people: tuple[Offer, ...]
    departments: tuple[Offer, ...]
    sites: tuple[str, ...]
    services: tuple[Offer, ...]
    cis: tuple[Offer, ...]
    vendors: tuple[Offer, ...]
    audiences: tuple[Offer, ...]
    zones: tuple[str, ...]
    home_zone: str


@dataclass(frozen=True, slots=True)
class EntryDetail:
    """An entry for its form; `uses` say where it is used, empty for an archived one."""

    kind: EntryKind
    id: str
    version: int
    facts: Facts
    uses: Uses
    archived_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom an audience would reach: `people` counts persons, `lists` what lists say they hold
    (at least one each)."""

    people: int
    lists: int

    @property
    def total(self) -> int:
        return self.people + self.lists


def departments(uow: UnitOfWork) -> tuple[DepartmentRow, ...]:
    member = col(Person.department_id)
    query = select(member, col(Person.id)).where(
        col(Person.organisation_id) == uow.organisation_id, col(Person.archived_at).is_(None)
    )
    staff = Counter(row[0] for row in uow.session.connection().execute(query))
    rows = uow.all(Department, order=(col(Department.key),))
    wanted = [row.head_id for row in rows if row.head_id]
    heads = {p.id: p.name for p in uow.all(Person, col(Person.id).in_(wanted))}
    return tuple(
        DepartmentRow(r.id, r.version, r.name, heads.get(r.head_id or "", ""), staff[r.id])
        for r in rows
    )


def archived(uow: UnitOfWork, kind: EntryKind) -> tuple[ArchivedRow, ...]:
    """What was put away, the latest first."""
    table = TABLES[kind]
    query = select(
        col(table.id), col(table.version), col(table.name), col(table.archived_at)
    ).where(col(table.organisation_id) == uow.organisation_id, col(table.archived_at).is_not(None))
    found = uow.session.connection().execute(query.order_by(col(table.archived_at).desc()))
    return tuple(ArchivedRow(i, version, name, at) for i, version, name, at in found if at)


def offers(uow: UnitOfWork) -> Offers:
    """Everything the forms offer to choose; archived entries are not among it."""

    def read(table: type[Entry], sub: object = None) -> tuple[Offer, ...]:
        columns = [col(table.id), col(table.name)] + ([sub] if sub is not None else [])
        query: Select[tuple[str, ...]] = select(*columns).where(  # type: ignore[call-overload]
            col(table.organisation_id) == uow.organisation_id, col(table.archived_at).is_(None)
        )
        found = uow.session.connection().execute(query.order_by(col(table.key)))
        return tuple(Offer(*(str(value) for value in row)) for row in found)

    return Offers(
        people=read(Person, col(Person.email)),
        departments=read(Department),
        sites=tuple(site.name for site in uow.all(Site, order=(col(Site.key),))),
        services=read(Service),
        cis=read(ConfigurationItem),
        vendors=read(Vendor),
        audiences=read(Audience),
        zones=zone_names(),
        home_zone=organisation(uow).zone,
    )


def entry(uow: UnitOfWork, kind: EntryKind, entry_id: str) -> EntryDetail:
    """One entry, archived or not. Raises NotFound."""
    row = uow.find(TABLES[kind], entry_id)
    if row is None or row.organisation_id != uow.organisation_id:
        raise NotFound("That is no longer there. Look at the list again.")
    uses = Uses((), ()) if row.archived_at else uses_of(uow, kind, entry_id)
    return EntryDetail(kind, row.id, row.version, _facts(uow, row), uses, row.archived_at)


def reach_of(uow: UnitOfWork, facts: AudienceFacts, audience_id: str = "") -> Reach:
    """Whom an audience made like this would reach now; nothing is written."""
    like = Audience(
        id=audience_id,
        organisation_id=uow.organisation_id,
        name=facts.name,
        key=key_of(facts.name),
        members=list(facts.members),
        departments=list(facts.departments),
        list_address=facts.list_address,
        list_size=facts.list_size,
        zone=facts.zone,
        rule_service_id=facts.rule_service_id or None,
    )
    found = reached_by(uow, like)
    lists = sum(max(r.size, 1) for r in found if r.is_list)
    return Reach(sum(not r.is_list for r in found), lists)


def _facts(uow: UnitOfWork, row: Entry) -> Facts:
    match row:
        case Person():
            site = uow.find(Site, row.site_id) if row.site_id else None
            return PersonFacts(
                name=row.name,
                email=row.email,
                phone=row.phone,
                zone=row.zone,
                site=site.name if site else "",
                department_id=_standing(uow, Department, row.department_id),
                roles=tuple(Role(role) for role in row.roles),
            )
        case Department():
            return DepartmentFacts(row.name, _standing(uow, Person, row.head_id))
        case Service():
            own = col(ServiceCi.service_id) == row.id
            told = col(ServiceAudience.service_id) == row.id
            return ServiceFacts(
                name=row.name,
                plain_name=row.plain_name,
                owner_id=_standing(uow, Person, row.owner_id),
                criticality=row.criticality,
                hours=row.hours,
                zone=row.zone,
                cis=_all_standing(
                    uow, ConfigurationItem, [link.ci_id for link in uow.all(ServiceCi, own)]
                ),
                audiences=_all_standing(
                    uow, Audience, [link.audience_id for link in uow.all(ServiceAudience, told)]
                ),
            )
        case ConfigurationItem():
            below = uow.all(CiDependency, col(CiDependency.ci_id) == row.id)
            return CiFacts(
                name=row.name,
                kind=row.kind,
                environment=row.environment,
                vendor_id=_standing(uow, Vendor, row.vendor_id),
                circuit=row.circuit,
                needed_by_flight=row.needed_by_flight,
                depends_on=_all_standing(
                    uow, ConfigurationItem, [link.depends_on_id for link in below]
                ),
                hours=row.hours,
                zone=row.zone,
            )
        case Vendor():
            return VendorFacts(row.name, row.contact, row.phone, row.contract)
        case Audience():
            return AudienceFacts(
                name=row.name,
                members=_all_standing(uow, Person, row.members),
                departments=_all_standing(uow, Department, row.departments),
                list_address=row.list_address,
                list_size=row.list_size,
                zone=row.zone,
                rule_service_id=_standing(uow, Service, row.rule_service_id),
            )


def _standing(uow: UnitOfWork, table: type[Record], row_id: str | None) -> str:
    """The id while what it names is not archived."""
    row = uow.find(table, row_id) if row_id else None
    return row.id if row is not None and row.archived_at is None else ""


def _all_standing(uow: UnitOfWork, table: type[Entry], ids: list[str]) -> tuple[str, ...]:
    """Those that are not archived, in their order."""
    query = select(col(table.id)).where(col(table.id).in_(ids), col(table.archived_at).is_(None))
    standing = {row[0] for row in uow.session.connection().execute(query)}
    return tuple(i for i in ids if i in standing)
