"""The store: one writer at a time, one transaction a use case, one database thread.

A SQLite file in the data folder, or the PostgreSQL database that `database.json` there names
(`database_backend`). A use case that returned has its change on disk; events are published after
the commit, on the database thread.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DatabaseError
from sqlmodel import Session, select

import app.models.tables  # noqa: F401  (registers every table)
from app.models.errors import BadInput, ConsoleError, NotFound
from app.models.tables.directory import Organisation
from app.services.database_backend import HELD, Backend, Held
from app.services.database_place import place_of
from app.services.database_sqlite import BUSY_SECONDS, SqliteBackend
from app.services.events import ChangedElsewhere, Event, EventBus, StoreReached
from app.services.folder import FILE_NAME, folder_trouble, prepare_folder
from app.services.ports import Clock
from app.services.settings.handed import require_in_use
from app.services.uow import Actor, UnitOfWork
from app.services.working import UNWATCHED, Work

P = ParamSpec("P")
T = TypeVar("T")

_log = logging.getLogger(__name__)


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
        self.clock = clock
        self.bus = bus
        self.actor = actor
        self.organisation_id = ""
        self._writes = False
        self._held: Held | None = None
        self._thread_id = 0
        self._thread = ThreadPoolExecutor(1, "database", self._note_thread)
        self._backend = _backend_of(folder, busy_seconds)
        self._closed = False
        self._unread = ""

    @property
    def path(self) -> Path:
        """The store's file. Raises NotAllowed when it is in a database server."""
        return self._backend.path

    @property
    def where(self) -> str:
        """What follows “Saved …”."""
        return self._backend.where

    @property
    def engine(self) -> Engine | None:
        return self._backend.engine

    # --- opening ---------------------------------------------------------------------------

    def open(self) -> None:
        """Raises StoreTrouble; `about["trouble"]`: damaged, gone, newer, folder or busy."""
        self._thread.submit(self._open).result()

    def _note_thread(self) -> None:
        self._thread_id = threading.get_ident()

    def _open(self) -> None:
        prepare_folder(self.folder)
        try:
            self._backend.open(self.clock, self._heard, self._on_reached)
            event.listen(self.engine, "begin", self._begin)
            self.read_here(_choose_organisation, self)
        except (sqlite3.Error, DatabaseError) as error:
            self._let_go()
            raise self._backend.trouble(error, "open") from error
        except OSError as error:
            self._let_go()
            raise folder_trouble(self.folder, error) from error
        except ConsoleError:
            self._let_go()
            raise

    def _begin(self, link: Connection) -> None:
        self._backend.begin(link, writes=self._writes)

    def close(self) -> None:
        """Everything acknowledged is on disk already; this only lets go of it."""
        if not self._closed:
            self._closed = True
            self._thread.submit(self._let_go).result()
            self._thread.shutdown()

    def tidy(self) -> None:
        """Let the database count what the tables hold, a few milliseconds: without the counts it
        takes the index over an organisation for a choosy one, and reads whole tables. Nothing that
        a person entered is touched; what stands in the way (busy, full, read-only) is no matter."""
        self._thread.submit(self._backend.count).result()

    def _let_go(self) -> None:
        self._backend.close()

    # --- running ---------------------------------------------------------------------------

    def submit(
        self, use_case: Callable[Concatenate[UnitOfWork, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> Future[T]:
        """Run a use case on the database thread; the result is there once it is on disk."""
        held = HELD.get()
        return self._thread.submit(lambda: self._run_held(held, use_case, *args, **kwargs))

    def submit_read(
        self, query: Callable[Concatenate[UnitOfWork, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> Future[T]:
        return self._thread.submit(lambda: self.read_here(query, *args, **kwargs))

    def run(
        self, use_case: Callable[Concatenate[UnitOfWork, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Like `submit`, but waits. Never call it on the GUI thread."""
        held = HELD.get()
        return self.on_thread(lambda: self._run_held(held, use_case, *args, **kwargs))

    def read(
        self, query: Callable[Concatenate[UnitOfWork, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """A query: whatever it changes is forgotten."""
        return self.on_thread(lambda: self.read_here(query, *args, **kwargs))

    def on_thread(self, call: Callable[[], T]) -> T:
        """What `call` answers on the database thread. Never call it on the GUI thread."""
        if threading.get_ident() == self._thread_id:
            return call()
        return self._thread.submit(call).result()

    def _run_held(
        self, held: Held | None, use_case: Callable[..., T], *args: Any, **more: Any
    ) -> T:
        before = self._held
        self._held = held if held is not None and held.folder == self.folder else None
        try:
            return self.run_here(use_case, *args, **more)
        finally:
            self._held = before

    def run_here(self, use_case: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """On the database thread only. Raises what the use case raises; then nothing changed."""
        is_long = any(isinstance(each, Work) for each in (*args, *kwargs.values()))
        if is_long:
            self._backend.before_long()
        self._writes = True
        try:
            with Session(self.engine, expire_on_commit=False) as session:
                uow = self._unit(session)

                def flushing(*_: object) -> None:
                    uow.on_flush()

                event.listen(session, "before_flush", flushing)
                before = self._backend.changes()
                try:
                    result = use_case(uow, *args, **kwargs)
                    uow.seal()
                    if self._backend.changes() != before:
                        if not self._may_change_handed:
                            require_in_use(self.folder)  # while others wait: none ends behind it
                        if self._held is not None:
                            self._held.require(session)
                        self._backend.about_to_commit(session)
                    self._commit(session)
                finally:  # else the two hold each other, and every row, until the next collection
                    event.remove(session, "before_flush", flushing)
        except DatabaseError as error:
            refusal = self._backend.trouble(error)
            if refusal.about.get("trouble") in ("full", "disk"):
                self._backend.after_full()
            raise refusal from error
        except UnicodeEncodeError as error:
            raise BadInput(
                "The text holds half a character (a broken emoji, perhaps), which cannot be "
                "stored; nothing was changed. Type that place anew."
            ) from error
        finally:
            self._writes = False
        self.organisation_id = uow.organisation_id
        if is_long:
            self._backend.count()
        for happened in uow.events:
            self._publish(happened)
        return result

    def _commit(self, session: Session) -> None:
        try:
            session.commit()
        except DatabaseError as error:
            if not self._backend.is_committed(error):
                raise

    def _publish(self, happened: Event) -> None:
        """A listener's fault must not make a change that is on disk look as if it had failed."""
        try:
            self.bus.publish(happened)
        except Exception:  # noqa: BLE001  (whatever the listener raises, this is on disk)
            _log.exception("a listener failed on %s", type(happened).__name__)

    def read_here(self, query: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        try:
            found = self._read(query, *args, **kwargs)
        except DatabaseError as error:
            if not error.connection_invalidated:
                raise self._not_read(error) from error
            try:  # the connection broke; a query may be asked again on another one
                found = self._read(query, *args, **kwargs)
            except DatabaseError as again:
                raise self._not_read(again) from again
        if self._unread:
            said, self._unread = self._unread, ""
            self._publish(StoreReached(there=True, said=said))
        return found

    def _not_read(self, error: DatabaseError) -> ConsoleError:
        refusal = self._backend.trouble(error, "read")
        if refusal.about.get("trouble") in ("away", "refused"):
            self._unread = refusal.sentence
        return refusal

    def _read(self, query: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        with Session(self.engine, expire_on_commit=False, autoflush=False) as session:
            uow = self._unit(session)
            uow.known = {}
            return query(uow, *args, **kwargs)

    def _unit(self, session: Session) -> UnitOfWork:
        clock = self.clock
        return UnitOfWork(
            session, clock.now(), self.actor, self.organisation_id, self.folder, speed=clock.speed
        )

    # --- other processes -------------------------------------------------------------------

    def look_elsewhere(self) -> Future[bool]:
        """Has another process written since the last look? Then ChangedElsewhere is published."""

        return self._thread.submit(self._look)

    def _look(self) -> bool:
        changed = self._backend.elsewhere()
        if changed:
            if not self.organisation_id:
                self.read_here(_choose_organisation, self)
            self._publish(ChangedElsewhere())
        return changed

    def _heard(self) -> None:
        """On any thread: somebody else wrote just now."""
        if not self._closed:
            with suppress(RuntimeError):  # it is being closed
                self._thread.submit(self._look)

    def copy(self, target: Path, work: Work = UNWATCHED) -> None:
        """All of it as a store in the file `target`, proven before it has that name. On any
        thread but the database’s. Raises StoreTrouble, Stopped."""
        self._backend.copy(target, work)

    def _on_reached(self, there: bool) -> None:
        """On any thread."""
        self._publish(StoreReached(there=there))

    def raw(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run `work` on the bare connection, outside any transaction (backup, checks)."""
        return self.on_thread(lambda: self._backend.raw(work))


def _backend_of(folder: Path, busy_seconds: float) -> Backend:
    place = place_of(folder)
    if not place.url:
        return SqliteBackend(folder / FILE_NAME, busy_seconds)
    from app.services.database_postgres import PostgresBackend  # only who has one needs it

    return PostgresBackend(folder, place, busy_seconds)


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
