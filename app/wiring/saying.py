"""What a new window says first: of what was done while no window was open."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from app.services.settings.restore import Restored
    from app.services.settings.taking_over import TakenOver


class Said(NamedTuple):
    """`asks`: somebody has to do something, so it stays until it is put away. `section`: where
    that is done, and `words` lead there."""

    sentence: str
    asks: bool = False
    section: str = ""
    words: str = ""


def said_of(restored: Restored) -> Said:
    """What waits and is held, or is not here, needs a person."""
    if not restored.held:
        return Said(restored.sentence, asks=bool(restored.lost))
    return Said(restored.sentence, asks=True, section="outbox", words="Open the Outbox")


def said_of_taken(taken: TakenOver, zone_name: str) -> Said:
    """It stays until it is put away: up to when it knows is what the deputy flies on."""
    sentence = taken.sentence(zone_name)
    if not taken.restored.held:
        return Said(sentence, asks=True)
    return Said(sentence, asks=True, section="outbox", words="Open the Outbox")
