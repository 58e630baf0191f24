"""In which states of the flight a notice of each kind may leave, and what comes before it."""

from __future__ import annotations

from app.models.notices.kinds import NoticeKind
from app.models.outages.lifecycle import BEFORE_START, CLOSED, ENDINGS, FLYING, State
from app.models.tables.outages import Outage

_AHEAD = frozenset({State.PLANNED, State.ANNOUNCED, State.GO_NO_GO, State.HOLD})
_TOLD = _AHEAD - {State.PLANNED}
_WHEN: dict[NoticeKind, frozenset[State]] = {
    NoticeKind.PLANNED: _AHEAD,
    NoticeKind.REMINDER: _TOLD,
    NoticeKind.RESCHEDULED: _AHEAD | FLYING,
    NoticeKind.DELAYED: _TOLD,
    NoticeKind.STARTED: FLYING,
    NoticeKind.PROGRESS: FLYING,
    NoticeKind.EXTENDED: FLYING,
    NoticeKind.ALL_CLEAR: frozenset({State.COMPLETE}),
    NoticeKind.PARTLY_DONE: frozenset({State.PARTLY_DONE}),
    NoticeKind.BACKED_OUT: frozenset({State.BACKED_OUT}),
    NoticeKind.CANCELLED: frozenset({State.CANCELLED}),
    NoticeKind.CHANGE_SUMMARY: ENDINGS - {State.CANCELLED},
    NoticeKind.KICK_OFF: _AHEAD,
    NoticeKind.CREW_BRIEF: _AHEAD | FLYING,
    NoticeKind.SERVICE_DESK_BRIEF: _AHEAD | FLYING | ENDINGS - {State.CANCELLED},
    NoticeKind.MONITORING: _AHEAD | FLYING | ENDINGS,
    NoticeKind.DIGEST: _AHEAD | FLYING | ENDINGS,
}
_FIRST: dict[NoticeKind, str] = {
    NoticeKind.REMINDER: "Send the planned notice first.",
    NoticeKind.DELAYED: "Send the planned notice first.",
    NoticeKind.STARTED: "Give the GO on Live first.",
    NoticeKind.PROGRESS: "Give the GO on Live first.",
    NoticeKind.EXTENDED: "Extend it on Live while it is flown; then people are told.",
    NoticeKind.ALL_CLEAR: "Give the all-clear on Live first; it is never sent before.",
    NoticeKind.PARTLY_DONE: "End it as partly done on Live first.",
    NoticeKind.BACKED_OUT: "Finish backing out on Live first.",
    NoticeKind.CANCELLED: "Cancel the outage first.",
    NoticeKind.CHANGE_SUMMARY: "It goes out once the outage is over.",
    NoticeKind.SERVICE_DESK_BRIEF: "“Cancelled” tells the desk, too.",
}
_BEFORE_END = (NoticeKind.STARTED, NoticeKind.PROGRESS, NoticeKind.EXTENDED, NoticeKind.DELAYED)


def may_leave(state: State, kind: NoticeKind) -> bool:
    """Such a notice makes sense while the flight is there."""
    return state in _WHEN[kind]


def not_now(outage: Outage, kind: NoticeKind) -> str:
    """Why the flight is not where such a notice may leave; empty where it is."""
    if may_leave(outage.state, kind):
        return ""
    state = "a draft" if outage.state is State.DRAFT else outage.state.words.lower()
    if outage.state is State.DRAFT:
        first = "Plan it first: set it from Draft to Planned."
    elif outage.state is State.FILED:
        first = "What came up since belongs to a new outage: fly it again."
    elif kind in (NoticeKind.PLANNED, NoticeKind.REMINDER, NoticeKind.RESCHEDULED):
        late = outage.state not in BEFORE_START
        first = "Say that it has started, or how it ended." if late else _FIRST.get(kind, "")
    elif kind is NoticeKind.DELAYED and outage.state in FLYING:
        first = "It has begun: say how it goes on, or promise a later end."
    else:
        first = "" if outage.state in CLOSED and kind in _BEFORE_END else _FIRST.get(kind, "")
    return f"{outage.code} is {state}, so “{kind.words}” is not sent now. {first}".strip()
