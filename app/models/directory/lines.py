"""The lines of a CSV import, one frozen value per kind, and the preview of a whole file."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.models.directory.words import CiKind, Criticality, Environment, Role
from app.models.runbook.steps import Phase, StepKind


class LineKind(StrEnum):
    PEOPLE = "people"
    SERVICES = "services"
    CIS = "cis"
    AUDIENCES = "audiences"
    ABSENCES = "absences"
    STEPS = "steps"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong where: `line` counts from 1 with the header, `column` is the header's own
    word ("" for the whole line)."""

    line: int
    column: str
    sentence: str


@dataclass(frozen=True, slots=True)
class PersonLine:
    line: int
    name: str
    email: str
    phone: str = ""
    zone: str = ""
    site: str = ""
    department: str = ""
    roles: tuple[Role, ...] = ()


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """`owner` is an email address or a name; `hours` are kept as written
    (`models/calendar/hours.py` reads them)."""

    line: int
    name: str
    plain_name: str = ""
    owner: str = ""
    criticality: Criticality = Criticality.NORMAL
    hours: str = ""
    zone: str = ""
    rests_on: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CiLine:
    """`maintenance_hours` are kept as written, like a service's hours."""

    line: int
    name: str
    kind: CiKind = CiKind.OTHER
    environment: Environment = Environment.PRODUCTION
    vendor_circuit: str = ""
    depends_on: tuple[str, ...] = ()
    needed_by_flight: bool = False
    maintenance_hours: str = ""
    zone: str = ""


@dataclass(frozen=True, slots=True)
class AudienceLine:
    """At least one of members, departments, a list's address, or the service of a rule."""

    line: int
    name: str
    members: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    list_address: str = ""
    list_size: int | None = None
    list_zone: str = ""
    rule_service: str = ""


@dataclass(frozen=True, slots=True)
class AbsenceLine:
    """`person` is a mail address or a name; both days are included, each perhaps with a time
    (`models/directory/absences.py` reads them)."""

    line: int
    person: str
    first: str
    last: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class StepLine:
    """`after` and `undone_by` are codes of other steps of the same file."""

    line: int
    code: str
    title: str
    how: str = ""
    phase: Phase = Phase.WINDOW
    kind: StepKind = StepKind.WORK
    owner: str = ""
    role: str = ""
    minutes: int = 0
    after: tuple[str, ...] = ()
    undone_by: tuple[str, ...] = ()
    no_return: bool = False
    ci: str = ""
    setting: str = ""
    people_notice: str = ""
    do_not_disturb: bool = False


DirectoryLine = PersonLine | ServiceLine | CiLine | AudienceLine | AbsenceLine | StepLine


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file holds. Nothing of it may be imported while there are faults; `notes` say what
    was assumed (encoding, columns not used). `total` counts the lines under the header;
    `columns` are the fields it has a column for."""

    kind: LineKind
    rows: tuple[DirectoryLine, ...]
    faults: tuple[Fault, ...]
    total: int
    notes: tuple[str, ...] = ()
    columns: frozenset[str] = frozenset()

    @property
    def importable(self) -> bool:
        return bool(self.rows) and not self.faults
