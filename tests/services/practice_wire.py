"""The Graph part of the practice tenant behind a real server, every exchange checked."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import uvicorn
from starlette.applications import Starlette

from app.services.practice.control import Dial, control_routes
from app.services.practice.faults import Faults
from app.services.practice.graph_app import graph_routes
from app.services.practice.people import User
from app.services.practice.people_pages import people_routes
from tests.contracts.schema_check import Watch
from tests.services.practice_house import House

SCOPES = (
    *("User.Read", "Mail.ReadWrite", "Mail.Send", "Calendars.ReadWrite", "MailboxSettings.Read"),
    *("OnlineMeetings.ReadWrite", "OnlineMeetingArtifact.Read.All"),
)


class Wire:
    """A client signed in as Ada; `house` is the tenant behind it."""

    def __init__(self, house: House, faults: Faults, watch: Watch, address: str) -> None:
        self.house, self.faults, self.watch = house, faults, watch
        self.address = address
        self.client = self.as_user(house.ada)

    def as_user(self, user: User, *scopes: str) -> httpx.Client:
        token = self.house.tenant.issue(user, scopes or SCOPES, 10**6)
        return httpx.Client(
            base_url=f"{self.address}/v1.0",
            headers={"Authorization": f"Bearer {token}"},
            trust_env=False,
            timeout=10,
        )

    def ask(self, method: str, path: str, status: int, **options: Any) -> Any:
        answer = self.client.request(method, path, **options)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None

    def control(self, name: str, **body: Any) -> Any:
        answer = httpx.post(f"{self.address}/practice/{name}", json=body, trust_env=False)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def pages(self, path: str, **options: Any) -> Iterator[Any]:
        """Every page of a list or a round of changes."""
        page = self.ask("GET", path, 200, **options)
        yield page
        while (link := page.get("@odata.nextLink")) is not None:
            page = self.ask("GET", link, 200, headers=options.get("headers"))
            yield page


@contextmanager
def served() -> Iterator[Wire]:
    """Fails when an exchange did not fit Graph's schema."""
    house, faults = House(), Faults(3)
    tenant = house.tenant
    routes = [
        *graph_routes(tenant, faults),
        *control_routes(tenant, faults, Dial(lambda: house.now)),
        *people_routes(tenant),
    ]
    watch = Watch(Starlette(routes=routes))
    server = uvicorn.Server(
        uvicorn.Config(watch, port=0, log_level="warning", access_log=False, lifespan="off")
    )
    ready = threading.Event()

    async def serve() -> None:
        serving = asyncio.ensure_future(server.serve())
        while not server.started:
            await asyncio.sleep(0.005)
        ready.set()
        await serving

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    assert ready.wait(20)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield Wire(house, faults, watch, f"http://127.0.0.1:{port}")
        assert watch.problems == []
    finally:
        server.should_exit = server.force_exit = True
        thread.join(5)
