"""Adding and changing the entries of the directory, one use case a kind.

Each takes the id (None: a new one), the facts typed and the version seen, and returns what takes
it back. All raise BadInput with the `field` it is about, NotFound, and Stale.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import col, select

from app.models.directory.facts import (
    AudienceFacts,
    CiFacts,
    DepartmentFacts,
    EntryKind,
    Facts,
    PersonFacts,
    ServiceFacts,
    VendorFacts,
    require_no_faults,
    tidied,
)
from app.models.directory.graph import CiGraph
from app.models.errors import BadInput
from app.models.ids import CiId, key_of
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
from app.services.events import DirectoryChanged
from app.services.uow import Undo, UnitOfWork

Named = TypeVar("Named", Department, Person, Service, ConfigurationItem, Vendor, Audience)
Entry = Person | Department | Service | ConfigurationItem | Vendor | Audience


@dataclass(frozen=True, slots=True)
class Saved:
    """Which entry it was (a new one has an id now), and how to take it back."""

    id: str
    name: str
    undo: Undo


def save_entry(uow: UnitOfWork, entry_id: str | None, facts: Facts, seen: int | None) -> Saved:
    """Whatever kind it is of."""
    match facts:
        case PersonFacts():
            return save_person(uow, entry_id, facts, seen)
        case DepartmentFacts():
            return save_department(uow, entry_id, facts, seen)
        case ServiceFacts():
            return save_service(uow, entry_id, facts, seen)
        case CiFacts():
            return save_ci(uow, entry_id, facts, seen)
        case VendorFacts():
            return save_vendor(uow, entry_id, facts, seen)
        case AudienceFacts():
            return save_audience(uow, entry_id, facts, seen)


def save_person(
    uow: UnitOfWork, person_id: str | None, facts: PersonFacts, seen: int | None = None
) -> Saved:
    """Two people may have one name; a mail address belongs to one of them."""
    facts = _checked(facts)
    email_key = key_of(facts.email)
    for other in uow.all(Person, col(Person.email_key) == email_key):
        if other.id != person_id:
            raise BadInput(
                f"{other.name} has this mail address already. Change that entry, or give another "
                "address; nothing was saved.",
                field="email",
            )
    row, new = _row(uow, Person, person_id, facts.name, seen)
    row.email, row.email_key = facts.email, email_key
    row.phone, row.zone = facts.phone, facts.zone
    row.roles = [role.value for role in facts.roles]
    row.department_id = _known(uow, Department, facts.department_id, "department_id")
    row.site_id = _site(uow, facts.site)
    return _done(uow, row, EntryKind.PEOPLE, new)


def save_department(
    uow: UnitOfWork, department_id: str | None, facts: DepartmentFacts, seen: int | None = None
) -> Saved:
    facts = _checked(facts)
    require_free(uow, Department, facts.name, department_id, EntryKind.DEPARTMENTS)
    row, new = _row(uow, Department, department_id, facts.name, seen)
    row.head_id = _known(uow, Person, facts.head_id, "head_id")
    return _done(uow, row, EntryKind.DEPARTMENTS, new)


def save_service(
    uow: UnitOfWork, service_id: str | None, facts: ServiceFacts, seen: int | None = None
) -> Saved:
    """A service without an audience may be saved; it is shown as a fault until it has one."""
    facts = _checked(facts)
    require_free(uow, Service, facts.name, service_id, EntryKind.SERVICES)
    rests_on = _all_known(uow, ConfigurationItem, facts.cis, "cis")
    told = _all_known(uow, Audience, facts.audiences, "audiences")
    row, new = _row(uow, Service, service_id, facts.name, seen)
    row.plain_name, row.criticality = facts.plain_name, facts.criticality
    row.hours, row.zone = facts.hours, facts.zone
    row.owner_id = _known(uow, Person, facts.owner_id, "owner_id")
    uow.session.flush()
    changed = _link(uow, ServiceCi, {"service_id": row.id}, "ci_id", rests_on)
    changed |= _link(uow, ServiceAudience, {"service_id": row.id}, "audience_id", told)
    _touch(uow, row, changed)
    return _done(uow, row, EntryKind.SERVICES, new)


def save_ci(uow: UnitOfWork, ci_id: str | None, facts: CiFacts, seen: int | None = None) -> Saved:
    """Refuses a ring of dependencies, naming it."""
    facts = _checked(facts)
    require_free(uow, ConfigurationItem, facts.name, ci_id, EntryKind.CIS)
    below = _all_known(uow, ConfigurationItem, facts.depends_on, "depends_on")
    row, new = _row(uow, ConfigurationItem, ci_id, facts.name, seen)
    row.kind, row.environment, row.circuit = facts.kind, facts.environment, facts.circuit
    row.needed_by_flight = facts.needed_by_flight
    row.hours, row.zone = facts.hours, facts.zone
    row.vendor_id = _known(uow, Vendor, facts.vendor_id, "vendor_id")
    uow.session.flush()
    changed = _link(uow, CiDependency, {"ci_id": row.id}, "depends_on_id", below)
    if changed:
        _require_no_ring(uow)
    _touch(uow, row, changed)
    return _done(uow, row, EntryKind.CIS, new)


def save_vendor(
    uow: UnitOfWork, vendor_id: str | None, facts: VendorFacts, seen: int | None = None
) -> Saved:
    facts = _checked(facts)
    require_free(uow, Vendor, facts.name, vendor_id, EntryKind.VENDORS)
    row, new = _row(uow, Vendor, vendor_id, facts.name, seen)
    row.contact, row.phone, row.contract = facts.contact, facts.phone, facts.contract
    return _done(uow, row, EntryKind.VENDORS, new)


def save_audience(
    uow: UnitOfWork, audience_id: str | None, facts: AudienceFacts, seen: int | None = None
) -> Saved:
    facts = _checked(facts)
    require_free(uow, Audience, facts.name, audience_id, EntryKind.AUDIENCES)
    members = _all_known(uow, Person, facts.members, "members")
    departments = _all_known(uow, Department, facts.departments, "departments")
    row, new = _row(uow, Audience, audience_id, facts.name, seen)
    row.members, row.departments = members, departments
    row.list_address, row.list_size, row.zone = facts.list_address, facts.list_size, facts.zone
    row.rule_service_id = _known(uow, Service, facts.rule_service_id, "rule_service_id")
    return _done(uow, row, EntryKind.AUDIENCES, new)


def require_free(
    uow: UnitOfWork, table: type[Entry], name: str, own: str | None, kind: EntryKind
) -> None:
    """Raises BadInput when another entry has the name."""
    for other in uow.all(table, col(table.key) == key_of(name)):
        if other.id != own:
            raise BadInput(
                f"There is a {kind.one} called {other.name} already. Give this one another name; "
                "nothing was saved.",
                field="name",
            )


F = TypeVar("F", bound=Facts)


def _checked(facts: F) -> F:
    require_no_faults(facts)
    return tidied(facts)


def _row(
    uow: UnitOfWork, table: type[Named], row_id: str | None, name: str, seen: int | None
) -> tuple[Named, bool]:
    """The row with its name set, and whether it is new."""
    new = row_id is None
    if row_id is None:
        row = uow.add(table(organisation_id=uow.organisation_id, name=name, key=key_of(name)))
    else:
        row = uow.fetch(table, row_id, seen)
    row.name, row.key = name, key_of(name)
    return row, new


def _known(uow: UnitOfWork, table: type[Named], row_id: str, field: str) -> str | None:
    return _all_known(uow, table, (row_id,), field)[0] if row_id else None


def _all_known(uow: UnitOfWork, table: type[Named], ids: tuple[str, ...], field: str) -> list[str]:
    """The ids without doubles; each must be there and not archived."""
    for row_id in ids:
        row = uow.find(table, row_id)
        if row is None or row.archived_at is not None:
            called = row.name if row is not None else "One that was chosen"
            raise BadInput(
                f"{called} is no longer in the directory. Take it out here; nothing was saved.",
                field=field,
            )
    return list(dict.fromkeys(ids))


def _site(uow: UnitOfWork, name: str) -> str | None:
    if not name:
        return None
    for site in uow.all(Site, col(Site.key) == key_of(name)):
        return site.id
    made = uow.add(Site(organisation_id=uow.organisation_id, name=name, key=key_of(name)))
    uow.session.flush()
    return made.id


def _link(
    uow: UnitOfWork, table: type[Record], owner: dict[str, str], other: str, ids: list[str]
) -> bool:
    """Whether anything changed."""
    (column, own), *_ = owner.items()
    stand = uow.all(table, getattr(table, column) == own)
    if {getattr(row, other) for row in stand} == set(ids):
        return False
    uow.set_links(table, owner, other, ids)
    return True


def _touch(uow: UnitOfWork, row: Record, changed: bool) -> None:
    """Changed links are a change of the entry: whoever saw it before saw something else."""
    if changed:
        flag_modified(row, "updated_at")


def _require_no_ring(uow: UnitOfWork) -> None:
    uow.session.flush()
    link, item = CiDependency, ConfigurationItem
    connection = uow.session.connection()
    standing = select(link.ci_id, link.depends_on_id).where(
        col(link.organisation_id) == uow.organisation_id, col(link.archived_at).is_(None)
    )
    graph = CiGraph((CiId(ci), CiId(below)) for ci, below in connection.execute(standing))
    ring = graph.cycle()
    if ring:
        named = select(item.id, item.name).where(col(item.id).in_(ring))
        try:
            graph.require_no_cycle({CiId(i): name for i, name in connection.execute(named)})
        except BadInput as bad:
            raise BadInput(bad.sentence, field="depends_on", cycle=ring) from bad


def _done(uow: UnitOfWork, row: Named, kind: EntryKind, new: bool) -> Saved:
    uow.log(f"{'added' if new else 'changed'} {kind.one} {row.name}", row)
    uow.emit(DirectoryChanged())
    label = f"{'adding' if new else 'changing'} {row.name}"
    return Saved(row.id, row.name, uow.undo(label))
