"""Through the proxy that this machine is set up with, as companies ask for.

A proxy looks names up itself, so what it would reach cannot be looked at as it is connected to. So
the name is looked up here beforehand: what is of one's own network then, or known to the proxy
alone, is asked only where it was typed.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

import httpcore

from app.models.calendar.web import WebAddress, is_private
from app.services.calendar.fetching_wire import CheckedNetwork, Deadline, NotFetched, resolve

LOOK_UP_S = 3.0
"""A name that only the proxy knows may be looked up here in vain."""
_PORTS = {"http": 80, "https": 443}
_HERE = ("localhost", "127.", "::1")


@dataclass(frozen=True, slots=True)
class Proxy:
    """`auth` is its name and password, which nobody is shown."""

    scheme: str
    host: str
    port: int
    auth: tuple[bytes, bytes] | None

    @property
    def spoken(self) -> str:
        return f"{self.host}:{self.port}"

    @property
    def url(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"


def proxy_for(at: WebAddress) -> Proxy | None:
    """As HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY say, or the system's own settings; None:
    it is reached directly, as this machine always is. Raises NotFetched for one of another kind.
    """
    if at.host.startswith(_HERE) or proxy_bypass(at.host):
        return None
    known = getproxies()
    named = known.get(at.scheme) or known.get("all") or ""
    if not named:
        return None
    try:
        parts = urlsplit(named if "://" in named else f"http://{named}")
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port = "", None
    if not host or parts.scheme not in _PORTS:
        raise NotFetched(
            f"{at.spoken} was not asked: the proxy of this machine ({at.scheme.upper()}_PROXY or "
            "the system’s settings) is none of http: or https:. Nothing was changed."
        )
    auth = None
    if parts.username is not None:
        auth = (unquote(parts.username).encode(), unquote(parts.password or "").encode())
    return Proxy(parts.scheme, host, port or _PORTS[parts.scheme], auth)


class ProxyNetwork(CheckedNetwork):
    """Connects to the proxy alone, whichever network that is of. `met_private`: the calendar's
    machine, as far as it is known here, is of one's own."""

    def __init__(self, deadline: Deadline, proxy: Proxy, *, met_private: bool) -> None:
        super().__init__(deadline, private=True)
        self.proxy = proxy
        self._of_own = met_private

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        try:
            return super().connect_tcp(host, port, timeout, local_address, socket_options)
        except (httpcore.ConnectError, httpcore.ConnectTimeout, NotFetched):
            raise NotFetched(
                f"The proxy {self.proxy.spoken}, with which this machine is set up, does not "
                "answer, so nothing was asked. Is the company’s network there? Nothing was changed."
            ) from None
        finally:
            self.met_private = self._of_own


def require_askable(
    at: WebAddress, typed: WebAddress, proxy: Proxy, stop: threading.Event, *, private: bool
) -> bool:
    """Whether it is known here as a machine of one's own network. Raises NotFetched where such a
    one, or one that cannot be looked up, was not typed; Stopped."""
    try:
        found = resolve(at.host, at.port, Deadline(LOOK_UP_S, stop))
    except (NotFetched, TimeoutError):
        found = []
    own = [each for each in found if is_private(each)]
    stays = at.stays_at(typed)
    if own and not (private and stays):
        raise NotFetched(
            f"{at.host} is a machine of your own network ({own[0]}), and such an address is read "
            "only when you typed it yourself. Nothing was read from it."
        )
    if not found and not stays:
        raise NotFetched(
            f"{typed.spoken} leads on to {at.host}, which only the proxy {proxy.spoken} can look "
            "up; such an address is read only when you typed it yourself. Nothing was read from it."
        )
    return bool(own)


def refused_by(proxy: Proxy, at: WebAddress, answer: str) -> NotFetched:
    """`answer` is its status, such as `407 Proxy Authentication Required`."""
    if answer.startswith("407"):
        return NotFetched(
            f"The proxy {proxy.spoken} asks for a name and password before it reaches {at.spoken}. "
            "Whoever runs it knows how this machine gives them; nothing was changed."
        )
    return NotFetched(
        f"The proxy {proxy.spoken} did not reach {at.spoken} ({answer[:60]}). Check the address, "
        "or ask whoever runs the proxy; nothing was changed."
    )
