"""Finding the components of a calendar file without parsing it.

icalendar parses a whole file in one call, with no progress and no bound. Here the stream is cut
at BEGIN/END, long before any value is looked at, and only the lines we use are kept.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.models.errors import BadInput

MAX_BYTES = 50 * 1024 * 1024
MAX_EVENTS = 50_000
MAX_LINE = 200_000
MAX_ZONE_LINES = 2_000

_CONTROL = bytes(c for c in range(32) if c != 9) + b"\x7f"
_NAME = re.compile(rb"[A-Za-z0-9-]+")


@dataclass(frozen=True, slots=True)
class Block:
    """The unfolded lines between BEGIN and END, both left out. `line` is the one of BEGIN.

    `trouble` is a sentence when the block cannot be whole."""

    line: int
    lines: tuple[bytes, ...]
    trouble: str = ""


def require_calendar(data: bytes, name: str) -> bytes:
    """The bytes with UTF-8-like encoding and line ends of \\n. Raises BadInput: too big, or
    nothing in it that a calendar file has."""
    require_size(len(data), name)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            data = data.decode("utf-16").encode()
        except UnicodeDecodeError:
            raise BadInput(
                f"{name} is damaged (its UTF-16 text breaks off). Nothing was imported; "
                "export the calendar again."
            ) from None
    if b"\n" not in data:
        data = data.replace(b"\r", b"\n")
    if not re.search(rb"(?im)^(?:\xef\xbb\xbf)?[ \t]*BEGIN:(?:VCALENDAR|VEVENT)", data):
        raise BadInput(
            f"{name} is not a calendar file: it has no BEGIN:VCALENDAR. Nothing was imported; "
            "export the calendar as iCalendar (.ics) and try again."
        )
    return data


def require_size(size: int, name: str) -> None:
    """Raises BadInput above 50 MB."""
    if size > MAX_BYTES:
        raise BadInput(
            f"{name} holds more than 50 MB, which is the most that is read. Nothing was "
            "imported; export a shorter span, or without attachments."
        )


def count_events(data: bytes, name: str) -> int:
    """How many events begin in the file. Raises BadInput above 50,000."""
    count = sum(1 for _ in re.finditer(rb"(?im)^BEGIN:VEVENT[ \t\r]*$", data))
    if count > MAX_EVENTS:
        raise BadInput(
            f"{name} holds {count:,} events; more than {MAX_EVENTS:,} are not read. Nothing was "
            "imported; export a shorter span."
        )
    return count


def blocks(data: bytes, kind: bytes, wanted: frozenset[bytes] | None = None) -> Iterator[Block]:
    """Each `kind` component of the file, in order. With `wanted` only the lines of those
    properties, and none of nested components (alarms); without it everything."""
    begin, end = b"BEGIN:" + kind, b"END:" + kind
    lines: list[bytes] | None = None
    started = depth = 0
    trouble = ""
    for number, line, whole in _unfolded(data):
        head = line[:40].upper().rstrip()
        if head == begin:
            if lines is not None:
                yield Block(started, (), _unfinished(kind))
            lines, started, depth, trouble = [], number, 0, ""
        elif lines is None:
            continue
        elif head == end:
            yield Block(started, tuple(lines), trouble)
            lines = None
        elif wanted is None:
            if len(lines) >= MAX_ZONE_LINES:
                trouble = f"{kind.decode()} has too many lines"
            else:
                lines.append(line)
        elif head.startswith(b"BEGIN:"):
            depth += 1
        elif head.startswith(b"END:"):
            depth = max(0, depth - 1)
        elif not depth and _name(line) in wanted:
            if not whole:
                trouble = f"line {number} is longer than {MAX_LINE:,} characters"
            lines.append(line)
    if lines is not None:
        yield Block(started, (), _unfinished(kind))


def _unfinished(kind: bytes) -> str:
    return f"it has no END:{kind.decode()}"


def _name(line: bytes) -> bytes:
    found = _NAME.match(line)
    return found.group().upper() if found else b""


def _unfolded(data: bytes) -> Iterator[tuple[int, bytes, bool]]:
    """(number of its first line, content line, whole). Unfolds before decoding, since a fold may
    fall inside a character. A line past the limit is cut, so that memory stays bounded."""
    parts: list[bytes] = []
    size = first = 0
    for number, raw in enumerate(io.BytesIO(data), 1):
        text = raw.rstrip(b"\r\n").translate(None, _CONTROL)
        if number == 1:
            text = text.removeprefix(b"\xef\xbb\xbf")
        if text[:1] in (b" ", b"\t") and parts:
            size += len(text)
            if size <= MAX_LINE:
                parts.append(text[1:])
            continue
        if parts:
            yield first, b"".join(parts), size <= MAX_LINE
        size = len(text)
        parts = [text[:MAX_LINE]] if text else []
        first = number
    if parts:
        yield first, b"".join(parts), size <= MAX_LINE
