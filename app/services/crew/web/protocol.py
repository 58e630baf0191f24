"""Connections that ask nothing are closed, and one computer gets no more than its share, so that a
thousand of them cannot keep others out."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

SECONDS = 10.0
"""In which a request has to be whole but for its body."""
MOST = 700
"""Of one address: behind a Wi-Fi’s single one stands a whole crew, but not all connections."""
HERE = ("127.0.0.1", "::1")
"""A reverse proxy brings everybody from here."""


class HurriedProtocol(H11Protocol):
    """uvicorn's own waits for a request's head as long as its sender likes."""

    _look: asyncio.TimerHandle | None = None
    _last: Any = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if self._is_one_too_many():
            transport.close()
            return
        self._look = self.loop.call_later(SECONDS, self._check)

    def _is_one_too_many(self) -> bool:
        host = self.client[0] if self.client else ""
        if host in HERE:
            return False
        theirs = (each.client for each in self.connections if isinstance(each, H11Protocol))
        return sum(1 for client in theirs if client and client[0] == host) > MOST

    def connection_lost(self, exc: Exception | None) -> None:
        if self._look is not None:
            self._look.cancel()
        super().connection_lost(exc)

    def _check(self) -> None:
        """One that is answered may take its time; one whose last answer is the same as at the last
        look asked nothing whole since."""
        cycle = self.cycle
        waiting = cycle is None or cycle.response_complete
        if waiting and cycle is self._last:
            self.transport.close()
            return
        self._last = cycle if waiting else None
        self._look = self.loop.call_later(SECONDS, self._check)
