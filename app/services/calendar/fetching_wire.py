"""The wire under a fetch: which machine is connected to, and for how long at most.

Time and cancelling are looked at below HTTP, so that an answer whose head comes byte by byte ends
as soon as one that never comes.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterable
from typing import Any

import httpcore

from app.models.calendar.web import is_private
from app.models.errors import ConsoleError
from app.services.working import Stopped

SLICE_S = 0.2
"""Seconds between looks at whether to stop."""


class NotFetched(ConsoleError):
    """The web gave no calendar; what was there before is as it was."""

    code = "not_fetched"


class Deadline:
    """Until when, and whether somebody cancelled."""

    def __init__(self, seconds: float, stop: threading.Event) -> None:
        self.seconds = seconds
        self._until = time.monotonic() + seconds
        self._stop = stop

    def slice(self) -> float:
        """Seconds to wait at most before looking again. Raises Stopped, TimeoutError."""
        if self._stop.is_set():
            raise Stopped("Stopped, as you asked; nothing was changed.")
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return min(SLICE_S, left)


class WatchedStream(httpcore.NetworkStream):
    """One connection that ends with its deadline."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        while True:
            try:
                return self._inner.read(max_bytes, self._deadline.slice())
            except httpcore.ReadTimeout:
                continue

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._deadline.slice()
        self._inner.write(buffer, 10.0)

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        self._deadline.slice()
        return WatchedStream(
            self._inner.start_tls(ssl_context, server_hostname, 10.0), self._deadline
        )

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class CheckedNetwork(httpcore.NetworkBackend):
    """Connects to the address it has looked at, never to the name again: between two look-ups a
    name may lead elsewhere. `met_private` is set when it was one of one's own network."""

    def __init__(self, deadline: Deadline, *, private: bool) -> None:
        self._deadline = deadline
        self._private = private
        self._inner = httpcore.SyncBackend()
        self.met_private = False

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        found = resolve(host, port, self._deadline)
        allowed = [each for each in found if self._private or not is_private(each)]
        if not allowed:
            raise NotFetched(
                f"{host} is a machine of your own network ({found[0]}), and such an address is "
                "read only when you typed it yourself. Nothing was read from it."
            )
        trouble: Exception | None = None
        for address in allowed:
            try:
                self._deadline.slice()
                stream = self._inner.connect_tcp(address, port, 5.0)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as failed:
                trouble = failed
                continue
            self.met_private |= is_private(address)
            return WatchedStream(stream, self._deadline)
        raise trouble or httpcore.ConnectError(host)


def resolve(host: str, port: int, deadline: Deadline) -> list[str]:
    """Its addresses, asked for beside, as that has no time limit of its own. Raises NotFetched."""
    found: list[str] = []
    failed: list[OSError] = []
    done = threading.Event()

    def ask() -> None:
        try:
            known = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            found.extend(dict.fromkeys(str(each[4][0]) for each in known))
        except (OSError, UnicodeError) as trouble:
            failed.append(trouble if isinstance(trouble, OSError) else OSError(str(trouble)))
        finally:
            done.set()

    threading.Thread(target=ask, name="resolve", daemon=True).start()
    while not done.wait(deadline.slice()):
        pass
    if failed or not found:
        raise NotFetched(
            f"No machine is known by the name {host}, or there is no network now. Check the "
            "address; nothing was changed."
        )
    return found
