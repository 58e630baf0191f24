"""What stands in the way of sending a notice now: the state of the flight, the time given, a
blocking check, or that nobody is owed it."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.models.errors import BadInput, NotAllowed
from app.models.notices.kinds import NoticeKind, NoticeState
from app.models.notices.lint import blocked
from app.models.severity import Severity
from app.models.tables.outages import Outage
from app.models.times import speak_moment, speak_moment_of_year
from app.services.notices.composing import Composed
from app.services.notices.stored import newest
from app.services.notices.when import not_now
from app.services.uow import UnitOfWork

MOST = 100_000
"""Addresses of one notice: a mailbox would be at it for ten days, and a slip would reach a city."""


def require_moment(uow: UnitOfWork, outage: Outage, at: datetime) -> None:
    if at.tzinfo is None:
        raise BadInput("Say in which zone that time is, such as 2025-01-10T19:05-05:00.")
    if at > uow.now:
        said = speak_moment_of_year(at, outage.zone)
        raise BadInput(f"{said} has not come yet; give when it really left. Nothing was recorded.")
    made = outage.created_at
    if made is not None and at < made.replace(second=0, microsecond=0) - timedelta(minutes=1):
        said = speak_moment_of_year(at, outage.zone)
        raise BadInput(f"{outage.code} was not planned yet on {said}; give when it really left.")


def require_state(outage: Outage, kind: NoticeKind) -> None:
    why = not_now(outage, kind)
    if why:
        raise NotAllowed(why, state=outage.state)


def require_none_waiting(uow: UnitOfWork, outage_id: str, kind: NoticeKind) -> None:
    if newest(uow, outage_id, kind, NoticeState.QUEUED) is not None:
        raise NotAllowed(
            f"One {kind.words.lower()} waits to leave already. Take it back to change it."
        )


def require_sendable(composed: Composed) -> None:
    kind = composed.kind
    if composed.state is NoticeState.SENT and composed.sent_at is not None:
        when = speak_moment(composed.sent_at, composed.zone)
        raise NotAllowed(
            f"Everyone was told already ({kind.words}, {when}); nobody is told twice.",
            sent_at=composed.sent_at,
        )
    nobody = nobody_words(composed)
    if nobody:
        raise NotAllowed(nobody)
    require_no_flood(composed)
    if blocked(composed.findings):
        first = next(f for f in composed.findings if f.severity is Severity.BLOCK)
        count = sum(f.severity is Severity.BLOCK for f in composed.findings)
        more = f" (and {count - 1} more to mend)" if count > 1 else ""
        raise NotAllowed(
            f"“{kind.words}” does not leave yet: {first.sentence}{more}",
            rules=tuple(f.rule for f in composed.findings if f.severity is Severity.BLOCK),
        )


def require_no_flood(composed: Composed) -> None:
    """Raises NotAllowed: so many addresses are a slip, or belong into lists."""
    count = len(composed.recipients)
    if count > MOST:
        raise NotAllowed(
            f"“{composed.kind.words}” would go to {count:,} addresses; more than {MOST:,} do not "
            "leave from here. Look whether its audiences are meant, and use distribution lists."
        )


def nobody_words(composed: Composed) -> str:
    """Why a notice to people goes to nobody; empty where it goes to somebody."""
    kind = composed.kind
    if not kind.to_people or composed.recipients:
        return ""
    why = composed.unreached[0] if composed.unreached else "Nobody was told of it before."
    if kind is NoticeKind.EXTENDED:
        why = "People know the end as it is; extend it on Live first."
    elif kind is NoticeKind.RESCHEDULED:
        why = "People know the window as it is; move it first."
    elif kind is NoticeKind.PLANNED and not composed.unreached:
        why = "Give the outage an audience first."
    return f"Nobody is owed “{kind.words}”. {why}"
