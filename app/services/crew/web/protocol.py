"""Connections that ask nothing are closed, so that a thousand of them cannot keep others out."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

SECONDS = 10.0
"""In which a request has to be whole but for its body."""


class HurriedProtocol(H11Protocol):
    """uvicorn's own waits for a request's head as long as its sender likes."""

    _look: asyncio.TimerHandle | None = None
    _last: Any = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._look = self.loop.call_later(SECONDS, self._check)

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
