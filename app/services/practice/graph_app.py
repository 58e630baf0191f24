"""Graph over HTTP: tokens, scopes, limits and faults around the calls of `routes`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import unquote

from starlette.routing import BaseRoute, Mount
from starlette.types import Receive, Scope, Send

from app.services.practice import wire
from app.services.practice.befallen import Befallen
from app.services.practice.call import Answer, Call
from app.services.practice.errors import (
    Refusal,
    denied,
    expired,
    overloaded,
    unauthenticated,
)
from app.services.practice.faults import Faults
from app.services.practice.ground import stamp
from app.services.practice.mail_shape import file_id
from app.services.practice.people import Bearer, User
from app.services.practice.requests import Request
from app.services.practice.routes import GraphRoute, find
from app.services.practice.tenant import Tenant

LARGEST_REQUEST = 4 * 1024 * 1024


def graph_routes(tenant: Tenant, faults: Faults) -> list[BaseRoute]:
    """What Graph serves; that only this machine reaches it is the server's promise."""
    return [
        Mount("/v1.0", app=GraphApp(tenant, faults)),
        Mount("/upload", app=UploadApp(tenant, faults)),
    ]


class GraphApp:
    def __init__(self, tenant: Tenant, faults: Faults) -> None:
        self._tenant = tenant
        self._faults = faults
        self._in_flight: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = await Request.read(scope, receive)
        befallen = Befallen({}, request, self._tenant.ground.now)
        try:
            segments, mailbox = _as_me(request.path)
            route, parts = find(request.method, segments)
            befallen = Befallen(self._faults.for_request(route.name), request, befallen.now)
            if befallen.by_portal:
                return await wire.portal(send)
            bearer = self._bearer(request)
            owner = self._owner(bearer, mailbox)
            with self._slot(owner):
                if await befallen.before(send, receive):
                    return None
                self._allow(route, bearer, owner)
                answer = self._act(route, request, bearer.user, owner, parts)
        except Refusal as refusal:
            answer = befallen.refused(refusal)
        return await befallen.answer(send, receive, answer)

    def _bearer(self, request: Request) -> Bearer:
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        if kind.casefold() != "bearer" or not token:
            raise unauthenticated()
        bearer = self._tenant.bearer(token.strip())
        if bearer is None:
            raise expired()
        return bearer

    def _owner(self, bearer: Bearer, mailbox: str) -> User:
        if not mailbox:
            return bearer.user
        with self._tenant.lock:
            return self._tenant.people.reached_by(bearer.user, mailbox)

    def _allow(self, route: GraphRoute, bearer: Bearer, owner: User) -> None:
        """The token must carry a scope of the call: for another's mailbox a shared one."""
        wanted = {each.casefold() for each in route.scopes}
        if owner is not bearer.user:
            wanted = {f"{each}.shared" for each in wanted}
        have = {each.casefold() for each in bearer.scopes}
        if self._tenant.switches.strict_scopes and not wanted & have:
            raise denied()

    @contextmanager
    def _slot(self, owner: User) -> Iterator[None]:
        """One of the few requests a mailbox takes at once."""
        most = self._tenant.switches.concurrency
        if most and self._in_flight[owner.oid] >= most:
            raise overloaded("MailboxConcurrency")
        self._in_flight[owner.oid] += 1
        try:
            yield
        finally:
            self._in_flight[owner.oid] -= 1

    def _act(
        self,
        route: GraphRoute,
        request: Request,
        caller: User,
        owner: User,
        parts: tuple[str, ...],
    ) -> Answer:
        if len(request.content) > LARGEST_REQUEST:
            raise Refusal(413, "RequestEntityTooLarge", "The request is too large.")
        lengths = {"content-length", "transfer-encoding"}
        if request.method in ("POST", "PATCH", "PUT") and not lengths & request.headers.keys():
            raise Refusal(411, "LengthRequired", "A Content-Length header is required.")
        call = Call(
            request.base,
            request.path,
            caller,
            owner,
            parts,
            request.query,
            request.headers,
            request.content,
            self._tenant.ground.pages,
        )
        with self._tenant.turn():
            answer = route.handler(self._tenant, call)
        if call.applied:
            answer.headers["Preference-Applied"] = ", ".join(call.applied)
        return answer


def _as_me(path: str) -> tuple[tuple[str, ...], str]:
    """The path as if it were one's own, and whose it is (empty: one's own)."""
    raw = path.partition("?")[0].removeprefix("/v1.0").strip("/").split("/")
    segments = tuple(unquote(each) for each in raw)
    if segments[0].casefold() == "users" and len(segments) > 1:
        return ("me", *segments[2:]), segments[1]
    return segments, ""


class UploadApp:
    """The pieces of large attachments, at an address that is its own proof: a token here is a
    client's mistake. Answers are in PascalCase, as those of the real second host."""

    def __init__(self, tenant: Tenant, faults: Faults) -> None:
        self._tenant = tenant
        self._faults = faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = await Request.read(scope, receive)
        met = self._faults.for_request("upload")
        befallen = Befallen(met, request, self._tenant.ground.now)
        if befallen.by_portal:
            return await wire.portal(send)
        try:
            if await befallen.before(send, receive):
                return None
            with self._tenant.turn():
                answer = self._act(request)
        except Refusal as refusal:
            answer = befallen.refused(refusal)
        return await befallen.answer(send, receive, answer)

    def _act(self, request: Request) -> Answer:
        if "authorization" in request.headers:
            raise unauthenticated("An upload address takes no Authorization header.")
        token = request.path.rpartition("/")[2]
        uploads = self._tenant.mail.uploads
        if request.method == "DELETE":
            uploads.cancel(token)
            return Answer(204)
        if request.method != "PUT":
            raise Refusal(405, "Request_BadRequest", "An upload address takes PUT and DELETE.")
        wanted = request.headers.get("content-range", "")
        upload, message, key = uploads.put(token, wanted, request.content)
        if key:
            name = file_id(message, key)
            place = f"{request.base}/api/v2.0/Users('{upload.box.owner.oid}')"
            place += f"/Messages('{message.id}')/Attachments('{name}')"
            return Answer(201, None, {"Location": place})
        body = {
            "ExpirationDateTime": stamp(upload.expires_at),
            "NextExpectedRanges": upload.expected,
        }
        return Answer(200, body)
