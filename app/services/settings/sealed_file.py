"""One file that only a passphrase opens: AES-256-GCM in pieces, under a key from scrypt.

    MAGIC · length of the whole file (8) · length of the head (4) · head · its SHA-256 (32) · pieces

The head (JSON) tells how the key is made. Each piece is sealed with its number and whether it is
the last, so that pieces cannot be left out, doubled or put in another order; every one is bound to
the head. The length only tells a file that was cut from one that was changed: it is believed for
the sentence, never for the content. Within the pieces lie entries: a line of JSON with name and
size, then as many bytes.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import struct
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from app.models.errors import BadInput
from app.services.working import UNWATCHED, Work

MAGIC = b"FLIGHT CONSOLE HANDED OVER 1\n"
PIECE = 1024 * 1024
TAG = 16
SHORTEST = 12
"""Letters of a passphrase."""
COST = 2**17
"""Of scrypt with blocks of 8: 128 MB and some tenths of a second for each guess."""
DEAREST = 2**20
_LONGEST_LINE = 4_096
_LONGEST_HEAD = 4_096


@dataclass(frozen=True, slots=True)
class Entry:
    """What is to be sealed under a name: bytes that are here, or those of a file."""

    name: str
    content: bytes | Path

    @property
    def size(self) -> int:
        here = self.content
        return len(here) if isinstance(here, bytes) else here.stat().st_size


def require_passphrase(passphrase: str) -> None:
    """Raises BadInput for one that is guessed too soon."""
    if len(passphrase.strip()) < SHORTEST:
        raise BadInput(
            f"A passphrase has at least {SHORTEST} characters: some words that belong to nobody's "
            "name. Nothing was changed."
        )


# --- sealing ---------------------------------------------------------------------------------


def seal(
    target: BinaryIO, entries: tuple[Entry, ...], passphrase: str, work: Work = UNWATCHED
) -> None:
    """Write the whole file to `target`, which can be sought in. Raises OSError, Stopped."""
    salt, prefix = os.urandom(16), os.urandom(7)
    key, check = _keys(passphrase, salt, COST)
    told = {"cost": COST, "salt": salt.hex(), "prefix": prefix.hex(), "check": check}
    head = json.dumps(told, sort_keys=True).encode()
    target.write(MAGIC + struct.pack(">QI", 0, len(head)) + head + _digest(head))
    pieces = _Pieces(target, key, prefix, _digest(head))
    total, done = sum(entry.size for entry in entries), 0
    for entry in entries:
        line = json.dumps({"name": entry.name, "size": entry.size}).encode() + b"\n"
        pieces.write(line)
        left = entry.size
        for part in _parts_of(entry.content):
            part = part[:left]  # a file that grows meanwhile ends where it was said to
            pieces.write(part)
            left -= len(part)
            done += len(part)
            work.at(done, total)
        if left:
            raise OSError(0, f"{entry.name} changed while it was read")
    pieces.close()
    length = target.tell()
    target.seek(len(MAGIC))
    target.write(struct.pack(">Q", length))


def _parts_of(content: bytes | Path) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
        return
    with content.open("rb") as file:
        while part := file.read(PIECE):
            yield part


@dataclass(slots=True)
class _Pieces:
    target: BinaryIO
    key: bytes
    prefix: bytes
    bound_to: bytes
    number: int = 0
    waiting: bytearray = field(default_factory=bytearray)

    def write(self, more: bytes) -> None:
        self.waiting += more
        while len(self.waiting) > PIECE:  # the last one may be full, and must be the last
            self._put(bytes(self.waiting[:PIECE]), last=False)
            del self.waiting[:PIECE]

    def close(self) -> None:
        self._put(bytes(self.waiting), last=True)

    def _put(self, plain: bytes, *, last: bool) -> None:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        nonce = _nonce(self.prefix, self.number, last=last)
        self.target.write(AESGCM(self.key).encrypt(nonce, plain, self.bound_to))
        self.number += 1


# --- opening ---------------------------------------------------------------------------------


class Opened:
    """What lies in a sealed file, read from its beginning. Raises BadInput, with a sentence of its
    own for a wrong passphrase, a file cut short and one that was changed."""

    def __init__(self, path: Path, passphrase: str) -> None:
        self.name = path.name
        try:
            self._file = path.open("rb")
        except OSError as error:
            raise BadInput(
                f"{path} cannot be read ({error.strerror}); nothing was changed."
            ) from error
        try:
            self._size = path.stat().st_size
            self._begin(passphrase)
        except BaseException:
            self._file.close()
            raise

    def close(self) -> None:
        self._file.close()

    def _begin(self, passphrase: str) -> None:
        if self._file.read(len(MAGIC)) != MAGIC:
            raise BadInput(
                f"{self.name} is no hand-over of Flight Console; nothing was changed. Choose the "
                "file that the other console wrote."
            )
        lengths = self._file.read(12)
        if len(lengths) < 12:
            raise self._cut()
        self._told, size = struct.unpack(">QI", lengths)
        if self._size < self._told:
            raise self._cut()
        head = self._file.read(min(size, _LONGEST_HEAD))
        if self._file.read(32) != _digest(head):
            raise self._changed()
        cost, salt, self._prefix, expected = self._head(head)
        self._key, check = _keys(passphrase, salt, cost)
        if not hmac.compare_digest(check.encode(), expected.encode()):
            raise BadInput(
                f"That is not the passphrase of {self.name}; nothing was changed. Ask whoever "
                "handed over, and mind capital letters."
            )
        self._bound_to = _digest(head)
        self._number, self._last = 0, False
        self._buffer = bytearray()
        self._next = self._file.read(PIECE + TAG)

    def _head(self, head: bytes) -> tuple[int, bytes, bytes, str]:
        """Cost, salt, prefix of the nonces and check: anybody can write a head that fits its
        hash, so nothing in it is believed."""
        try:
            told = json.loads(head)
            cost, check = int(told["cost"]), str(told["check"])
            salt, prefix = bytes.fromhex(told["salt"]), bytes.fromhex(told["prefix"])
        except (ValueError, KeyError, TypeError):
            raise self._changed() from None
        if not 2 <= cost <= DEAREST or cost & (cost - 1) or len(salt) != 16 or len(prefix) != 7:
            raise self._changed()
        return cost, salt, prefix, check

    def entries(self, work: Work = UNWATCHED) -> Iterator[tuple[str, int]]:
        """Name and size of each; read its content with `pieces` before the next."""
        while self._fill(1):
            end = -1
            while (end := self._buffer.find(b"\n")) < 0:
                if len(self._buffer) > _LONGEST_LINE or not self._fill(len(self._buffer) + 1):
                    raise self._changed()
            try:
                told = json.loads(self._buffer[:end])
                name, self._left = str(told["name"]), int(told["size"])
            except (ValueError, KeyError, TypeError):
                raise self._changed() from None
            del self._buffer[: end + 1]
            yield name, self._left
            for _ in self.pieces(work):
                pass  # nobody wanted it

    def pieces(self, work: Work = UNWATCHED) -> Iterator[bytes]:
        """The content of the entry that was named last."""
        while self._left:
            if not self._fill(1):
                raise self._changed()
            part = bytes(self._buffer[: self._left])
            del self._buffer[: len(part)]
            self._left -= len(part)
            work.at(self._file.tell(), self._size)
            yield part

    def _fill(self, wanted: int) -> bool:
        """At least so many bytes are at hand, unless that was all."""
        while len(self._buffer) < wanted and not self._last:
            self._buffer += self._piece()
        return len(self._buffer) >= wanted

    def _piece(self) -> bytes:
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        sealed, self._next = self._next, self._file.read(PIECE + TAG)
        self._last = not self._next
        nonce = _nonce(self._prefix, self._number, last=self._last)
        self._number += 1
        try:
            return AESGCM(self._key).decrypt(nonce, sealed, self._bound_to)
        except (InvalidTag, ValueError):
            raise self._changed() from None

    def _cut(self) -> BadInput:
        return BadInput(
            f"{self.name} is not whole: its end is missing. Nothing was changed. Copy it once "
            "more from where it was written."
        )

    def _changed(self) -> BadInput:
        return BadInput(
            f"{self.name} was changed since it was written, or damaged on the way. Nothing was "
            "changed here. Copy it once more from where it was written."
        )


# --- keys ------------------------------------------------------------------------------------


def _keys(passphrase: str, salt: bytes, cost: int) -> tuple[bytes, str]:
    """The key, and what tells whether a passphrase is the right one."""
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    typed = unicodedata.normalize("NFKC", passphrase.strip()).encode()
    made = Scrypt(salt=salt, length=64, n=cost, r=8, p=1).derive(typed)
    return made[:32], hashlib.sha256(made[32:]).hexdigest()


def _nonce(prefix: bytes, number: int, *, last: bool) -> bytes:
    return prefix + struct.pack(">IB", number, last)


def _digest(head: bytes) -> bytes:
    return hashlib.sha256(MAGIC + head).digest()
