"""A store in a PostgreSQL database, for several consoles.

Of writers one at a time, by an advisory lock that a transaction holds, so that use cases find the
store as they do in a file; each query sees one moment. Two connections: one for use cases and
queries, one that listens for what others commit and shows that a console is here.
"""

from __future__ import annotations

import logging
import secrets
import select
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DatabaseError, DisconnectionError
from sqlmodel import Session

from app.models.errors import BadInput, ConsoleError, StoreTrouble
from app.models.tables.log import ChainHead
from app.services.database_backend import Doing
from app.services.database_listening import CHANNEL, Listening
from app.services.database_patience import be_patient
from app.services.database_place import KEYRING, Place, not_a_file
from app.services.database_unfinished import token_of
from app.services.database_words import (
    gone,
    is_away,
    is_outside,
    not_moved,
    not_opened,
    not_read,
    unsure,
    words_of,
)
from app.services.folder import folder_trouble
from app.services.ports import Clock
from app.services.ports.secrets import Secrets
from app.services.schema_served import ensure_served, require_head
from app.services.working import Work

T = TypeVar("T")

WRITER = 0x466C6967687401
"""The advisory lock of whoever writes."""
OLDEST = 130000
ANSWER_S = 5
"""How long a server may take to answer a new connection."""
IDLE_S = 120
"""How long a console that stopped within a transaction (a closed lid) keeps others out."""

_passwords: dict[str, str] = {}
"""What the keyring said, asked once: it may wait for a person."""
_log = logging.getLogger(__name__)


class PostgresBackend:
    """Implements `database_backend.Backend`."""

    def __init__(self, folder: Path, place: Place, busy_seconds: float) -> None:
        self._folder = folder
        self._place = place
        self.where = "on the server"
        self._busy_seconds = busy_seconds
        self._token = secrets.token_hex(8)
        self._listening: Listening | None = None
        self._changed = 0
        self._witness: tuple[str, int, str] | None = None
        self._transaction = ""
        self.engine: Engine | None = None

    @property
    def path(self) -> Path:
        raise not_a_file("that")

    # --- opening ---------------------------------------------------------------------------

    def open(
        self, clock: Clock, heard: Callable[[], None], reached: Callable[[bool], None]
    ) -> None:
        engine = self.engine = served_engine(self._place, self._busy_seconds)
        with engine.connect() as link:
            require_supported(link)
        self._listening = Listening(lambda: listener(self._place), self._token, heard, reached)
        try:
            self._listening.start()
        except engine.dialect.loaded_dbapi.Error as error:
            raise DatabaseError("LISTEN", None, error) from error
        token = token_of(self._folder, "server")
        ensure_served(engine, self._listening.alone, token)
        if token:  # this folder's move to here was cut
            from app.services.database_moving import end_move_to_server

            end_move_to_server(self._folder, self._place, clock.now())
        event.listen(engine, "connect", require_head)
        event.listen(engine, "checkout", _require_there)
        event.listen(engine, "after_cursor_execute", self._note_change)

    def close(self) -> None:
        listening, self._listening = self._listening, None
        if listening is not None:
            listening.stop()
        if self.engine is not None:
            self.engine.dispose()

    # --- running ---------------------------------------------------------------------------

    def begin(self, link: Connection, *, writes: bool) -> None:
        """A writer sees what is committed once it has the lock, and nobody else writes then; a
        reader sees one moment."""
        raw = link.connection.dbapi_connection
        assert raw is not None
        link.dialect.set_isolation_level(raw, "READ COMMITTED" if writes else "REPEATABLE READ")
        if writes:
            link.exec_driver_sql("SELECT pg_advisory_xact_lock(%s)", (WRITER,))

    def changes(self) -> int:
        return self._changed

    def _note_change(self, _: object, cursor: Any, *about: Any) -> None:
        context = about[2]
        if context is not None and (context.isinsert or context.isupdate or context.isdelete):
            self._changed += 1

    def about_to_commit(self, session: Session) -> None:
        """The commit itself tells the others, and what shall prove it is noted."""
        found = session.connection().execute(
            text("SELECT pg_notify(:channel, :token), pg_current_xact_id()::text"),
            {"channel": CHANNEL, "token": self._token},
        )
        self._transaction = str(found.one()[1])
        self._witness = next(
            (
                (head.organisation_id, head.number, head.hash)
                for head in session.identity_map.values()
                if isinstance(head, ChainHead)
            ),
            None,
        )

    def is_committed(self, error: BaseException) -> bool:
        """The connection broke while the server was asked to commit, so it is asked again: for the
        log entry, which nothing but that transaction wrote, else for the transaction."""
        if not is_away(error) or self.engine is None:
            return False
        until = time.monotonic() + self._busy_seconds
        while True:
            try:
                with self.engine.connect() as link:
                    status = self._status(link)
                if status != "in progress":
                    return status == "committed"
            except DatabaseError as again:
                _log.warning("whether a commit took place is not known yet: %s", again)
            if time.monotonic() > until:
                raise unsure() from error
            time.sleep(0.2)

    def _status(self, link: Connection) -> str:
        if self._witness is not None:
            key, number, digest = self._witness
            query = "SELECT hash FROM log_entry WHERE organisation_id = %s AND number = %s"
            found = link.exec_driver_sql(query, (key, number)).scalar()
            if found is not None:
                return "committed" if found == digest else "aborted"
        query = "SELECT pg_xact_status(%s::text::xid8)"
        status = str(link.exec_driver_sql(query, (self._transaction,)).scalar())
        return "aborted" if status == "committed" and self._witness is not None else status

    def before_long(self) -> None:
        """The server sees to its own journal."""

    def after_full(self) -> None:
        """The server sees to its own disk."""

    def count(self) -> None:
        """The server counts by itself (autovacuum)."""

    # --- others ----------------------------------------------------------------------------

    def elsewhere(self) -> bool:
        return self._listening is not None and self._listening.take()

    def trouble(self, error: BaseException, doing: Doing = "write") -> ConsoleError:
        refusal = words_of(error, self._place.url)
        if doing == "write" or str(refusal) != gone():
            return refusal
        sentence = not_read() if doing == "read" else not_opened()
        return StoreTrouble(sentence, **refusal.about)

    def copy(self, target: Path, work: Work) -> None:
        """On a connection of its own, as all was at one moment."""
        from app.services.database_copying import copy_into_file

        engine = served_engine(self._place, self._busy_seconds)
        try:
            with engine.connect().execution_options(isolation_level="REPEATABLE READ") as link:
                copy_into_file(link, target, work)
        except DatabaseError as error:
            raise self.trouble(error) from error
        except OSError as error:
            raise folder_trouble(target.parent, error) from error
        finally:
            engine.dispose()

    def raw(self, work: Callable[[sqlite3.Connection], T]) -> NoReturn:
        raise not_a_file("that")


def served_engine(place: Place, busy_seconds: float = 5.0) -> Engine:
    """One connection at a time, made anew when it broke. Raises StoreTrouble without a driver."""
    waits = max(round(busy_seconds * 1_000), 1)
    options = {
        "timezone": "UTC",
        "lock_timeout": waits,
        "synchronous_commit": "on",
        "idle_in_transaction_session_timeout": IDLE_S * 1_000,
        "default_transaction_isolation": "read\\ committed",
        "tcp_keepalives_idle": 10,
        "tcp_keepalives_interval": 5,
        "tcp_keepalives_count": 3,
    }
    try:
        engine = create_engine(
            full_url(place),
            pool_size=1,
            max_overflow=0,
            connect_args={
                "connect_timeout": ANSWER_S,
                "application_name": "Flight Console",
                "options": " ".join(f"-c {name}={value}" for name, value in options.items()),
                "keepalives_idle": 10,
                "keepalives_interval": 5,
                "keepalives_count": 3,
                "tcp_user_timeout": 15_000,
            },
        )
        if place.in_keyring:
            event.listen(engine, "do_connect", lambda *about: _give_password(place, about[3]))
        be_patient(engine, lambda error: _forget_password(place, error))
        return engine
    except ImportError as error:
        raise StoreTrouble(
            "The store is in a PostgreSQL database, and its driver is not installed here. Install "
            "the console with its extra `postgres`. Nothing was changed.",
            trouble="refused",
        ) from error


def _give_password(place: Place, named: dict[str, Any]) -> None:
    """At each connection: what was refused is asked for anew, as it may have been given anew."""
    named["password"] = full_url(place).password


def _forget_password(place: Place, error: BaseException) -> None:
    if is_outside(error):
        _passwords.pop(place.url, None)


def full_url(place: Place) -> URL:
    """With the password, if the keyring has it."""
    url = make_url(place.url)
    if not place.in_keyring:
        return url
    password = _passwords.get(place.url)
    if password is None:
        from app.services.account.keyring_secrets import KeyringSecrets

        password = KeyringSecrets(KEYRING).get(place.url)
    if password is None:
        raise StoreTrouble(
            "The password of the database is not in the keyring of this machine (or the keyring "
            "is locked), so the store was not opened. Unlock it, or give the password again with "
            f"`database use {place.url} --ask-password`.",
            trouble="refused",
        )
    _passwords[place.url] = password
    return url.set(password=password)


def keep_password(secrets: Secrets, url: str, password: str) -> Place:
    """In the keyring only once the server let it in: other folders here open with the one that
    is there. Raises BadInput, StoreTrouble."""
    place = Place(url, in_keyring=True)
    before = _passwords.get(url)
    _passwords[url] = password
    engine = served_engine(place)
    try:
        engine.connect().close()
    except DatabaseError as error:
        _passwords.pop(url, None)
        if before is not None:
            _passwords[url] = before
        raise not_moved(error, url) from error
    finally:
        engine.dispose()
    secrets.set(url, password)
    if not secrets.trusted:
        raise BadInput(
            f"The password could not be kept ({secrets.place}). Unlock the keyring and do it "
            "again, or put it into libpq’s passfile (~/.pgpass). Nothing was changed."
        )
    return place


def listener(place: Place) -> Any:
    """A connection of its own, on which nothing is ever under way."""
    engine = served_engine(place)
    link = engine.raw_connection()
    link.detach()
    raw: Any = link.dbapi_connection
    raw.autocommit = True
    return raw


def require_supported(link: Connection) -> None:
    version = int(str(link.exec_driver_sql("SHOW server_version_num").scalar()))
    if version < OLDEST:
        raise StoreTrouble(
            f"The database server is PostgreSQL {version // 10_000}; 13 is the oldest that can "
            "hold a store. Nothing was changed.",
            trouble="newer",
        )
    if str(link.exec_driver_sql("SHOW server_encoding").scalar()) != "UTF8":
        raise StoreTrouble(
            "The database does not keep its text as UTF8, so not every name can be stored in it. "
            "Nothing was changed. Make another with: createdb --encoding=UTF8 --template=template0",
            trouble="newer",
        )


def _require_there(raw: Any, *_: object) -> None:
    """A server that went away says so on the idle connection; then another is made at once. No
    question is asked for it, as that would cost each use case a way to the server and back."""
    if raw.closed or select.select([raw.fileno()], [], [], 0)[0]:
        raise DisconnectionError(gone())
