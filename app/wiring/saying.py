"""What a new window says first: of what was done while no window was open."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from app.services.settings.restore import Restored


class Said(NamedTuple):
    """`asks`: somebody has to do something, so it stays until it is put away. `section`: where
    that is done, and `words` lead there."""

    sentence: str
    asks: bool = False
    section: str = ""
    words: str = ""


def said_of(restored: Restored) -> Said:
    """What waits and is held needs a person."""
    if not restored.held:
        return Said(restored.sentence)
    return Said(restored.sentence, asks=True, section="outbox", words="Open the Outbox")
