"""The account page’s connection: the account that the sync thread holds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future

from app.models.account import AccountSettings, Profile
from app.models.errors import NotAllowed
from app.services.account.reading import AccountRow
from app.services.account.reading import account as account_row
from app.services.account.session import Account, Prompt, SignedIn, Way
from app.services.account.signing import SigningIn, change_settings, sign_out
from app.services.database import Store
from app.services.ports.calendars import RemoteCalendar
from app.wiring.remote import Remote


class AccountConnection:
    """Implements `views.account.connection.Connection`. `remote` is what stands behind the ports
    now, None while nothing was opened."""

    def __init__(self, store: Store, remote: Callable[[], Remote | None]) -> None:
        self._store = store
        self._remote = remote

    @property
    def pages(self) -> str:
        remote = self._remote()
        return remote.pages if remote is not None else ""

    def row(self) -> AccountRow:
        account = self._account()
        if account is None:
            return self._store.read(account_row, opening=True)
        return self._store.read(account_row, account.who(), account.place, account.keeps)

    def change(self, settings: AccountSettings) -> None:
        change_settings(self._store, self._account(), settings)

    def begin_sign_in(
        self,
        way: Way,
        tell: Callable[[Prompt], object],
        ended: Callable[[Future[SignedIn]], object],
    ) -> SigningIn:
        return SigningIn(self._store, self._needed(), way, tell=tell, ended=ended)

    def sign_out(self) -> None:
        sign_out(self._store, self._needed())

    def calendars(self) -> Sequence[RemoteCalendar]:
        remote = self._remote()
        if remote is None or remote.calendars is None:
            return ()
        return remote.calendars.calendars()

    def _account(self) -> Account | None:
        remote = self._remote()
        return remote.account if remote is not None else None

    def _needed(self) -> Account:
        account = self._account()
        if account is None:
            profile = self._store.read(account_row).profile
            raise NotAllowed(
                "Notices leave as files; choose an account first."
                if profile is Profile.NONE
                else "The account is being opened; try again in a moment."
            )
        return account
