"""Who is Flight coordinator on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlmodel import col

from app.models.tables.directory import Person, RotaTurn
from app.models.times import to_wall
from app.services.database import organisation
from app.services.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Duty:
    """`ends` is the last day of the turn, included."""

    person_id: str
    name: str
    ends: date


def on_duty(uow: UnitOfWork, day: date | None = None) -> Duty | None:
    """Whose turn it is on `day` (default: today where the organisation is); None when nobody."""
    day = day or to_wall(uow.now, organisation(uow).zone).date()
    turns = uow.all(RotaTurn, col(RotaTurn.starts) <= day, col(RotaTurn.ends) >= day)
    if not turns:
        return None
    person = uow.fetch(Person, turns[0].person_id)
    return Duty(person.id, person.name, turns[0].ends)
