"""The kinds of notice (model.md's tokens) and the states one goes through."""

from __future__ import annotations

from enum import StrEnum


class NoticeKind(StrEnum):
    PLANNED = "planned"
    REMINDER = "reminder"
    STARTED = "started"
    PROGRESS = "progress"
    DELAYED = "delayed"
    EXTENDED = "extended"
    ALL_CLEAR = "all_clear"
    PARTLY_DONE = "partly_done"
    BACKED_OUT = "backed_out"
    CANCELLED = "cancelled"
    RESCHEDULED = "rescheduled"
    CHANGE_SUMMARY = "change_summary"
    KICK_OFF = "kick_off"
    CREW_BRIEF = "crew_brief"
    SERVICE_DESK_BRIEF = "service_desk_brief"
    MONITORING = "monitoring"
    DIGEST = "executive_digest"

    @property
    def words(self) -> str:
        return _WORDS[self]

    @property
    def internal(self) -> bool:
        """Goes to the people who fly it or stand beside it, and may name hosts and steps."""
        return self in _INTERNAL

    @property
    def to_people(self) -> bool:
        """Goes to those affected: plain words only."""
        return self not in _INTERNAL


class NoticeState(StrEnum):
    DRAFT = "draft"
    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    VOID = "void"

    @property
    def words(self) -> str:
        return _STATE_WORDS[self]


_WORDS = {
    NoticeKind.PLANNED: "Planned notice",
    NoticeKind.REMINDER: "Reminder",
    NoticeKind.STARTED: "Started",
    NoticeKind.PROGRESS: "Progress",
    NoticeKind.DELAYED: "Delayed",
    NoticeKind.EXTENDED: "Extended",
    NoticeKind.ALL_CLEAR: "All clear",
    NoticeKind.PARTLY_DONE: "Partly done",
    NoticeKind.BACKED_OUT: "Backed out",
    NoticeKind.CANCELLED: "Cancelled",
    NoticeKind.RESCHEDULED: "Rescheduled",
    NoticeKind.CHANGE_SUMMARY: "What changed",
    NoticeKind.KICK_OFF: "Kick-off",
    NoticeKind.CREW_BRIEF: "Crew brief",
    NoticeKind.SERVICE_DESK_BRIEF: "Service-desk brief",
    NoticeKind.MONITORING: "Monitoring brief",
    NoticeKind.DIGEST: "Executive digest",
}

_STATE_WORDS = {
    NoticeState.DRAFT: "Draft",
    NoticeState.QUEUED: "Waiting to leave",
    NoticeState.SENT: "Sent",
    NoticeState.FAILED: "Needs attention",
    NoticeState.VOID: "Void",
}

_INTERNAL = frozenset(
    {
        NoticeKind.KICK_OFF,
        NoticeKind.CREW_BRIEF,
        NoticeKind.SERVICE_DESK_BRIEF,
        NoticeKind.MONITORING,
        NoticeKind.DIGEST,
    }
)
