"""What the practice tenant remembers of sign-ins: codes, device codes and refresh tokens.

Times here are the machine's, never the tenant's: MSAL counts by them. As with Entra, a refresh
token goes on working after a newer one was issued.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from threading import RLock
from typing import Any, Protocol

CLIENT_ID = "f11947c0-0000-4000-8000-0c0450137001"
"""The one app that is registered with every practice tenant."""
RESERVED = ("openid", "profile", "offline_access", "email")
CODE_SECONDS = 600
DEVICE_SECONDS = 900
REFRESH_SECONDS = 90 * 24 * 3600
_KIND = "refresh"
_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"  # no vowels: no words, and none that looks like a digit


class OAuthTrouble(Exception):
    """An answer of the token endpoint that is no token. `number` is Entra's AADSTS number."""

    def __init__(self, error: str, number: int, sentence: str, suberror: str = "") -> None:
        super().__init__(sentence)
        self.error = error
        self.number = number
        self.suberror = suberror
        self.description = f"AADSTS{number}: {sentence}"


class Person(Protocol):
    """One who can sign in."""

    @property
    def oid(self) -> str: ...
    @property
    def email(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def shared(self) -> bool: ...


class Directory(Protocol):
    """What the door needs of the tenant behind it."""

    @property
    def tenant_id(self) -> str: ...
    def users(self) -> Sequence[Person]: ...
    def issue(self, user: Any, scopes: Iterable[str], seconds: float = 3599) -> str: ...
    def keep(self, kind: str, key: str, value: dict[str, Any] | None) -> None: ...
    def kept(self, kind: str) -> dict[str, dict[str, Any]]: ...


@dataclass(frozen=True, slots=True)
class Asked:
    """A request for somebody's consent, as the authorize endpoint got it."""

    client_id: str
    redirect_uri: str
    scopes: tuple[str, ...]
    state: str
    nonce: str = ""
    challenge: str = ""
    response_mode: str = "query"
    login_hint: str = ""


@dataclass(frozen=True, slots=True)
class Granted:
    """Whose consent was given, to which app, for what."""

    oid: str
    client_id: str
    scopes: tuple[str, ...]
    nonce: str = ""


@dataclass(slots=True)
class Device:
    """A code that waits for somebody to type it."""

    user_code: str
    client_id: str
    scopes: tuple[str, ...]
    expires_at: float
    granted: Granted | None = None
    declined: bool = False


@dataclass(slots=True)
class _Code:
    asked: Asked
    granted: Granted
    expires_at: float
    used: bool = False


@dataclass(slots=True)
class Grants:
    """Refresh tokens are kept with the directory, as hashes; the rest ends with the process.

    The lifetimes and `interval` may be set by a test, `revoked` by whoever wants everybody to
    sign in again: it becomes the `suberror` of every refusal to refresh.
    """

    directory: Directory
    now: Callable[[], float] = time.time
    access_seconds: int = 3599
    refresh_seconds: int = REFRESH_SECONDS
    interval: int = 5
    revoked: str = ""
    clients: set[str] = field(default_factory=lambda: {CLIENT_ID})
    _codes: dict[str, _Code] = field(default_factory=dict)
    _devices: dict[str, Device] = field(default_factory=dict)
    _refresh: dict[str, tuple[Granted, float]] = field(default_factory=dict)
    _lock: RLock = field(default_factory=RLock)

    def __post_init__(self) -> None:
        for digest, kept in self.directory.kept(_KIND).items():
            granted = Granted(kept["oid"], kept["client_id"], tuple(kept["scopes"]))
            self._refresh[digest] = (granted, float(kept["until"]))

    # --- the browser's way -----------------------------------------------------------------

    def require_client(self, client_id: str) -> None:
        if client_id not in self.clients:
            raise OAuthTrouble(
                "unauthorized_client",
                700016,
                f"Application with identifier '{client_id}' was not found in the directory "
                "'Practice'.",
            )

    def code_for(self, asked: Asked, oid: str, scopes: Sequence[str]) -> str:
        """`scopes`: those of the asked ones that were consented to."""
        code = secrets.token_urlsafe(32)
        granted = Granted(oid, asked.client_id, tuple(scopes), asked.nonce)
        with self._lock:
            self._codes[code] = _Code(asked, granted, self.now() + CODE_SECONDS)
        return code

    def redeem(self, code: str, client_id: str, redirect_uri: str, verifier: str) -> Granted:
        """Once. Raises OAuthTrouble."""
        with self._lock:
            kept = self._codes.get(code)
            if kept is None or kept.expires_at < self.now():
                raise OAuthTrouble(
                    "invalid_grant", 70008, "The provided authorization code has expired."
                )
            if kept.used:
                raise OAuthTrouble(
                    "invalid_grant", 54005, "OAuth2 Authorization code was already redeemed."
                )
            if (kept.asked.client_id, kept.asked.redirect_uri) != (client_id, redirect_uri):
                raise OAuthTrouble(
                    "invalid_grant",
                    50011,
                    "The redirect URI or the application is not the one that the code was "
                    "requested with.",
                )
            if not _proves(verifier, kept.asked.challenge):
                raise OAuthTrouble(
                    "invalid_grant",
                    501481,
                    "The Code_Verifier does not match the code_challenge supplied in the "
                    "authorization request.",
                )
            kept.used = True
            return kept.granted

    # --- the device code -------------------------------------------------------------------

    def begin_device(self, client_id: str, scopes: Sequence[str]) -> tuple[str, Device]:
        """The secret code that the console polls with, and what it waits for."""
        spelled = "".join(secrets.choice(_LETTERS) for _ in range(8))
        device = Device(spelled, client_id, tuple(scopes), self.now() + DEVICE_SECONDS)
        code = secrets.token_urlsafe(32)
        with self._lock:
            self._devices[code] = device
        return code, device

    def waiting(self, user_code: str) -> Device | None:
        """What waits for this code, however it is typed."""
        typed = "".join(letter for letter in user_code.upper() if letter.isalnum())
        with self._lock:
            for device in self._devices.values():
                open_ = device.granted is None and not device.declined
                if device.user_code == typed and open_ and device.expires_at > self.now():
                    return device
        return None

    def decide(self, device: Device, oid: str, scopes: Sequence[str]) -> None:
        """Somebody consented; an empty `oid`: declined."""
        with self._lock:
            if oid:
                device.granted = Granted(oid, device.client_id, tuple(scopes))
            else:
                device.declined = True

    def poll(self, device_code: str, client_id: str) -> Granted:
        """Raises OAuthTrouble, `authorization_pending` as long as nobody has decided."""
        with self._lock:
            device = self._devices.get(device_code)
            if device is None or device.client_id != client_id:
                raise OAuthTrouble("bad_verification_code", 70018, "Invalid verification code.")
            if device.declined:
                raise OAuthTrouble("authorization_declined", 70017, "The user declined.")
            if device.expires_at <= self.now():
                raise OAuthTrouble("expired_token", 70020, "The device code has expired.")
            if device.granted is None:
                raise OAuthTrouble(
                    "authorization_pending",
                    70016,
                    "OAuth 2.0 device flow error. Authorization is pending. Continue polling.",
                )
            del self._devices[device_code]
            return device.granted

    # --- refreshing ------------------------------------------------------------------------

    def refresh_token(self, granted: Granted) -> str:
        token = f"1.{secrets.token_urlsafe(64)}"
        digest, now = _digest(token), self.now()
        until = now + self.refresh_seconds
        with self._lock:
            for old in [old for old, (_, end) in self._refresh.items() if end <= now]:
                del self._refresh[old]
                self.directory.keep(_KIND, old, None)
            self._refresh[digest] = (replace(granted, nonce=""), until)
            self.directory.keep(
                _KIND,
                digest,
                {
                    "oid": granted.oid,
                    "client_id": granted.client_id,
                    "scopes": list(granted.scopes),
                    "until": until,
                },
            )
        return token

    def refreshed(self, token: str, client_id: str) -> Granted:
        """Raises OAuthTrouble when the token is unknown, expired or revoked."""
        with self._lock:
            if self.revoked:
                raise OAuthTrouble(
                    "invalid_grant",
                    50173,
                    "The provided grant has expired due to it being revoked, a fresh auth token "
                    "is needed.",
                    self.revoked,
                )
            granted, until = self._refresh.get(_digest(token), (None, 0.0))
            if granted is None or granted.client_id != client_id or until <= self.now():
                raise OAuthTrouble(
                    "invalid_grant",
                    70008,
                    "The refresh token has expired or was never issued. Sign in again.",
                )
            return granted


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _proves(verifier: str, challenge: str) -> bool:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == challenge
