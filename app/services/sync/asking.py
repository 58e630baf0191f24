"""Rounds that ask: once in a while, and not while the service wants to be left alone."""

from __future__ import annotations

import random
from abc import ABC, abstractmethod
from datetime import datetime, timedelta

from app.services.database import Store
from app.services.ports.trouble import RemoteTrouble, SyncLost
from app.services.sync.pausing import Pause
from app.services.sync.state import Report


class AskingRound(ABC):
    """`every` is how long nothing is asked after an answer; `hurry` asks at once."""

    every: timedelta

    def __init__(self, store: Store, chance: random.Random | None = None) -> None:
        self._store = store
        self.pause = Pause(chance or random.Random())
        self._due: datetime | None = None
        self.asked = True
        """`ask` says so when there was nothing to ask: that proves no network."""
        self.lost: SyncLost | None = None
        """What `ask` notes of a place that is forgotten: a full round begins, but in a moment, as a
        service that forgets every place would be asked without end."""

    def hurry(self) -> None:
        self.pause.hurry()
        self._due = None

    def turn(self) -> Report:
        now = self._store.clock.now()
        if self.pause.active(now):
            return self.pause.report()
        if self._due is not None and now < self._due:
            return Report(again_at=self._due)
        self.lost, self.asked = None, True
        try:
            did, more = self.ask()
        except RemoteTrouble as trouble:
            self.pause.note(trouble, now)
            return self.pause.report()
        if self.lost is not None:
            self.pause.note(self.lost, now)
            return self.pause.report(did)
        self.pause.clear(answered=self.asked)
        self._due = None if more else now + self.every
        return Report(again_at=self._due or now, did=did)

    @abstractmethod
    def ask(self) -> tuple[int, bool]:
        """A bounded bit of asking: how much came of it, and whether there is more at once. Raises
        the troubles of `ports.trouble`."""
