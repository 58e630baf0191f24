"""The time zone this computer is set to."""

from __future__ import annotations

from PySide6.QtCore import QTimeZone

from app.models.errors import BadInput
from app.models.times import zone


def own_zone() -> str:
    """Its IANA name; UTC when the system names none that we know."""
    name = bytes(QTimeZone.systemTimeZoneId().data()).decode("ascii", "replace")
    try:
        zone(name)
    except BadInput:
        return "UTC"
    return name
