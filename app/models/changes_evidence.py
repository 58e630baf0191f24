"""Evidence of a change: words and pasted output, and files that are named in them by their hash.

The line that names a file is part of the record's text, so the log's chain covers what the file
held; the file itself lies beside the store.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

DIGITS = 32
"""Of the SHA-256: enough that no other file is ever taken for this one."""
_LINE = re.compile(rf"^file: (?P<name>\S.*) \(sha256 (?P<digest>[0-9a-f]{{{DIGITS}}})\)$", re.M)
_FILE = re.compile(rf"(?P<digest>[0-9a-f]{{{DIGITS}}})-(?P<name>\S.*)")
_AWKWARD = re.compile(r"[^\w.-]+")
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that was taken over; `digest` is of its content."""

    name: str
    digest: str

    @property
    def line(self) -> str:
        """How the evidence names it."""
        return f"file: {self.name} (sha256 {self.digest})"

    @property
    def file_name(self) -> str:
        """Where it lies: the same content lies there once."""
        return f"{self.digest}-{self.name}"


def kept_as(name: str, content: bytes) -> Kept:
    """Under a name that every file system has."""
    plain = _AWKWARD.sub("-", name).strip("-.")
    stem, dot, ending = plain.rpartition(".")
    if len(plain) > _LONGEST:
        plain = f"{stem[: _LONGEST - len(ending) - 1]}{dot}{ending}"[-_LONGEST:]
    return Kept(plain or "file", digest_of(content))


def kept_named(file_name: str) -> Kept | None:
    """What a file in the folder of evidence says it is; None of one that is none."""
    match = _FILE.fullmatch(file_name)
    return Kept(match["name"], match["digest"]) if match else None


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:DIGITS]


def files_in(evidence: str) -> tuple[Kept, ...]:
    """The files an evidence names, each once."""
    found = (Kept(match["name"], match["digest"]) for match in _LINE.finditer(evidence))
    return tuple(dict.fromkeys(found))


def with_file(evidence: str, kept: Kept) -> str:
    """The evidence with one more line; with none when it names the file already."""
    if kept in files_in(evidence):
        return evidence
    return f"{evidence.rstrip()}\n{kept.line}".lstrip("\n")
