"""The life of a flight (product.md): which state may follow which."""

from __future__ import annotations

from enum import StrEnum

from app.models.errors import NotAllowed


class State(StrEnum):
    DRAFT = "draft"
    PLANNED = "planned"
    ANNOUNCED = "announced"
    GO_NO_GO = "go_no_go"
    HOLD = "hold"
    IN_PROGRESS = "in_progress"
    VERIFYING = "verifying"
    BACKING_OUT = "backing_out"
    COMPLETE = "complete"
    PARTLY_DONE = "partly_done"
    BACKED_OUT = "backed_out"
    CANCELLED = "cancelled"
    FILED = "filed"

    @property
    def words(self) -> str:
        return _WORDS[self]


class ImpactClass(StrEnum):
    CRITICAL = "critical"
    ORDINARY = "ordinary"
    URGENT = "urgent"


_WORDS = {
    State.DRAFT: "Draft",
    State.PLANNED: "Planned",
    State.ANNOUNCED: "Announced",
    State.GO_NO_GO: "Go/no-go",
    State.HOLD: "On hold",
    State.IN_PROGRESS: "In progress",
    State.VERIFYING: "Verifying",
    State.BACKING_OUT: "Backing out",
    State.COMPLETE: "Complete",
    State.PARTLY_DONE: "Partly done",
    State.BACKED_OUT: "Backed out",
    State.CANCELLED: "Cancelled",
    State.FILED: "Filed",
}

BEFORE_START = frozenset({State.DRAFT, State.PLANNED, State.ANNOUNCED, State.GO_NO_GO, State.HOLD})
FLYING = frozenset({State.IN_PROGRESS, State.VERIFYING, State.BACKING_OUT})
ENDINGS = frozenset({State.COMPLETE, State.PARTLY_DONE, State.BACKED_OUT, State.CANCELLED})
CLOSED = ENDINGS | {State.FILED}

NEXT: dict[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.PLANNED, State.CANCELLED}),
    State.PLANNED: frozenset({State.ANNOUNCED, State.DRAFT, State.CANCELLED}),
    State.ANNOUNCED: frozenset({State.GO_NO_GO, State.CANCELLED}),
    State.GO_NO_GO: frozenset({State.IN_PROGRESS, State.HOLD, State.ANNOUNCED, State.CANCELLED}),
    State.HOLD: frozenset({State.GO_NO_GO, State.IN_PROGRESS, State.CANCELLED}),
    State.IN_PROGRESS: frozenset({State.VERIFYING, State.BACKING_OUT}),
    State.VERIFYING: frozenset(
        {State.IN_PROGRESS, State.COMPLETE, State.PARTLY_DONE, State.BACKING_OUT}
    ),
    State.BACKING_OUT: frozenset({State.BACKED_OUT}),
    State.COMPLETE: frozenset({State.FILED}),
    State.PARTLY_DONE: frozenset({State.FILED}),
    State.BACKED_OUT: frozenset({State.FILED}),
    State.CANCELLED: frozenset({State.FILED}),
    State.FILED: frozenset(),
}


def require_move(now: State, to: State) -> None:
    """Raises NotAllowed, naming what may follow, when `to` does not follow `now`."""
    if to in NEXT[now]:
        return
    may = ", ".join(s.words for s in State if s in NEXT[now])
    tail = f"From here it can go to: {may}." if may else "A filed outage changes no more."
    raise NotAllowed(f"{now.words} cannot become {to.words}. {tail}", now=now, to=to)
