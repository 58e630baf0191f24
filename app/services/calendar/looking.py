"""One look at the store: what is asked about, and plain columns through SQLAlchemy Core.

A check runs while somebody types; building whole objects would cost several times the queries.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVarTuple

from sqlalchemy import Row, Select, bindparam
from sqlmodel import col

from app.models.outages.lifecycle import ImpactClass
from app.models.tables.directory import Organisation
from app.models.times import Window
from app.services.database import organisation
from app.services.uow import UnitOfWork

Columns = TypeVarTuple("Columns")
AT_ONCE = 5_000  # ids in one IN list; SQLite takes 32,766


@dataclass(frozen=True, slots=True)
class Scope:
    """What an outage touches, by ids. `audiences` None: those of the services; `told`: the
    planned notice has left; `exclude` is the outage itself, once it is saved; `roles` of its steps,
    whose fairest owners are asked for beside a free window."""

    window: Window
    impact: ImpactClass
    services: tuple[str, ...]
    cis: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    audiences: tuple[str, ...] | None = None
    coordinator: str | None = None
    exclude: str | None = None
    told: bool = False
    roles: tuple[str, ...] = ()


class Look:
    """What every query of a check needs. Rows not yet flushed are flushed, to be seen."""

    def __init__(self, uow: UnitOfWork) -> None:
        uow.session.flush()
        self.uow = uow
        self.connection = uow.session.connection()

    @cached_property
    def home(self) -> Organisation:
        return organisation(self.uow)

    def rows(self, statement: Select[*Columns], **values: Any) -> Sequence[Row[*Columns]]:
        """`values` are the statement's parameters; those of `mine` it has of itself."""
        given = {"organisation": self.uow.organisation_id, **values}
        return self.connection.execute(statement, given).all()


def kept(table: Any) -> Any:
    """What is there."""
    return col(table.archived_at).is_(None)


def mine(table: Any) -> tuple[Any, Any]:
    """What is there, of the parameter `organisation`."""
    ours = col(table.organisation_id) == bindparam("organisation")
    return ours, kept(table)
