"""The log's chain: the canonical text of an entry and its hash.

Each entry's hash covers its own text and the hash before it, so that `doctor` can show that
nothing changed up to a head printed on a packet, a backup or a report.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

_JSON = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
MANY = 50
"""A list longer than this is encoded so many items at a time."""


@dataclass(frozen=True, slots=True)
class Link:
    """One entry as the chain sees it."""

    number: int
    text: str
    previous: str
    hash: str


def iso(moment: datetime) -> str:
    """UTC with microseconds and `Z`: one spelling for one moment."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def canonical(entry: Mapping[str, Any]) -> str:
    """JSON with sorted keys and no spare blanks; what the hash covers, stored as it is.

    A long list (the rows of an import, the people of a notice) is encoded in pieces: `json` encodes
    a value in one go, in which no other thread runs, and the window would stand still meanwhile.
    """
    return _encoded(entry)


def _encoded(value: object) -> str:
    if isinstance(value, Mapping) and any(isinstance(v, (list, dict)) for v in value.values()):
        parts = (f"{_JSON.encode(key)}:{_encoded(value[key])}" for key in sorted(value))
        return f"{{{','.join(parts)}}}"
    if isinstance(value, list):
        if len(value) <= MANY and any(isinstance(v, dict) and _holds_many(v) for v in value):
            return f"[{','.join(map(_encoded, value))}]"
        if len(value) > MANY:
            pieces = (value[at : at + MANY] for at in range(0, len(value), MANY))
            return f"[{','.join(_JSON.encode(piece)[1:-1] for piece in pieces)}]"
    return _JSON.encode(value)


def _holds_many(value: Mapping[str, Any]) -> bool:
    return any(isinstance(each, list) and len(each) > MANY for each in value.values())


def hash_of(previous: str, text: str) -> str:
    """SHA-256 over the previous hash, a newline and the text, as lower-case hex."""
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


def first_break(chain: Iterable[Link]) -> int | None:
    """The number of the first entry that is missing, doubled or changed; None when whole."""
    previous, expected = "", 1
    for link in chain:
        if link.number != expected or link.previous != previous:
            return expected
        if link.hash != hash_of(previous, link.text):
            return link.number
        previous, expected = link.hash, expected + 1
    return None
