"""Who is Flight coordinator in each of the months ahead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta
from sqlmodel import col

from app.models.directory.words import Role
from app.models.tables.directory import Person, RotaTurn
from app.models.times import MONTHS, to_wall
from app.services.database import organisation
from app.services.events import DirectoryChanged
from app.services.uow import Undo, UnitOfWork

AHEAD = 6
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class RotaMonth:
    """`person_id` is whoever has all of the month, else empty; `names` everybody with a turn."""

    first: date
    person_id: str
    names: str

    @property
    def words(self) -> str:
        return f"{MONTHS[self.first.month - 1]} {self.first.year}"


@dataclass(frozen=True, slots=True)
class Rota:
    """`people` are those who may coordinate, as (id, name)."""

    months: tuple[RotaMonth, ...]
    people: tuple[tuple[str, str], ...]


def rota(uow: UnitOfWork) -> Rota:
    """From this month on, where the organisation is. Coordinators; where nobody has that role,
    everybody."""
    people = {person.id: person for person in uow.all(Person, order=(col(Person.key),))}
    able = [p for p in people.values() if Role.COORDINATOR in p.roles] or list(people.values())
    this = to_wall(uow.now, organisation(uow).zone).date().replace(day=1)
    months = []
    for number in range(AHEAD):
        first = this + relativedelta(months=number)
        last = _last(first)
        turns = _turns(uow, first, last)
        whole = [turn for turn in turns if turn.starts <= first and turn.ends >= last]
        names = dict.fromkeys(people[t.person_id].name for t in turns if t.person_id in people)
        months.append(RotaMonth(first, whole[0].person_id if whole else "", ", ".join(names)))
    return Rota(tuple(months), tuple((person.id, person.name) for person in able))


def set_month(uow: UnitOfWork, first: date, person_id: str) -> Undo:
    """Give the whole month that begins on `first` to a person, or to nobody ("").

    Turns that reach into the month end before it or begin after it. Raises NotFound."""
    person = uow.fetch(Person, person_id) if person_id else None
    last = _last(first)
    for turn in _turns(uow, first, last):
        _make_room(uow, turn, first, last)
    words = f"{MONTHS[first.month - 1]} {first.year}"
    if person is not None:
        uow.add(RotaTurn(organisation_id="", person_id=person.id, starts=first, ends=last))
        uow.log(f"{person.name} coordinates in {words}", person)
    else:
        uow.log(f"nobody coordinates in {words}")
    uow.emit(DirectoryChanged())
    return uow.undo(f"who coordinates in {words}")


def _make_room(uow: UnitOfWork, turn: RotaTurn, first: date, last: date) -> None:
    before, after = turn.starts < first, turn.ends > last
    if after:
        tail = (last + DAY, turn.ends)
        if before:
            uow.add(
                RotaTurn(organisation_id="", person_id=turn.person_id, starts=tail[0], ends=tail[1])
            )
        else:
            turn.starts = tail[0]
    if before:
        turn.ends = first - DAY
    if not before and not after:
        uow.archive(turn)


def _turns(uow: UnitOfWork, first: date, last: date) -> list[RotaTurn]:
    return uow.all(
        RotaTurn,
        col(RotaTurn.starts) <= last,
        col(RotaTurn.ends) >= first,
        order=(col(RotaTurn.starts),),
    )


def _last(first: date) -> date:
    return first + relativedelta(months=1) - DAY
