"""A link to the board of one outage: a secret in the path, signed by the store, ending by itself.

The secret is 128 random bits and as many of an HMAC-SHA256 over them and the kind, so that a
forged one is turned away without the store being asked. Whom and which outage it is for stands
in the store's row alone.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from datetime import datetime, timedelta
from enum import StrEnum

from app.models.outages.lifecycle import FLYING, State

BYTES = 16
KEY_BYTES = 32
LENGTH = 43
"""Characters of a token."""
_TOKEN = re.compile(rf"[A-Za-z0-9_-]{{{LENGTH}}}")


class LinkKind(StrEnum):
    """Who holds it: one of the crew, who may tap; somebody who only looks on; people who are
    told, and see what they were told."""

    CREW = "crew"
    OBSERVER = "observer"
    STATUS = "status"

    @property
    def letter(self) -> str:
        """The first part of its path."""
        return self.value[0]


STAYS = {
    LinkKind.CREW: timedelta(days=1),
    LinkKind.OBSERVER: timedelta(days=1),
    LinkKind.STATUS: timedelta(days=7),
}
"""So long after the end: the wrap-up is reported, and whoever comes back sees that it is over."""


def token_of(kind: LinkKind, nonce: str, key: bytes) -> str:
    """What stands in the path. `nonce` is 32 hex digits."""
    raw = bytes.fromhex(nonce)
    return base64.urlsafe_b64encode(raw + _seal(kind, raw, key)).decode().rstrip("=")


def nonce_in(token: str, kind: LinkKind, key: bytes) -> str | None:
    """The nonce of a token that this store signed; None of anything else, however it is spelled."""
    if not _TOKEN.fullmatch(token):
        return None
    try:
        raw = base64.urlsafe_b64decode(f"{token}=")
    except binascii.Error:
        return None
    nonce, seal = raw[:BYTES], raw[BYTES:]
    if not hmac.compare_digest(seal, _seal(kind, nonce, key)):
        return None
    made = nonce.hex()
    return made if hmac.compare_digest(token, token_of(kind, made, key)) else None


def path_of(kind: LinkKind, nonce: str, key: bytes) -> str:
    """`/c/…/`: what follows the address of the board."""
    return f"/{kind.letter}/{token_of(kind, nonce, key)}/"


def ends_at(
    kind: LinkKind, state: State, promised_end: datetime, ended_at: datetime | None
) -> datetime | None:
    """When it opens nothing any more; None while the flight is in the air, however late it is."""
    if state in FLYING:
        return None
    return (ended_at or promised_end) + STAYS[kind]


def _seal(kind: LinkKind, nonce: bytes, key: bytes) -> bytes:
    return hmac.digest(key, kind.value.encode() + b"\n" + nonce, hashlib.sha256)[:BYTES]
