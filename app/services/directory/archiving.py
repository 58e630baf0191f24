"""Putting entries of the directory away and fetching them back. Nothing is ever deleted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement
from sqlmodel import col

from app.models.directory.facts import EntryKind
from app.models.errors import BadInput, NotAllowed, NotFound, Stale
from app.models.outages.lifecycle import State
from app.models.tables.base import Record
from app.models.tables.directory import (
    Audience,
    CiDependency,
    ConfigurationItem,
    Department,
    Person,
    RotaTurn,
    Service,
    ServiceAudience,
    ServiceCi,
    Vendor,
)
from app.models.tables.outages import Outage, OutageAudience, OutageCi, OutageService
from app.models.tables.rota import RotaRule
from app.models.tables.runbook import Step
from app.models.times import to_wall
from app.services.database import organisation
from app.services.directory.editing import Entry, Named, Saved, require_free
from app.services.events import DirectoryChanged
from app.services.uow import UnitOfWork

TABLES: dict[EntryKind, type[Entry]] = {
    EntryKind.PEOPLE: Person,
    EntryKind.DEPARTMENTS: Department,
    EntryKind.SERVICES: Service,
    EntryKind.CIS: ConfigurationItem,
    EntryKind.VENDORS: Vendor,
    EntryKind.AUDIENCES: Audience,
}
TOLD = 6

_Touch = OutageService | OutageCi | OutageAudience


@dataclass(frozen=True, slots=True)
class Uses:
    """Where an entry is used, in words. While an outage that is not filed (or the rota) needs
    it, it cannot be archived; entries that hold it are changed with it."""

    outages: tuple[str, ...]
    entries: tuple[str, ...]

    @property
    def sentence(self) -> str:
        return _listed((*self.outages, *self.entries))


def uses_of(uow: UnitOfWork, kind: EntryKind, entry_id: str) -> Uses:
    """Raises NotFound."""
    row = uow.fetch(TABLES[kind], entry_id)
    return Uses(tuple(_outages(uow, kind, row)), tuple(_entries(uow, kind, row)))


def archive_entry(
    uow: UnitOfWork, kind: EntryKind, entry_id: str, seen: int, *, let_go: bool = False
) -> Saved:
    """Out of every list and picker; its history stays.

    Raises NotAllowed, saying where, while an outage that is not filed uses it; and while other
    entries hold it, unless with `let_go` they let go of it in the same act (`about["entries"]`).
    """
    row = uow.fetch(TABLES[kind], entry_id, seen)
    outages = tuple(_outages(uow, kind, row))
    if outages:
        raise NotAllowed(
            f"{row.name} is still needed: {_listed(outages)}. Nothing was archived; change that "
            "first, or wait until it is filed."
        )
    entries = tuple(_entries(uow, kind, row))
    if entries and not let_go:
        raise NotAllowed(
            f"{row.name} is in use: {_listed(entries)}. Nothing was archived.", entries=entries
        )
    _let_go(uow, kind, row)
    uow.archive(row)
    where = f"; it was in use: {_listed(entries)}" if entries else ""
    uow.log(f"archived {kind.one} {row.name}{where}", row)
    uow.emit(DirectoryChanged())
    return Saved(row.id, row.name, uow.undo(f"archiving {row.name}"))


def restore_entry(uow: UnitOfWork, kind: EntryKind, entry_id: str, seen: int) -> Saved:
    """Back into lists and pickers; what let go of it must choose it again.

    Raises BadInput when its name (a person's mail address) has been given to another meanwhile.
    """
    row = uow.find(TABLES[kind], entry_id)
    if row is None or row.organisation_id != uow.organisation_id:
        raise NotFound("That is no longer there; nothing was changed. Look at the list again.")
    if row.version != seen or row.archived_at is None:
        raise Stale("Someone changed this a moment ago, so nothing was restored. Look again.")
    if isinstance(row, Person):
        taken = [p for p in uow.all(Person, col(Person.email_key) == row.email_key) if p.email_key]
        if taken:
            raise BadInput(
                f"{taken[0].name} has the address {row.email} now. Change that one first; "
                "nothing was restored."
            )
    else:
        require_free(uow, type(row), row.name, row.id, kind)
    row.archived_at = None  # its links were let go of, so no ring can come back with a CI
    uow.log(f"restored {kind.one} {row.name}", row)
    uow.emit(DirectoryChanged())
    return Saved(row.id, row.name, uow.undo(f"restoring {row.name}"))


def _outages(uow: UnitOfWork, kind: EntryKind, row: Entry) -> Iterator[str]:
    """What still needs it: outages that are not filed, and turns of the rota not yet over."""
    live = {o.id: o for o in uow.all(Outage, col(Outage.state) != State.FILED)}
    for outage in live.values():
        if kind is EntryKind.PEOPLE and outage.coordinator_id == row.id:
            yield f"coordinator of {outage.code}"
        if kind is EntryKind.PEOPLE and outage.deputy_id == row.id:
            yield f"deputy of {outage.code}"
        if kind is EntryKind.VENDORS and outage.vendor_id == row.id:
            yield f"vendor of {outage.code}"
    linked: dict[EntryKind, tuple[type[_Touch], str, str]] = {
        EntryKind.SERVICES: (OutageService, "service_id", "service of"),
        EntryKind.CIS: (OutageCi, "ci_id", "touched by"),
        EntryKind.AUDIENCES: (OutageAudience, "audience_id", "audience of"),
    }
    if kind in linked:
        table, column, words = linked[kind]
        for link in uow.all(table, getattr(table, column) == row.id):
            if link.outage_id in live:
                yield f"{words} {live[link.outage_id].code}"
    steps = {EntryKind.PEOPLE: col(Step.owner_id), EntryKind.CIS: col(Step.ci_id)}
    if kind in steps:
        for outage_id in dict.fromkeys(s.outage_id for s in uow.all(Step, steps[kind] == row.id)):
            if outage_id in live:
                yield f"steps of {live[outage_id].code}"
    if kind is EntryKind.PEOPLE:
        today = to_wall(uow.now, organisation(uow).zone).date()
        turns = uow.all(RotaTurn, col(RotaTurn.person_id) == row.id, col(RotaTurn.ends) >= today)
        if turns:
            yield "a turn as Flight coordinator"
        elif any(row.id in rule.people for rule in uow.all(RotaRule)):
            yield "the rota"


def _entries(uow: UnitOfWork, kind: EntryKind, row: Entry) -> Iterator[str]:
    """Other entries that hold it."""
    match kind:
        case EntryKind.PEOPLE:
            yield from _names("head of", uow.all(Department, col(Department.head_id) == row.id))
            yield from _names("owner of", uow.all(Service, col(Service.owner_id) == row.id))
            yield from _names("in", [a for a in uow.all(Audience) if row.id in a.members])
        case EntryKind.DEPARTMENTS:
            count = len(uow.all(Person, col(Person.department_id) == row.id))
            if count:
                yield f"{count} {'person works' if count == 1 else 'people work'} in it"
            yield from _names("in", [a for a in uow.all(Audience) if row.id in a.departments])
        case EntryKind.SERVICES:
            ruled = uow.all(Audience, col(Audience.rule_service_id) == row.id)
            yield from _names("its users are", ruled)
        case EntryKind.CIS:
            above = uow.all(CiDependency, col(CiDependency.depends_on_id) == row.id)
            for ci in _there(uow, ConfigurationItem, (a.ci_id for a in above)):
                yield f"{ci.name} rests on it"
            over = uow.all(ServiceCi, col(ServiceCi.ci_id) == row.id)
            for service in _there(uow, Service, (o.service_id for o in over)):
                yield f"{service.name} rests on it"
        case EntryKind.VENDORS:
            found = uow.all(ConfigurationItem, col(ConfigurationItem.vendor_id) == row.id)
            yield from _names("vendor of", found)
        case EntryKind.AUDIENCES:
            told = uow.all(ServiceAudience, col(ServiceAudience.audience_id) == row.id)
            yield from _names("told about", _there(uow, Service, (t.service_id for t in told)))


def _let_go(uow: UnitOfWork, kind: EntryKind, row: Entry) -> None:
    match kind:
        case EntryKind.PEOPLE:
            for department in uow.all(Department, col(Department.head_id) == row.id):
                department.head_id = None
            for service in uow.all(Service, col(Service.owner_id) == row.id):
                service.owner_id = None
            for audience in uow.all(Audience):
                if row.id in audience.members:
                    audience.members = [i for i in audience.members if i != row.id]
        case EntryKind.DEPARTMENTS:
            for person in uow.all(Person, col(Person.department_id) == row.id):
                person.department_id = None
            for audience in uow.all(Audience):
                if row.id in audience.departments:
                    audience.departments = [i for i in audience.departments if i != row.id]
        case EntryKind.SERVICES:
            for audience in uow.all(Audience, col(Audience.rule_service_id) == row.id):
                audience.rule_service_id = None
        case EntryKind.CIS:
            _cut(uow, CiDependency, col(CiDependency.depends_on_id) == row.id)
            _cut(uow, CiDependency, col(CiDependency.ci_id) == row.id)
            _cut(uow, ServiceCi, col(ServiceCi.ci_id) == row.id)
        case EntryKind.VENDORS:
            for ci in uow.all(ConfigurationItem, col(ConfigurationItem.vendor_id) == row.id):
                ci.vendor_id = None
        case EntryKind.AUDIENCES:
            _cut(uow, ServiceAudience, col(ServiceAudience.audience_id) == row.id)


def _cut(uow: UnitOfWork, table: type[Record], where: ColumnElement[bool]) -> None:
    for link in uow.all(table, where):
        uow.archive(link)


def _there(uow: UnitOfWork, table: type[Named], ids: Iterable[str]) -> list[Named]:
    return uow.all(table, col(table.id).in_(list(ids)))


def _names(words: str, rows: Iterable[Entry]) -> Iterator[str]:
    for row in rows:
        yield f"{words} {row.name}"


def _listed(parts: tuple[str, ...]) -> str:
    more = len(parts) - TOLD
    return ", ".join(parts[:TOLD]) + (f" and {more} more" if more > 0 else "")
