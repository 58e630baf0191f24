"""The account: MSAL behind the `Tokens` port, with signing in and out.

One at a time: a lock within the process, and the token file's among processes, so that a refresh
token is never renewed twice at once. Methods block on the network, the keyring, or a person:
never call them on the GUI thread.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.models.account import short
from app.services.account import words
from app.services.account.listening import Listener, SignInCancelled
from app.services.account.token_file import TokenFile
from app.services.ports.trouble import Refused, SignInNeeded

if TYPE_CHECKING:
    import msal
    import requests

TAB_SECONDS = 300.0
"""How long a person may take in the browser."""
NETWORK_SECONDS = 20.0
_LOOPBACK = frozenset({"127.0.0.1", "localhost"})
"""What MSAL calls the practice tenant's environment; earlier ones were reached by the name."""
_RESERVED = frozenset({"openid", "profile", "offline_access", "email"})
_PENDING = ("authorization_pending", "slow_down")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Door:
    """Where one signs in, as which app, for what. With `ca_pem` it is the practice tenant's: its
    certificate alone is trusted and nothing but this machine is reached."""

    authority: str
    client_id: str
    scopes: tuple[str, ...]
    ca_pem: Path | None = None

    @property
    def is_practice(self) -> bool:
        return self.ca_pem is not None

    @property
    def where(self) -> str:
        return "The practice tenant" if self.is_practice else "Microsoft’s sign-in"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """`granted` in short names. `kept` False: gone when the console is closed."""

    email: str
    granted: frozenset[str]
    kept: bool
    place: str


class Way(StrEnum):
    BROWSER = "browser"
    DEVICE = "device"


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a person needs: the `url` to open, and for a device the `code` to type there and the
    seconds it lasts."""

    url: str
    code: str = ""
    seconds: float = TAB_SECONDS


Tell = Callable[[Prompt], object]


class Account:
    """Implements `ports.account.Tokens`. `door` is asked when the network is first needed, and
    again after trouble; it may start what stands behind it."""

    def __init__(self, door: Callable[[], Door], file: TokenFile, *, practice: bool) -> None:
        self._door = door
        self._file = file
        self._practice = practice
        self._lock = threading.RLock()
        self._app: msal.PublicClientApplication | None = None
        self._cache: msal.SerializableTokenCache | None = None
        self._asked: tuple[str, ...] = ()  # the scopes of the last token, as they were spelled
        self._stamp: object = None
        self._left = False  # on purpose, in this process

    # --- the port --------------------------------------------------------------------------

    def token(self, claims: str = "", *, fresh: bool = False) -> str:
        """See the port."""
        with self._alone():
            who = self._account()
            if who is None:
                said = "You signed out" if self._left else "You are not signed in"
                raise SignInNeeded(f"{said}. Sign in under Account.", claims)
            app, door = self._opened()
            with _network(door):
                result = app.acquire_token_silent_with_error(
                    list(self._asked or door.scopes),
                    account=_as_msal(app, who),
                    force_refresh=fresh,
                    claims_challenge=claims or None,
                )
            if result is not None and result.get("scope"):
                self._asked = _scopes(result)
            self._keep()
            if result is None:
                raise SignInNeeded("The sign-in is gone. Sign in again under Account.", claims)
            if "access_token" not in result:
                self._app = None  # it would answer from memory for a minute
                raise words.trouble_of(result, silent=True)
            return str(result["access_token"])

    def granted(self) -> frozenset[str]:
        who = self.who()
        return who.granted if who else frozenset()

    # --- who -------------------------------------------------------------------------------

    def who(self) -> SignedIn | None:
        """Without the network. It may be that the service does not take the sign-in any more."""
        with self._alone():
            account = self._account()
            if account is None:
                return None
            self._left = False
            return self._signed_in(account)

    @property
    def place(self) -> str:
        """Where tokens are kept, in the user's words."""
        return self._file.place

    @property
    def keeps(self) -> bool:
        return self._file.keeps

    def sign_in(
        self,
        way: Way,
        tell: Tell,
        cancel: threading.Event,
        *,
        claims: str = "",
        seconds: float = TAB_SECONDS,
    ) -> SignedIn:
        """`tell` gets what to show or open, once. Whoever was signed in before is replaced.

        Raises SignInCancelled, SignInTimedOut, Refused (consent was refused, say), Unreachable;
        then nothing changed.
        """
        from msal import SerializableTokenCache

        ask = self._by_browser if way is Way.BROWSER else self._by_device
        fresh = SerializableTokenCache()  # replaces the old one only when it worked
        app, door = self._opened(fresh)
        result = ask(app, door, tell, cancel, claims, seconds)
        if "access_token" not in result:
            raise words.trouble_of(result, silent=False)
        with self._alone():
            self._app, self._cache = None, fresh
            self._asked = _scopes(result)
            self._keep()
            account = self._account()
            if account is None:
                raise Refused("The answer does not say who signed in, so it was not used.")
            return self._signed_in(account)

    def sign_out(self) -> None:
        """The tokens are gone from this machine, without asking the network. The service itself
        lets them run out, or an administrator takes them back."""
        with self._alone():
            self._app = self._cache = None
            self._asked = ()
            self._left = True
            self._file.forget()
            self._stamp = self._file.stamp()

    # --- the two ways ----------------------------------------------------------------------

    def _by_browser(
        self,
        app: msal.PublicClientApplication,
        door: Door,
        tell: Tell,
        cancel: threading.Event,
        claims: str,
        seconds: float,
    ) -> dict[str, Any]:
        listener = Listener()
        try:
            flow = app.initiate_auth_code_flow(
                list(door.scopes),
                redirect_uri=listener.address,
                response_mode="form_post",
                prompt="select_account",
                claims_challenge=claims or None,
            )
            listener.expect(str(flow["state"]))
            tell(Prompt(str(flow["auth_uri"]), seconds=seconds))
            fields = listener.wait(cancel, seconds)
        finally:
            listener.close()
        with _network(door):
            answer: dict[str, Any] = app.acquire_token_by_auth_code_flow(flow, fields)
        return answer

    def _by_device(
        self,
        app: msal.PublicClientApplication,
        door: Door,
        tell: Tell,
        cancel: threading.Event,
        claims: str,
        seconds: float,
    ) -> dict[str, Any]:
        with _network(door):
            flow = app.initiate_device_flow(list(door.scopes), claims_challenge=claims or None)
        if "user_code" not in flow:
            return dict(flow)
        left = float(flow.get("expires_at", 0)) - time.time()
        tell(Prompt(str(flow["verification_uri"]), str(flow["user_code"]), left))
        while True:
            if cancel.wait(flow.get("interval", 5)):
                raise SignInCancelled("The sign-in was cancelled; nothing changed.")
            with _network(door):
                answer: dict[str, Any] = app.acquire_token_by_device_flow(
                    flow, exit_condition=lambda _: True, claims_challenge=claims or None
                )
            if answer.get("error") not in _PENDING:
                return answer
            if time.time() > float(flow.get("expires_at", 0)):
                return {"error": "expired_token"}

    # --- msal and the file -----------------------------------------------------------------

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """With what the file holds now in the cache."""
        with self._lock, self._file.held():
            stamp = self._file.stamp()
            if self._cache is None or (self._file.keeps and stamp != self._stamp):
                self._load()
                self._stamp = stamp
            yield

    def _load(self) -> None:
        from msal import SerializableTokenCache

        self._cache, self._app, self._asked = SerializableTokenCache(), None, ()
        text = self._file.load()
        if text is None:
            return
        try:
            kept = json.loads(text)
            self._cache.deserialize(str(kept["cache"]))
            self._asked = tuple(map(str, kept["scopes"]))
            strange = any(
                (account.get("environment") in _LOOPBACK) is not self._practice
                for account in _accounts(self._cache)
            )
        except (ValueError, KeyError, TypeError):
            strange = True
        if strange:  # practice and earnest never mix
            self._cache, self._asked = SerializableTokenCache(), ()

    def _keep(self) -> None:
        assert self._cache is not None
        if not self._cache.has_state_changed:
            return
        text = self._cache.serialize()  # from here on it counts as unchanged
        try:
            self._file.save(json.dumps({"cache": text, "scopes": self._asked}))
            self._stamp = self._file.stamp()
        except OSError as trouble:
            _log.warning("the sign-in could not be kept: %s", trouble.strerror)

    def _account(self) -> dict[str, Any] | None:
        return next(iter(_accounts(self._cache)), None) if self._cache is not None else None

    def _signed_in(self, account: dict[str, Any]) -> SignedIn:
        return SignedIn(
            email=str(account.get("username", "")),
            granted=frozenset(map(short, self._asked)),
            kept=self._file.keeps,
            place=self._file.place,
        )

    def _opened(
        self, cache: msal.SerializableTokenCache | None = None
    ) -> tuple[msal.PublicClientApplication, Door]:
        """MSAL over `cache`, or over ours. Raises Unreachable."""
        import msal

        door = self._door()
        if cache is None and self._app is not None:
            return self._app, door
        logging.getLogger("msal").setLevel(logging.CRITICAL)  # it logs answers it cannot read
        with _network(door):
            try:
                app = msal.PublicClientApplication(
                    door.client_id,
                    authority=door.authority,
                    instance_discovery=False if door.is_practice else None,
                    http_client=_http(door),
                    token_cache=cache if cache is not None else self._cache,
                )
            except (KeyError, RuntimeError):  # JSON, but not what was asked for
                raise words.unreachable(door.where) from None
        if cache is None:
            self._app = app
        return app, door


def _accounts(cache: msal.SerializableTokenCache) -> Sequence[dict[str, Any]]:
    return list(cache.search(cache.CredentialType.ACCOUNT))


def _scopes(answer: dict[str, Any]) -> tuple[str, ...]:
    return tuple(each for each in str(answer.get("scope", "")).split() if each not in _RESERVED)


def _as_msal(app: msal.PublicClientApplication, who: dict[str, Any]) -> dict[str, Any]:
    known = app.get_accounts(username=who.get("username"))
    return dict(known[0]) if known else who


@contextmanager
def _network(door: Door) -> Iterator[None]:
    """What MSAL and its HTTP client raise, as trouble of ours."""
    from msal.exceptions import MsalServiceError
    from requests import RequestException

    try:
        yield
    except (RequestException, MsalServiceError, json.JSONDecodeError):
        raise words.unreachable(door.where) from None
    except ValueError as strange:
        if "authority configuration" not in str(strange):
            raise Refused("The browser’s answer does not belong to this sign-in.") from None
        if "invalid_tenant" in str(strange.__context__):
            raise words.trouble_of(words.NO_TENANT, silent=False) from None
        raise words.unreachable(door.where) from None


def _http(door: Door) -> requests.Session:
    from app.services.account.http import LoopbackSession, PatientSession

    return (
        LoopbackSession(door.ca_pem, NETWORK_SECONDS)
        if door.ca_pem
        else PatientSession(NETWORK_SECONDS)
    )
