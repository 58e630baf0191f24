"""The journal of the second folder: what was logged after a base copy of the store, a line each.

A line is eight characters that check it, a blank, and JSON. The first says whose journal it is;
then come entries of the log (which carry the rows they changed), values of the store's settings,
and marks of the moments at which everything was there. What stands behind the last mark does not
count: it may be half a transaction, or torn by a pulled stick or a crash.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.models.log import hash_of, iso
from app.models.times import to_wall

Heads = dict[str, tuple[int, str]]
"""Organisation → number and hash of its newest log entry."""
_JSON = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Writer:
    """Whose journal it is. `epoch` rises with each take-over; `console` is one data folder's."""

    epoch: int
    console: str
    host: str
    who: str
    organisation: str
    revision: str


@dataclass(frozen=True, slots=True)
class Logged:
    """An entry of the log as the journal carries it; what else its row holds is in `text`."""

    id: str
    organisation_id: str
    number: int
    text: str
    previous: str
    hash: str


@dataclass(slots=True)
class Journal:
    """What was read of one, up to its last mark. `size` is where that ends; `torn` that more
    follows, `broken` that whole lines follow one that is damaged: then they are not believed."""

    writer: Writer | None = None
    entries: list[Logged] = field(default_factory=list)
    settings: dict[str, str] | None = None
    heads: Heads = field(default_factory=dict)
    upto: datetime | None = None
    size: int = 0
    torn: bool = False
    broken: bool = False


def said_upto(upto: datetime | None, zone_name: str) -> str:
    """Of a second folder that is behind, in the few words of the rail's foot."""
    if upto is None:
        return "Second folder not written"
    return f"Second folder: up to {to_wall(upto, zone_name):%H:%M}"


def first_line(writer: Writer, heads: Heads, at: datetime) -> bytes:
    return _line(
        {
            "journal": 1,
            "epoch": writer.epoch,
            "console": writer.console,
            "host": writer.host,
            "who": writer.who,
            "organisation": writer.organisation,
            "revision": writer.revision,
            "heads": {key: list(head) for key, head in heads.items()},
            "at": iso(at),
        }
    )


def entry_line(entry: Logged) -> bytes:
    return _line(
        {
            "id": entry.id,
            "organisation": entry.organisation_id,
            "number": entry.number,
            "entry": entry.text,
            "previous": entry.previous,
            "hash": entry.hash,
        }
    )


def settings_line(settings: Mapping[str, str]) -> bytes:
    """All of them: they are few, and belong to no log entry."""
    return _line({"settings": dict(settings)})


def mark_line(at: datetime) -> bytes:
    """Everything acknowledged before `at` stands above."""
    return _line({"at": iso(at)})


def read_journal(lines: Iterable[bytes]) -> Journal:
    """Of a file's lines, as far as they are whole and each entry follows the one before."""
    found, size, failed = Journal(), 0, False
    ahead = Journal()
    for raw in lines:
        values = _read(raw)
        if failed or values is None or not _take(ahead, values):
            found.broken = found.broken or (failed and values is not None)
            failed = True
            continue
        size += len(raw)
        if "at" in values:
            found.entries += ahead.entries
            found.writer, found.settings = ahead.writer, ahead.settings
            found.heads, found.upto = dict(ahead.heads), ahead.upto
            found.size = size
            ahead.entries.clear()
    found.torn = failed or size > found.size
    return found


def _line(values: Mapping[str, Any]) -> bytes:
    text = _JSON.encode(values).encode()
    return b"%08x %s\n" % (zlib.crc32(text), text)


def _read(raw: bytes) -> dict[str, Any] | None:
    check, _, text = raw.partition(b" ")
    if not raw.endswith(b"\n") or check != b"%08x" % zlib.crc32(text[:-1]):
        return None
    values = json.loads(text)
    return values if isinstance(values, dict) else None


def _take(found: Journal, line: dict[str, Any]) -> bool:
    """False when the line does not follow from those before it."""
    if "journal" in line:
        names = ("epoch", "console", "host", "who", "organisation", "revision")
        found.writer = Writer(**{name: line[name] for name in names})
        found.heads = {key: (head[0], head[1]) for key, head in line["heads"].items()}
        found.upto = datetime.fromisoformat(line["at"])
        return True
    if found.writer is None:
        return False
    if "settings" in line:
        found.settings = line["settings"]
    elif "entry" in line:
        entry = Logged(
            line["id"],
            line["organisation"],
            line["number"],
            line["entry"],
            line["previous"],
            line["hash"],
        )
        number, digest = found.heads.get(entry.organisation_id, (0, ""))
        follows = (entry.number, entry.previous) == (number + 1, digest)
        if not follows or entry.hash != hash_of(digest, entry.text):
            return False
        found.entries.append(entry)
        found.heads[entry.organisation_id] = (entry.number, entry.hash)
    else:
        found.upto = datetime.fromisoformat(line["at"])
    return True
