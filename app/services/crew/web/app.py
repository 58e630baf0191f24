"""The app put together: the guard around everything, routes that all lie under a token."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from typing import Any

import uvicorn
from starlette.routing import Router
from starlette.types import Receive, Send
from starlette.types import Scope as Asgi

from app.services.crew.web.guard import Guard
from app.services.crew.web.protocol import HurriedProtocol
from app.services.crew.web.routes import Recoded, crew_routes, nothing_here
from app.services.crew.web.streams import Connected, Streams
from app.services.database import Store

CONNECTIONS = 1_000
TURN = 0.000_05
"""Seconds. A send gives the interpreter up, and took 5 ms to get it back, for each phone."""


class CrewApp:
    """An ASGI app (see the package)."""

    def __init__(
        self,
        store: Store,
        *,
        recoded: Recoded | None = None,
        told: Callable[[], None] | None = None,
    ) -> None:
        self._streams = Streams(store, told)
        self.routes = crew_routes(store, self._streams, recoded)
        router = Router(self.routes, redirect_slashes=False, default=nothing_here)
        self._app = Guard(router)

    async def __call__(self, scope: Asgi, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)

    @property
    def connected(self) -> tuple[Connected, ...]:
        return self._streams.connected

    def close(self) -> None:
        self._streams.close()

    def end(self) -> None:
        """From any thread: who looks on is let go, so that the server need not cut them off."""
        self._streams.end()


def build_crew_app(
    store: Store, *, recoded: Recoded | None = None, told: Callable[[], None] | None = None
) -> CrewApp:
    return CrewApp(store, recoded=recoded, told=told)


def settle_process() -> None:
    """Call it once in the process that serves, when all is imported: threads take turns so often
    that telling 200 phones never waits for a use case's 5 ms each, and the collector leaves alone
    what is there to stay."""
    sys.setswitchinterval(TURN)
    gc.collect()
    gc.freeze()


def server_config(app: CrewApp, **more: Any) -> uvicorn.Config:
    """How it is served: no access log, as paths hold secrets; no more connections than can be
    looked after. `more` are uvicorn's own (`ssl_certfile`, `ssl_keyfile`)."""
    return uvicorn.Config(
        app,
        http=HurriedProtocol,
        ws="none",
        loop="asyncio",
        lifespan="off",
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        date_header=True,
        limit_concurrency=CONNECTIONS,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=1,
        **more,
    )
