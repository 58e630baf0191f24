"""Signing in and out as a person does it, and changing where one signs in."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future

from app.models.account import AccountSettings, Profile
from app.services.account.session import TAB_SECONDS, Account, SignedIn, Tell, Way
from app.services.account.settings import (
    account_settings,
    note_sign_in,
    note_sign_out,
    save_account_settings,
)
from app.services.clock import require_not_rehearsed
from app.services.database import Store


class SigningIn:
    """One sign-in on a thread of its own. `tell` (with what to open or show) and `ended` are
    called on that thread; `future` holds who signed in, or what stood against it."""

    def __init__(
        self,
        store: Store,
        account: Account,
        way: Way,
        *,
        tell: Tell,
        ended: Callable[[Future[SignedIn]], object] | None = None,
        claims: str = "",
        seconds: float = TAB_SECONDS,
    ) -> None:
        """`claims`: those of the SignInNeeded that this answers."""
        self.future: Future[SignedIn] = Future()
        if ended is not None:
            self.future.add_done_callback(ended)
        self._cancel = threading.Event()
        self._thread = threading.Thread(
            target=self._run,
            args=(store, account, way, tell, claims, seconds),
            name="sign-in",
            daemon=True,
        )
        self._thread.start()

    def cancel(self) -> None:
        """`future` ends with SignInCancelled within moments, unless it was done already."""
        self._cancel.set()

    def _run(
        self, store: Store, account: Account, way: Way, tell: Tell, claims: str, seconds: float
    ) -> None:
        try:
            who = sign_in(store, account, way, tell, self._cancel, claims=claims, seconds=seconds)
        except BaseException as trouble:  # noqa: BLE001  (whoever waits for the future gets it)
            self.future.set_exception(trouble)
        else:
            self.future.set_result(who)


def sign_in(
    store: Store,
    account: Account,
    way: Way,
    tell: Tell,
    cancel: threading.Event | None = None,
    *,
    claims: str = "",
    seconds: float = TAB_SECONDS,
) -> SignedIn:
    """Waits for the person. Raises what `Account.sign_in` raises."""
    who = account.sign_in(way, tell, cancel or threading.Event(), claims=claims, seconds=seconds)
    store.run(note_sign_in, store.read(account_settings).profile, who.email)
    return who


def sign_out(store: Store, account: Account) -> None:
    account.sign_out()
    store.run(note_sign_out, store.read(account_settings).profile)


def change_settings(store: Store, account: Account | None, settings: AccountSettings) -> bool:
    """Save them; tokens of another tenant or app do not stay behind. Whether the account must be
    opened anew. `account` is the one open with the settings as they were. Raises BadInput, and
    NotAllowed for a real account in a rehearsal."""
    if settings.profile is Profile.MICROSOFT:
        require_not_rehearsed(store.folder)
    anew = store.run(save_account_settings, settings)
    if anew and account is not None:
        account.sign_out()
    return anew
