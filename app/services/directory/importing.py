"""The lines of a CSV file into the directory: all of them, or none.

What is there already is found by its name (people by their mail address) and changed; an empty
cell says nothing and changes nothing, so a file with two columns is safe to import.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from app.models.directory.absences import absence_from
from app.models.directory.graph import CiGraph
from app.models.directory.lines import (
    AbsenceLine,
    AudienceLine,
    CiLine,
    LineKind,
    PersonLine,
    Preview,
    ServiceLine,
    StepLine,
)
from app.models.directory.words import CiKind, Criticality, Environment, Role
from app.models.errors import BadInput
from app.models.ids import CiId, key_of
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
)
from app.services.database import organisation
from app.services.directory.absences import Put, put_absence
from app.services.directory.links import Links
from app.services.directory.steps import put_steps
from app.services.events import DirectoryChanged
from app.services.uow import Undo, UnitOfWork
from app.services.working import UNWATCHED, Work

Named = TypeVar("Named", Site, Department, Person, Service, ConfigurationItem, Audience)

FAULTS_TOLD = 3
BATCH = 100
"""Lines between two looks at whether to stop: about 20 ms."""


@dataclass(frozen=True, slots=True)
class ImportedLines:
    """What came in, and how to take it back."""

    kind: LineKind
    added: int
    changed: int
    unchanged: int
    undo: Undo
    unknown_cis: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """`12 people added, 3 changed.`, and which CIs are only words so far."""
        told = [f"{self.added:,} {_words(self.kind, self.added)} added"]
        if self.changed:
            told.append(f"{self.changed:,} changed")
        if self.unchanged:
            told.append(f"{self.unchanged:,} as before")
        said = ", ".join(told) + "."
        if self.unknown_cis:
            named = ", ".join(f"“{name}”" for name in self.unknown_cis[:FAULTS_TOLD])
            more = len(self.unknown_cis) - FAULTS_TOLD
            named += f" and {more} more" if more > 0 else ""
            said += f" No CI is called {named}: kept as words."
        return said

    def __str__(self) -> str:
        return self.sentence


def import_lines(
    uow: UnitOfWork,
    preview: Preview,
    outage_id: str | None = None,
    work: Work = UNWATCHED,
    why: str = "",
) -> ImportedLines:
    """Import a preview without faults. Steps need the outage they belong to, and after its
    runbook freeze `why`.

    Raises BadInput naming the lines that cannot be used (a name that does not exist, a ring of
    dependencies), NotFound, NotAllowed, Stopped; then nothing was imported.
    """
    if preview.faults:
        count = len(preview.faults)
        raise BadInput(
            f"{count:,} of the {preview.total:,} lines need mending first: "
            f"{_told([(f.line, f.sentence) for f in preview.faults])} Nothing was imported."
        )
    if not preview.rows:
        raise BadInput("There is nothing in the file to import.")
    organisation(uow)
    unknown: tuple[str, ...] = ()
    if preview.kind is LineKind.STEPS:
        if outage_id is None:
            raise BadInput("Steps belong to an outage: say which (--outage OUT-2025-004).")
        steps = [row for row in preview.rows if isinstance(row, StepLine)]
        counts, unknown = put_steps(uow, outage_id, steps, preview.columns, why)
    else:
        uow.work = work.part(0.5, 1.0)  # its log entry holds every row, and takes as long again
        counts = _put(uow, preview, work.part(0.0, 0.5))
        uow.emit(DirectoryChanged())
    undo = uow.undo(f"importing {preview.kind.value}")
    done = ImportedLines(preview.kind, *counts, undo, unknown)
    if preview.kind is not LineKind.STEPS:
        uow.log(f"imported {preview.kind.value}: {done.sentence}")
    return done


def _put(uow: UnitOfWork, preview: Preview, work: Work) -> tuple[int, int, int]:
    book = _Book(uow, work, len(preview.rows))
    put: dict[LineKind, Callable[[Sequence[object]], None]] = {
        LineKind.PEOPLE: lambda rows: _people(book, _only(PersonLine, rows)),
        LineKind.CIS: lambda rows: _cis(book, _only(CiLine, rows)),
        LineKind.SERVICES: lambda rows: _services(book, _only(ServiceLine, rows)),
        LineKind.AUDIENCES: lambda rows: _audiences(book, _only(AudienceLine, rows)),
        LineKind.ABSENCES: lambda rows: _absences(book, _only(AbsenceLine, rows)),
    }
    put[preview.kind](preview.rows)
    book.require_no_faults()
    return book.added, book.changed, book.unchanged


Line = TypeVar("Line")


def _only(kind: type[Line], rows: Sequence[object]) -> list[Line]:
    return [row for row in rows if isinstance(row, kind)]


@dataclass(slots=True)
class _Book:
    """What was counted and what was found wrong, with the look-ups all kinds share."""

    uow: UnitOfWork
    work: Work
    total: int
    ticks: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    faults: list[tuple[int, str]] = field(default_factory=list)

    def by_key(self, table: type[Named]) -> dict[str, Named]:
        return {row.key: row for row in self.uow.all(table)}

    def make(self, table: type[Named], name: str) -> Named:
        made = table(organisation_id=self.uow.organisation_id, name=name, key=key_of(name))
        return self.uow.add(made)

    def set(self, row: Named, values: dict[str, object]) -> bool:
        """Set what the line says; empty values say nothing. True when something changed."""
        changed = False
        for name, value in values.items():
            if value not in (None, "", [], 0) and getattr(row, name) != value:
                setattr(row, name, value)
                changed = True
        return changed

    def tick(self) -> None:
        """A line more of `total`, which counts a line as often as it is come back to."""
        if self.ticks % BATCH == 0:
            self.uow.session.flush()  # bit by bit: all at once could not be stopped
            self.work.at(self.ticks, self.total)
        self.ticks += 1

    def count(self, *, new: bool, changed: bool) -> None:
        self.tick()
        if new:
            self.added += 1
        elif changed:
            self.changed += 1
        else:
            self.unchanged += 1

    def find(
        self, line: int, what: str, names: Iterable[str], known: dict[str, Named]
    ) -> list[str]:
        """The ids of the names; each unknown one is a fault."""
        found = []
        for name in names:
            row = known.get(key_of(name))
            if row is None:
                self.faults.append((line, f"There is no {what} “{name[:60]}”."))
            else:
                found.append(row.id)
        return found

    def people(self) -> dict[str, Person]:
        """By mail address, and by name where only one person has it."""
        everybody = self.uow.all(Person)
        names: dict[str, list[Person]] = {}
        for person in everybody:
            names.setdefault(person.key, []).append(person)
        known = {key: same[0] for key, same in names.items() if len(same) == 1}
        return known | {person.email_key: person for person in everybody if person.email_key}

    def require_no_faults(self) -> None:
        if self.faults:
            raise BadInput(
                f"{_told(self.faults)} Nothing was imported; mend the file, or import what it "
                "names first.",
                lines=tuple(line for line, _ in self.faults),
            )


def _people(book: _Book, lines: list[PersonLine]) -> None:
    have = {p.email_key: p for p in book.uow.all(Person) if p.email_key}
    sites, departments = book.by_key(Site), book.by_key(Department)
    for line in lines:
        row = have.get(key_of(line.email))
        new = row is None
        if row is None:
            row = book.make(Person, line.name)
            row.roles = [Role.USER.value]
        changed = book.set(
            row,
            {
                "name": line.name,
                "key": key_of(line.name),
                "email": line.email,
                "email_key": key_of(line.email),
                "phone": line.phone,
                "zone": line.zone,
                "site_id": _named(book, Site, sites, line.site),
                "department_id": _named(book, Department, departments, line.department),
                "roles": [role.value for role in line.roles],
            },
        )
        book.count(new=new, changed=changed)


Place = TypeVar("Place", Site, Department)


def _named(book: _Book, table: type[Place], known: dict[str, Place], name: str) -> str | None:
    """The id of the site or department called so, made on the way when it is the first time."""
    if not name:
        return None
    if key_of(name) not in known:
        known[key_of(name)] = book.make(table, name)
        book.uow.session.flush()
    return known[key_of(name)].id


def _cis(book: _Book, lines: list[CiLine]) -> None:
    have = book.by_key(ConfigurationItem)
    rows: list[tuple[CiLine, ConfigurationItem, bool]] = []
    book.total *= 2
    for line in lines:
        book.tick()
        row = have.get(key_of(line.name))
        rows.append((line, row or book.make(ConfigurationItem, line.name), row is None))
        have[key_of(line.name)] = rows[-1][1]
    book.uow.session.flush()
    links = Links(book.uow, CiDependency, "ci_id", "depends_on_id")
    for line, row, new in rows:
        changed = book.set(
            row,
            {
                "kind": None if line.kind is CiKind.OTHER else line.kind,
                "environment": None
                if line.environment is Environment.PRODUCTION and not new
                else line.environment,
                "circuit": line.vendor_circuit,
                "needed_by_flight": line.needed_by_flight and not row.needed_by_flight and "yes",
                "hours": line.maintenance_hours,
                "zone": line.zone,
            },
        )
        if line.depends_on:
            below = book.find(line.line, "CI", line.depends_on, have)
            changed = links.put(row.id, below) or changed
        book.count(new=new, changed=changed)
    graph = CiGraph((CiId(ci), CiId(rests_on)) for ci, rests_on in links.pairs())
    graph.require_no_cycle({CiId(row.id): row.name for row in have.values()})


def _services(book: _Book, lines: list[ServiceLine]) -> None:
    have = book.by_key(Service)
    people, cis, audiences = book.people(), book.by_key(ConfigurationItem), book.by_key(Audience)
    rows: list[tuple[ServiceLine, Service, bool]] = []
    book.total *= 2
    for line in lines:
        book.tick()
        row = have.get(key_of(line.name))
        rows.append((line, row or book.make(Service, line.name), row is None))
    book.uow.session.flush()
    rests = Links(book.uow, ServiceCi, "service_id", "ci_id")
    told = Links(book.uow, ServiceAudience, "service_id", "audience_id")
    for line, row, new in rows:
        owner = book.find(line.line, "person", [line.owner] if line.owner else [], people)
        changed = book.set(
            row,
            {
                "plain_name": line.plain_name,
                "owner_id": owner[0] if owner else None,
                "criticality": None if line.criticality is Criticality.NORMAL else line.criticality,
                "hours": line.hours,
                "zone": line.zone,
            },
        )
        if line.rests_on:
            below = book.find(line.line, "CI", line.rests_on, cis)
            changed = rests.put(row.id, below) or changed
        if line.audiences:
            who = book.find(line.line, "audience", line.audiences, audiences)
            changed = told.put(row.id, who) or changed
        book.count(new=new, changed=changed)


def _audiences(book: _Book, lines: list[AudienceLine]) -> None:
    have = book.by_key(Audience)
    people, departments, services = book.people(), book.by_key(Department), book.by_key(Service)
    for line in lines:
        row = have.get(key_of(line.name))
        new = row is None
        if row is None:
            row = book.make(Audience, line.name)
        rule = [line.rule_service] if line.rule_service else []
        ruled = book.find(line.line, "service", rule, services)
        changed = book.set(
            row,
            {
                "members": book.find(line.line, "person", line.members, people),
                "departments": book.find(line.line, "department", line.departments, departments),
                "list_address": line.list_address,
                "list_size": line.list_size,
                "zone": line.list_zone,
                "rule_service_id": ruled[0] if ruled else None,
            },
        )
        book.count(new=new, changed=changed)


def _absences(book: _Book, lines: list[AbsenceLine]) -> None:
    people = book.people()
    ids = {person.id: person for person in people.values()}
    for line in lines:
        for person in book.find(line.line, "person", [line.person], people):
            try:
                typed = absence_from(line.first, line.last, line.kind)
                put = put_absence(book.uow, ids[person], typed)
            except BadInput as bad:
                book.faults.append((line.line, bad.sentence))
            else:
                book.count(new=put is Put.ADDED, changed=put is Put.CHANGED)


def _told(faults: Sequence[tuple[int, str]]) -> str:
    said = " ".join(f"Line {line}: {sentence}" for line, sentence in faults[:FAULTS_TOLD])
    more = len(faults) - FAULTS_TOLD
    return f"{said} And {more:,} more." if more > 0 else said


def _words(kind: LineKind, count: int) -> str:
    one = {
        LineKind.PEOPLE: "person",
        LineKind.SERVICES: "service",
        LineKind.CIS: "CI",
        LineKind.AUDIENCES: "audience",
        LineKind.ABSENCES: "absence",
        LineKind.STEPS: "step",
    }
    many = "CIs" if kind is LineKind.CIS else kind.value
    return one[kind] if count == 1 else many
