"""The store: one SQLite file, one writer, one transaction a use case, one database thread.

WAL, `synchronous=FULL`, `foreign_keys=ON`, BEGIN IMMEDIATE. A use case that returned has its
change on disk; events are published after the commit, on the database thread.
"""

from __future__ import annotations

import contextlib
import logging
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import StaticPool
from sqlmodel import Session, SQLModel, select

import app.models.tables  # noqa: F401  (registers every table)
from app.models.errors import BadInput, NotFound, StoreTrouble
from app.models.tables.directory import Organisation
from app.services.events import ChangedElsewhere, Event, EventBus
from app.services.folder import FILE_NAME, folder_trouble, full, prepare_folder
from app.services.ports import Clock
from app.services.schema import ensure_schema
from app.services.settings.backups import restore_command
from app.services.settings.handed import require_in_use, settle
from app.services.uow import Actor, UnitOfWork
from app.services.working import Work

P = ParamSpec("P")
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


class Store:
    """Runs use cases and queries, each in a transaction of its own, on one thread."""

    def __init__(
        self,
        folder: Path,
        clock: Clock,
        bus: EventBus,
        actor: Actor,
        *,
        busy_seconds: float = BUSY_SECONDS,
        may_change_handed: bool = False,
    ) -> None:
        """`may_change_handed`: also a store that was handed over (to take it back)."""
        self._may_change_handed = may_change_handed
        self.folder = folder
        self.path = folder / FILE_NAME
        self.clock = clock
        self.bus = bus
        self.actor = actor
        self.organisation_id = ""
        self._busy_seconds = busy_seconds
        self._immediate = False
        self._thread_id = 0
        self._thread = ThreadPoolExecutor(1, "database", self._note_thread)
        self._seen_version = 0
        self._connection: sqlite3.Connection | None = None
        self.engine: Engine | None = None
        self._closed = False

    # --- opening ---------------------------------------------------------------------------

    def open(self) -> None:
        """Raises StoreTrouble; `about["trouble"]`: damaged, gone, newer, folder or busy."""
        self._thread.submit(self._open).result()

    def _note_thread(self) -> None:
        self._thread_id = threading.get_ident()

    def _open(self) -> None:
        prepare_folder(self.folder)
        try:
            wal = self.path.with_name(self.path.name + "-wal")
            left_open = wal.exists() and wal.stat().st_size > 0
            ensure_schema(self.path, self.clock)
            self._connection = connect(self.path, self._busy_seconds)
            if left_open:  # by a crash or a power cut, when damage is made; or a window has it
                require_whole(self._connection, self.path)
            settle(self.folder, self._connection)
            self._start()
        except (sqlite3.Error, DatabaseError) as error:
            self._let_go()
            raise trouble(error, self.path) from error
        except OSError as error:
            self._let_go()
            raise folder_trouble(self.folder, error) from error
        except StoreTrouble:
            self._let_go()
            raise

    def _start(self) -> None:
        self.engine = create_engine(
            "sqlite://", creator=lambda: self._connection, poolclass=StaticPool
        )

        @event.listens_for(self.engine, "begin")
        def begin(connection: Connection) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE" if self._immediate else "BEGIN")

        self._seen_version = self._data_version()
        self.read_here(_choose_organisation, self)

    def close(self) -> None:
        """Everything acknowledged is on disk already; this only lets go of the file."""
        if not self._closed:
            self._closed = True
            self._thread.submit(self._let_go).result()
            self._thread.shutdown()

    def tidy(self) -> None:
        """Let SQLite count what the tables hold, a few milliseconds: without the counts it takes
        the index over an organisation for a choosy one, and reads whole tables. Nothing that a
        person entered is touched; what stands in the way (busy, full, read-only) is no matter."""
        self._thread.submit(self._count).result()

    def _count(self) -> None:
        if self._connection is None:
            return
        with contextlib.suppress(sqlite3.Error):  # another time
            self._connection.execute(f"PRAGMA analysis_limit={ROWS_COUNTED}")
            for name in SQLModel.metadata.tables:
                if name not in UNCOUNTED:
                    self._connection.execute(f'ANALYZE "{name}"')

    def _let_go(self) -> None:
        if self._connection is not None:
            if self.engine is not None:
                self.engine.dispose()
            self._connection.close()
            self._connection = None

    # --- running ---------------------------------------------------------------------------

    def submit(
        self, use_case: Callable[Concatenate[UnitOfWork, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> Future[T]:
        """Run a use case on the database thread; the result is there once it is on disk."""
        return self._thread.submit(lambda: self.run_here(use_case, *args, **kwargs))

    def submit_read(
        self, query: Callable[Concatenate[UnitOfWork, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> Future[T]:
        return self._thread.submit(lambda: self.read_here(query, *args, **kwargs))

    def run(
        self, use_case: Callable[Concatenate[UnitOfWork, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Like `submit`, but waits. Never call it on the GUI thread."""
        return self._on_thread(lambda: self.run_here(use_case, *args, **kwargs))

    def read(
        self, query: Callable[Concatenate[UnitOfWork, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """A query: whatever it changes is forgotten."""
        return self._on_thread(lambda: self.read_here(query, *args, **kwargs))

    def _on_thread(self, call: Callable[[], T]) -> T:
        if threading.get_ident() == self._thread_id:
            return call()
        return self._thread.submit(call).result()

    def run_here(self, use_case: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """On the database thread only. Raises what the use case raises; then nothing changed."""
        is_long = any(isinstance(each, Work) for each in (*args, *kwargs.values()))
        if is_long:
            self._empty_journal()  # it is long: refused, all that it wrote can be given back
        self._immediate = True
        try:
            with Session(self.engine, expire_on_commit=False) as session:
                uow = self._unit(session)

                def flushing(*_: object) -> None:
                    uow.on_flush()

                event.listen(session, "before_flush", flushing)
                before = self._changes()
                try:
                    result = use_case(uow, *args, **kwargs)
                    uow.seal()
                    if self._changes() != before and not self._may_change_handed:
                        require_in_use(self.folder)  # while others wait: none ends behind a mark
                    session.commit()
                finally:  # else the two hold each other, and every row, until the next collection
                    event.remove(session, "before_flush", flushing)
        except DatabaseError as error:
            refusal = trouble(error, self.path)
            if refusal.about["trouble"] in ("full", "disk"):
                self._empty_journal()
            raise refusal from error
        except UnicodeEncodeError as error:
            raise BadInput(
                "The text holds half a character (a broken emoji, perhaps), which cannot be "
                "stored; nothing was changed. Type that place anew."
            ) from error
        finally:
            self._immediate = False
        self.organisation_id = uow.organisation_id
        if is_long:
            self._count()
        for happened in uow.events:
            self._publish(happened)
        return result

    def _changes(self) -> int:
        """How many rows this connection has changed so far."""
        assert self._connection is not None
        return self._connection.total_changes

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

    def _publish(self, happened: Event) -> None:
        """A listener's fault must not make a change that is on disk look as if it had failed."""
        try:
            self.bus.publish(happened)
        except Exception:  # noqa: BLE001  (whatever the listener raises, this is on disk)
            _log.exception("a listener failed on %s", type(happened).__name__)

    def read_here(self, query: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        try:
            with Session(self.engine, expire_on_commit=False, autoflush=False) as session:
                uow = self._unit(session)
                uow.known = {}
                return query(uow, *args, **kwargs)
        except DatabaseError as error:
            raise trouble(error, self.path) from error

    def _unit(self, session: Session) -> UnitOfWork:
        clock = self.clock
        return UnitOfWork(
            session, clock.now(), self.actor, self.organisation_id, self.folder, speed=clock.speed
        )

    # --- other processes -------------------------------------------------------------------

    def look_elsewhere(self) -> Future[bool]:
        """Has another process written since the last look? Then ChangedElsewhere is published."""

        def look() -> bool:
            version = self._data_version()
            changed = version != self._seen_version
            self._seen_version = version
            if changed:
                if not self.organisation_id:
                    self.read_here(_choose_organisation, self)
                self._publish(ChangedElsewhere())
            return changed

        return self._thread.submit(look)

    def _data_version(self) -> int:
        assert self._connection is not None
        return int(self._connection.execute("PRAGMA data_version").fetchone()[0])

    def raw(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run `work` on the bare connection, outside any transaction (backup, checks)."""

        def call() -> T:
            assert self._connection is not None
            try:
                return work(self._connection)
            except sqlite3.Error as error:
                raise trouble(error, self.path) from error

        return self._on_thread(call)


def _choose_organisation(uow: UnitOfWork, store: Store) -> None:
    query = select(Organisation).where(Organisation.archived_at == None)  # noqa: E711
    found = uow.session.exec(query.order_by(Organisation.id.desc())).first()  # type: ignore[attr-defined]
    store.organisation_id = found.id if found else ""


def organisation(uow: UnitOfWork) -> Organisation:
    """Raises NotFound while no organisation was set up."""
    found = uow.find(Organisation, uow.organisation_id) if uow.organisation_id else None
    if found is None:
        raise NotFound(
            "There is no organisation yet. Start with the sample (`sample`), or import your people."
        )
    return found


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
