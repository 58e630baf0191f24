"""Where all time comes from."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Where all time comes from."""

    def now(self) -> datetime:
        """Aware, UTC."""
        ...

    @property
    def speed(self) -> float:
        """Console seconds per second on the wall: 1 in earnest, up to 60 in practice."""
        ...
