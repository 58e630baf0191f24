"""Looks for secrets where none may be: in every file under a folder, and addresses in logs.

assert leaks(data_folder, tokens_of(token_file.load())) == []
assert mentions(data_folder / "logs", addresses) == []
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path

TOKEN = re.compile(rb"(?<![\w.-])(?:1\.[\w-]{86}|[\w-]{43})(?![\w-])")
JWT = re.compile(rb"eyJ[\w-]{8,}\.[\w-]{8,}\.")
BEARER = re.compile(rb"[Bb]earer [\w.~+/-]{16,}")
PRIVATE = (b"refresh_token=", b"code_verifier=", b"device_code=", b'"refresh_token"')


def tokens_of(kept: str | None) -> set[str]:
    """Every secret of what a token file holds, decrypted."""
    found: set[str] = set()
    if kept is not None:
        cache = json.loads(json.loads(kept)["cache"])
        for entries in cache.values():
            found |= {entry["secret"] for entry in entries.values() if "secret" in entry}
    return found


def spelled(folder: Path, digests: Iterable[str]) -> list[str]:
    """Each file that holds a word of which only the SHA-256 is known: the practice tenant keeps
    no more of its tokens."""
    known = set(digests)
    return [
        str(path.relative_to(folder))
        for path, content in _files(folder)
        if any(sha256(word).hexdigest() in known for word in TOKEN.findall(content))
    ]


def leaks(folder: Path, secrets: Iterable[str] = ()) -> list[str]:
    """`file: what` for each file that holds one of `secrets`, or what looks like a token."""
    known = [secret.encode() for secret in secrets]
    return [
        f"{path.relative_to(folder)}: {what}"
        for path, content in _files(folder)
        for what in _found(content, known)
    ]


def mentions(folder: Path, names: Iterable[str]) -> list[str]:
    """`file: name` for each of `names` (addresses, say) that a file mentions."""
    wanted = [(name, name.casefold().encode()) for name in names]
    return [
        f"{path.relative_to(folder)}: {name}"
        for path, content in _files(folder)
        for name, bare in wanted
        if bare in content.lower()
    ]


def _found(content: bytes, known: list[bytes]) -> Iterator[str]:
    if any(secret in content for secret in known):
        yield "a secret"
    if JWT.search(content):
        yield "a JWT"
    if BEARER.search(content):
        yield "a bearer token"
    for word in PRIVATE:
        if word in content:
            yield word.decode()


def _files(folder: Path) -> Iterator[tuple[Path, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path, path.read_bytes()
