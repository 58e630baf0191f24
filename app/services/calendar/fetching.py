"""A calendar fetched from the web: bounded in size, time and redirects, and nothing but a calendar.

Import this when something is fetched: it costs what an HTTP library costs.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpcore

from app.models.calendar.web import WebAddress
from app.models.errors import BadInput
from app.services.calendar.fetching_proxy import (
    ProxyNetwork,
    proxy_for,
    refused_by,
    require_askable,
)
from app.services.calendar.fetching_wire import CheckedNetwork, Deadline, NotFetched
from app.services.working import UNWATCHED, Work

__all__ = ["Fetched", "Limits", "NotFetched", "Tags", "fetch"]

_MOVED = frozenset({301, 302, 303, 307, 308})
_WEB_PAGES = (b"<!doctype html", b"<html", b"<?xml", b"<head", b"<body")
_AGENT = b"Flight-Console"


@dataclass(frozen=True, slots=True)
class Limits:
    """`seconds` of the whole, with all its redirects."""

    most_bytes: int = 20 * 1024 * 1024
    seconds: float = 60.0
    redirects: int = 5


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Tags:
    """What the server said of the answer, to ask whether there is a newer one."""

    etag: str = ""
    modified: str = ""


@dataclass(frozen=True, slots=True)
class Fetched:
    """`data` None: as before. `was_private`: it came from a machine of one's own network."""

    data: bytes | None
    tags: Tags
    was_private: bool


def fetch(
    typed: WebAddress,
    *,
    tags: Tags | None = None,
    private: bool = True,
    work: Work = UNWATCHED,
    limits: Limits = LIMITS,
    tls: Callable[[], ssl.SSLContext] = ssl.create_default_context,
) -> Fetched:
    """What stands behind an address that somebody typed. A machine of one's own network is asked
    only where it was typed itself (and `private` says that it was one then), never because a
    redirect leads there. Raises NotFetched, Stopped."""
    deadline = Deadline(limits.seconds, work.stop)
    at = typed
    for _ in range(limits.redirects + 1):
        proxy = proxy_for(at)
        if proxy is None:
            network = CheckedNetwork(deadline, private=private and at.stays_at(typed))
        else:
            own = require_askable(at, typed, proxy, work.stop, private=private)
            network = ProxyNetwork(deadline, proxy, met_private=own)
        try:
            answer = _ask(at, network, tags or Tags(), work, limits, tls, deadline)
        except (TimeoutError, httpcore.TimeoutException):
            raise NotFetched(
                f"{at.spoken} did not send a calendar within {limits.seconds:.0f} seconds. Try "
                "again later; nothing was changed."
            ) from None
        except httpcore.ProxyError as trouble:
            assert proxy is not None
            raise refused_by(proxy, at, str(trouble)) from None
        except (httpcore.ConnectError, httpcore.NetworkError) as trouble:
            raise NotFetched(_not_reached(at, trouble)) from None
        except httpcore.ProtocolError:
            raise NotFetched(
                f"{at.spoken} answered with something that is no web answer. Check the address; "
                "nothing was changed."
            ) from None
        if isinstance(answer, Fetched):
            return answer
        try:
            at = at.led_to(answer)
        except BadInput as bad:
            raise NotFetched(
                f"{at.spoken} leads to where no calendar is read from. {bad.sentence}"
            ) from None
    raise NotFetched(
        f"{typed.spoken} leads from one address to the next, more than {limits.redirects} times. "
        "Copy the address of the calendar itself; nothing was changed."
    )


def _ask(
    at: WebAddress,
    network: CheckedNetwork,
    tags: Tags,
    work: Work,
    limits: Limits,
    tls: Callable[[], ssl.SSLContext],
    deadline: Deadline,
) -> Fetched | str:
    """The answer, or where it leads."""
    headers = [
        (b"Host", urlsplit(at.url).netloc.encode("ascii")),
        (b"User-Agent", _AGENT),
        (b"Accept", b"text/calendar, text/plain;q=0.5, */*;q=0.1"),
        (b"Accept-Encoding", b"identity"),  # a small answer cannot unfold into a big one
    ]
    headers += [(b"If-None-Match", tags.etag.encode("latin-1", "ignore"))] if tags.etag else []
    if tags.modified:
        headers.append((b"If-Modified-Since", tags.modified.encode("latin-1", "ignore")))
    context = tls() if at.scheme == "https" else None
    with (
        _pool(network, context) as pool,
        pool.stream("GET", at.url, headers=headers) as answer,
    ):
        told = {name.lower(): value for name, value in answer.headers}
        if answer.status in _MOVED and b"location" in told:
            return told[b"location"].decode("latin-1")
        if answer.status == 304 and (tags.etag or tags.modified):
            return Fetched(None, tags, network.met_private)
        if answer.status == 407 and isinstance(network, ProxyNetwork):
            raise refused_by(network.proxy, at, "407")
        if answer.status != 200:
            raise NotFetched(_refused(at, answer.status))
        _require_calendar_kind(at, told)
        known = Tags(_kept(told.get(b"etag")), _kept(told.get(b"last-modified")))
        data = _body(at, answer, told, work, limits, deadline)
        return Fetched(data, known, network.met_private)


def _pool(network: CheckedNetwork, context: ssl.SSLContext | None) -> httpcore.ConnectionPool:
    if not isinstance(network, ProxyNetwork):
        return httpcore.ConnectionPool(ssl_context=context, network_backend=network)
    return httpcore.HTTPProxy(
        network.proxy.url,
        proxy_auth=network.proxy.auth,
        ssl_context=context,
        network_backend=network,
    )


def _body(
    at: WebAddress,
    answer: httpcore.Response,
    told: dict[bytes, bytes],
    work: Work,
    limits: Limits,
    deadline: Deadline,
) -> bytes:
    length = told.get(b"content-length", b"")
    total = int(length) if length.isdigit() else 0
    too_big = NotFetched(
        f"{at.spoken} sends more than {limits.most_bytes // (1024 * 1024)} MB, which is the most "
        "that is read of a calendar. Nothing was changed; ask for a shorter span."
    )
    if total > limits.most_bytes:
        raise too_big
    data = bytearray()
    for part in answer.iter_stream():
        data += part
        if len(data) > limits.most_bytes:
            raise too_big
        deadline.slice()
        work.at(len(data), max(total, len(data)))
    start = bytes(data[:400]).lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(_WEB_PAGES):
        raise NotFetched(_web_page(at))
    if not data.strip():
        raise NotFetched(f"{at.spoken} answered with nothing. Nothing was changed.")
    return bytes(data)


def _require_calendar_kind(at: WebAddress, told: dict[bytes, bytes]) -> None:
    kind = told.get(b"content-type", b"").split(b";")[0].strip().lower()
    if kind in (b"text/html", b"application/xhtml+xml"):
        raise NotFetched(_web_page(at))
    coding = told.get(b"content-encoding", b"identity").strip().lower()
    if coding not in (b"", b"identity"):
        raise NotFetched(
            f"{at.spoken} sends the calendar packed, though it was asked not to. Download it with "
            "a browser and import the file; nothing was changed."
        )


def _web_page(at: WebAddress) -> str:
    return (
        f"{at.spoken} answered with a web page, not with a calendar; perhaps it asks to sign in. "
        "Copy the address of the calendar itself (it often ends in .ics). Nothing was changed."
    )


def _refused(at: WebAddress, status: int) -> str:
    if status in (401, 403):
        return (
            f"{at.spoken} gives the calendar only to who is signed in ({status}). Ask for an "
            "address that needs no sign-in; nothing was changed."
        )
    if status in (404, 410):
        return (
            f"{at.spoken} has no calendar there ({status}). Check the address; nothing was changed."
        )
    return f"{at.spoken} answered with an error ({status}). Try again later; nothing was changed."


def _not_reached(at: WebAddress, trouble: Exception) -> str:
    if "CERTIFICATE" in str(trouble).upper():
        return (
            f"{at.spoken} cannot prove that it is {at.host}: its certificate is not trusted on "
            "this machine. Nothing was read from it."
        )
    if "SSL" in str(trouble).upper():
        return (
            f"{at.spoken} does not answer by https: at that address. Check it, or ask for one with "
            "http:; nothing was changed."
        )
    return (
        f"{at.spoken} does not answer, or there is no network now. Try again later; nothing was "
        "changed."
    )


def _kept(value: bytes | None) -> str:
    """A tag that is too long to be one is not kept."""
    return value.decode("latin-1") if value is not None and len(value) <= 400 else ""
