"""What the rota looks like: its turns, and the days on which nobody is there or two are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlmodel import col, select

from app.models.calendar.facts import IN_OUTLOOK
from app.models.directory.words import Role
from app.models.rota.turns import DAY, Stretch, Trouble, Turn, say_days, troubles
from app.models.tables.directory import Leave, Person, RotaTurn
from app.models.times import to_utc, to_wall
from app.services.database import organisation
from app.services.rota.turns import (
    AHEAD,
    the_rule,
    today_of,
    turns_within,
    words_of,
)
from app.services.uow import UnitOfWork

NEAR = timedelta(days=14)
"""How soon a day without a coordinator is something for Today."""
NO_ONE = "There is no one in the rota yet: set who takes turns, and every flight has a coordinator."


@dataclass(frozen=True, slots=True)
class TurnRow:
    """`now`: it is under way. `trouble` says what is wrong with days of it, else ""."""

    id: str
    person_id: str
    name: str
    starts: date
    ends: date
    now: bool
    trouble: str = ""

    @property
    def days(self) -> str:
        return say_days(self.starts, self.ends)


@dataclass(frozen=True, slots=True)
class TroubleRow:
    """`sentence` names the days and the people."""

    trouble: Trouble
    first: date
    last: date
    names: tuple[str, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class RotaRows:
    """`order` is who takes turns, as (id, name), `people` everybody who may; `rule` in words,
    empty while nobody has set one. `until` is how far turns reach, None without any."""

    turns: tuple[TurnRow, ...]
    troubles: tuple[TroubleRow, ...]
    rule: str
    order: tuple[tuple[str, str], ...]
    people: tuple[tuple[str, str], ...]
    today: date
    until: date | None

    @property
    def empty(self) -> bool:
        """No turn is to come."""
        return not self.turns


def rota_rows(uow: UnitOfWork) -> RotaRows:
    """From the turn under way on. Days without a coordinator are named up to the last turn."""
    today = today_of(uow)
    people = {person.id: person for person in uow.all(Person, order=(col(Person.key),))}
    turns = [t for t in turns_within(uow, today, date.max) if t.person_id in people]
    until = max((turn.ends for turn in turns), default=None)
    found = troubles_in(uow, today, min(until, today + AHEAD)) if until is not None else ()
    rule = the_rule(uow)
    order = rule.people if rule is not None else []
    able = [p for p in people.values() if Role.COORDINATOR in p.roles] or list(people.values())
    return RotaRows(
        turns=tuple(
            TurnRow(
                turn.id,
                turn.person_id,
                people[turn.person_id].name,
                turn.starts,
                turn.ends,
                turn.starts <= today,
                _of_turn(found, people[turn.person_id].name, turn.starts, turn.ends),
            )
            for turn in turns
        ),
        troubles=found,
        rule=words_of(rule) if rule is not None else "",
        order=tuple((each, people[each].name) for each in order if each in people),
        people=tuple((person.id, person.name) for person in able),
        today=today,
        until=until,
    )


def next_coordinator(uow: UnitOfWork) -> str:
    """The name of whoever has the next turn of somebody else's; empty when nobody does."""
    rows = rota_rows(uow).turns
    now = {turn.name for turn in rows if turn.now}
    return next((turn.name for turn in rows if not turn.now and turn.name not in now), "")


def troubles_in(uow: UnitOfWork, first: date, last: date) -> tuple[TroubleRow, ...]:
    """Every stretch of days from `first` to `last` that has no coordinator, two, or one away."""
    turns = [Turn(t.person_id, t.starts, t.ends) for t in turns_within(uow, first, last)]
    found = troubles(turns, _away(uow, {t.person for t in turns}, first, last), first, last)
    names = {person.id: person.name for person in uow.all(Person)}
    return tuple(
        _said(each, tuple(names.get(p, "somebody") for p in each.people)) for each in found
    )


def troubles_near(uow: UnitOfWork) -> tuple[TroubleRow, ...]:
    """Those of the next days; none where nobody uses the rota."""
    today = today_of(uow)
    if not uses_rota(uow, today):
        return ()
    return troubles_in(uow, today, today + NEAR)


def uses_rota(uow: UnitOfWork, today: date) -> bool:
    """Somebody has a turn, or had one in the last year."""
    known = select(RotaTurn.id).where(
        RotaTurn.organisation_id == uow.organisation_id,
        col(RotaTurn.archived_at).is_(None),
        col(RotaTurn.ends) >= today - AHEAD,
    )
    return uow.session.exec(known.limit(1)).first() is not None


def _said(found: Stretch, names: tuple[str, ...]) -> TroubleRow:
    days = say_days(found.first, found.last)
    count = (found.last - found.first).days + 1
    span = f"{days} ({count} days)" if count > 1 else days
    match found.trouble:
        case Trouble.NOBODY:
            sentence = f"Nobody is on duty {span}."
        case Trouble.AWAY:
            sentence = f"{names[0]} is on duty and away {span}; nobody covers."
        case Trouble.TWO:
            both = f"{', '.join(names[:-1])} and {names[-1]}"
            sentence = f"{both} are on duty together {span}."
    return TroubleRow(found.trouble, found.first, found.last, names, sentence)


def _of_turn(found: Iterable[TroubleRow], name: str, starts: date, ends: date) -> str:
    words = {Trouble.AWAY: "away", Trouble.TWO: "two on duty"}
    for each in found:
        if name in each.names and each.first <= ends and each.last >= starts:
            days = say_days(max(starts, each.first), min(ends, each.last))
            return f"{words[each.trouble]} {days}"
    return ""


def _away(uow: UnitOfWork, people: set[str], first: date, last: date) -> Iterator[Turn]:
    """Days of which leave takes at least half."""
    zone = organisation(uow).zone
    rows = uow.all(
        Leave,
        col(Leave.person_id).in_(people),
        col(Leave.kind) != IN_OUTLOOK,
        col(Leave.start_utc) < _midnight(last + DAY, zone),
        col(Leave.end_utc) > _midnight(first, zone),
    )
    for row in rows:
        day = max(first, to_wall(row.start_utc, zone).date())
        until = min(last, to_wall(row.end_utc, zone).date())
        while day <= until:
            begins, ends = _midnight(day, zone), _midnight(day + DAY, zone)
            there = min(ends, row.end_utc) - max(begins, row.start_utc)
            if 2 * there >= ends - begins:
                yield Turn(row.person_id, day, day)
            day += DAY


def _midnight(day: date, zone: str) -> datetime:
    return to_utc(datetime.combine(day, time.min), zone)
