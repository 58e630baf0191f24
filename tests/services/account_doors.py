"""Doors to sign in at: the practice tenant served by this process, and a keyring in memory."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from pathlib import Path

import keyring.backend
import keyring.errors

from app.models.account import AccountSettings, Profile, wanted_scopes
from app.services.account.session import Account, Door, Prompt, SignedIn, Way
from app.services.account.token_file import TokenFile
from app.services.practice.grants import CLIENT_ID
from app.services.practice.process import InThread
from app.services.practice.visitor import visit

OKAFOR = ("m.okafor@harbour.example", "M. Okafor")
SATO = ("j.sato@harbour.example", "J. Sato")
SETTINGS = AccountSettings(profile=Profile.PRACTICE)


class MemorySecrets:
    """Implements `ports.Secrets`."""

    def __init__(self, *, trusted: bool = True) -> None:
        self.kept: dict[str, str] = {}
        self.trusted = trusted
        self.place = "a keyring of this test" if trusted else "nowhere: a test without a keyring"

    def get(self, name: str) -> str | None:
        return self.kept.get(name)

    def set(self, name: str, value: str) -> None:
        self.kept[name] = value

    def delete(self, name: str) -> None:
        self.kept.pop(name, None)


def make_account(
    practice: InThread,
    file: Path,
    secrets: MemorySecrets | None = None,
    settings: AccountSettings = SETTINGS,
) -> Account:
    running = practice.running
    door = Door(running.authority, CLIENT_ID, wanted_scopes(settings), running.ca_pem_path)
    kept = TokenFile(file, secrets or MemorySecrets(), "practice")
    return Account(lambda: door, kept, practice=True)


def browser(
    *, email: str = OKAFOR[0], accept: bool = True, leave_out: Iterable[str] = ()
) -> Callable[[Prompt], None]:
    """A person at a browser, without the window."""

    def open_(prompt: Prompt) -> None:
        visit(prompt.url, code=prompt.code, email=email, accept=accept, leave_out=leave_out)

    return open_


def sign_in(account: Account, way: Way = Way.BROWSER, **person: object) -> SignedIn:
    return account.sign_in(
        way,
        browser(**person),  # type: ignore[arg-type]
        threading.Event(),
        seconds=20,
    )


class KeptInMemory(keyring.backend.KeyringBackend):
    """One that a test puts in the keyring's place."""

    priority = 1
    trouble: type[Exception] | None = None

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        if self.trouble:
            raise self.trouble
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.trouble:
            raise self.trouble
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if (service, username) not in self.kept:
            raise keyring.errors.PasswordDeleteError
        del self.kept[service, username]


def trusted(backend: KeptInMemory) -> KeptInMemory:
    """As if it were the operating system's."""
    backend.__class__ = type(
        "Trusted", (KeptInMemory,), {"__module__": "keyring.backends.SecretService"}
    )
    return backend
