"""The worlds over real HTTPS: a practice tenant on a thread, and Graph's client before it."""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

from app.services.graph.client import GraphClient, Patience
from app.services.graph.mail import GraphMailbox
from app.services.ports.mail import Found
from app.services.practice import mail_delivery
from app.services.practice.faults import Faults
from app.services.practice.grants import Grants
from app.services.practice.graph_app import graph_routes
from app.services.practice.mail import PostOffice
from app.services.practice.mail_box import Box, Message
from app.services.practice.people import User
from app.services.practice.server import Server
from app.services.practice.tenant import Tenant
from tests.contracts.worlds import NOW, Break

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
        self.scopes = scopes
        self._token = ""

    def token(self, claims: str = "", *, fresh: bool = False) -> str:
        if fresh or not self._token:
            self._token = self._tenant.issue(self._user, self.scopes)
        return self._token

    def granted(self) -> frozenset[str]:
        return frozenset(self.scopes)


class Practice:
    """One tenant served for a whole test run; every test works with people of its own."""

    def __init__(self, folder: Path) -> None:
        self.now = NOW
        self.faults = Faults(7)
        self.tenant = Tenant(lambda: self.now, 7)
        self._people = count(1)
        routes = graph_routes(self.tenant, self.faults)
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
        self.faults.clear()
        client = GraphClient(
            self.base_url,
            TenantTokens(self.tenant, user),
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

    def later(self, how_much: timedelta) -> None:
        self.now += how_much
        with self.tenant.turn():
            pass


def fault(route: str, how: Break) -> str:
    kind = {Break.AFTER: "reset-after", Break.BEFORE: "reset-before", Break.THROTTLED: "429=1.5"}
    return f"{kind[how]}:{route}"


class PracticeMailWorld:
    def __init__(self, practice: Practice, user: User, client: GraphClient) -> None:
        self._practice = practice
        self._user = user
        self.mailbox = GraphMailbox(client)
        address = f"desk-{user.email}"
        self._desk = practice.tenant.add_shared(address, "Service desk", [user])
        self.shared = address

    @property
    def now(self) -> datetime:
        return self._practice.now

    def later(self, how_much: timedelta) -> None:
        self._practice.later(how_much)

    def breaks(self, act: str, how: Break) -> None:
        self._practice.faults.add(fault(act, how))

    def answers(self, sent: Found, email: str, text: str) -> None:
        with self._practice.tenant.turn():
            mail_delivery.answer(self._post, self._user, self._own(sent), email, email, text)

    def answers_automatically(self, sent: Found, email: str, text: str) -> None:
        with self._practice.tenant.turn():
            about = self._own(sent)
            mail_delivery.automatic_reply(self._post, self._user, about, email, email, text)

    def forget_cursors(self) -> None:
        with self._practice.tenant.turn():
            self._box().forget_state()

    def delete_arrived(self, arrived_id: str) -> None:
        with self._practice.tenant.turn():
            self._post.delete(self._user, self._box().find(arrived_id))

    def words(self, found: Found) -> str:
        with self._practice.tenant.turn():
            return str(self._box().find(found.id).data["body"]["content"])

    def files(self, found: Found) -> list[tuple[str, int]]:
        with self._practice.tenant.turn():
            box = self._box()
            kept = [box.files[key] for key in box.find(found.id).files]
        return sorted((str(file["name"]), int(file["size"])) for file in kept)

    def drafts(self) -> int:
        with self._practice.tenant.turn():
            box = self._box()
            return len(box.in_folder(box.well_known("drafts")))

    @property
    def _post(self) -> PostOffice:
        return self._practice.tenant.mail

    def _box(self) -> Box:
        return self._post.box(self._user)

    def _own(self, found: Found) -> Message:
        return self._box().find(found.id)
