"""How people join, wherever it is said: notices, packet, board and brief."""

from __future__ import annotations

from app.models.bridge import Provider, spoken
from app.models.tables.bridge import Bridge


def how_to_join(bridge: Bridge | None) -> str:
    """The meeting once it is there, else the line: two ways in would part those who talk. Empty
    while there is neither; a meeting that was closed is no way in any more."""
    if bridge is None:
        return ""
    meets = bridge.provider == Provider.TEAMS and bridge.join_link and bridge.closed_at is None
    return spoken("", bridge.dial_in, bridge.join_link) if meets else bridge.line
