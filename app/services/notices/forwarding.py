"""The original of a reminder, forwarded while it still says what will happen."""

from __future__ import annotations

from app.models.errors import NotAllowed
from app.models.notices.kinds import NoticeKind
from app.models.tables.notices import Notice
from app.services.notices.gathering import Known
from app.services.notices.planning import Left
from app.services.notices.recipients import says_now
from app.services.notices.rendering import Rendered, reminder
from app.services.uow import UnitOfWork


def forwarded(uow: UnitOfWork, known: Known, note: Rendered, original: Left) -> Rendered:
    """The original with the note on top. Raises NotAllowed when it is no longer true."""
    if not says_now(known, original):
        raise NotAllowed(
            "What people were told is no longer true, so the original is not forwarded: "
            "a rescheduled notice is owed instead.",
            owed=NoticeKind.RESCHEDULED,
        )
    row = uow.fetch(Notice, original.id)
    was = Rendered(row.subject, row.text, row.html)
    sender = row.sent_by or (known.coordinator.name if known.coordinator else "")
    return reminder(was, note, original.sent_at, sender, known.outage.zone)
