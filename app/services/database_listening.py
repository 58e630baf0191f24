"""What other consoles commit is heard on a connection of its own, by a thread that sleeps until
the server speaks. The same connection shows that a console is here."""

from __future__ import annotations

import logging
import select
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

CHANNEL = "flight_console"
PRESENT = 0x466C6967687402
"""The advisory lock that every open console shares; who must be alone asks for all of it."""
TRY_AGAIN_S = 1.0
ASK_S = 15.0
"""How long nothing may be heard before the server is asked whether it is there: what lies between
may keep a connection on which nothing comes any more."""

_log = logging.getLogger(__name__)


class Listening:
    """`connect` makes the driver's connection, in autocommit; `heard` is called on the thread
    here, once for all that was not taken yet. What was missed while the connection was broken
    counts as heard. `reached` is told when the server went away, and when it is back."""

    def __init__(
        self,
        connect: Callable[[], Any],
        token: str,
        heard: Callable[[], None],
        reached: Callable[[bool], None] = lambda _there: None,
    ) -> None:
        self._connect = connect
        self._token = token
        self._heard = heard
        self._reached = reached
        self._news = False
        self._stopped = False
        self._link: Any = None
        self._held = threading.Lock()
        self._wake, self._waker = socket.socketpair()
        self._thread = threading.Thread(target=self._run, name="listening", daemon=True)

    def start(self) -> None:
        """Listens when it returns. Raises what the driver raises."""
        self._begin()
        self._thread.start()

    def stop(self) -> None:
        self._stopped = True
        self._waker.send(b"x")
        if self._thread.is_alive():
            self._thread.join(5.0)
        self._end()
        self._wake.close()
        self._waker.close()

    def take(self) -> bool:
        news, self._news = self._news, False
        return news

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """Whether no other console has this store open; none opens it meanwhile."""
        with self._held:
            link = self._link
            link.execute("SELECT pg_advisory_unlock_shared(%s)", (PRESENT,))
            query = "SELECT pg_try_advisory_lock(%s)"
            alone = bool(link.execute(query, (PRESENT,)).fetchone()[0])
            try:
                yield alone
            finally:
                link.execute("SELECT pg_advisory_lock_shared(%s)", (PRESENT,))
                if alone:
                    link.execute("SELECT pg_advisory_unlock(%s)", (PRESENT,))

    def _begin(self) -> None:
        link = self._connect()
        try:
            link.execute(f"LISTEN {CHANNEL}")
            link.execute("SELECT pg_advisory_lock_shared(%s)", (PRESENT,))
        except BaseException:
            link.close()
            raise
        self._link = link

    def _end(self) -> None:
        link, self._link = self._link, None
        if link is not None:
            with suppress(Exception):  # it may be broken, which is why it ends
                link.close()

    def _run(self) -> None:
        while not self._stopped:
            try:
                if self._link is None:
                    self._begin()
                    _log.info("the database server is back")
                    self._reached(True)
                    self._say()
                self._wait()
            except Exception as error:  # noqa: BLE001  (of the driver, which is not imported here)
                if self._stopped:
                    return
                if self._link is not None:
                    _log.warning("the database server went away: %s", error)
                    self._reached(False)
                self._end()
                select.select([self._wake], [], [], TRY_AGAIN_S)

    def _wait(self) -> None:
        heard = any(select.select([self._link.fileno(), self._wake], [], [], ASK_S))
        if self._stopped:
            return
        with self._held:
            if not heard:
                self._link.execute("SELECT 1")
            others = [n for n in self._link.notifies(timeout=0) if n.payload != self._token]
        if others:
            self._say()

    def _say(self) -> None:
        was, self._news = self._news, True
        if not was:
            self._heard()
