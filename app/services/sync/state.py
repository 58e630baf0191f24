"""How the console stands with Outlook, and why, in one word and one sentence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class SyncState(StrEnum):
    """From the best to what a person should see first: without a network nothing leaves, whatever
    else needs them."""

    OFF = "off"
    IN_SYNC = "in_sync"
    WORKING = "working"
    ATTENTION = "attention"
    OFFLINE = "offline"
    SIGN_IN = "sign_in"

    @property
    def words(self) -> str:
        return _WORDS[self]


@dataclass(frozen=True, slots=True)
class Report:
    """What a turn came to: `again_at` is when the next one has something to do (None: when
    something changes), `did` how many acts it did."""

    state: SyncState = SyncState.IN_SYNC
    why: str = ""
    again_at: datetime | None = None
    did: int = 0


def together(reports: Iterable[Report]) -> Report:
    """The state that matters most with its reason, the earliest time, all that was done."""
    found = list(reports)
    order = list(SyncState)
    worst = max(found, key=lambda r: order.index(r.state), default=Report())
    times = [r.again_at for r in found if r.again_at is not None]
    return Report(worst.state, worst.why, min(times, default=None), sum(r.did for r in found))


_WORDS = {
    SyncState.OFF: "Files only",
    SyncState.IN_SYNC: "In sync",
    SyncState.WORKING: "Working",
    SyncState.OFFLINE: "Offline",
    SyncState.ATTENTION: "Needs attention",
    SyncState.SIGN_IN: "Needs sign-in",
}
