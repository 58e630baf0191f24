"""What is served under a token: pages, the board, its news, taps."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Callable, Mapping
from functools import partial

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Send
from starlette.types import Scope as Asgi

from app.models.crew.links import LinkKind
from app.models.crew.taps import TapAct, happened_at
from app.models.errors import BadInput, ConsoleError, NotAllowed, Stale
from app.services.changes_evidence import keep_evidence
from app.services.crew.board import phone_calls
from app.services.crew.links import Scope, note_opened
from app.services.crew.photos import photo_name, take_photo
from app.services.crew.taking_back import tap_with
from app.services.crew.taps import NoScope
from app.services.crew.web.limits import Buckets
from app.services.crew.web.openapi import openapi
from app.services.crew.web.pages import (
    BOARD_FILES,
    STATUS_FILES,
    File,
    board_page,
    file_answer,
    status_answer,
    takes_gzip,
)
from app.services.crew.web.reading import photo_in, revision_in, tap_in
from app.services.crew.web.scoped import (
    Gate,
    Handler,
    Scoped,
    body_of,
    gone,
    refused,
    too_many,
)
from app.services.crew.web.streams import Streams
from app.services.crew.web.told import Kept
from app.services.database import Store

Recoded = Callable[[bytes], bytes]
ASK_AGAIN = ("/tap", "/photo")
TAP_BYTES = 16_000
MOST_NOTED = 2_000
PHOTO_BYTES = 12_000_000
TAPS_A_SECOND, TAPS_AT_ONCE = 3.0, 30
PHOTOS_A_SECOND, PHOTOS_AT_ONCE = 0.2, 6
ASKS_A_SECOND, ASKS_AT_ONCE = 10.0, 100
MANY = 20
"""So many times as much for a link that many hold, from the address of a reverse proxy."""
STRANGERS_A_SECOND, STRANGERS_AT_ONCE = 1.0, 30


async def nothing_here(scope: Asgi, receive: Receive, send: Send) -> None:
    """Whatever lies under no token."""
    await gone(scope)(scope, receive, send)


def crew_routes(store: Store, streams: Streams, recoded: Recoded | None) -> list[BaseRoute]:
    gate = Gate(
        store,
        strangers=Buckets(STRANGERS_A_SECOND, STRANGERS_AT_ONCE),
        guests=Buckets(ASKS_A_SECOND, ASKS_AT_ONCE),
        many=Buckets(ASKS_A_SECOND * MANY, ASKS_AT_ONCE * MANY),
    )
    serves = _Serves(store, streams, recoded)
    board: dict[str, Mapping[str, Handler]] = {
        "": {"GET": _with_slash},
        "/": {"GET": serves.page},
        "/board": {"GET": serves.board},
        "/events": {"GET": serves.events},
        **{f"/{name}": {"GET": partial(_file, file)} for name, file in BOARD_FILES.items()},
    }
    crew = {
        **board,
        "/calls": {"GET": serves.calls},
        "/tap": {"POST": serves.tap},
        "/photo": {"POST": serves.photo},
        "/openapi.json": {"GET": _described},
    }
    status: dict[str, Mapping[str, Handler]] = {
        "": {"GET": _with_slash},
        "/": {"GET": serves.status},
        "/outage.ics": {"GET": serves.calendar},
        **{f"/{name}": {"GET": partial(_file, file)} for name, file in STATUS_FILES.items()},
    }
    paths = {LinkKind.CREW: crew, LinkKind.OBSERVER: board, LinkKind.STATUS: status}
    return [
        Route(
            f"/{kind.letter}/{{token}}{path}",
            Scoped(gate, kind, handlers, asks_again=path in ASK_AGAIN),
        )
        for kind, theirs in paths.items()
        for path, handlers in theirs.items()
    ]


async def _with_slash(request: Request, who: Scope) -> Response:
    token = request.path_params["token"]
    return RedirectResponse(f"{token}/", 308)


async def _described(request: Request, who: Scope) -> Response:
    return JSONResponse(openapi())


async def _file(file: File, request: Request, who: Scope) -> Response:
    return file_answer(request, file)


class _Serves:
    def __init__(self, store: Store, streams: Streams, recoded: Recoded | None) -> None:
        self._store, self._streams, self._recoded = store, streams, recoded
        self._noted: set[str] = set()
        self._taps = Buckets(TAPS_A_SECOND, TAPS_AT_ONCE)
        self._photos = Buckets(PHOTOS_A_SECOND, PHOTOS_AT_ONCE)
        self._recoding = asyncio.Lock()
        self._told = Kept(store)

    async def page(self, request: Request, who: Scope) -> Response:
        return board_page(who, self._store.clock.speed, photos=self._recoded is not None)

    async def _opened(self, who: Scope) -> None:
        """Its script asked: mail gateways and chats fetch a page to look at it, too."""
        if who.kind is LinkKind.CREW and who.link_id not in self._noted:
            await asyncio.wrap_future(self._store.submit(note_opened, who.link_id))
            if len(self._noted) < MOST_NOTED:
                self._noted.add(who.link_id)

    async def board(self, request: Request, who: Scope) -> Response:
        await self._opened(who)
        made = await self._streams.board(who, revision_in(request))
        if not takes_gzip(request):
            return Response(made, media_type="application/json")
        packed = {"content-encoding": "gzip", "vary": "accept-encoding"}
        return Response(gzip.compress(made, 4), headers=packed, media_type="application/json")

    async def events(self, request: Request, who: Scope) -> Response | ASGIApp:
        if self._streams.full or request.method != "GET":
            return too_many()
        revision = revision_in(request)
        await self._opened(who)

        async def stream(scope: Asgi, receive: Receive, send: Send) -> None:
            await self._streams.serve(who, revision, receive, send)

        return stream

    async def calls(self, request: Request, who: Scope) -> Response:
        found = await asyncio.wrap_future(self._store.submit_read(phone_calls, who.outage_id))
        return JSONResponse(found)

    async def tap(self, request: Request, who: Scope) -> Response:
        if not self._taps.take(who.link_id):
            return too_many()
        if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            raise BadInput("A tap is sent as application/json.")
        try:
            tap, revision = tap_in(await body_of(request, TAP_BYTES))
        except ClientDisconnect:
            raise BadInput("It did not arrive whole; nothing was changed.") from None
        token = request.path_params["token"]
        try:
            with self._streams.tapping():
                news = await asyncio.wrap_future(self._store.submit(tap_with, token, tap))
        except NoScope:
            return gone()
        except (Stale, NotAllowed) as refusal:
            return await self._with_board(refusal, who, revision)
        if news is not None:
            self._streams.hear(who, tap.step_id, news)
        return JSONResponse({"ok": True, "counted": news is not None})

    async def photo(self, request: Request, who: Scope) -> Response:
        """The body is the file; `step` and `id` stand in the query. Whatever the phone says that
        it is, it is looked at, made anew, and only then kept."""
        if self._recoded is None:
            raise NotAllowed("This console takes no photos; send it by mail.")
        if not request.headers.get("content-type", "").startswith("image/"):
            raise BadInput("A photo is sent as an image.")
        if not self._photos.take(who.link_id):
            return too_many()
        step, tap, at = photo_in(request)
        happened_at(at, self._store.clock.now(), TapAct.PHOTO)
        token = request.path_params["token"]
        try:
            body = await body_of(request, PHOTO_BYTES)
            named = self._store.submit_read(photo_name, token, step, tap)
            name = await asyncio.wrap_future(named)
            counted = False
            if name is not None:
                async with self._recoding:  # one at a time: a photo fills 200 MB while it is read
                    content = await asyncio.to_thread(self._recoded, body)
                folder = self._store.folder
                kept = await asyncio.to_thread(keep_evidence, folder, name, content)
                taken = self._store.submit(take_photo, token, step, tap, kept, at)
                counted = await asyncio.wrap_future(taken)
        except ClientDisconnect:
            raise BadInput("It did not arrive whole; nothing was kept.") from None
        except NoScope:
            return gone()
        return JSONResponse({"ok": True, "counted": counted})

    async def status(self, request: Request, who: Scope) -> Response:
        return status_answer((await self._told.of(who.outage_id)).told)

    async def calendar(self, request: Request, who: Scope) -> Response:
        told = await self._told.of(who.outage_id)
        return Response(told.ics, media_type="text/calendar; charset=utf-8")

    async def _with_board(self, refusal: ConsoleError, who: Scope, revision: int) -> Response:
        """Refused, and how it stands now."""
        board = await self._streams.board(who, revision)
        return refused(refusal, board=board.decode())
