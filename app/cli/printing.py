"""What the commands write, and read, as text."""

from __future__ import annotations

import codecs
import io
import json
import os
import sys
import unicodedata
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from app.models.errors import BadInput
from app.models.times import zone

_PLAIN = str.maketrans(
    {
        "–": "-",
        "—": "-",
        "−": "-",
        "·": "-",
        "•": "*",
        "“": '"',
        "”": '"',
        "‘": "'",
        "’": "'",
        "…": "...",
        "→": "->",
        "≤": "<=",
        "≥": ">=",
    }
)


def plain(text: str) -> str:
    """The same words for a terminal that knows only ASCII; what has no letter there becomes `?`."""
    simple = unicodedata.normalize("NFKD", text.translate(_PLAIN))
    bare = "".join(letter for letter in simple if not unicodedata.combining(letter))
    return bare.encode("ascii", "replace").decode("ascii")


def one_line(text: str) -> str:
    """For a line of a table: breaks become blanks, and nothing steers the terminal."""
    return "".join(letter if letter.isprintable() else " " for letter in " ".join(text.split()))


def _in_plain_letters(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return plain(error.object[error.start : error.end]), error.end


def prepare_streams() -> None:
    """No character, and no closed stream, is a reason to fail: an old terminal gets plain
    letters, and what nobody listens to goes nowhere."""
    codecs.register_error("plain", _in_plain_letters)
    sys.stdout = _usable(sys.stdout)
    sys.stderr = _usable(sys.stderr)


def _usable(stream: TextIO | None) -> TextIO:
    if stream is None:  # closed by whoever started us, or a Windows program without a console
        return Path(os.devnull).open("w", encoding="utf-8")
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="plain")
    return stream


def stderr(sentence: str) -> None:
    """One sentence where errors go; a full disk behind it is nobody's fault."""
    try:
        sys.stderr.write(sentence.rstrip() + "\n")
        sys.stderr.flush()
    except OSError:
        return


def show(value: Any) -> None:
    """JSON as documented: two blanks of indent, every character kept in any encoding."""
    utf8 = (sys.stdout.encoding or "").casefold().replace("-", "") == "utf8"
    json.dump(value, sys.stdout, ensure_ascii=not utf8, indent=2)
    sys.stdout.write("\n")


def there(at: datetime, zone_name: str) -> str:
    """ISO 8601 with the offset of the window's zone, to the second."""
    return at.astimezone(zone(zone_name)).replace(microsecond=0).isoformat()


def moment(text: str) -> datetime:
    """An ISO 8601 time with its offset, as UTC. Raises BadInput."""
    try:
        parsed = datetime.fromisoformat(text.strip())
    except ValueError:
        raise BadInput(f"“{text}” is not a time; write it like 2025-01-10T19:00-05:00.") from None
    if parsed.tzinfo is None:
        raise BadInput(f"“{text}” has no offset; write it like 2025-01-10T19:00-05:00.")
    try:
        return parsed.astimezone(UTC)
    except OverflowError:
        raise BadInput(f"“{text}” lies outside the calendar.") from None
