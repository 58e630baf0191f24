"""What of the calendar is looked at now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.models.calendar.entries import Layer
from app.models.calendar.sieve import ALL, Sieve
from app.models.calendar.spans import Span


@dataclass(frozen=True, slots=True)
class InFront:
    """The span, the layers that are hidden, the day chosen, and what the entries are narrowed
    to."""

    span: Span
    hidden: frozenset[Layer]
    day: date
    sieve: Sieve = ALL

    @property
    def layers(self) -> frozenset[Layer]:
        return frozenset(Layer) - self.hidden

    @property
    def left_out(self) -> tuple[Layer, ...]:
        return tuple(layer for layer in Layer if layer in self.hidden)

    @property
    def is_narrowed(self) -> bool:
        return bool(self.hidden or self.sieve)

    @property
    def words(self) -> str:
        """`outages, freezes; only Badge doors`."""
        named = ", ".join(layer.words.lower() for layer in Layer if layer in self.layers)
        return f"{named}; only {self.sieve.words}" if self.sieve else named
