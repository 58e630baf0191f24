"""Who is told: audiences resolved to people and lists, each with the reason they receive it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlmodel import col

from app.models.directory.facts import is_mail_address
from app.models.log import canonical
from app.models.notices.addresses import address_key
from app.models.tables.base import Record
from app.models.tables.directory import Audience, Department, Person, Service, ServiceAudience, Site
from app.models.tables.notices import RecipientSet
from app.models.tables.outages import Outage
from app.services.database import organisation
from app.services.log_rows import row_at
from app.services.notices.reach import Apart, ByHand, dependent_services, opted_out, reach_of
from app.services.outages.planning import audience_ids, ci_ids, service_ids
from app.services.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Recipient:
    """A person, or a list (`size` > 0 or unknown 0; it counts once and its members are not
    known). `zone` is empty where it is unknown; `why` reads “because you use …”."""

    name: str
    email: str
    zone: str
    why: str
    is_list: bool = False
    size: int = 0

    @property
    def key(self) -> str:
        return address_key(self.email)


@dataclass(frozen=True, slots=True)
class Resolved:
    """The people and lists told, each once; `faults` says which audience reaches nobody. `without`
    are those who would be told, had they not been left out or opted out; `through` the ids of the
    services whose users hear because these rest on what is taken down."""

    recipients: tuple[Recipient, ...]
    sites: frozenset[str]
    faults: tuple[str, ...]
    without: tuple[Recipient, ...] = ()
    through: tuple[str, ...] = ()

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(r.key for r in self.recipients)

    @property
    def reach(self) -> int:
        """People as far as known: a list counts with the size its owner gave."""
        return sum(max(r.size, 1) for r in self.recipients)


def resolve(uow: UnitOfWork, outage: Outage) -> Resolved:
    """Everyone the outage's audiences reach as the directory stands now."""
    wanted = audience_ids(uow, outage.id)
    found = _Found(uow)
    services = found.services
    for audience_id in wanted:
        if audience_id in found.audiences:
            found.take(found.audiences[audience_id])
    reach = reach_of(uow, outage.id)
    if reach.depends:
        found.take_dependents(dependent_services(uow, ci_ids(uow, outage.id)))
    without = found.drop((*opted_out(uow), *reach.left_out), reach.apart)
    found.add(reach.added)
    faults = list(dict.fromkeys(found.faults))
    if not wanted and not found.recipients:
        names = ", ".join(services[i].name for i in service_ids(uow, outage.id) if i in services)
        faults.append(f"Nobody is told about {names or outage.title}: it has no audience.")
    if without and not found.recipients:
        faults.insert(0, "Everybody whom its audiences reach is left out or wants no notices.")
    if wanted:
        faults += [
            f"{services[i].name} has no audience of its own."
            for i in service_ids(uow, outage.id)
            if i in services and i not in found.told_of
        ]
    told = tuple(found.recipients.values())
    return Resolved(told, frozenset(found.sites), tuple(faults), without, tuple(found.through))


def reached_by(uow: UnitOfWork, audience: Audience) -> tuple[Recipient, ...]:
    """Whom one audience reaches now."""
    found = _Found(uow)
    found.take(audience)
    return tuple(found.recipients.values())


class _Reachable(NamedTuple):
    """The columns of a person that say how they are told: 25,000 whole rows take seconds."""

    id: str
    name: str
    email: str
    zone: str
    site_id: str | None
    department_id: str | None


class _Told(NamedTuple):
    """The same of an audience."""

    id: str
    name: str
    members: list[str]
    departments: list[str]
    list_address: str
    list_size: int
    zone: str
    rule_service_id: str | None


class _Used(NamedTuple):
    """And of a service."""

    id: str
    name: str
    plain_name: str


def _rows(uow: UnitOfWork, table: type[Record], names: Iterable[str]) -> list[Any]:
    uow.session.flush()  # as the ORM would before a query of whole rows
    query = select(*(getattr(table, name) for name in names)).where(
        col(table.organisation_id) == uow.organisation_id, col(table.archived_at).is_(None)
    )
    return list(uow.session.connection().execute(query).fetchall())


class _Found:
    def __init__(self, uow: UnitOfWork) -> None:
        self._people: dict[str, _Reachable] = uow.once(
            "reachable",
            lambda: {
                row[0]: _Reachable._make(row) for row in _rows(uow, Person, _Reachable._fields)
            },
        )
        self._in_department: dict[str, list[_Reachable]] = {}
        for person in self._people.values():
            if person.department_id:
                self._in_department.setdefault(person.department_id, []).append(person)
        self.services = {row[0]: _Used._make(row) for row in _rows(uow, Service, _Used._fields)}
        self.audiences = {row[0]: _Told._make(row) for row in _rows(uow, Audience, _Told._fields)}
        self.told_of: dict[str, list[str]] = {}
        for service, audience in _rows(uow, ServiceAudience, ("service_id", "audience_id")):
            self.told_of.setdefault(service, []).append(audience)
        self._site_zones = {s.id: s.zone for s in uow.all(Site)}
        self._home = organisation(uow).zone
        self.begin()

    def begin(self) -> None:
        """Nobody is found yet."""
        self.recipients: dict[str, Recipient] = {}
        self.sites: set[str] = set()
        self.faults: list[str] = []
        self.through: list[str] = []
        self._taken: set[str] = set()
        self._new, self._met_new = set[str](), False  # whom nothing else brought

    def take(self, audience: _Told | Audience, why: str = "", depth: int = 0) -> bool:
        """False when it reaches nobody, which is a fault that is told."""
        reason = why or self._reason(audience)
        people = [self._people[i] for i in audience.members if i in self._people]
        for department in dict.fromkeys(audience.departments):
            people += self._in_department.get(department, ())
        for person in people:
            self._add(person, reason)
        reached = bool(people or audience.list_address)
        if audience.list_address:
            email = audience.list_address
            zone = audience.zone or self._home  # product.md: a list's default is the organisation's
            listed = Recipient(audience.name, email, zone, reason, True, audience.list_size)
            self._meet(listed.key, listed.key not in self.recipients)
            self.recipients.setdefault(listed.key, listed)
        if audience.rule_service_id and depth < 2:
            reached = self._users_of(audience, depth) or reached
        if not reached:
            self.faults.append(f"The audience {audience.name} reaches nobody.")
        return reached

    def take_dependents(self, service_ids: Iterable[str]) -> None:
        """The audiences of services that rest on what is taken down."""
        wanted = [self.services[i] for i in service_ids if i in self.services]
        self._new.clear()
        for service in sorted(wanted, key=lambda each: each.name):
            told = [self.audiences[i] for i in self._told(service.id)]
            self._met_new = False
            for audience in told:
                self.take(audience, _because_used(service), 1)
            if self._met_new:
                self.through.append(service.id)
            if not told:
                self.faults.append(f"{service.name} depends on a CI of it and has no audience.")

    def drop(self, unwanted: Iterable[ByHand], apart: Iterable[Apart]) -> tuple[Recipient, ...]:
        """Those of `unwanted`, and the people of the departments that stand `apart`, who were
        among the recipients; now they are not."""
        theirs = (p for each in apart for p in self._in_department.get(each.id, ()))
        keys = [*(each.key for each in unwanted), *(address_key(p.email) for p in theirs)]
        found = (self.recipients.pop(key, None) for key in keys)
        return tuple(each for each in found if each is not None)

    def add(self, added: Sequence[ByHand]) -> None:
        """Who was added by hand, with the name and zone of the directory where it knows them."""
        wanted = {each.key for each in added}
        known = (p for p in self._people.values() if p.email) if wanted else ()
        people = {key: p for p in known if (key := address_key(p.email)) in wanted}
        for each in added:
            why = f"because {each.by} added you" if each.by else "because you were added by hand"
            if each.key in people:
                self._taken.discard(people[each.key].id)
                self._add(people[each.key], why)
            else:
                other = Recipient(each.name or each.email, each.email, "", why)
                self.recipients.setdefault(each.key, other)

    def _told(self, service_id: str) -> list[str]:
        return [i for i in self.told_of.get(service_id, ()) if i in self.audiences]

    def _users_of(self, audience: _Told | Audience, depth: int) -> bool:
        """“Users of service S”: the other audiences of that service."""
        reached = False
        for other in self._told(audience.rule_service_id or ""):
            if other != audience.id:
                why = self._reason(audience)
                reached = self.take(self.audiences[other], why, depth + 1) or reached
        return reached

    def _reason(self, audience: _Told | Audience) -> str:
        service = self.services.get(audience.rule_service_id or "")
        if service is not None:
            return _because_used(service)
        return f"because you are one of {audience.name}"

    def _add(self, person: _Reachable, why: str) -> None:
        """Once; the first reason stands."""
        if person.id in self._taken:
            self._meet(person.id, False)
            return
        self._taken.add(person.id)
        if not is_mail_address(person.email):
            wrong = f"is not reached: “{person.email}” is no mail address."
            self.faults.append(f"{person.name} {wrong if person.email else 'has no mail address.'}")
            return
        key = address_key(person.email)
        if key not in self.recipients:
            self._meet(person.id, True)
            zone = person.zone or self._site_zones.get(person.site_id or "", "")
            self.recipients[key] = Recipient(person.name, person.email, zone, why)
        if person.site_id:
            self.sites.add(person.site_id)

    def _meet(self, who: str, new: bool) -> None:
        if new:
            self._new.add(who)
        self._met_new = self._met_new or who in self._new


def _because_used(service: _Used) -> str:
    return f"because you use {service.plain_name or service.name}"


class SitesReached:
    """At which sites people are told, for many outages: the directory is read once."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._found = _Found(uow)
        self._known: dict[str, frozenset[str]] = {}

    def of(self, audiences: Iterable[str]) -> frozenset[str]:
        """By their ids."""
        return frozenset(site for each in audiences for site in self._sites(each))

    def _sites(self, audience_id: str) -> frozenset[str]:
        if audience_id not in self._known:
            self._found.begin()
            if audience_id in self._found.audiences:
                self._found.take(self._found.audiences[audience_id])
            self._known[audience_id] = frozenset(self._found.sites)
        return self._known[audience_id]


def recipient_set(uow: UnitOfWork, recipients: Iterable[Recipient]) -> RecipientSet:
    """The stored, shared set with this content; made when it is the first of its kind."""
    ordered = sorted(recipients, key=lambda r: r.key)
    people = [
        {"name": r.name, "email": r.email, "zone": r.zone, "why": r.why}
        for r in ordered
        if not r.is_list
    ]
    lists = [
        {"name": r.name, "email": r.email, "zone": r.zone, "size": r.size, "why": r.why}
        for r in ordered
        if r.is_list
    ]
    digest = hashlib.sha256(canonical({"people": people, "lists": lists}).encode()).hexdigest()
    for found in uow.all(RecipientSet, col(RecipientSet.digest) == digest):
        return found
    made = RecipientSet(
        organisation_id=uow.organisation_id,
        digest=digest,
        people=people,
        lists=lists,
        count=len(ordered),
    )
    uow.add(made)
    uow.session.flush()  # it is there before a notice points at it
    return made


def keys_in(stored: RecipientSet | None) -> frozenset[str]:
    """The casefolded addresses of a stored set."""
    if stored is None:
        return frozenset()
    return frozenset(address_key(str(r["email"])) for r in [*stored.people, *stored.lists])


def recipients_in(stored: RecipientSet | None) -> tuple[Recipient, ...]:
    """The people and lists of a stored set."""
    if stored is None:
        return ()
    people = [Recipient(p["name"], p["email"], p["zone"], p["why"]) for p in stored.people]
    lists = [
        Recipient(x["name"], x["email"], x["zone"], x["why"], True, x["size"]) for x in stored.lists
    ]
    return (*people, *lists)


def department_heads(uow: UnitOfWork, by: datetime | None = None) -> list[Recipient]:
    """With `by`, only who led theirs at that moment already."""
    heads = {
        d.head_id: d.name
        for d in uow.all(Department)
        if d.head_id and (by is None or _led(uow, d, by) == d.head_id)
    }
    return [
        Recipient(p.name, p.email, p.zone, f"because you lead {heads[p.id]}")
        for p in uow.all(Person, col(Person.id).in_(heads))
        if p.email
    ]


def _led(uow: UnitOfWork, department: Department, by: datetime) -> str | None:
    """Who led it then: an edit since may have been of something else, and the log knows."""
    if not department.updated_at or department.updated_at <= by:
        return department.head_id
    row = row_at(uow, "department", department.id, by)
    return row["head_id"] if row else None
