"""Turns of the rota: made by a rule, swapped between two people, covered for some days.

Turns never overlap by what is done here: whoever gets days gets them from whoever had them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlmodel import col, select

from app.models.calendar.series import say_rule
from app.models.errors import BadInput, NotAllowed
from app.models.outages.lifecycle import BEFORE_START
from app.models.rota.turns import DAY, MONTHLY, rota_rule, say_days, turns_from
from app.models.tables.directory import Person, RotaTurn
from app.models.tables.outages import Outage
from app.models.tables.rota import RotaRule
from app.models.times import to_utc, to_wall
from app.services.database import organisation
from app.services.events import DirectoryChanged
from app.services.uow import Undo, UnitOfWork

AHEAD = timedelta(days=400)
"""How far ahead turns are made: a year, and the month it is planned in."""
LONGEST = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Changed:
    """What to tell whoever changed the rota, and how to take it back."""

    sentence: str
    undo: Undo


def today_of(uow: UnitOfWork) -> date:
    """The day it is where the organisation is."""
    return to_wall(uow.now, organisation(uow).zone).date()


def the_rule(uow: UnitOfWork) -> RotaRule | None:
    """By which turns are made; None while nobody has set one."""
    return next(iter(uow.all(RotaRule)), None)


def names_of(uow: UnitOfWork, ids: Collection[str]) -> dict[str, str]:
    """Of those people who are in the directory still."""
    if not ids:
        return {}
    known = select(Person.id, Person.name).where(
        Person.organisation_id == uow.organisation_id,
        col(Person.archived_at).is_(None),
        col(Person.id).in_(ids),
    )
    return dict(uow.session.exec(known).all())


def words_of(rule: RotaRule) -> str:
    return "every month" if rule.rule == MONTHLY else say_rule(rule.rule)


def set_rota(uow: UnitOfWork, rule: str, starts: date, people: Sequence[str]) -> Changed:
    """From `starts` on people take turns in this order, for as long as it goes; what was agreed
    for those days before gives way. Raises BadInput: nobody named, a rule that cannot be
    followed, a day long past, somebody named twice; NotFound."""
    found = rota_rule(rule)
    today = today_of(uow)
    if not today - LONGEST <= starts <= today + LONGEST:
        raise BadInput("The rota begins within a year of today. Nothing was changed.")
    names = [uow.fetch(Person, person).name for person in people]
    twice = [name for name, id_ in zip(names, people, strict=True) if people.count(id_) > 1]
    if twice:
        raise BadInput(f"{twice[0]} is named twice in the rota. Nothing was changed.")
    until = max(today, starts) + AHEAD
    turns = turns_from(found, starts, people, until)
    _make_room(uow, starts, date.max)
    for turn in turns:
        _give(uow, turn.person, turn.starts, turn.ends)
    row = the_rule(uow) or RotaRule(organisation_id="", rule="", starts=starts, made_until=starts)
    row.rule, row.starts, row.people, row.made_until = found, starts, list(people), turns[-1].ends
    uow.add(row)
    said = f"{', '.join(names)} take turns {words_of(row)} from {say_days(starts, starts)} on"
    if len(names) == 1:
        said = f"{names[0]} coordinates from {say_days(starts, starts)} on"
    uow.log(f"set the rota: {said}", row)
    uow.emit(DirectoryChanged())
    made = f"{len(turns)} turn{'s' if len(turns) != 1 else ''}"
    words = f"{said}: {made}, up to {say_days(turns[-1].ends, turns[-1].ends)}."
    return Changed(words, uow.undo("setting the rota"))


def make_turns(uow: UnitOfWork) -> int:
    """Go on where time has passed; how many turns were made. What was made before stays as people
    left it, a gap too. Who is no longer in the directory is left out."""
    row = the_rule(uow)
    until = today_of(uow) + AHEAD
    if row is None or row.made_until >= until:
        return 0
    known = {person.id for person in uow.all(Person, col(Person.id).in_(row.people))}
    people = [person for person in row.people if person in known]
    if not people:
        return 0
    made = 0
    for turn in turns_from(row.rule, row.starts, people, until):
        if turn.starts > row.made_until:
            _make_room(uow, turn.starts, turn.ends)
            _give(uow, turn.person, turn.starts, turn.ends)
            row.made_until = turn.ends
            made += 1
    if made:
        uow.log(f"made the rota up to {say_days(row.made_until, row.made_until)}", row)
        uow.emit(DirectoryChanged())
    return made


def swap(uow: UnitOfWork, one_id: str, other_id: str) -> Changed:
    """Two turns change hands; of one under way what is past stays with whoever had it. Raises
    BadInput for turns of the same person, NotAllowed for one that is over, NotFound."""
    today = today_of(uow)
    one, other = uow.fetch(RotaTurn, one_id), uow.fetch(RotaTurn, other_id)
    if one.person_id == other.person_id:
        raise BadInput("Both turns are the same person's. Choose a turn of somebody else.")
    if min(one.ends, other.ends) < today:
        raise NotAllowed("A turn that is over stays as it was. Choose one that is still to come.")
    names = {turn.id: uow.fetch(Person, turn.person_id).name for turn in (one, other)}
    one, other = _from_today(uow, one, today), _from_today(uow, other, today)
    one.person_id, other.person_id = other.person_id, one.person_id
    said = (
        f"{names[other_id]} takes {say_days(one.starts, one.ends)}, "
        f"{names[one_id]} takes {say_days(other.starts, other.ends)}"
    )
    uow.log(f"swapped: {said}", one)
    uow.emit(DirectoryChanged())
    led = _led(uow, (one, other))
    return Changed(f"{said}.{led}", uow.undo("swapping two turns"))


def cover(uow: UnitOfWork, person_id: str, first: date, last: date) -> Changed:
    """From `first` to `last` (both included) this person is on duty, whoever was. Raises BadInput
    for days in the wrong order, past or too many; NotFound."""
    if last < first:
        raise BadInput("The last day lies before the first. Nothing was changed.")
    if first < today_of(uow):
        raise BadInput("Days that are past stay as they were. Begin today or later.")
    if last - first > LONGEST:
        raise BadInput("Somebody covers a year at most. Nothing was changed.")
    person = uow.fetch(Person, person_id)
    _make_room(uow, first, last)
    turn = _give(uow, person.id, first, last)
    said = f"{person.name} covers {say_days(first, last)}"
    uow.log(said, person)
    uow.emit(DirectoryChanged())
    return Changed(f"{said}.{_led(uow, (turn,))}", uow.undo(f"covering {say_days(first, last)}"))


def turns_within(uow: UnitOfWork, first: date, last: date) -> list[RotaTurn]:
    """Those that have a day in the span, in order."""
    return uow.all(
        RotaTurn,
        col(RotaTurn.starts) <= last,
        col(RotaTurn.ends) >= first,
        order=(col(RotaTurn.starts), col(RotaTurn.id)),
    )


def _give(uow: UnitOfWork, person_id: str, first: date, last: date) -> RotaTurn:
    return uow.add(RotaTurn(organisation_id="", person_id=person_id, starts=first, ends=last))


def _make_room(uow: UnitOfWork, first: date, last: date) -> None:
    """Turns that reach into the days end before them, or begin after them."""
    uow.session.flush()
    for turn in turns_within(uow, first, last):
        before, after = turn.starts < first, turn.ends > last
        if before and after:
            _give(uow, turn.person_id, last + DAY, turn.ends)
        if before:
            turn.ends = first - DAY
        elif after:
            turn.starts = last + DAY
        else:
            uow.archive(turn)


def _from_today(uow: UnitOfWork, turn: RotaTurn, today: date) -> RotaTurn:
    """The part of a turn that is not past, as a turn of its own."""
    if turn.starts >= today:
        return turn
    rest = _give(uow, turn.person_id, today, turn.ends)
    turn.ends = today - DAY
    return rest


def _led(uow: UnitOfWork, turns: Sequence[RotaTurn]) -> str:
    """Flights of those days that somebody else leads still: they stay theirs until a person says
    otherwise, and the conflict check names them."""
    uow.session.flush()
    zone = organisation(uow).zone
    codes: list[str] = []
    for turn in turns:
        start, end = (
            to_utc(datetime.combine(day, time.min), zone) for day in (turn.starts, turn.ends + DAY)
        )
        within = uow.all(
            Outage,
            col(Outage.start_utc) >= start,
            col(Outage.start_utc) < end,
            col(Outage.start_utc) > uow.now,
            col(Outage.coordinator_id).is_not(None),
            col(Outage.coordinator_id) != turn.person_id,
            order=(col(Outage.start_utc),),
        )
        codes.extend(outage.code for outage in within if outage.state in BEFORE_START)
    if not codes:
        return ""
    more = f" and {len(codes) - 3} more" if len(codes) > 3 else ""
    keep = "keeps its coordinator" if len(codes) == 1 else "keep their coordinators"
    return f" {', '.join(codes[:3])}{more} {keep}; change that in the plan."
