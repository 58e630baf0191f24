"""Things of the directory by the name somebody typed."""

from __future__ import annotations

from difflib import get_close_matches
from typing import NoReturn

from sqlmodel import col

from app.models.errors import NotFound
from app.models.ids import key_of
from app.models.tables.directory import Audience, ConfigurationItem, Department, Person, Service
from app.services.uow import UnitOfWork


def find_service(uow: UnitOfWork, name: str) -> Service:
    """Raises NotFound, offering the nearest names."""
    found = uow.all(Service, col(Service.key) == key_of(name))
    if not found:
        _missing("service", name, [s.name for s in uow.all(Service)])
    return found[0]


def find_audience(uow: UnitOfWork, name: str) -> Audience:
    found = uow.all(Audience, col(Audience.key) == key_of(name))
    if not found:
        _missing("audience", name, [a.name for a in uow.all(Audience)])
    return found[0]


def find_ci(uow: UnitOfWork, name: str) -> ConfigurationItem:
    found = uow.all(ConfigurationItem, col(ConfigurationItem.key) == key_of(name))
    if not found:
        _missing("CI", name, [ci.name for ci in uow.all(ConfigurationItem)])
    return found[0]


def find_person(uow: UnitOfWork, name: str) -> Person:
    """By name or mail address."""
    key = key_of(name)
    found = uow.all(Person, (col(Person.key) == key) | (col(Person.email_key) == key))
    if not found:
        _missing("person", name, [p.name for p in uow.all(Person)])
    return found[0]


def find_department(uow: UnitOfWork, name: str) -> Department:
    found = uow.all(Department, col(Department.key) == key_of(name))
    if not found:
        _missing("department", name, [d.name for d in uow.all(Department)])
    return found[0]


def _missing(what: str, name: str, known: list[str]) -> NoReturn:
    near = get_close_matches(name, known, n=3, cutoff=0.5)
    hint = f" Did you mean {' or '.join(near)}?" if near else ""
    raise NotFound(f"There is no {what} “{name}”.{hint}")
