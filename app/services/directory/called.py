"""Who of the directory is meant by a name typed on an outage."""

from __future__ import annotations

from collections.abc import Iterable

from sqlmodel import col

from app.models.directory.words import name_keys
from app.models.tables.directory import Person
from app.services.uow import UnitOfWork


def person_called(uow: UnitOfWork, name: str) -> Person | None:
    """`R. Osei`, `R. Osei, Nursing` or `Nursing, R. Osei`."""
    keys = name_keys(name)
    return meant(uow.all(Person, col(Person.key).in_(keys)), name) if keys else None


def meant(people: Iterable[Person], name: str) -> Person | None:
    """The same among people at hand; the name as it stands comes first."""
    keys = name_keys(name)
    found = [person for person in people if person.key in keys]
    found.sort(key=lambda person: -len(person.key))
    return found[0] if found else None
