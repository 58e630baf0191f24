"""What the calendar is narrowed to: some services, and how far outages are."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from app.models.outages.lifecycle import BEFORE_START, CLOSED, FLYING, State


class Stand(StrEnum):
    """Where an outage stands, as coarsely as a calendar is looked through."""

    DRAFT = "draft"
    COMING = "coming"
    FLYING = "flying"
    OVER = "over"
    CANCELLED = "cancelled"

    @property
    def words(self) -> str:
        return _WORDS[self]

    @property
    def states(self) -> frozenset[State]:
        return _STATES[self]


_WORDS = {
    Stand.DRAFT: "drafts",
    Stand.COMING: "planned or announced",
    Stand.FLYING: "under way",
    Stand.OVER: "over",
    Stand.CANCELLED: "cancelled",
}
_STATES = {
    Stand.DRAFT: frozenset({State.DRAFT}),
    Stand.COMING: BEFORE_START - {State.DRAFT},
    Stand.FLYING: FLYING,
    Stand.OVER: CLOSED - {State.CANCELLED},
    Stand.CANCELLED: frozenset({State.CANCELLED}),
}


@dataclass(frozen=True, slots=True)
class Sieve:
    """Service ids with their names: outages that touch one of them, and events but those that name
    others alone. Stands are of outages. An empty part keeps everything."""

    services: tuple[tuple[str, str], ...] = ()
    stands: frozenset[Stand] = field(default=frozenset())

    def __bool__(self) -> bool:
        return bool(self.services or self.stands)

    @property
    def service_ids(self) -> frozenset[str]:
        return frozenset(i for i, _ in self.services)

    @property
    def states(self) -> frozenset[State]:
        return frozenset[State]().union(*(stand.states for stand in self.stands))

    @property
    def words(self) -> str:
        """`Badge doors, drafts, cancelled`; empty for everything."""
        stands = [stand.words for stand in Stand if stand in self.stands]
        return ", ".join((*(name for _, name in self.services), *stands))


ALL = Sieve()
