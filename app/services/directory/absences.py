"""Who is away when: typed by hand, beside what Outlook says of the crew.

What Outlook says is changed there: each sync replaces it, and leaves alone what was typed here.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import Enum

from sqlmodel import col

from app.models.calendar.facts import FROM_OUTLOOK
from app.models.directory.absences import Absence, absence_of, named, say_absence, span_of
from app.models.errors import BadInput, NotAllowed
from app.models.rota.turns import Trouble
from app.models.tables.directory import Leave, Person
from app.models.times import to_wall
from app.services.database import organisation
from app.services.events import DirectoryChanged
from app.services.rota.reading import troubles_in
from app.services.rota.turns import Changed, today_of
from app.services.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class AbsenceRow:
    """`when` in words; `typed`: by hand, so that it can be changed here."""

    id: str
    version: int
    person_id: str
    name: str
    absence: Absence
    when: str
    typed: bool

    @property
    def sentence(self) -> str:
        return f"{self.name} is away {self.when} ({self.absence.kind})."


@dataclass(frozen=True, slots=True)
class AwayRows:
    """The absences `of` these people (ids), and which day it is where the organisation is."""

    of: frozenset[str]
    rows: tuple[AbsenceRow, ...]
    today: date


def away_rows(uow: UnitOfWork, people: Collection[str]) -> AwayRows:
    return AwayRows(frozenset(people), absences(uow, people), today_of(uow))


def absences(uow: UnitOfWork, people: Collection[str] | None = None) -> tuple[AbsenceRow, ...]:
    """Those under way and to come (of `people`; None: of everybody), by their begin."""
    of = () if people is None else (col(Leave.person_id).in_(people),)
    rows = uow.all(Leave, col(Leave.end_utc) > uow.now, *of, order=(col(Leave.start_utc),))
    home = organisation(uow).zone
    ids = {row.person_id for row in rows}
    known = {p.id: p for p in uow.all(Person, col(Person.id).in_(ids))}
    return tuple(
        _row(row, person, person.zone or home)
        for row in rows
        if (person := known.get(row.person_id)) is not None
    )


def add_absence(uow: UnitOfWork, person_id: str, absence: Absence) -> Changed:
    """Raises BadInput (it ends before it begins, is over, overlaps one of theirs), NotFound."""
    person = uow.fetch(Person, person_id)
    row = Leave(organisation_id="", person_id=person.id, start_utc=uow.now, end_utc=uow.now)
    _set(uow, row, person, absence)
    if row.end_utc <= uow.now:
        raise BadInput("That is over already; is the year right? Nothing was saved.")
    uow.add(row)
    return _done(uow, row, person, "adding")


def change_absence(uow: UnitOfWork, absence_id: str, absence: Absence, seen: int) -> Changed:
    """Raises BadInput, NotAllowed for what Outlook says, NotFound, Stale."""
    row, person = _typed(uow, absence_id, seen)
    _set(uow, row, person, absence)
    return _done(uow, row, person, "changing")


class Put(Enum):
    ADDED = "added"
    CHANGED = "changed"
    AS_BEFORE = "as before"


def put_absence(uow: UnitOfWork, person: Person, absence: Absence) -> Put:
    """One of a list, which may hold what is over; the same span again changes at most its kind.
    Logs nothing. Raises BadInput."""
    span = span_of(absence, person.zone or organisation(uow).zone)
    same = uow.all(
        Leave,
        col(Leave.person_id) == person.id,
        col(Leave.kind).not_in(FROM_OUTLOOK),
        *(col(Leave.start_utc) == span[0], col(Leave.end_utc) == span[1]),
    )
    for row in same:
        kind = named(absence.kind) if absence.kind.strip() else row.kind
        if kind == row.kind:
            return Put.AS_BEFORE
        row.kind = kind
        return Put.CHANGED
    row = Leave(organisation_id="", person_id=person.id, start_utc=span[0], end_utc=span[1])
    _set(uow, row, person, absence)
    uow.add(row)
    uow.session.flush()
    return Put.ADDED


def remove_absence(uow: UnitOfWork, absence_id: str, seen: int | None = None) -> Changed:
    """They are there after all. Raises NotAllowed for what Outlook says, NotFound, Stale."""
    row, person = _typed(uow, absence_id, seen)
    zone = person.zone or organisation(uow).zone
    kept = absence_of(row.start_utc, row.end_utc, row.kind, zone)
    uow.archive(row)
    said = f"{person.name} is not away {say_absence(kept, zone)} after all"
    uow.log(said, row)
    uow.emit(DirectoryChanged())
    return Changed(f"{said}.", uow.undo(f"removing an absence of {person.name}"))


def _typed(uow: UnitOfWork, absence_id: str, seen: int | None) -> tuple[Leave, Person]:
    row = uow.fetch(Leave, absence_id, seen)
    if row.kind in FROM_OUTLOOK:
        raise NotAllowed(
            "This is what Outlook says, and is read again; change it there. Nothing was changed."
        )
    return row, uow.fetch(Person, row.person_id)


def _set(uow: UnitOfWork, row: Leave, person: Person, absence: Absence) -> None:
    zone = person.zone or organisation(uow).zone
    row.kind = named(absence.kind)
    row.start_utc, row.end_utc = span_of(absence, zone)
    with uow.session.no_autoflush:
        meeting = uow.all(
            Leave,
            col(Leave.person_id) == person.id,
            col(Leave.id) != row.id,
            col(Leave.kind).not_in(FROM_OUTLOOK),
            col(Leave.start_utc) < row.end_utc,
            col(Leave.end_utc) > row.start_utc,
        )
    for other in meeting:
        known = _row(other, person, zone)
        raise BadInput(
            f"{person.name} is away {known.when} ({other.kind}) already. Change that one, or give "
            "other days; nothing was saved."
        )


def _done(uow: UnitOfWork, row: Leave, person: Person, act: str) -> Changed:
    uow.session.flush()
    zone = organisation(uow).zone
    said = _row(row, person, person.zone or zone).sentence
    uow.log(said.rstrip("."), row)
    uow.emit(DirectoryChanged())
    days = (to_wall(moment, zone).date() for moment in (row.start_utc, row.end_utc))
    uncovered = [
        each.sentence
        for each in troubles_in(uow, *days)
        if each.trouble is Trouble.AWAY and person.name in each.names
    ]
    undo = uow.undo(f"{act} an absence of {person.name}")
    return Changed(" ".join((said, *uncovered[:1])), undo)


def _row(row: Leave, person: Person, zone: str) -> AbsenceRow:
    absence = absence_of(row.start_utc, row.end_utc, row.kind, zone)
    when, typed = say_absence(absence, zone), row.kind not in FROM_OUTLOOK
    return AbsenceRow(row.id, row.version, person.id, person.name, absence, when, typed)
