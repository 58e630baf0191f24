"""The directory as rows for pickers and lists, and what rests on what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlmodel import col

from app.models.directory.graph import CiGraph, Reach
from app.models.directory.words import CiKind, Criticality, Environment
from app.models.ids import CiId
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
from app.services.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class PersonRow:
    id: str
    version: int
    name: str
    email: str
    phone: str
    zone: str
    site: str
    department: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """`audiences` empty is a fault: nobody is told."""

    id: str
    version: int
    name: str
    plain_name: str
    owner: str
    criticality: Criticality
    hours: str
    zone: str
    cis: tuple[str, ...]
    audiences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CiRow:
    """`rests_on` are the names directly below it; `hours` those in which it may be worked on."""

    id: str
    version: int
    name: str
    kind: CiKind
    environment: Environment
    vendor: str
    circuit: str
    needed_by_flight: str
    rests_on: tuple[str, ...]
    hours: str


@dataclass(frozen=True, slots=True)
class AudienceRow:
    """`reach` counts people as far as known, a list with the size its owner gave (at least one);
    `made_of` says it in words: `list users@… (1,240), Radiology`."""

    id: str
    version: int
    name: str
    made_of: str
    reach: int
    zone: str


@dataclass(frozen=True, slots=True)
class VendorRow:
    id: str
    version: int
    name: str
    contact: str
    phone: str
    contract: str


@dataclass(frozen=True, slots=True)
class TreeRow:
    """A CI `depth` steps away from the one asked about (1 is next to it), by `through`."""

    id: str
    name: str
    kind: CiKind
    depth: int
    through: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CiTree:
    """`above` rests on it, nearest first; `below` is what it rests on. `services` are those that
    stop with it, directly or through what rests on it."""

    id: str
    name: str
    above: tuple[TreeRow, ...]
    below: tuple[TreeRow, ...]
    services: tuple[str, ...]


def people(uow: UnitOfWork, role: str = "") -> tuple[PersonRow, ...]:
    """Everybody, or those of one role; by name."""
    sites = {site.id: site.name for site in uow.all(Site)}
    departments = {department.id: department.name for department in uow.all(Department)}
    return tuple(
        PersonRow(
            id=row.id,
            version=row.version,
            name=row.name,
            email=row.email,
            phone=row.phone,
            zone=row.zone,
            site=sites.get(row.site_id or "", ""),
            department=departments.get(row.department_id or "", ""),
            roles=tuple(row.roles),
        )
        for row in uow.all(Person, order=(col(Person.key),))
        if not role or role in row.roles
    )


def services(uow: UnitOfWork) -> tuple[ServiceRow, ...]:
    owners = {person.id: person.name for person in uow.all(Person)}
    cis = _linked(
        [(link.service_id, link.ci_id) for link in uow.all(ServiceCi)],
        {ci.id: ci.name for ci in uow.all(ConfigurationItem)},
    )
    told = _linked(
        [(link.service_id, link.audience_id) for link in uow.all(ServiceAudience)],
        {audience.id: audience.name for audience in uow.all(Audience)},
    )
    return tuple(
        ServiceRow(
            id=row.id,
            version=row.version,
            name=row.name,
            plain_name=row.plain_name,
            owner=owners.get(row.owner_id or "", ""),
            criticality=row.criticality,
            hours=row.hours,
            zone=row.zone,
            cis=cis.get(row.id, ()),
            audiences=told.get(row.id, ()),
        )
        for row in uow.all(Service, order=(col(Service.key),))
    )


def cis(uow: UnitOfWork) -> tuple[CiRow, ...]:
    """Plain columns: building 20,000 objects would take longer than anybody waits for a list."""
    item = ConfigurationItem
    query = (
        select(
            col(item.id),
            col(item.version),
            col(item.name),
            col(item.kind),
            col(item.environment),
            col(item.vendor_id),
            col(item.circuit),
            col(item.needed_by_flight),
            col(item.hours),
        )
        .where(*mine(uow, item))
        .order_by(col(item.key))
    )
    rows = uow.session.connection().execute(query).all()
    vendors = {vendor.id: vendor.name for vendor in uow.all(Vendor)}
    below = _linked(_dependencies(uow), {row[0]: row[2] for row in rows})
    found = []
    for i, version, name, kind, environment, vendor, circuit, needed, hours in rows:
        by = vendors.get(vendor or "", "")
        rests_on = below.get(i, ())
        found.append(
            CiRow(i, version, name, kind, environment, by, circuit, needed, rests_on, hours)
        )
    return tuple(found)


def audiences(uow: UnitOfWork) -> tuple[AudienceRow, ...]:
    departments = {department.id: department.name for department in uow.all(Department)}
    names = {service.id: service.plain_name or service.name for service in uow.all(Service)}
    of_service: dict[str, list[str]] = defaultdict(list)
    for link in uow.all(ServiceAudience):
        of_service[link.service_id].append(link.audience_id)
    staff: dict[str, set[str]] = defaultdict(set)
    for person in uow.all(Person):
        staff[person.department_id or ""].add(person.id)
    rows = uow.all(Audience, order=(col(Audience.key),))
    by_id = {row.id: row for row in rows}

    def reached(row: Audience) -> tuple[set[str], dict[str, int]]:
        """People, and lists with their size."""
        found = set(row.members).union(*(staff[d] for d in row.departments))
        listed = {row.list_address.casefold(): max(row.list_size, 1)} if row.list_address else {}
        return found, listed

    def reach(row: Audience) -> int:
        found, listed = reached(row)
        for other in of_service.get(row.rule_service_id or "", ()):
            if other != row.id and other in by_id:
                more, lists = reached(by_id[other])
                found, listed = found | more, {**lists, **listed}
        return len(found) + sum(listed.values())

    def made_of(row: Audience) -> str:
        parts = []
        if row.list_address:
            size = f" ({row.list_size:,})" if row.list_size else ""
            parts.append(f"list {row.list_address}{size}")
        parts += [departments[d] for d in row.departments if d in departments]
        if row.members:
            parts.append(f"{len(row.members)} named")
        if row.rule_service_id in names:
            parts.append(f"users of {names[row.rule_service_id]}")
        return ", ".join(parts)

    return tuple(
        AudienceRow(row.id, row.version, row.name, made_of(row), reach(row), row.zone)
        for row in rows
    )


def vendors(uow: UnitOfWork) -> tuple[VendorRow, ...]:
    return tuple(
        VendorRow(row.id, row.version, row.name, row.contact, row.phone, row.contract)
        for row in uow.all(Vendor, order=(col(Vendor.key),))
    )


def ci_tree(uow: UnitOfWork, ci_id: str) -> CiTree:
    """What rests on a CI and what it rests on. Raises NotFound."""
    asked = uow.fetch(ConfigurationItem, ci_id)
    graph = CiGraph((CiId(ci), CiId(below)) for ci, below in _dependencies(uow))
    above, below = graph.above(CiId(asked.id)), graph.below(CiId(asked.id))
    item = ConfigurationItem
    query = select(col(item.id), col(item.name), col(item.kind)).where(*mine(uow, item))
    known = {row[0]: (row[1], row[2]) for row in uow.session.connection().execute(query)}
    hit = {asked.id, *above}
    stopped = {link.service_id for link in uow.all(ServiceCi) if link.ci_id in hit}
    return CiTree(
        id=asked.id,
        name=asked.name,
        above=_tree(above, known),
        below=_tree(below, known),
        services=tuple(sorted(s.name for s in uow.all(Service) if s.id in stopped)),
    )


def rests_on_it(uow: UnitOfWork, ci_id: str) -> tuple[TreeRow, ...]:
    """Every CI that an outage of this one is felt by, nearest first."""
    return ci_tree(uow, ci_id).above


def _tree(reach: Reach, known: Mapping[str, tuple[str, CiKind]]) -> tuple[TreeRow, ...]:
    found = []
    for ci in reach:
        if ci in known:
            name, kind = known[ci]
            way = reach.path(ci)
            between = tuple(known[i][0] for i in way[1:-1] if i in known)
            found.append(TreeRow(ci, name, kind, len(way) - 1, between))
    return tuple(found)


def _dependencies(uow: UnitOfWork) -> list[tuple[str, str]]:
    link = CiDependency
    query = select(col(link.ci_id), col(link.depends_on_id)).where(*mine(uow, link))
    return [(row[0], row[1]) for row in uow.session.connection().execute(query)]


def mine(uow: UnitOfWork, table: type[Record]) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Belongs to this organisation and is not archived."""
    owned = col(table.organisation_id) == uow.organisation_id
    return owned, col(table.archived_at).is_(None)


def _linked(
    pairs: Sequence[tuple[str, str]], names: Mapping[str, str]
) -> dict[str, tuple[str, ...]]:
    """Owner → the sorted names of what it is linked with."""
    found: dict[str, list[str]] = defaultdict(list)
    for owner, other in pairs:
        if other in names:
            found[owner].append(names[other])
    return {owner: tuple(sorted(linked)) for owner, linked in found.items()}
