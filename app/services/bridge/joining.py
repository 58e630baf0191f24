"""How people join, wherever it is said: notices, packet, board and brief."""

from __future__ import annotations

from app.models.bridge import spoken
from app.models.tables.bridge import Bridge


def how_to_join(bridge: Bridge | None) -> str:
    """Empty while there is no way in yet."""
    return spoken(bridge.line, bridge.dial_in, bridge.join_link) if bridge is not None else ""
