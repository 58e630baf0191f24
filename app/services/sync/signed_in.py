"""That nobody is signed in, which is to be said also while there is nothing to ask."""

from __future__ import annotations

from collections.abc import Callable

from app.services.sync.pausing import Pause
from app.services.sync.state import Report, SyncState


class SignedInRound:
    """Asks nothing outside. `who` is signed in, by address; empty: nobody is."""

    def __init__(self, who: Callable[[], str]) -> None:
        self._who = who
        self.pause = Pause()

    def turn(self) -> Report:
        if self._who():
            return Report()
        return Report(SyncState.SIGN_IN, "You are not signed in. Sign in under Account.")

    def hurry(self) -> None:
        """There is nothing to wait for."""
