"""A practice tenant on a thread, over real HTTPS, and Graph’s client before it."""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import timedelta
from itertools import count
from pathlib import Path

from starlette.routing import Mount

from app.services.graph.client import GraphClient, Patience
from app.services.practice.faults import Faults
from app.services.practice.grants import Grants
from app.services.practice.graph_app import graph_routes
from app.services.practice.people import User
from app.services.practice.server import Server
from app.services.practice.switches import Switches
from app.services.practice.tenant import Tenant
from tests.contracts.schema_check import Watch
from tests.contracts.worlds import NOW

SCOPES = (
    "User.Read",
    "Mail.ReadWrite",
    "Mail.Send",
    "Mail.ReadWrite.Shared",
    "Mail.Send.Shared",
    "Calendars.ReadWrite",
    "OnlineMeetings.ReadWrite",
    "OnlineMeetingArtifact.Read.All",
)


class TenantTokens:
    """Tokens straight from the tenant: signing in is tested elsewhere."""

    def __init__(self, tenant: Tenant, user: User, scopes: Sequence[str] = SCOPES) -> None:
        self._tenant = tenant
        self._user = user
        self._scopes = scopes
        self._token = ""
        self.claims: list[str] = []

    def token(self, claims: str = "", *, fresh: bool = False) -> str:
        if fresh:
            self.claims.append(claims)
        if fresh or not self._token:
            self._token = self._tenant.issue(self._user, self._scopes)
        return self._token

    def without(self, scope: str) -> None:
        """From now on this scope is not granted."""
        self._scopes = [each for each in self._scopes if each != scope]
        self._token = ""

    def expire(self) -> None:
        self._tenant.expire(self._token)

    def granted(self) -> frozenset[str]:
        return frozenset(self._scopes)


class Practice:
    """One tenant served for a whole test run; every test works with people of its own."""

    def __init__(self, folder: Path) -> None:
        self.now = NOW
        self.faults = Faults(7)
        self.tenant = Tenant(lambda: self.now, 7)
        self._people = count(1)
        graph, *others = graph_routes(self.tenant, self.faults)
        assert isinstance(graph, Mount)
        self.watch = Watch(graph.app)
        routes = [Mount(graph.path, app=self.watch), *others]
        self._server = Server(folder, self.tenant, Grants(self.tenant), routes=routes)
        addresses = self._server.start()
        self.base_url = f"{addresses.https}/v1.0"
        self.trust = ssl.create_default_context(cafile=addresses.ca_pem)

    def stop(self) -> None:
        self._server.stop()

    def person(self) -> User:
        number = next(self._people)
        return self.tenant.add_user(f"coordinator{number}@harbor.example", f"Coordinator {number}")

    @contextmanager
    def client(self, user: User) -> Iterator[GraphClient]:
        """At the end everything that was asked and answered meanwhile must fit Graph's schema."""
        self.faults.clear()
        self.tenant.switches.change(**asdict(Switches()))
        self.tokens = TenantTokens(self.tenant, user)
        client = GraphClient(
            self.base_url,
            self.tokens,
            verify=self.trust,
            loopback_only=True,
            now=lambda: self.now,
            wait=lambda _: None,
            patience=Patience(connect=5, read=5, whole=10),
        )
        try:
            yield client
        finally:
            client.close()
            self.faults.clear()
            seen, self.watch.problems = self.watch.problems, []
        assert not seen

    def later(self, how_much: timedelta) -> None:
        self.now += how_much
        with self.tenant.turn():
            pass
