"""One conversation with Microsoft Graph: every request leaves here, every answer is judged here."""

from __future__ import annotations

import json
import logging
import random
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from threading import Lock, Semaphore
from urllib.parse import quote
from uuid import uuid4

import httpx

from app.services.graph import words
from app.services.graph.answers import Json, read_answer, rows_of
from app.services.graph.hosts import Hosts
from app.services.ports.account import Tokens
from app.services.ports.trouble import (
    Refused,
    RemoteTrouble,
    SignInNeeded,
    SyncLost,
    Throttled,
    Unclear,
    Unreachable,
)

AT_ONCE = 3
"""Requests at once for each mailbox; Outlook takes four, and one is kept free."""
LONGEST_PAUSE = 64.0
TOLD_PAUSE = 10.0
"""A read that is told to wait longer than this is not waited for: whoever asked comes back."""
IDLE = 4.0
"""A connection unused for longer is closed by us, before the other side does it in mid-request."""
MOST_BYTES = 64 * 1024 * 1024

Between = Callable[[RemoteTrouble, float], object]
"""Given the trouble and the seconds to wait."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds to wait for a connection, for the next bytes, for a whole answer; tries of a read."""

    connect: float = 10.0
    read: float = 30.0
    whole: float = 120.0
    tries: int = 5


class GraphClient:
    """Shared by threads. Reads are tried again after a pause, writes never: after a write that
    raised Unclear, look first. Tokens go to `base_url`'s own host alone and are never logged.
    `loopback_only` refuses every host but this machine. `wait` sleeps (or raises, to stop)."""

    def __init__(
        self,
        base_url: str,
        tokens: Tokens,
        *,
        verify: ssl.SSLContext | bool = True,
        loopback_only: bool = False,
        now: Callable[[], datetime],
        wait: Callable[[float], None] = time.sleep,
        patience: Patience | None = None,
    ) -> None:
        patience = patience or Patience()
        self._base = base_url.rstrip("/")
        self._hosts = Hosts(self._base, loopback_only)
        self._away = words.PRACTICE_AWAY if loopback_only else words.OFFLINE
        self._tokens = tokens
        self._now = now
        self._between: Between = lambda _trouble, seconds: wait(seconds)
        self._patience = patience
        self._chance = random.Random()
        self._doors: dict[str, Semaphore] = {}
        self._lock = Lock()
        for chatty in ("httpx", "httpcore"):  # they log addresses in full
            logging.getLogger(chatty).setLevel(logging.WARNING)
        self._http = httpx.Client(
            verify=verify,
            trust_env=not loopback_only,
            timeout=httpx.Timeout(patience.read, connect=patience.connect),
            limits=httpx.Limits(max_keepalive_connections=AT_ONCE, keepalive_expiry=IDLE),
        )

    def close(self) -> None:
        self._http.close()

    def wait_with(self, between: Between) -> None:
        """Who does the waiting between two tries of a read from now on, and hears why. It may
        raise, to stop."""
        self._between = between

    def get(
        self,
        path: str,
        params: Mapping[str, str] | None = None,
        *,
        prefer: tuple[str, ...] = (),
        mailbox: str = "",
    ) -> Json:
        url = self.url(path, params)
        return self._read("GET", url, None, prefer, mailbox)

    def follow(self, link: str, *, prefer: tuple[str, ...] = (), mailbox: str = "") -> Json:
        """What stands behind a nextLink or deltaLink, verbatim. Only on Graph's own host."""
        if not self._hosts.ours(link):
            raise Unreachable(words.ELSEWHERE)
        return self._read("GET", link, None, prefer, mailbox)

    def resume(self, cursor: str, *, prefer: tuple[str, ...] = (), mailbox: str = "") -> Json:
        """Go on at a place in a list of changes that was kept. Raises SyncLost also for one that
        is of another service, or that this one cannot read."""
        link = self._hosts.at_home(cursor)
        if not link:
            raise SyncLost(words.SYNC_LOST)
        try:
            return self.follow(link, prefer=prefer, mailbox=mailbox)
        except Refused as refused:
            if refused.status != 400:
                raise
            raise SyncLost(words.SYNC_LOST) from None

    def items(
        self,
        path: str,
        params: Mapping[str, str] | None = None,
        *,
        prefer: tuple[str, ...] = (),
        mailbox: str = "",
    ) -> Iterator[Json]:
        """Everything in a list, over all its pages."""
        page = self.get(path, params, prefer=prefer, mailbox=mailbox)
        while True:
            yield from rows_of(page)
            link = page.get("@odata.nextLink")
            if not link:
                return
            page = self.follow(str(link), prefer=prefer, mailbox=mailbox)

    def ask(self, path: str, body: Json, *, prefer: tuple[str, ...] = ()) -> Json:
        """A POST that only reads (getSchedule): tried again like a GET."""
        return self._read("POST", self.url(path), _packed(body), prefer, "")

    def write(
        self,
        method: str,
        path: str,
        body: Json | None = None,
        *,
        prefer: tuple[str, ...] = (),
        mailbox: str = "",
    ) -> Json:
        """POST, PATCH or DELETE: once."""
        packed = b"" if body is None else _packed(body)
        return self._once(method, self.url(path), packed, prefer, mailbox, write=True)

    def put(self, url: str, piece: bytes, first: int, whole: int, *, mailbox: str = "") -> Json:
        """A piece of a file to the address an upload session named; it gets no token."""
        self._hosts.check_upload(url)
        headers = {
            "Content-Type": "application/octet-stream",
            "Content-Range": f"bytes {first}-{first + len(piece) - 1}/{whole}",
        }
        with self._door(mailbox):
            return self._exchange("PUT", url, headers, piece, write=True)

    def url(self, path: str, params: Mapping[str, str] | None = None) -> str:
        asked = "&".join(f"{name}={quote(value, safe=_SAFE)}" for name, value in _pairs(params))
        return f"{self._base}{path}{'?' if asked else ''}{asked}"

    def _read(
        self, method: str, url: str, body: bytes | None, prefer: tuple[str, ...], mailbox: str
    ) -> Json:
        tries = self._patience.tries
        for count in range(1, tries + 1):
            trouble: RemoteTrouble
            try:
                return self._once(method, url, body, prefer, mailbox, write=False)
            except Unclear as unclear:
                trouble, pause = Unreachable(words.read_trouble(unclear.sentence)), None
            except Throttled as throttled:
                trouble, pause = throttled, throttled.retry_after
            if count == tries or (pause or 0.0) > TOLD_PAUSE:
                raise trouble
            self._between(trouble, self._backed_off(count) if pause is None else pause)
        raise AssertionError("at least one try is made")

    def _backed_off(self, count: int) -> float:
        """1, 2, 4 … 64 seconds, each a little more or less so that callers spread."""
        return min(LONGEST_PAUSE, 2.0 ** (count - 1)) * self._chance.uniform(0.5, 1.0)

    def _once(
        self,
        method: str,
        url: str,
        body: bytes | None,
        prefer: tuple[str, ...],
        mailbox: str,
        *,
        write: bool,
    ) -> Json:
        """One request; after a 401 (which had no effect) once more with a fresh token."""
        headers = {"Accept": "application/json", "client-request-id": str(uuid4())}
        if body:
            headers["Content-Type"] = "application/json"
        if prefer:
            headers["Prefer"] = ", ".join(prefer)
        with self._door(mailbox):
            headers["Authorization"] = f"Bearer {self._tokens.token()}"
            try:
                return self._exchange(method, url, headers, body, write=write)
            except SignInNeeded as refused:
                fresh = self._tokens.token(refused.claims, fresh=True)
            headers["Authorization"] = f"Bearer {fresh}"
            headers["client-request-id"] = str(uuid4())
            return self._exchange(method, url, headers, body, write=write)

    def _exchange(
        self, method: str, url: str, headers: dict[str, str], body: bytes | None, *, write: bool
    ) -> Json:
        self._hosts.check(url)
        started = time.monotonic()
        try:
            request = self._http.build_request(method, url, headers=headers, content=body)
            response = self._http.send(request, stream=True)
            try:
                content = self._whole(response, started)
            finally:
                with suppress(httpx.HTTPError):
                    response.close()
        except (httpx.InvalidURL, httpx.UnsupportedProtocol, httpx.LocalProtocolError):
            raise Unreachable(self._away) from None
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError) as e:
            untrusted = "CERTIFICATE" in str(e).upper()
            raise Unreachable(words.NOT_TRUSTED if untrusted else self._away) from None
        except httpx.HTTPError:
            raise Unclear(words.NO_ANSWER) from None
        _log.debug(
            "%s %d in %.0f ms, request-id %s",
            method,
            response.status_code,
            (time.monotonic() - started) * 1e3,
            response.headers.get("request-id", "none"),
        )
        return read_answer(
            response.status_code, response.headers, content, write=write, now=self._now
        )

    def _whole(self, response: httpx.Response, started: float) -> bytes:
        """The body; a trickle that never ends is broken off."""
        pieces: list[bytes] = []
        size = 0
        for piece in response.iter_bytes():
            pieces.append(piece)
            size += len(piece)
            if time.monotonic() - started > self._patience.whole or size > MOST_BYTES:
                raise httpx.ReadTimeout("too slow, or without end")
        return b"".join(pieces)

    def _door(self, mailbox: str) -> Semaphore:
        with self._lock:
            return self._doors.setdefault(mailbox.casefold(), Semaphore(AT_ONCE))


_SAFE = "'(),:/@"


def _pairs(params: Mapping[str, str] | None) -> Iterator[tuple[str, str]]:
    yield from (params or {}).items()


def _packed(body: Json) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def prefer_zone(name: str = "UTC") -> str:
    return f'outlook.timezone="{name}"'


IMMUTABLE = 'IdType="ImmutableId"'
