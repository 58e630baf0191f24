"""What the account page needs of the world outside; `wiring` says who stands behind it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Protocol

from app.models.account import AccountSettings
from app.services.account.reading import AccountRow
from app.services.account.session import Prompt, SignedIn, Way
from app.services.ports.calendars import RemoteCalendar


class Waiting(Protocol):
    """A sign-in under way."""

    def cancel(self) -> None: ...


class Connection(Protocol):
    """All but `pages` and `begin_sign_in` may block (a keyring asks, a network answers): run them
    beside the window. Raises ConsoleError."""

    @property
    def pages(self) -> str:
        """Where a person looks at the practice tenant; empty with any other."""
        ...

    def row(self) -> AccountRow: ...

    def change(self, settings: AccountSettings) -> None: ...

    def begin_sign_in(
        self,
        way: Way,
        tell: Callable[[Prompt], object],
        ended: Callable[[Future[SignedIn]], object],
    ) -> Waiting:
        """`tell` and `ended` are called on another thread."""
        ...

    def sign_out(self) -> None: ...

    def calendars(self) -> Sequence[RemoteCalendar]: ...
