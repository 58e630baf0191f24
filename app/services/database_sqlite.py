"""A store in a SQLite file: WAL, `synchronous=FULL`, `foreign_keys=ON`, BEGIN IMMEDIATE."""

from __future__ import annotations

import contextlib
import logging
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import StaticPool
from sqlmodel import Session, SQLModel

from app.models.errors import StoreTrouble
from app.services.database_backend import Doing
from app.services.database_place import is_served
from app.services.folder import full
from app.services.ports import Clock
from app.services.schema import ensure_schema
from app.services.settings.backups import copy_verified, restore_command
from app.services.settings.handed import settle
from app.services.working import Work

T = TypeVar("T")

BUSY_SECONDS = 5.0
STATEMENTS = 512  # kept prepared; the console uses about 200 different ones
ROWS_COUNTED = 400  # of an index, at most, when SQLite counts
UNCOUNTED = ("ci_dependency",)
"""With its counts SQLite reads all of it into a Bloom filter at each walk through the tree."""

_log = logging.getLogger(__name__)


def connect(path: Path, busy_seconds: float = BUSY_SECONDS) -> sqlite3.Connection:
    """A connection with the console's promises switched on; `isolation_level` None: the caller
    begins and commits."""
    connection = sqlite3.connect(
        path,
        timeout=busy_seconds,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=STATEMENTS,
    )
    try:
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "fullfsync=1",
            "checkpoint_fullfsync=1",
        ):
            connection.execute(f"PRAGMA {pragma}")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


class SqliteBackend:
    """Implements `database_backend.Backend`: one connection, which no thread but one uses."""

    def __init__(self, path: Path, busy_seconds: float) -> None:
        self.path = path
        self.where = "on this laptop"
        self.engine: Engine | None = None
        self._busy_seconds = busy_seconds
        self._connection: sqlite3.Connection | None = None
        self._seen_version = 0

    def open(
        self, clock: Clock, heard: Callable[[], None], reached: Callable[[bool], None]
    ) -> None:
        wal = self.path.with_name(self.path.name + "-wal")
        left_open = wal.exists() and wal.stat().st_size > 0
        ensure_schema(self.path, clock)
        self._connection = connect(self.path, self._busy_seconds)
        if left_open:  # by a crash or a power cut, when damage is made; or a window has it
            require_whole(self._connection, self.path)
        settle(self.path.parent, self._connection)
        self.engine = create_engine(
            "sqlite://", creator=lambda: self._connection, poolclass=StaticPool
        )
        self._seen_version = self._data_version()

    def close(self) -> None:
        if self._connection is not None:
            if self.engine is not None:
                self.engine.dispose()
            self._connection.close()
            self._connection = None

    def begin(self, link: Connection, *, writes: bool) -> None:
        link.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    def changes(self) -> int:
        """How many rows this connection has changed so far."""
        assert self._connection is not None
        return self._connection.total_changes

    def about_to_commit(self, session: Session) -> None:
        """Others ask by themselves. Whoever waited while the store was moved to a database finds
        it gone from here. Raises StoreTrouble."""
        if is_served(self.path.parent):
            raise StoreTrouble(
                "The store was moved to a database meanwhile, so this was not written. Start again "
                "to use it there.",
                trouble="moved",
            )

    def is_committed(self, error: BaseException) -> bool:
        return False

    def before_long(self) -> None:
        """Refused, all that it wrote can be given back."""
        self._empty_journal()

    def after_full(self) -> None:
        self._empty_journal()

    def _empty_journal(self) -> None:
        """What a refused transaction wrote ahead leaves the disk, which it may be filling: nothing
        else does that before the store closes. On a full disk it works when what was acknowledged
        is in the store's own file already. Where another process reads just now it is left."""
        assert self._connection is not None
        try:
            self._connection.execute("PRAGMA busy_timeout=0")
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        except sqlite3.Error as error:
            _log.warning("the journal stays as long as it is: %s", error)
        finally:
            self._connection.execute(f"PRAGMA busy_timeout={round(self._busy_seconds * 1_000)}")

    def count(self) -> None:
        if self._connection is None:
            return
        with contextlib.suppress(sqlite3.Error):  # another time
            self._connection.execute(f"PRAGMA analysis_limit={ROWS_COUNTED}")
            for name in SQLModel.metadata.tables:
                if name not in UNCOUNTED:
                    self._connection.execute(f'ANALYZE "{name}"')

    def elsewhere(self) -> bool:
        version = self._data_version()
        changed = version != self._seen_version
        self._seen_version = version
        return changed

    def _data_version(self) -> int:
        assert self._connection is not None
        return int(self._connection.execute("PRAGMA data_version").fetchone()[0])

    def trouble(self, error: BaseException, doing: Doing = "write") -> StoreTrouble:
        return trouble(error, self.path)

    def copy(self, target: Path, work: Work) -> None:
        copy_verified(self.path, target, work)

    def raw(self, work: Callable[[sqlite3.Connection], T]) -> T:
        assert self._connection is not None
        try:
            return work(self._connection)
        except sqlite3.Error as error:
            raise trouble(error, self.path) from error


def require_whole(connection: sqlite3.Connection, path: Path) -> None:
    """A quick look at every page (0.1 s for five years). Raises StoreTrouble when damaged."""
    verdict = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
    if verdict != "ok":
        raise damaged(path)


def damaged(path: Path) -> StoreTrouble:
    return StoreTrouble(
        f"The store {path.name} is damaged. It was left as it is. Restore a backup "
        f"({restore_command(path.parent)}), or open another folder with --data.",
        trouble="damaged",
    )


def trouble(error: BaseException, path: Path) -> StoreTrouble:
    """What SQLite said, in the user's words."""
    if isinstance(error, DatabaseError) and error.orig is not None:
        error = error.orig
    # the low byte is the primary code; the rest only says where it was met
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_FULL:
        return full()
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return StoreTrouble(
            "The store is busy in another window or command, so this was not written. "
            "Try again in a moment.",
            trouble="busy",
        )
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return StoreTrouble(
            f"The store in {path.parent} cannot be written (the folder or file is read-only). "
            "Nothing was changed. Make it writable, or choose another folder with --data.",
            trouble="folder",
        )
    # text that is no text is found by Python's sqlite3, which gives it no code
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB) or "decode to UTF-8" in str(error):
        return damaged(path)
    if code == sqlite3.SQLITE_IOERR:
        return StoreTrouble(
            "The disk did not take this, so it was not written; what was there before is safe. "
            f"Look whether the disk of {path.parent} is full or failing, then do it again.",
            trouble="disk",
        )
    return StoreTrouble(
        f"The store could not do this ({error}); nothing was changed. "
        "`doctor` looks the store over.",
        trouble="other",
    )
