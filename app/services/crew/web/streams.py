"""News by server-sent events: a board is made once per change for all who look at it.

Nothing is queued: a phone that reads slowly is told next what is newest then. All of this runs on
the server's event loop; the store's bus wakes it from the database thread.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from starlette.types import Receive, Send

from app.models.errors import ConsoleError, NotFound
from app.services.crew.board import GaveWay, Plain, phone_board
from app.services.crew.links import Scope
from app.services.crew.web.feed import Feed, stamped
from app.services.database import Store
from app.services.events import ChangedElsewhere, Event

MOST = 600
"""Streams at once; a phone has one."""
MOST_A_LINK = 4
MOST_OBSERVERS = 200
"""Of one link that many hold."""
PAUSE = 0.05
TELL = 0.03
"""A board is made once nothing came for so long, so that phones are told of a tap first: both at
once, each made the other wait."""
LATEST = 0.5
"""However much comes, it is made so long after the first."""
SHARE = 8
"""Between two boards of an outage lies eight times as long as one takes, and at least the pause:
what comes meanwhile is shown with the next. What a tap changed of its step is told before."""
LOOK = 0.1
"""Seconds between two looks at what other processes wrote."""
RENEW = 15.0
"""Seconds after which a board is made anew, as time itself opens windows and locks."""
BEAT = 20.0
SEND = 20.0
FEEDS = 32

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Connected:
    """Somebody who looks at a board now. `name` is empty for an observer."""

    link_id: str
    outage_id: str
    person_id: str
    name: str
    since: datetime


@dataclass(eq=False, slots=True)
class _Stream:
    scope: Scope
    since: datetime
    task: asyncio.Task[Any] | None
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    over: bool = False
    sending: float | None = None
    sent: float = 0.0

    def end(self) -> None:
        self.over = True
        self.wake.set()

    def beat(self, now: float) -> None:
        """By a beat both sides find out that they lost each other; who takes no more is let go."""
        if self.sending is not None:
            if now - self.sending > SEND and self.task is not None:
                self.task.cancel()
        elif now - self.sent > BEAT:
            self.wake.set()


class Streams:
    """`told`: see the package."""

    def __init__(self, store: Store, told: Callable[[], None] | None = None) -> None:
        self._store = store
        self._told = told
        self._loop: asyncio.AbstractEventLoop | None = None
        self._streams: list[_Stream] = []
        self._feeds: dict[str, Feed] = {}
        self._made: dict[str, float] = {}
        self._stale: dict[str, tuple[float, float]] = {}
        """When something happened first and last that its board does not show."""
        self._news = asyncio.Event()
        self._looked = 0.0
        self._taps = 0
        self._watch: asyncio.Task[None] | None = None
        self._next: dict[str, float] = {}
        self._making: dict[str, asyncio.Lock] = {}
        self._unsubscribe = store.bus.subscribe(self._happened)
        self._closed = False

    @property
    def connected(self) -> tuple[Connected, ...]:
        return tuple(
            Connected(
                each.scope.link_id,
                each.scope.outage_id,
                each.scope.person_id,
                each.scope.name,
                each.since,
            )
            for each in tuple(self._streams)
        )

    def close(self) -> None:
        if not self._closed:
            self._closed = True
            self._unsubscribe()
        for stream in self._streams:
            stream.end()
        self._news.set()

    def end(self) -> None:
        """The same from any thread: each stream ends as one that was read to its end."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self.close)

    # --- what is shown -----------------------------------------------------------------------

    async def board(self, scope: Scope, revision: int) -> bytes:
        """How it stands now, for whoever knows `revision`. Raises NotFound."""
        self._loop = asyncio.get_running_loop()
        if self._watch is None:  # nobody looks on, so nobody looked at what others wrote
            await asyncio.wrap_future(self._store.look_elsewhere())
        feed = await self._fresh(scope.outage_id)
        return self._payload(feed, scope, revision)

    def _payload(self, feed: Feed, scope: Scope, revision: int) -> bytes:
        rest = feed.since(revision, crew=bool(scope.person_id))
        return stamped(self._store.clock.now().timestamp(), rest)

    async def _fresh(self, outage_id: str, gives_way: Callable[[], bool] = lambda: False) -> Feed:
        async with self._making.setdefault(outage_id, asyncio.Lock()):
            feed = self._feeds.get(outage_id)
            age = time.monotonic() - self._made.get(outage_id, 0.0)
            if feed is not None and outage_id not in self._stale and age < RENEW:
                return feed
            self._stale.pop(outage_id, None)
            began = time.monotonic()
            read = self._store.submit_read(phone_board, outage_id, gives_way)
            try:
                made = await asyncio.wrap_future(read)
            except BaseException:
                self._mark(outage_id)  # busy, or who asked is gone: it is looked at again
                raise
            took = time.monotonic() - began
            self._next[outage_id] = began + took + max(PAUSE, SHARE * took)
            if feed is None:
                self._forget_one()
                feed = self._feeds[outage_id] = Feed(int(time.time() * 1_000))
            self._made[outage_id] = time.monotonic()
            self._pass_on(outage_id, feed, changed=feed.update(made))
            return feed

    def _pass_on(self, outage_id: str, feed: Feed, *, changed: bool) -> None:
        """Whoever asked for a board, what is new on it is for all who look on."""
        for stream in self._streams:
            if stream.scope.outage_id == outage_id:
                if stream.scope.link_id not in feed.standing:
                    stream.end()
                elif changed:
                    stream.wake.set()

    def _forget_one(self) -> None:
        """Of many outages the one nobody looks at."""
        if len(self._feeds) < FEEDS:
            return
        looked_at = {stream.scope.outage_id for stream in self._streams}
        for outage_id in tuple(self._feeds):
            if outage_id not in looked_at:
                for known in (self._feeds, self._made, self._next, self._making):
                    known.pop(outage_id, None)
                return

    @contextmanager
    def tapping(self) -> Iterator[None]:
        """While a tap waits for the database: a board that nobody asked for lets it go first."""
        self._taps += 1
        try:
            yield
        finally:
            self._taps -= 1

    def hear(self, scope: Scope, step_id: str, news: Plain) -> None:
        """A tap was taken: its step is told at once."""
        feed = self._feeds.get(scope.outage_id)
        if feed is None:
            return
        feed.hear(step_id, news)
        for stream in self._streams:
            if stream.scope.outage_id == scope.outage_id:
                stream.wake.set()

    # --- what happened -----------------------------------------------------------------------

    def _happened(self, event: Event) -> None:
        """On the database thread."""
        if self._told is not None and not isinstance(event, ChangedElsewhere):
            self._told()
        if self._loop is not None and not self._closed:
            try:
                self._loop.call_soon_threadsafe(self._mark, event.outage_id)
            except RuntimeError:
                return  # the server ended; nobody is there to be told

    def _mark(self, outage_id: str) -> None:
        now = time.monotonic()
        for each in (outage_id,) if outage_id else tuple(self._feeds):
            first, _ = self._stale.get(each, (now, now))
            self._stale[each] = (first, now)
        self._news.set()

    def _due(self, outage_id: str) -> float:
        """When its board is made anew."""
        old = self._made.get(outage_id, 0.0) + RENEW
        if outage_id not in self._stale:
            return old
        first, last = self._stale[outage_id]
        quiet = min(last + TELL, first + LATEST)
        return min(old, max(quiet, self._next.get(outage_id, 0.0)))

    async def _watching(self) -> None:
        """While somebody looks on."""
        while self._streams and not self._closed:
            try:
                await self._look()
            except (ConsoleError, sqlite3.Error) as trouble:
                _log.warning("the board could not be read: %s", trouble)
                await asyncio.sleep(1.0)
        self._watch = None

    async def _look(self) -> None:
        looked_at = {stream.scope.outage_id for stream in self._streams}
        next_ = min([self._looked + LOOK, *map(self._due, looked_at)])
        with suppress(TimeoutError):
            async with asyncio.timeout(max(0.0, next_ - time.monotonic())):
                await self._news.wait()
        self._news.clear()
        now = time.monotonic()
        if now - self._looked >= LOOK:
            self._looked = now
            await asyncio.wrap_future(self._store.look_elsewhere())
        for stream in self._streams:
            stream.beat(now)
        for outage_id in looked_at:
            if now >= self._due(outage_id):
                await self._tell(outage_id)

    async def _tell(self, outage_id: str) -> None:
        theirs = [stream for stream in self._streams if stream.scope.outage_id == outage_id]
        now = time.monotonic()
        since = self._stale.get(outage_id, (now, now))

        def gives_way() -> bool:
            return self._taps > 0 and time.monotonic() < since[0] + LATEST

        try:
            await self._fresh(outage_id, gives_way)
        except GaveWay:
            _, last = self._stale.get(outage_id, since)
            self._stale[outage_id] = (since[0], last)
        except NotFound:
            for stream in theirs:
                stream.end()

    # --- a phone -----------------------------------------------------------------------------

    async def serve(self, scope: Scope, revision: int, receive: Receive, send: Send) -> None:
        """Until the phone goes, the link is revoked, or the server ends."""
        self._loop = asyncio.get_running_loop()
        stream = self._begun(scope)
        gone = asyncio.create_task(_until_gone(receive, stream))
        try:
            feed = await self._fresh(scope.outage_id)
            headers = [
                (b"content-type", b"text/event-stream; charset=utf-8"),
                (b"cache-control", b"no-store"),
                (b"x-accel-buffering", b"no"),
            ]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            while not stream.over:
                stream.wake.clear()
                text = b"event: beat\ndata: %.3f\n\n" % self._store.clock.now().timestamp()
                if revision != feed.revision:
                    data = self._payload(feed, scope, revision)
                    revision = feed.revision
                    text = b"id: %d\ndata: %s\n\n" % (revision, data)
                stream.sending = time.monotonic()
                await send({"type": "http.response.body", "body": text, "more_body": True})
                stream.sending, stream.sent = None, time.monotonic()
                await stream.wake.wait()
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        except OSError:
            return  # it is gone; it comes back by itself
        finally:
            gone.cancel()
            self._streams.remove(stream)
            self._say()

    def _begun(self, scope: Scope) -> _Stream:
        own = [each for each in self._streams if each.scope.link_id == scope.link_id]
        most = MOST_A_LINK if scope.person_id else MOST_OBSERVERS
        for old in own[: max(0, len(own) - most + 1)]:
            old.end()
        stream = _Stream(scope, self._store.clock.now(), asyncio.current_task())
        self._streams.append(stream)
        if self._watch is None:
            self._watch = asyncio.create_task(self._watching())
        self._say()
        return stream

    @property
    def full(self) -> bool:
        return self._closed or len(self._streams) >= MOST

    def _say(self) -> None:
        if self._told is not None:
            self._told()


async def _until_gone(receive: Receive, stream: _Stream) -> None:
    while (await receive())["type"] != "http.disconnect":
        continue
    stream.end()
