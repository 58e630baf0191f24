"""Of several consoles on one database, one drives: a leased row, with the server's own time.

The lease is renewed on a connection of its own; of a holder that is gone it runs out, and another
takes it. Whatever the holder writes meanwhile is written only while the lease is still its own:
a laptop that slept through its end finds out before anything it means to do is on disk.
"""

from __future__ import annotations

import json
import logging
import secrets
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DatabaseError
from sqlmodel import Session

from app.models.errors import StoreTrouble
from app.services.database_backend import HELD
from app.services.database_copying import LEASES
from app.services.database_place import place_of
from app.services.database_postgres import served_engine
from app.services.database_words import words_of

SECONDS = 20.0
"""How long others wait for a holder that is gone."""
RENEW_S = 5.0

_TAKE = text(
    """
INSERT INTO setting (name, value)
VALUES (:name, json_build_object('holder', CAST(:holder AS text), 'who', CAST(:who AS text),
        'until', extract(epoch FROM clock_timestamp()) + :seconds)::text)
ON CONFLICT (name) DO UPDATE SET value = excluded.value
 WHERE setting.value::json->>'holder' = :holder
    OR (setting.value::json->>'until')::float < extract(epoch FROM clock_timestamp())
"""
)
_HELD = text(
    """
SELECT value FROM setting
 WHERE name = :name AND value::json->>'holder' = :holder
   AND (value::json->>'until')::float > extract(epoch FROM clock_timestamp())
   FOR SHARE
"""
)
_LEAVE = text("DELETE FROM setting WHERE name = :name AND value::json->>'holder' = :holder")
_WHO = text("SELECT value FROM setting WHERE name = :name")

_log = logging.getLogger(__name__)


class Lease:
    """`name` says what is driven. Renewed by a thread until it is left."""

    def __init__(self, folder: Path, name: str, seconds: float = SECONDS) -> None:
        self.folder = folder
        self._place = place_of(folder)
        self._seconds = seconds
        self._about = {"name": f"{LEASES}{name}", "holder": secrets.token_hex(8)}
        self._who = socket.gethostname()
        self._engine: Engine = served_engine(self._place)
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._renew, name=f"lease {name}", daemon=True)

    def take(self) -> bool:
        """False: somebody else holds it. Raises StoreTrouble."""
        with self._link() as link:
            taken = link.execute(_TAKE, {**self._about, "who": self._who, "seconds": self._seconds})
            return taken.rowcount == 1

    def begin(self) -> None:
        self._thread.start()

    def leave(self) -> None:
        """For the next one to take at once."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join(self._seconds)
        try:
            with self._link() as link:
                link.execute(_LEAVE, self._about)
        except StoreTrouble as trouble:
            _log.warning("the lease runs out by itself: %s", trouble)
        self._engine.dispose()

    def holder(self) -> str:
        """On which machine."""
        with self._link() as link:
            kept = link.execute(_WHO, {"name": self._about["name"]}).scalar()
        return "" if kept is None else str(json.loads(str(kept))["who"])

    def require(self, session: Session) -> None:
        """In the transaction that is to be committed; nobody takes the lease before it is.
        Raises StoreTrouble when it was lost."""
        if session.connection().execute(_HELD, self._about).first() is None:
            raise StoreTrouble(
                "Another console drives mail and calendars now, as this one was not heard for a "
                "while; nothing was written here. It goes on there.",
                trouble="sender",
            )

    def _renew(self) -> None:
        while not self._stopped.wait(self._seconds * RENEW_S / SECONDS):
            try:
                if not self.take():
                    return  # what is written asks for it, and is refused
            except StoreTrouble as trouble:
                _log.warning("the lease is not renewed just now: %s", trouble)

    @contextmanager
    def _link(self) -> Iterator[Connection]:
        try:
            with self._engine.begin() as link:
                yield link
        except DatabaseError as error:
            raise words_of(error, self._place.url) from error


@contextmanager
def leased(folder: Path, name: str, seconds: float = SECONDS) -> Iterator[Lease | None]:
    """None: somebody else holds it. Raises StoreTrouble."""
    lease = Lease(folder, name, seconds)
    if not lease.take():
        yield None
        return
    lease.begin()
    token = HELD.set(lease)
    try:
        yield lease
    finally:
        HELD.reset(token)
        lease.leave()
