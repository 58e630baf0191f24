"""The end of a turn: notes of whoever leaves, and the word of whoever comes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from sqlmodel import col

from app.models.errors import BadInput
from app.models.rota.turns import DAY, say_days
from app.models.tables.directory import Person, RotaTurn
from app.models.tables.rota import Handover
from app.models.tables.settings import Setting
from app.models.times import speak_moment_of_year
from app.services.database import organisation
from app.services.events import DirectoryChanged
from app.services.rota.turns import AHEAD, names_of, the_rule, today_of, turns_within
from app.services.uow import Undo, UnitOfWork

BEFORE = timedelta(days=3)
"""So long before its end a turn is to be handed over."""
AFTER = timedelta(days=7)
"""So long afterwards it is asked for, though nobody noted anything."""


@dataclass(frozen=True, slots=True)
class Turnover:
    """The hand-over that is next: from whom to whom, by name and id, at the end of which day.
    `used` False: nobody has a turn at all. `goes_on`: `ends` is only how far turns are made, and
    the rota has nobody else to come."""

    leaving: str
    leaving_id: str
    incoming: str
    incoming_id: str
    ends: date
    used: bool
    goes_on: bool = False

    @property
    def key(self) -> str:
        return f"typed_handover/{self.leaving_id}/{self.ends.isoformat()}"


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """Words for what was acknowledged last: who, when, from whom."""

    by: str
    at: datetime
    leaving: str
    ends: date
    notes: str
    pack: str
    zone: str

    @property
    def sentence(self) -> str:
        when = speak_moment_of_year(self.at, self.zone)
        return f"{self.by} acknowledged it on {when}."


def turnover(uow: UnitOfWork) -> Turnover:
    """Of the turn that ended lately and was not acknowledged, else of the one under way. Turns of
    the same person that follow each other are one."""
    today = today_of(uow)
    runs = _runs(turns_within(uow, today - AFTER - 62 * DAY, today + AHEAD))
    names = names_of(uow, {run[0] for run in runs})
    ended = [run for run in runs if run[2] < today]
    now = [run for run in runs if run[1] <= today <= run[2]]
    chosen = now[0] if now else ended[-1] if ended else None
    if ended and ended[-1] is not chosen and _is_asked_for(uow, ended[-1], today, names):
        chosen = ended[-1]
    if chosen is None:
        return Turnover("", "", "", "", today, bool(runs))
    person, _, ends = chosen
    following = next((run for run in runs if run[1] > ends and run[0] != person), None)
    comes = following[0] if following is not None else ""
    if following is not None and following[1] > ends + DAY:
        comes = ""  # a gap lies between
    row = the_rule(uow) if following is None else None
    goes_on = row is not None and set(row.people) == {person} and ends >= row.made_until
    return Turnover(names.get(person, ""), person, names.get(comes, ""), comes, ends, True, goes_on)


def _is_asked_for(
    uow: UnitOfWork, run: tuple[str, date, date], today: date, names: dict[str, str]
) -> bool:
    person, _, ends = run
    if person not in names or _acknowledged(uow, person, ends) is not None:
        return False
    over = Turnover(names[person], person, "", "", ends, True)
    return ends >= today - AFTER or bool(typed_notes(uow, over))


def _runs(turns: list[RotaTurn]) -> list[tuple[str, date, date]]:
    runs: list[tuple[str, date, date]] = []
    for turn in turns:
        if runs and runs[-1][0] == turn.person_id and turn.starts <= runs[-1][2] + DAY:
            runs[-1] = (turn.person_id, runs[-1][1], max(runs[-1][2], turn.ends))
        else:
            runs.append((turn.person_id, turn.starts, turn.ends))
    return runs


def unacknowledged(uow: UnitOfWork) -> Turnover | None:
    """The hand-over that Today asks for: its turn ends within days, or has ended."""
    over = turnover(uow)
    if not over.leaving_id or over.ends > today_of(uow) + BEFORE:
        return None
    return over if _acknowledged(uow, over.leaving_id, over.ends) is None else None


def acknowledged(uow: UnitOfWork, over: Turnover) -> Acknowledged | None:
    """Whether this one was."""
    row = _acknowledged(uow, over.leaving_id, over.ends)
    if row is None or row.acknowledged_at is None:
        return None
    return Acknowledged(
        row.acknowledged_by,
        row.acknowledged_at,
        over.leaving,
        row.ends,
        row.notes,
        row.pack,
        organisation(uow).zone,
    )


def _acknowledged(uow: UnitOfWork, leaving_id: str, ends: date) -> Handover | None:
    found = uow.all(Handover, col(Handover.leaving_id) == leaving_id, col(Handover.ends) == ends)
    return found[0] if found else None


def typed_notes(uow: UnitOfWork, over: Turnover) -> str:
    """What the one who leaves noted so far, or what was acknowledged."""
    row = uow.find(Setting, over.key)
    if row is not None:
        return str(json.loads(row.value))
    done = _acknowledged(uow, over.leaving_id, over.ends) if over.leaving_id else None
    return done.notes if done is not None else ""


def keep_notes(uow: UnitOfWork, over: Turnover, text: str, seen: str | None = None) -> None:
    """As they are typed: they lie among the store's settings, so that a crash, a backup and the
    second folder keep them. Lines that another console added to those `seen` here stay."""
    row = uow.find(Setting, over.key)
    if seen is not None and row is not None:
        text = _with_lines_added(text, seen, str(json.loads(row.value)))
    if not text.strip():
        if row is not None:
            uow.session.delete(row)
        return
    row = row or uow.add(Setting(name=over.key))
    row.value = json.dumps(text)


def acknowledge(uow: UnitOfWork, over: Turnover, person_id: str, pack: str) -> Undo:
    """Whoever comes read it and takes over; `pack` is what they read, as text. Raises BadInput
    for whoever leaves, or when it was acknowledged already; NotFound."""
    if not over.leaving_id:
        raise BadInput("No turn ends, so there is nothing to acknowledge.")
    person = uow.fetch(Person, person_id)
    if person.id == over.leaving_id:
        raise BadInput(f"{person.name} leaves; whoever comes acknowledges it.")
    if (done := acknowledged(uow, over)) is not None:
        raise BadInput(f"{done.sentence} Nothing was changed.")
    notes = typed_notes(uow, over)
    row = uow.add(
        Handover(
            organisation_id="",
            leaving_id=over.leaving_id,
            incoming_id=person.id,
            ends=over.ends,
            notes=notes,
            pack=pack,
            acknowledged_by=person.name,
            acknowledged_at=uow.now,
        )
    )
    keep_notes(uow, over, "")
    until = say_days(over.ends, over.ends)
    uow.log(f"{person.name} acknowledged the hand-over from {over.leaving} ({until})", row)
    uow.emit(DirectoryChanged())
    again = partial(_type_again, over=over, notes=notes)
    return uow.undo("acknowledging the hand-over", also=again)


def _with_lines_added(text: str, seen: str, kept: str) -> str:
    here = {*seen.splitlines(), *text.splitlines()}
    added = [line for line in kept.splitlines() if line.strip() and line not in here]
    return "\n".join([text.rstrip("\n"), *added]) if added else text


def _type_again(uow: UnitOfWork, over: Turnover, notes: str) -> None:
    keep_notes(uow, over, notes)
