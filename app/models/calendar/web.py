"""Addresses of calendars on the web: what may be typed, and which machines are private."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urljoin, urlsplit, urlunsplit

from app.models.errors import BadInput

SOURCE = "url:"
"""How the source of a layer begins that is read from the web; its address follows."""
SCHEMES = ("http", "https")
LONGEST = 2_000
_PORTS = {"http": 80, "https": 443}
_READ_AS = {"webcal": "https", "webcals": "https"}
_PLAIN = "%/:?@!$&'()*+,;=~-._[]"
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")
"""IPv6 addresses whose last 32 bits are an IPv4 one (RFC 6052)."""


@dataclass(frozen=True, slots=True)
class WebAddress:
    """`url` is as it is asked for, without a fragment; `port` the scheme's where none is named."""

    url: str
    scheme: str
    host: str
    port: int

    @property
    def spoken(self) -> str:
        """Without what may be a secret: the host and, where it tells more, the file's name."""
        name = urlsplit(self.url).path.rpartition("/")[2]
        return f"{self.host}/…/{name}" if name.casefold().endswith(".ics") else self.host

    def led_to(self, location: str) -> WebAddress:
        """Where a redirect leads. Raises BadInput for what nobody may type either."""
        return parse_address(urljoin(self.url, location.strip()))

    def stays_at(self, typed: WebAddress) -> bool:
        """Whether this is the machine and service that was typed, be it http turned into https."""
        plain = {typed.port, self.port} == {80, 443} and self.scheme == "https"
        return self.host == typed.host and (self.port == typed.port or plain)


def looks_like_address(text: str) -> bool:
    """Whether it is meant as one, not as a file."""
    head, found, _ = text.strip().partition("://")
    return bool(found) and head.isalpha()


def parse_address(text: str) -> WebAddress:
    """`webcal:` is read as https. Raises BadInput, naming what is wrong."""
    wanted = text.strip()
    if not wanted:
        raise BadInput("Type the address of a calendar, such as https://calendar.example/year.ics.")
    if len(wanted) > LONGEST or any(c.isspace() or not c.isprintable() for c in wanted):
        raise BadInput(
            "That is no address of a calendar: it is too long, or has spaces in it. Copy it anew."
        )
    try:
        parts = urlsplit(wanted)
        port = parts.port
    except ValueError:
        raise BadInput(f"“{wanted[:80]}” is no address. Copy it anew.") from None
    scheme = _READ_AS.get(parts.scheme.casefold(), parts.scheme.casefold())
    if scheme not in SCHEMES:
        named = f"{parts.scheme}:" if parts.scheme else "an address without https://"
        raise BadInput(
            f"Calendars are read by https: or http: alone (webcal: is read as https:), not by "
            f"{named}."
        )
    host = (parts.hostname or "").rstrip(".").casefold()
    if not host:
        raise BadInput(f"“{wanted[:80]}” names no machine. Copy the address anew.")
    if parts.username or parts.password:
        raise BadInput("Leave name and password out of the address; it is kept in the store.")
    try:
        host = host if ":" in host else host.encode("idna").decode("ascii")
    except UnicodeError:
        raise BadInput(f"“{host[:80]}” is no name of a machine. Copy the address anew.") from None
    shown = f"[{host}]" if ":" in host else host
    where = shown if port in (None, _PORTS[scheme]) else f"{shown}:{port}"
    path, query = (quote(part, safe=_PLAIN) for part in (parts.path or "/", parts.query))
    clean = urlunsplit(SplitResult(scheme, where, path, query, ""))
    return WebAddress(clean, scheme, host, port or _PORTS[scheme])


def is_private(address: str) -> bool:
    """Whether an IP address is this machine, its own network, or nobody's."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if inner is None and ip in _TRANSLATED:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        ip = inner or ip
    return not ip.is_global or ip.is_multicast
