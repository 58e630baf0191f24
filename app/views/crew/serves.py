"""What the window needs of whatever serves the board."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from PySide6.QtCore import SignalInstance

from app.models.crew.serving import Serving
from app.models.errors import ConsoleError


class Stands(StrEnum):
    OFF = "off"
    STARTING = "starting"
    ON = "on"
    ELSEWHERE = "elsewhere"
    FALLEN = "fallen"


@dataclass(frozen=True, slots=True)
class Standing:
    """How it is served now. `connected` are the ids of links through which somebody looks on;
    `fingerprint` is empty behind a proxy, and where another process serves it."""

    how: Stands = Stands.OFF
    serving: Serving | None = None
    fingerprint: str = ""
    connected: frozenset[str] = frozenset()

    @property
    def is_served(self) -> bool:
        return self.how in (Stands.ON, Stands.ELSEWHERE)


class Serves(Protocol):
    """`standing_changed()` whenever `standing` did; nothing here blocks."""

    standing_changed: SignalInstance

    @property
    def standing(self) -> Standing: ...

    def addresses(self) -> Sequence[tuple[str, str]]:
        """Of this computer, as (address, words), loopback first."""
        ...

    def serve(
        self,
        serving: Serving,
        then: Callable[[], object],
        failed: Callable[[ConsoleError], object],
    ) -> None:
        """So from now on, whatever was before."""
        ...

    def stop(self) -> None:
        """For this outage and any other; said to be meant."""
        ...
