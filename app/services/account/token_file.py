"""What is kept of a sign-in: a file that only a key in the operating system's keyring opens.

`TC1`, 12 bytes nonce, then AES-256-GCM over the text; the format's name and whom the tokens are
for are sealed with it. A lost key, a damaged file, another machine, tenant or app: signed out.
Without a safe place for the key nothing is written at all.
"""

from __future__ import annotations

import base64
import binascii
import os
import secrets as random
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from app.services.folder_lock import LockHeld, locked
from app.services.ports.secrets import Secrets
from app.services.ports.trouble import Unreachable

MAGIC = b"TC1"
KEY_BYTES, NONCE_BYTES = 32, 12
WAIT_SECONDS = 30.0
"""Longer than any refresh takes: another process of ours holds the file while it renews."""


class TokenFile:
    """One a profile and data folder. `bound_to` names the tenant and app the tokens are for."""

    def __init__(self, path: Path, secrets: Secrets, bound_to: str) -> None:
        self.path = path
        self._secrets = secrets
        self._sealed_with = MAGIC + b"\0" + bound_to.encode()
        folder = sha256(str(path.absolute()).encode()).hexdigest()[:16]
        self._name = f"token-cache-key-{folder}"
        self._key: bytes | None = None

    @property
    def keeps(self) -> bool:
        """False: what is saved lives in memory only."""
        return self._secrets.trusted

    @property
    def place(self) -> str:
        return self._secrets.place

    @contextmanager
    def held(self) -> Iterator[None]:
        """Nobody else reads or writes meanwhile. Raises Unreachable."""
        if not self.keeps:
            yield
            return
        try:
            with locked(self.path.with_name(self.path.name + ".lock"), wait=WAIT_SECONDS):
                yield
        except LockHeld:
            raise Unreachable(
                "Another window of the console is signing in just now. Wait until it is done."
            ) from None

    def stamp(self) -> object:
        """Differs whenever the file does."""
        try:
            at = self.path.stat()
        except OSError:
            return None
        return at.st_mtime_ns, at.st_size, at.st_ino

    def load(self) -> str | None:
        """What was saved last, or None when there is nothing that can be believed."""
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        try:
            content = self.path.read_bytes()
        except OSError:
            return None
        key = self._key or self._kept_key()
        start = len(MAGIC) + NONCE_BYTES
        if key is None or not content.startswith(MAGIC):
            return None
        try:
            plain = AESGCM(key).decrypt(
                content[len(MAGIC) : start], content[start:], self._sealed_with
            )
            text = plain.decode()
        except (InvalidTag, ValueError):
            self._key = None  # another process may have made a new one
            return None
        self._key = key
        return text

    def save(self, text: str) -> None:
        """On disk when this returns, unless nothing is kept. Raises OSError."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        key = self._key or self._kept_key() or self._new_key()
        if key is None:
            return
        self._key = key
        nonce = random.token_bytes(NONCE_BYTES)
        sealed = MAGIC + nonce + AESGCM(key).encrypt(nonce, text.encode(), self._sealed_with)
        fresh = self.path.with_name(self.path.name + ".new")
        fresh.unlink(missing_ok=True)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(sealed)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self.path)

    def forget(self) -> None:
        """The file is gone and so is its key: a copy of the file opens nothing."""
        self.path.unlink(missing_ok=True)
        self._secrets.delete(self._name)
        self._key = None

    def _kept_key(self) -> bytes | None:
        text = self._secrets.get(self._name) if self.keeps else None
        try:
            key = base64.b64decode(text or "", validate=True)
        except (binascii.Error, ValueError):
            return None
        return key if len(key) == KEY_BYTES else None

    def _new_key(self) -> bytes | None:
        if not self.keeps:
            return None
        key = random.token_bytes(KEY_BYTES)
        self._secrets.set(self._name, base64.b64encode(key).decode())
        return key if self._kept_key() == key else None
