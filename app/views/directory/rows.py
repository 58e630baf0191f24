"""The entries of each list as painted rows, with what search and filters look at."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from app.models.directory.facts import EntryKind
from app.models.directory.words import CiKind, Criticality, Environment, Role
from app.models.times import speak_date, to_wall
from app.services.directory.entries import (
    ArchivedRow,
    DepartmentRow,
    archived,
    departments,
)
from app.services.directory.reading import (
    AudienceRow,
    CiRow,
    PersonRow,
    ServiceRow,
    VendorRow,
    audiences,
    cis,
    people,
    services,
    vendors,
)
from app.services.uow import UnitOfWork
from app.views.widgets.listing import ListRow
from app.views.widgets.tone import Tone

NOBODY_TOLD = "nobody is told"
REACHES_NOBODY = "reaches nobody"


def words_of(token: str) -> str:
    """A token in small letters with spaces: `virtual machine`."""
    return token.replace("_", " ")


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of a list. `tokens` are what filters choose by, `hay` what the search reads."""

    row: ListRow
    hay: str
    tokens: frozenset[str]


Filter = tuple[str, tuple[tuple[str, str], ...]]
"""What it is called, and (token, words) of each choice."""


def _all_of(words: str, tokens: Sequence[str]) -> Filter:
    return words, tuple((token, words_of(token).capitalize()) for token in tokens)


FILTERS: dict[EntryKind, tuple[Filter, ...]] = {
    EntryKind.PEOPLE: (_all_of("role", [r.value for r in Role]),),
    EntryKind.SERVICES: (
        _all_of("criticality", [c.value for c in Criticality]),
        ("fault", ((NOBODY_TOLD, "Nobody is told"),)),
    ),
    EntryKind.CIS: (
        _all_of("kind", [k.value for k in CiKind]),
        _all_of("environment", [e.value for e in Environment]),
    ),
    EntryKind.AUDIENCES: (("fault", ((REACHES_NOBODY, "Reaches nobody"),)),),
}
BY_DEPARTMENT = "department:"


def load(uow: UnitOfWork, kind: EntryKind) -> tuple[Line, ...]:
    """The list of a kind, by name."""
    made: Mapping[EntryKind, Callable[[], tuple[Line, ...]]] = {
        EntryKind.PEOPLE: lambda: tuple(_person(row) for row in people(uow)),
        EntryKind.DEPARTMENTS: lambda: tuple(_department(row) for row in departments(uow)),
        EntryKind.SERVICES: lambda: tuple(_service(row) for row in services(uow)),
        EntryKind.CIS: lambda: tuple(_ci(row) for row in cis(uow)),
        EntryKind.VENDORS: lambda: tuple(_vendor(row) for row in vendors(uow)),
        EntryKind.AUDIENCES: lambda: tuple(_audience(row) for row in audiences(uow)),
    }
    return made[kind]()


def load_archived(uow: UnitOfWork, kind: EntryKind, zone: str) -> tuple[Line, ...]:
    """What was put away, the latest first, told in `zone`."""
    return tuple(_archived(row, zone) for row in archived(uow, kind))


def _line(row: ListRow, *more: str, tokens: Sequence[str] = ()) -> Line:
    hay = " ".join((row.title, row.sub, row.pill, row.trailing, *more)).casefold()
    return Line(row, hay, frozenset(tokens))


def _said(*parts: str, otherwise: str) -> str:
    return " · ".join(part for part in parts if part) or otherwise


def _person(row: PersonRow) -> Line:
    roles = ", ".join(role for role in row.roles if role != Role.USER.value)
    made = ListRow(
        row.id,
        row.name,
        _said(row.department, row.site, row.email, row.phone, otherwise="no address"),
        pill=roles,
    )
    tokens = (*row.roles, BY_DEPARTMENT + row.department)
    return _line(made, row.email, row.phone, row.zone, " ".join(row.roles), tokens=tokens)


def _department(row: DepartmentRow) -> Line:
    head = f"head: {row.head}" if row.head else "no head"
    count = f"{row.people:,} {'person' if row.people == 1 else 'people'}"
    return _line(ListRow(row.id, row.name, head, trailing=count))


def _service(row: ServiceRow) -> Line:
    tones = {Criticality.CRITICAL: Tone.BAD, Criticality.HIGH: Tone.WARN}
    owner = f"owner: {row.owner}" if row.owner else "no owner"
    told = ", ".join(row.audiences) or NOBODY_TOLD
    made = ListRow(
        row.id,
        row.name,
        _said(told, row.plain_name, owner, otherwise=""),
        tone=Tone.PLAIN if row.audiences else Tone.BAD,
        pill=row.criticality.value,
        pill_tone=tones.get(row.criticality, Tone.PLAIN),
    )
    tokens = [row.criticality.value, *(() if row.audiences else (NOBODY_TOLD,))]
    return _line(made, *row.cis, row.hours, row.zone, tokens=tokens)


def _ci(row: CiRow) -> Line:
    below = f"rests on {', '.join(row.rests_on)}" if row.rests_on else "rests on nothing"
    needed = f"the flight needs it: {row.needed_by_flight}" if row.needed_by_flight else ""
    hours = f"worked on {row.hours}" if row.hours else ""
    odd = "" if row.environment is Environment.PRODUCTION else row.environment.value
    made = ListRow(
        row.id,
        row.name,
        _said(odd, below, row.vendor, row.circuit, hours, needed, otherwise=""),
        pill=words_of(row.kind.value),
    )
    return _line(made, row.environment.value, tokens=(row.kind.value, row.environment.value))


def _vendor(row: VendorRow) -> Line:
    sub = _said(row.contact, row.phone, row.contract, otherwise="no contact")
    return _line(ListRow(row.id, row.name, sub))


def _audience(row: AudienceRow) -> Line:
    made = ListRow(
        row.id,
        row.name,
        row.made_of or "nobody in it",
        tone=Tone.PLAIN if row.reach else Tone.BAD,
        pill="" if row.reach else REACHES_NOBODY,
        pill_tone=Tone.BAD,
        trailing=f"{row.reach:,} {'person' if row.reach == 1 else 'people'}" if row.reach else "",
        spoken=f"{row.name}. {row.made_of}. "
        + (f"reaches {row.reach:,}" if row.reach else REACHES_NOBODY),
    )
    return _line(made, row.zone, tokens=() if row.reach else (REACHES_NOBODY,))


def _archived(row: ArchivedRow, zone: str) -> Line:
    since = speak_date(to_wall(row.since, zone).date())
    return _line(ListRow(row.id, row.name, f"archived {since}", pill="archived"))
