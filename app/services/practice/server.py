"""The practice tenant put together and served: HTTPS for the console, plain HTTP for browsers,
both on loopback only."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from app.services.practice.certificate import make_certificate
from app.services.practice.consent import consent_routes
from app.services.practice.grants import Directory, Grants
from app.services.practice.oidc import Door
from app.services.practice.ports import LOOPBACK, StartFailed, listening

HOSTS = frozenset({"localhost", *LOOPBACK})
START_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Addresses:
    """`https` and `pages` without a slash at the end; by number, as a hosts file may lack the
    name `localhost`."""

    https: str
    pages: str
    ca_pem: Path


class LoopbackOnly:
    """Refuses whoever got here by another name than ours (DNS rebinding), and what a page of
    somebody else's makes a browser send."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or _is_ours(scope):
            await self._app(scope, receive, send)
        else:
            refused = PlainTextResponse("The practice tenant answers this machine only.", 403)
            await refused(scope, receive, send)


def _is_ours(scope: Scope) -> bool:
    headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
    host, origin = headers.get(b"host", ""), headers.get(b"origin")
    return urlsplit(f"//{host}").hostname in HOSTS and (
        origin is None or urlsplit(origin).hostname in HOSTS
    )


class Server:
    """Serves until `stop`, on a thread of its own, so that signals stay the process's."""

    def __init__(
        self,
        folder: Path,
        directory: Directory,
        grants: Grants,
        *,
        port: int = 0,
        routes: Sequence[BaseRoute] = (),
        page_routes: Sequence[BaseRoute] = (),
    ) -> None:
        """`folder` gets the certificates. `routes` stand beside the sign-in on HTTPS,
        `page_routes` beside it on plain HTTP. Raises StartFailed when `port` is taken; 0 is any,
        the last one's if it is free."""
        self._secure, self._plain = listening(folder, port)
        certificate = make_certificate(folder)
        self.addresses = Addresses(
            f"https://127.0.0.1:{self._secure[0].getsockname()[1]}",
            f"http://127.0.0.1:{self._plain[0].getsockname()[1]}",
            certificate.ca_pem,
        )
        self.grants = grants
        door = Door(directory, grants, https=self.addresses.https, pages=self.addresses.pages)
        middleware = [Middleware(LoopbackOnly)]
        secure = Starlette(routes=[*door.routes(), *routes], middleware=middleware)
        plain = Starlette(routes=[*consent_routes(door), *page_routes], middleware=middleware)
        chain = str(certificate.chain_pem)
        self._servers = (
            uvicorn.Server(_config(secure, ssl_certfile=chain)),
            uvicorn.Server(_config(plain)),
        )
        self._thread = threading.Thread(target=self._run, name="practice", daemon=True)
        self._ended = threading.Event()

    def start(self) -> Addresses:
        """Returns once both answer."""
        self._thread.start()
        waited = 0.0
        while not all(server.started for server in self._servers):
            if self._ended.wait(0.01) or (waited := waited + 0.01) > START_SECONDS:
                raise StartFailed("The practice tenant did not start; the log says why.")
        return self.addresses

    def stop(self) -> None:
        for server in self._servers:
            server.should_exit = server.force_exit = True
        self._thread.join(5)

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        finally:
            self._ended.set()

    async def _serve(self) -> None:
        secure, plain = self._servers
        await asyncio.gather(secure.serve(sockets=self._secure), plain.serve(sockets=self._plain))


def _config(app: Starlette, ssl_certfile: str | None = None) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        ssl_certfile=ssl_certfile,
        http="h11",
        ws="none",
        loop="asyncio",
        lifespan="off",
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=1,
    )
