"""What each department will notice: the summary of the next day, written for those who use what
was changed. It is made from the change records, and the services that rest on their items."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from sqlmodel import col, select

from app.models.notices.addresses import address_key
from app.models.notices.kinds import NoticeKind
from app.models.tables.changes import ChangeRecord
from app.models.tables.directory import Audience, Department, Person, Service, ServiceAudience
from app.services.notices.audiences import Recipient
from app.services.notices.gathering import Known
from app.services.notices.reach import dependent_services
from app.services.notices.recipients import Group, Hearing, Summary, hearing
from app.services.outages.planning import service_ids
from app.services.uow import UnitOfWork

MOST_NAMED = 4
"""More departments than this are greeted as the audience they are."""


def heard_by(uow: UnitOfWork, known: Known, kind: NoticeKind) -> Hearing:
    """`hearing`, and a summary parted by what each department will notice."""
    heard = hearing(known, kind)
    if kind is not NoticeKind.CHANGE_SUMMARY or len(known.changes) < 2 or not heard.groups:
        return heard
    services = _services_of_lines(uow, known)
    if len(set(services.values())) < 2:
        return heard  # everybody notices the same
    return _parted(known, heard, services, _users(uow, set().union(*services.values())))


@dataclass(slots=True)
class _Users:
    """Which services each department, person and list uses; `labels` greets them."""

    names: dict[str, str]
    own: dict[str, str]
    departments: dict[str, set[str]] = field(default_factory=dict)
    people: dict[str, set[str]] = field(default_factory=dict)
    lists: dict[str, set[str]] = field(default_factory=dict)
    home: dict[str, tuple[str, str]] = field(default_factory=dict)

    def of(self, recipient: Recipient) -> set[str]:
        if recipient.is_list:
            return self.lists.get(recipient.key, set())
        person, department = self.home.get(recipient.key, ("", ""))
        return self.departments.get(department, set()) or self.people.get(person, set())

    def label(self, recipient: Recipient) -> str:
        if recipient.is_list:
            return recipient.name
        name = self.names.get(self.home.get(recipient.key, ("", ""))[1], "")
        return f"{name} staff" if name else ""


def _services_of_lines(uow: UnitOfWork, known: Known) -> dict[str, frozenset[str]]:
    """By line: the services that rest on what was changed; of an item on which none rests, none."""
    found: dict[str, frozenset[str]] = {}
    by_ci: dict[str, frozenset[str]] = {}
    for record in uow.all(ChangeRecord, col(ChangeRecord.outage_id) == known.outage.id):
        if record.people_notice not in known.changes or record.undone:
            continue
        if record.ci_id not in by_ci:
            by_ci[record.ci_id] = frozenset(dependent_services(uow, [record.ci_id]))
        line = record.people_notice
        found[line] = found.get(line, frozenset()) | by_ci[record.ci_id]
    own = service_ids(uow, known.outage.id)
    return {line: rests or frozenset(own) for line, rests in found.items()}


def _users(uow: UnitOfWork, services: Iterable[str]) -> _Users:
    users = _Users(
        {d.id: d.name for d in uow.all(Department)},
        {s.id: s.plain_name or s.name for s in uow.all(Service)},
    )
    columns = select(Person.id, Person.email, Person.department_id).where(
        col(Person.organisation_id) == uow.organisation_id, col(Person.archived_at).is_(None)
    )
    at_home: dict[str, str] = {}
    for person_id, email, department_id in uow.session.exec(columns):
        users.home[address_key(email)] = (person_id, department_id or "")
        at_home[person_id] = department_id or ""
    audiences = {a.id: a for a in uow.all(Audience)}
    links = uow.all(ServiceAudience, col(ServiceAudience.service_id).in_(list(services)))
    for link in links:
        audience = audiences.get(link.audience_id)
        if audience is None:
            continue
        for person_id in audience.members:
            users.people.setdefault(person_id, set()).add(link.service_id)
        theirs = {at_home.get(person_id, "") for person_id in audience.members}
        for department_id in {*audience.departments, *theirs} - {""}:
            users.departments.setdefault(department_id, set()).add(link.service_id)
        if audience.list_address:
            key = address_key(audience.list_address)
            users.lists.setdefault(key, set()).add(link.service_id)
    return users


def _parted(
    known: Known, heard: Hearing, services: Mapping[str, frozenset[str]], users: _Users
) -> Hearing:
    """A group for all who notice the same; whoever uses none of it hears all of it, as a head of
    department does who is told what goes on elsewhere."""
    parts: dict[tuple[str, ...], list[Recipient]] = {}
    for recipient in heard.recipients:
        uses = users.of(recipient)
        lines = tuple(line for line in known.changes if services.get(line, frozenset()) & uses)
        parts.setdefault(lines or known.changes, []).append(recipient)
    groups = [
        Group(tuple(told), summary=_summary(known, lines, told, services, users))
        for lines, told in parts.items()
    ]
    groups.sort(key=lambda group: -len(group.recipients))
    return replace(heard, groups=tuple(groups))


def _summary(
    known: Known,
    lines: tuple[str, ...],
    told: list[Recipient],
    services: Mapping[str, frozenset[str]],
    users: _Users,
) -> Summary:
    if lines == known.changes:
        return Summary(lines, known.services, known.audiences)
    rest = frozenset().union(*(services[line] for line in lines))
    used = rest & set().union(*(users.of(recipient) for recipient in told))
    named = {users.own[service] for service in used if service in users.own}
    labels = dict.fromkeys(users.label(recipient) for recipient in told)
    greeted = tuple(labels) if "" not in labels and len(labels) <= MOST_NAMED else known.audiences
    ordered = tuple(s for s in known.services if s in named) or tuple(sorted(named))
    return Summary(lines, ordered or known.services, greeted)
