"""A route answers nobody without a scope: the token is looked at first, whatever is asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Send
from starlette.types import Scope as Asgi

from app.models.crew.links import LinkKind
from app.models.errors import BadInput, ConsoleError, NotAllowed, NotFound, Stale, StoreTrouble
from app.services.crew.links import Scope, scope_of
from app.services.crew.web.limits import Buckets
from app.services.crew.web.protocol import HERE
from app.services.database import Store

Handler = Callable[[Request, Scope], Awaitable[Response | ASGIApp]]

NOTHING = "This link opens nothing, or no longer. Ask the coordinator of the outage for another."
PAGE_STYLE = (
    "body{margin:32px auto;max-width:640px;padding:0 16px;font:16px/1.5 system-ui,sans-serif}"
    "h1{font-size:20px}"
)
_PAGE = (
    '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
    '<meta name="color-scheme" content="dark light"><title>Nothing here</title>'
    f"<style>{PAGE_STYLE}</style></head><body><main><h1>Nothing here</h1><p>{NOTHING}</p></main>"
)
STATUS = {BadInput: 400, NotFound: 404, NotAllowed: 403, Stale: 409, StoreTrouble: 503}
BODY_SECONDS = 30.0
MOST_LATELY = 2_000


@dataclass(frozen=True, slots=True)
class Gate:
    """What all routes share. `strangers` counts tokens that open nothing, by address; `guests`
    what each link asks for, `many` what a link that many hold does where a proxy hides who they
    are; `lately` are the scopes of tokens that stood lately."""

    store: Store
    strangers: Buckets
    guests: Buckets
    many: Buckets
    lately: dict[str, Scope] = field(default_factory=dict)


class Scoped:
    """One path for one kind of link; `handlers` by method. With `asks_again` they ask for the scope
    themselves, in the transaction of what they do, so one that stood lately is good enough here."""

    def __init__(
        self,
        gate: Gate,
        kind: LinkKind,
        handlers: Mapping[str, Handler],
        *,
        asks_again: bool = False,
    ) -> None:
        self._gate, self._kind, self._handlers = gate, kind, handlers
        self._asks_again = asks_again

    async def __call__(self, scope: Asgi, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        answer = await self._answer(request)
        await answer(scope, receive, send)

    async def _answer(self, request: Request) -> Response | ASGIApp:
        try:
            who = await self._scope(str(request.path_params["token"]))
            if who is None:
                return self._stranger(request)
            if not self._may_ask(request, who):
                return too_many()
            method = "GET" if request.method == "HEAD" else request.method
            handler = self._handlers.get(method)
            if handler is None:
                allowed = {"allow": ", ".join(self._handlers)}
                return PlainTextResponse("That is not done here.", 405, allowed)
            if method != "GET" and request.headers.get("sec-fetch-site") not in (
                None,
                "same-origin",
            ):
                return PlainTextResponse("Another site may not tap here.", 403)
            return await handler(request, who)
        except ConsoleError as refusal:
            return refused(refusal)

    async def _scope(self, token: str) -> Scope | None:
        lately = self._gate.lately
        who = lately.get(token) if self._asks_again else None
        if who is None:
            found = self._gate.store.submit_read(scope_of, self._kind, token)
            who = await asyncio.wrap_future(found)
            if who is not None and len(lately) < MOST_LATELY:
                lately[token] = who
            elif who is None:
                lately.pop(token, None)
        return who if who is not None and who.kind is self._kind else None

    def _may_ask(self, request: Request, who: Scope) -> bool:
        """A link of one person counts by itself, wherever it is opened; one that many hold counts
        for each address, but for one behind which all of them stand."""
        if who.person_id:
            return self._gate.guests.take(who.link_id)
        if _address(request) in HERE:
            return self._gate.many.take(who.link_id)
        return self._gate.guests.take(f"{who.link_id} {_address(request)}")

    def _stranger(self, request: Request) -> Response:
        known = self._gate.strangers.take(_address(request))
        return gone(request.scope) if known else too_many()


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def gone(scope: Asgi | None = None) -> Response:
    """The same for a forged, a revoked, an expired and a mistyped link. To a browser that opens it
    as a page, as phones show plain text too small to read."""
    is_page = scope is not None and "text/html" in Headers(scope=scope).get("accept", "")
    return HTMLResponse(_PAGE, 404) if is_page else PlainTextResponse(NOTHING, 404)


def too_many() -> Response:
    return PlainTextResponse("Too many at once. Wait a moment.", 429, {"retry-after": "2"})


def refused(refusal: ConsoleError, **more: object) -> Response:
    said = {"ok": False, "code": refusal.code, "sentence": refusal.sentence, **more}
    return JSONResponse(said, status_of(refusal))


def status_of(refusal: ConsoleError) -> int:
    return next((code for kind, code in STATUS.items() if isinstance(refusal, kind)), 400)


async def body_of(request: Request, most: int) -> bytes:
    """The whole body, never more than `most` bytes of it in memory. Raises BadInput."""
    too_long = BadInput(f"That is more than {most // 1_000:,} KB; nothing was changed.")
    said = request.headers.get("content-length", "0")
    if not (said.isascii() and said.isdigit() and len(said) < 12) or int(said) > most:
        raise too_long
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for part in request.stream():
                body += part
                if len(body) > most:
                    raise too_long
    except TimeoutError:
        raise BadInput("It took too long to arrive; nothing was changed. Try again.") from None
    return bytes(body)
