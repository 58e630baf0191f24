"""Where the crew board is served, and what a phone will say about its certificate."""

from __future__ import annotations

import ipaddress
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from app.models.errors import BadInput

LOOPBACK = "127.0.0.1"
PORT = 8443


class Proof(StrEnum):
    """How a phone knows that it speaks with this console."""

    SELF_MADE = "self_made"
    OWN = "own"
    PROXY = "proxy"

    @property
    def words(self) -> str:
        return _WORDS[self]

    @property
    def phone_says(self) -> str:
        return _PHONE[self]


_WORDS = {
    Proof.SELF_MADE: "A certificate made here",
    Proof.OWN: "The organisation’s certificate",
    Proof.PROXY: "A reverse proxy in front",
}
_PHONE = {
    Proof.SELF_MADE: (
        "The phone will warn: “Your connection is not private”. Under its details stands a SHA-256 "
        "fingerprint; if that is the one shown here, it is this console, and the person may go on. "
        "Where the network belongs to strangers, use the organisation’s certificate instead."
    ),
    Proof.OWN: (
        "The phone says nothing and shows the lock, as long as it reaches this console by the host "
        "name of the certificate. The board can then be put on the home screen."
    ),
    Proof.PROXY: (
        "The phone speaks with the proxy and shows its lock. The console answers the proxy alone, "
        "without encryption and on this computer only."
    ),
}


@dataclass(frozen=True, slots=True)
class Serving:
    """`host` is the address of this computer that is listened at. `name` is what stands in links
    instead of it (a host name of the certificate); `public` the proxy's address, https included.
    `certificate` and `key` are the organisation's files."""

    host: str = LOOPBACK
    port: int = PORT
    proof: Proof = Proof.SELF_MADE
    name: str = ""
    certificate: str = ""
    key: str = ""
    public: str = ""

    @property
    def is_reached(self) -> bool:
        """Other computers can get there."""
        return self.proof is Proof.PROXY or not ipaddress.ip_address(self.host).is_loopback

    @property
    def base(self) -> str:
        """What links begin with, without a slash at the end."""
        if self.proof is Proof.PROXY:
            return self.public.rstrip("/")
        name = self.name or (f"[{self.host}]" if ":" in self.host else self.host)
        return f"https://{name}" if self.port == 443 else f"https://{name}:{self.port}"

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def serving_from(stored: object) -> Serving:
    """As `as_json` wrote it; what cannot be read is as it is by default."""
    if not isinstance(stored, dict):
        return Serving()
    known = {each.name for each in fields(Serving)}
    kept = {name: value for name, value in stored.items() if name in known}
    try:
        kept["proof"] = Proof(kept.get("proof", Proof.SELF_MADE))
        return require_servable(Serving(**kept))
    except (BadInput, TypeError, ValueError):
        return Serving()


def require_servable(wanted: Serving) -> Serving:
    """Raises BadInput, saying what to change."""
    try:
        address = ipaddress.ip_address(wanted.host)
    except ValueError:
        raise BadInput(
            f"“{wanted.host}” is no address of a computer. Give it by number, as 192.168.1.20; a "
            "host name for the links is given apart."
        ) from None
    if address.is_unspecified:
        raise BadInput(
            "Every address at once is not offered: choose the one whose network the phones are in."
        )
    if not 0 <= wanted.port <= 65_535:  # 0: any that is free
        raise BadInput(f"A port is a number from 1 to 65535, not {wanted.port}.")
    if wanted.proof is Proof.OWN and not (wanted.certificate and wanted.key):
        raise BadInput("Choose the organisation’s certificate and the file of its key.")
    if wanted.proof is Proof.OWN and not wanted.name:
        raise BadInput("Give the host name that the certificate is for.")
    if wanted.proof is Proof.PROXY:
        if not address.is_loopback:
            raise BadInput(
                "Behind a proxy the board is not encrypted here, so it is served on "
                f"{LOOPBACK} only. Choose that address."
            )
        _require_public(wanted.public)
    return wanted


def _require_public(public: str) -> None:
    try:
        parts = urlsplit(public)
        there = parts.scheme == "https" and bool(parts.hostname)
        bare = not (parts.query or parts.fragment or parts.username)
    except ValueError:
        there = bare = False
    if not (there and bare):
        raise BadInput("Give the address that phones open at the proxy, as https://crew.example.")
