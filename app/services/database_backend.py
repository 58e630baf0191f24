"""What a Store asks of the database under it; SQLite and PostgreSQL each answer in a file of
their own (`database_sqlite`, `database_postgres`)."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextvars import ContextVar
from pathlib import Path
from typing import Literal, Protocol, TypeVar

from sqlalchemy import Connection, Engine
from sqlmodel import Session

from app.models.errors import ConsoleError
from app.services.ports import Clock
from app.services.working import Work

T = TypeVar("T")
Doing = Literal["open", "read", "write"]


class Held(Protocol):
    """Proof that this console alone drives (`database_lease`)."""

    folder: Path

    def require(self, session: Session) -> None:
        """In the transaction that is to be committed. Raises StoreTrouble when it was lost."""


HELD: ContextVar[Held | None] = ContextVar("held", default=None)
"""Of the threads that drive: what they have the store do is refused once the lease is lost."""


class Backend(Protocol):
    """Everything but `path` is called on the database thread. What the driver or SQLAlchemy
    raises is handed to `trouble`, which puts it into words."""

    @property
    def path(self) -> Path:
        """The store's file. Raises NotAllowed where there is none, saying what does the job of
        a copy there."""

    @property
    def engine(self) -> Engine | None: ...

    where: str
    """How the user is told where changes are saved: “Saved …”."""

    def open(
        self, clock: Clock, heard: Callable[[], None], reached: Callable[[bool], None]
    ) -> None:
        """Create or upgrade, then connect. `heard` may be called, on any thread, as soon as
        another process has changed something; who does not call it is asked by `elsewhere`. So
        may `reached`, when the store went out of reach, or is back."""

    def close(self) -> None:
        """Everything acknowledged is safe already. May be called twice."""

    def begin(self, link: Connection, *, writes: bool) -> None:
        """Of writers one at a time; a reader sees one moment."""

    def changes(self) -> int:
        """Differs once the transaction under way has changed a row."""

    def about_to_commit(self, session: Session) -> None:
        """Others are told by the commit itself."""

    def is_committed(self, error: BaseException) -> bool:
        """Whether the commit that failed with `error` took place after all. Raises StoreTrouble
        when that cannot be known now."""

    def before_long(self) -> None:
        """A long transaction is about to begin."""

    def after_full(self) -> None:
        """One was refused for want of room."""

    def count(self) -> None:
        """Count what the tables hold, so that statements are planned well."""

    def elsewhere(self) -> bool:
        """Has another process written since this was last asked?"""

    def trouble(self, error: BaseException, doing: Doing = "write") -> ConsoleError: ...

    def copy(self, target: Path, work: Work) -> None:
        """All of it as a store in a file, proven. On any thread. Raises StoreTrouble, Stopped."""

    def raw(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """On the bare connection, outside any transaction; of a file only."""
