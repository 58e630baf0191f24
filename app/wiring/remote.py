"""Mail, calendars and meetings as the account's settings say: nobody, practice, or Microsoft.

Here alone the ports meet their adapters. What is opened blocks (a child process starts, a keyring
is unlocked): never on the GUI thread. MSAL, httpx and the web server are imported when they are
needed, and with `none` never.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from app.models.account import AccountSettings, Profile, wanted_scopes
from app.services.account.keyring_secrets import KeyringSecrets
from app.services.account.session import Account, Door, Way
from app.services.account.settings import (
    account_settings,
    go_on_practising_as,
    practice_people,
)
from app.services.account.token_file import TokenFile
from app.services.clock import SystemClock, require_not_rehearsed
from app.services.database import Store
from app.services.ports.calendars import Calendars
from app.services.ports.clock import Clock
from app.services.ports.mail import Mailbox
from app.services.ports.meetings import Meetings
from app.services.ports.secrets import Secrets
from app.services.ports.trouble import RemoteTrouble, SignInNeeded

if TYPE_CHECKING:
    from app.services.graph.client import GraphClient
    from app.services.practice.process import Practice

FOLDER = "account"
SERVICE = "flight-console"
VISIT_SECONDS = 20.0
TRIES = 3
"""Of a read: whoever asked comes back by itself, and meanwhile nothing else is done."""

People = Sequence[tuple[str, str]]


class House(Protocol):
    """Where the practice tenant lives."""

    def practice(self) -> Reached:
        """Raises PracticeTrouble."""
        ...

    @property
    def fell(self) -> bool:
        """It was started and runs no more."""
        ...

    def close(self) -> None: ...


class Reached(Protocol):
    """How a practice tenant is reached; see `practice.process.Running`."""

    @property
    def base_url(self) -> str: ...
    @property
    def authority(self) -> str: ...
    @property
    def pages(self) -> str: ...
    @property
    def ca_pem_path(self) -> Path: ...


class PracticeHouse:
    """The practice tenant of a folder, started when somebody first asks for it."""

    def __init__(
        self, folder: Path, people: People = (), shared_mailbox: str = "", faults: str = ""
    ) -> None:
        self._folder = folder
        self._people = tuple(people)
        self._shared = ((shared_mailbox, "IT operations"),) if shared_mailbox else ()
        self._faults = faults
        self._lock = threading.Lock()
        self._practice: Practice | None = None

    def practice(self) -> Practice:
        """Raises PracticeTrouble."""
        from app.services.practice.process import start_practice

        with self._lock:
            if self._practice is None:
                self._practice = start_practice(
                    self._folder, people=self._people, shared=self._shared, faults=self._faults
                )
            return self._practice

    @property
    def fell(self) -> bool:
        with self._lock:
            return self._practice is not None and not self._practice.alive

    def close(self) -> None:
        with self._lock:
            if self._practice is not None:
                self._practice.stop()
                self._practice = None


@dataclass(slots=True)
class Remote:
    """What stands behind the ports; all of it None with `none`. `pages` is where a person looks
    at the practice tenant; `settings` are those it was opened with."""

    profile: Profile
    account: Account | None = None
    mailbox: Mailbox | None = None
    calendars: Calendars | None = None
    meetings: Meetings | None = None
    pages: str = ""
    settings: AccountSettings | None = None
    _client: GraphClient | None = None
    _house: House | None = None

    @property
    def is_there(self) -> bool:
        """False once the practice tenant ended, by whatever hand: open another. A network that
        is away comes back by itself."""
        return self._house is None or not self._house.fell

    def who(self) -> str:
        """The address of whoever is signed in; empty: nobody is."""
        signed_in = self.account.who() if self.account is not None else None
        return signed_in.email.casefold() if signed_in is not None else ""

    def wait_with(self, between: Callable[[RemoteTrouble, float], object]) -> None:
        """See `GraphClient.wait_with`."""
        if self._client is not None:
            self._client.wait_with(between)

    def close(self) -> None:
        if self._client is not None:
            self._client.close()
        if self._house is not None:
            self._house.close()


def remote_of(store: Store) -> Remote:
    """As the store's settings say. Raises PracticeTrouble, Unreachable."""
    settings = store.read(account_settings)
    remote = open_remote(
        store.folder, settings, people=store.read(practice_people), clock=store.clock
    )
    try:
        if settings.profile is Profile.PRACTICE and not settings.practises_as:
            store.run(go_on_practising_as, remote.who())
    except BaseException:
        remote.close()
        raise
    return remote


def open_remote(
    folder: Path,
    settings: AccountSettings,
    *,
    people: People = (),
    faults: str = "",
    secrets: Secrets | None = None,
    house: House | None = None,
    clock: Clock | None = None,
) -> Remote:
    """`people` get mailboxes in practice; the first is signed in by itself, unless the person
    signed out on purpose. `secrets`: instead of the operating system's keyring; `house`: where
    practice lives, instead of a process of its own; `clock`: instead of the machine's."""
    if settings.profile is Profile.NONE:
        return Remote(Profile.NONE, settings=settings)
    from app.services.graph.calendars import GraphCalendars
    from app.services.graph.mail import GraphMailbox
    from app.services.graph.meetings import GraphMeetings

    house = house or PracticeHouse(folder, people, settings.shared_mailbox, faults)
    try:
        account = open_account(folder, settings, house, secrets)
        pages = ""
        if settings.profile is Profile.PRACTICE:
            pages = house.practice().pages
            if not settings.signed_out:
                sign_in_to_practice(account, people[0][0] if people else "")
        client = _client(settings, account, house, clock or SystemClock())
    except BaseException:
        house.close()
        raise
    return Remote(
        settings.profile,
        account,
        GraphMailbox(client),
        GraphCalendars(client),
        GraphMeetings(client),
        pages,
        settings,
        client,
        house,
    )


def forget_practice(folder: Path) -> bool:
    """The practice tenant with all that was sent in it, and who was signed in there. Nothing of
    it may be open here; False when another process has it."""
    from app.services.practice.forgetting import forget_practice as forget

    gone = forget(folder)
    if gone:
        _token_path(folder, Profile.PRACTICE).unlink(missing_ok=True)
    return gone


def _token_path(folder: Path, profile: Profile) -> Path:
    return folder / FOLDER / f"{profile.value}.tokens"


def open_account(
    folder: Path, settings: AccountSettings, house: House, secrets: Secrets | None = None
) -> Account:
    """The account alone: nothing is started or reached before it must be. Raises NotAllowed for a
    real one in a rehearsal."""
    is_practice = settings.profile is Profile.PRACTICE
    if not is_practice:
        require_not_rehearsed(folder)
    scopes = wanted_scopes(settings)

    def door() -> Door:
        if not is_practice:
            return Door(settings.authority, settings.client_id, scopes)
        from app.services.practice.grants import CLIENT_ID

        practice = house.practice()
        return Door(practice.authority, CLIENT_ID, scopes, practice.ca_pem_path)

    bound_to = "practice" if is_practice else f"{settings.authority} {settings.client_id}"
    file = TokenFile(
        _token_path(folder, settings.profile),
        secrets or KeyringSecrets(f"{SERVICE}/{settings.profile.value}"),
        bound_to,
    )
    return Account(door, file, practice=is_practice)


def sign_in_to_practice(account: Account, email: str = "") -> None:
    """Nobody is asked: there is no password to know. Does nothing when somebody is signed in
    already. Raises what `Account.sign_in` raises."""
    from app.services.practice.visitor import visit

    try:
        account.token()
    except SignInNeeded:
        account.sign_in(
            Way.BROWSER,
            lambda prompt: visit(prompt.url, email=email),
            threading.Event(),
            seconds=VISIT_SECONDS,
        )


def _client(settings: AccountSettings, account: Account, house: House, clock: Clock) -> GraphClient:
    import ssl

    from app.services.graph.client import GraphClient, Patience

    patience = Patience(tries=TRIES)
    if settings.profile is not Profile.PRACTICE:
        from app.services.account.http import trusted

        return GraphClient(
            settings.graph, account, verify=trusted(), now=clock.now, patience=patience
        )
    practice = house.practice()
    return GraphClient(
        practice.base_url,
        account,
        verify=ssl.create_default_context(cafile=str(practice.ca_pem_path)),
        loopback_only=True,
        now=clock.now,
        patience=patience,
    )
