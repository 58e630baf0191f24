"""How the console stands with Outlook, said on the bus: after each turn, and while one lasts."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from app.services.events import SyncStateChanged
from app.services.ports.trouble import RemoteTrouble
from app.services.sync.pausing import Pause
from app.services.sync.state import Report, SyncState

SLOW_S = 3.0
"""Until then a turn is not told of, and the foot of the rail says what the last one came to."""
LONGER = "It takes longer than usual."


@dataclass(slots=True)
class _Turn:
    """When it began, and how often a question had to be asked again in it."""

    began: float = field(default_factory=time.monotonic)
    again: int = 0


class Saying:
    """Publishes what is new. Called on the sync thread; `slow` seconds into a turn it speaks from
    a thread of its own."""

    def __init__(self, publish: Callable[[SyncStateChanged], object], slow: float = SLOW_S) -> None:
        self._publish = publish
        self._slow = slow
        self._lock = threading.Lock()
        self._said: tuple[SyncState, str] | None = None
        self._turn: _Turn | None = None
        self._mute = False

    def say(self, report: Report) -> None:
        """How it stands now."""
        with self._lock:
            self._tell(report.state, report.why)

    def hush(self) -> None:
        """Nothing more is said."""
        self._mute = True

    @contextmanager
    def turn(self) -> Iterator[None]:
        """One that nobody hears of unless it is slow or meets trouble."""
        self._turn = turn = _Turn()
        timer = threading.Timer(self._slow, self._hint, (turn, SyncState.WORKING, LONGER))
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            with self._lock:
                self._turn = None

    def again(self, trouble: RemoteTrouble) -> None:
        """A question of this turn is asked again after `trouble`. One broken answer is no reason
        to call the network gone; a second is, or one that was waited for."""
        turn = self._turn
        if turn is None:
            return
        turn.again += 1
        found = Pause(trouble=trouble).report()
        sure = turn.again > 1 or time.monotonic() - turn.began >= self._slow
        self._hint(turn, found.state if sure else SyncState.WORKING, found.why)

    def _hint(self, turn: _Turn, state: SyncState, why: str) -> None:
        """Only what is worse than what was said before: the end of the turn says how it stands."""
        order = list(SyncState)
        with self._lock:
            before = SyncState.OFF if self._said is None else self._said[0]
            if turn is self._turn and order.index(state) > order.index(before):
                self._tell(state, why)

    def _tell(self, state: SyncState, why: str) -> None:
        if (state, why) != self._said and not self._mute:
            self._said = (state, why)
            self._publish(SyncStateChanged(state=state.value, why=why))
