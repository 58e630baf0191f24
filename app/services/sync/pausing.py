"""How long the service is left alone after a trouble."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.services.ports.trouble import (
    Refused,
    RemoteTrouble,
    SignInNeeded,
    Throttled,
    Unreachable,
)
from app.services.sync.state import Report, SyncState

LONGEST = 64.0
SIGN_IN_EVERY = timedelta(minutes=1)


@dataclass(slots=True)
class Pause:
    """Exponential with jitter, unless the service said how long. Offline and without a sign-in,
    nothing is written to disk by the tries: see `probes`."""

    chance: random.Random = field(default_factory=random.Random)
    until: datetime | None = None
    trouble: RemoteTrouble | None = None
    tries: int = 0
    answers: int = 0
    """How often the service answered."""

    def note(self, trouble: RemoteTrouble, now: datetime) -> None:
        self.tries += 1
        self.trouble = trouble
        wait = min(2.0 ** (self.tries - 1), LONGEST) * (0.5 + self.chance.random() / 2)
        if isinstance(trouble, Throttled) and trouble.retry_after is not None:
            wait = max(trouble.retry_after, 0.0) + self.chance.random()
        self.until = now + timedelta(seconds=wait)
        if isinstance(trouble, SignInNeeded):
            self.until = now + SIGN_IN_EVERY

    def clear(self, *, answered: bool = True) -> None:
        """Something worked; `answered`: because the service said so."""
        self.until, self.trouble, self.tries = None, None, 0
        self.answers += answered

    @property
    def offline(self) -> bool:
        return isinstance(self.trouble, Unreachable)

    def network_is_back(self) -> None:
        """Another was answered: what waits for the network alone waits no longer."""
        if self.offline:
            self.until = None

    def hurry(self) -> None:
        """The network is back, somebody signed in, or a person asks: try now."""
        if not isinstance(self.trouble, Throttled):
            self.until = None

    def active(self, now: datetime) -> bool:
        return self.until is not None and now < self.until

    @property
    def probes(self) -> bool:
        """Whether to ask something harmless first, before any intent goes to disk."""
        return isinstance(self.trouble, (Unreachable, SignInNeeded))

    def report(self, did: int = 0) -> Report:
        why = self.trouble.sentence if self.trouble is not None else ""
        state = SyncState.WORKING
        if isinstance(self.trouble, Unreachable):
            state = SyncState.OFFLINE
        elif isinstance(self.trouble, SignInNeeded):
            state = SyncState.SIGN_IN
        elif isinstance(self.trouble, Refused):  # trying again does not mend it, a person does
            state = SyncState.ATTENTION
        return Report(state, why, self.until, did)
