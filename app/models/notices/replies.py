"""What comes back to a notice, and what is decided about an objection."""

from __future__ import annotations

from enum import StrEnum


class ReplyKind(StrEnum):
    UNSORTED = "unsorted"
    OBJECTION = "objection"
    QUESTION = "question"
    THANKS = "thanks"
    AUTOMATIC = "automatic"
    CONFIRMATION = "confirmation"
    REPORT = "report"

    @property
    def words(self) -> str:
        return self.value.capitalize()

    @property
    def by_hand(self) -> bool:
        """A person may say so; that one is automatic, answers the kick-off or reports a step is
        read off the mail itself."""
        return self not in (ReplyKind.AUTOMATIC, ReplyKind.CONFIRMATION, ReplyKind.REPORT)


class ObjectionDecision(StrEnum):
    KEEP = "keep"
    MOVE = "move"
    EXCLUDE = "exclude"
    TALK = "talk"

    @property
    def words(self) -> str:
        return _WORDS[self]

    @property
    def settles(self) -> bool:
        """Talking first leaves the objection open, and an open objection blocks GO."""
        return self is not ObjectionDecision.TALK


_WORDS = {
    ObjectionDecision.KEEP: "Keep the window",
    ObjectionDecision.MOVE: "Move the window",
    ObjectionDecision.EXCLUDE: "Leave them out of it",
    ObjectionDecision.TALK: "Talk first",
}
