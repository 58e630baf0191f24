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
    """JSON with sorted keys and no spare blanks; what the hash covers, stored as it is."""
    return json.dumps(entry, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


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
