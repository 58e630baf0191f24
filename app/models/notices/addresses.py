"""Mail addresses: when two are the same mailbox, and how one is written on the wire."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_DEVIATE = frozenset("ßς\u200c\u200d")
"""Letters that the codec (IDNA 2003) writes as others: that would be somebody else’s domain."""


def address_key(email: str) -> str:
    """The same for every way of writing one mailbox: case, composed letters, and a domain in its
    own script or in ASCII."""
    said = email.strip()
    if said.isascii():
        return said.casefold()
    said = unicodedata.normalize("NFC", said)
    local, _, domain = said.rpartition("@")
    try:
        return f"{local.casefold()}@{ascii_domain(domain)}"
    except UnicodeError:
        return said.casefold()


@lru_cache(maxsize=1024)
def ascii_domain(domain: str) -> str:
    """`bücher.example` as `xn--bcher-kva.example`. Raises UnicodeError."""
    return ".".join(_label(label) for label in domain.split("."))


def _label(label: str) -> str:
    if not label:
        raise UnicodeError("an empty part")
    if _DEVIATE & set(label):
        plain = unicodedata.normalize("NFC", label.lower())
        return f"xn--{plain.encode('punycode').decode('ascii')}"
    return label.encode("idna").decode("ascii").lower()
