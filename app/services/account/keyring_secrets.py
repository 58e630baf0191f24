"""The `Secrets` port over the operating system's keyring.

Only backends that keep a secret from others are used: Windows' Credential Manager, the macOS
keychain, and the Secret Service or KWallet of a Linux desktop. A call may wait for a person who
unlocks the keychain: never make one on the GUI thread.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

_PLACES = {
    "keyring.backends.Windows": "the Windows Credential Manager",
    "keyring.backends.macOS": "the macOS keychain",
    "keyring.backends.SecretService": "the Secret Service (GNOME Keyring or KWallet)",
    "keyring.backends.libsecret": "the Secret Service (GNOME Keyring or KWallet)",
    "keyring.backends.kwallet": "KWallet",
}
NOWHERE = "this machine has no keyring"
SILENT = "the keyring of this machine does not answer"

_log = logging.getLogger(__name__)


class KeyringSecrets:
    """`service` tells the console's secrets from those of other programs and other profiles."""

    def __init__(self, service: str) -> None:
        self._service = service
        self._backend: KeyringBackend | None = None
        self._place = NOWHERE
        self._looked = False

    @property
    def trusted(self) -> bool:
        return self._look() is not None

    @property
    def place(self) -> str:
        self._look()
        return self._place

    def get(self, name: str) -> str | None:
        from keyring.errors import KeyringError

        backend = self._look()
        try:
            return None if backend is None else backend.get_password(self._service, name)
        except (KeyringError, OSError) as trouble:
            self._give_up(trouble)
            return None

    def set(self, name: str, value: str) -> None:
        """When the keyring does not take it, it is not `trusted` from then on."""
        from keyring.errors import KeyringError

        backend = self._look()
        try:
            if backend is not None:
                backend.set_password(self._service, name, value)
        except (KeyringError, OSError) as trouble:
            self._give_up(trouble)

    def delete(self, name: str) -> None:
        from keyring.errors import KeyringError, PasswordDeleteError

        backend = self._look()
        try:
            if backend is not None:
                backend.delete_password(self._service, name)
        except PasswordDeleteError:
            return  # it was not there
        except (KeyringError, OSError) as trouble:
            self._give_up(trouble)

    def _look(self) -> KeyringBackend | None:
        if not self._looked:
            self._looked = True
            self._backend = trusted_backend()
            if self._backend is not None:
                self._place = _PLACES[type(self._backend).__module__]
        return self._backend

    def _give_up(self, trouble: Exception) -> None:
        _log.warning("the keyring does not answer: %s", type(trouble).__name__)
        self._backend, self._place = None, SILENT


def trusted_backend() -> KeyringBackend | None:
    """The keyring's own choice, or the best trusted one among several it has joined."""
    import keyring

    chosen = keyring.get_keyring()
    joined = getattr(chosen, "backends", None)
    for backend in joined if joined is not None else (chosen,):
        if type(backend).__module__ in _PLACES:
            found: KeyringBackend = backend
            if hasattr(found, "persist"):  # Windows: not with a roaming profile, as the file is not
                found.persist = "local machine"
            return found
    return None
