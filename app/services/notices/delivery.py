"""What a notice comes to before it leaves: how many messages to how many, within which limits, when
the last one leaves, and for how many that is too late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.models.notices.kinds import NoticeKind, NoticeState
from app.models.outages.debt import ANNOUNCEMENTS
from app.models.outbox_pace import A_DAY, A_MINUTE, BATCH, Pace, batches
from app.models.times import speak_moment
from app.services.notices.audiences import Recipient
from app.services.notices.composing import Composed
from app.services.notices.manner import enclosed_in, size_words
from app.services.outbox.picking import pace_of
from app.services.outbox.reading import waiting_counts
from app.services.uow import UnitOfWork

_TO_COME = ANNOUNCEMENTS | {NoticeKind.REMINDER, NoticeKind.CANCELLED, NoticeKind.KICK_OFF}
_TO_COME |= {NoticeKind.CREW_BRIEF, NoticeKind.SERVICE_DESK_BRIEF, NoticeKind.MONITORING}


@dataclass(frozen=True, slots=True)
class Delivery:
    """`addresses` count a list once, `people` as many as it has. `last_at` is when the last message
    leaves, behind what waits already; `late` people hear after `needed_by`, because `why`."""

    messages: int
    addresses: int
    people: int
    leaves_at: datetime
    last_at: datetime
    zone: str
    needed_by: datetime | None = None
    why: str = ""
    late: int = 0
    late_messages: int = 0
    remarks: tuple[str, ...] = ()

    @property
    def many(self) -> bool:
        """Worth a word before it is queued."""
        return self.addresses > BATCH or bool(self.late) or bool(self.remarks)

    @property
    def sentences(self) -> tuple[str, ...]:
        said = [self._comes_to()]
        if self.late and self.needed_by is not None:
            last = speak_moment(self.needed_by, self.zone)
            said.append(
                f"Too late for {self.late:,} people: their message leaves after {last}, "
                f"{self.why}. Send it earlier, to a distribution list, or tell them in another way."
            )
        return (*said, *self.remarks)

    def _comes_to(self) -> str:
        to = "1 address" if self.addresses == 1 else f"{self.addresses:,} addresses"
        if self.people != self.addresses:
            to += f" ({self.people:,} people)"
        messages = "1 message" if self.messages == 1 else f"{self.messages} messages"
        days = max((self.last_at - self.leaves_at).days, 0)
        long = f": over {days + 1} days, as a mailbox sends to {A_DAY:,} a day" if days else ""
        return f"To {to} in {messages}, the last {speak_moment(self.last_at, self.zone)}{long}"

    def as_json(self) -> dict[str, object]:
        return {
            "messages": self.messages,
            "addresses": self.addresses,
            "people": self.people,
            "limits": {
                "recipients_a_message": BATCH,
                "recipients_a_day": A_DAY,
                "messages_a_minute": A_MINUTE,
            },
            "leaves_at": self.leaves_at.isoformat(),
            "last_at": self.last_at.isoformat(),
            "needed_by": self.needed_by.isoformat() if self.needed_by else None,
            "too_late_for": self.late,
            "sentences": list(self.sentences),
        }


def delivery(uow: UnitOfWork, composed: Composed) -> Delivery:
    """A query: of a notice that left, what it came to."""
    lots = [lot for message in composed.messages for lot in _lots(message.recipients)]
    sizes = [len(lot) for lot in lots]
    leaves_at = composed.leaves_at
    if composed.state is NoticeState.SENT:
        times = [leaves_at] * len(lots)
    else:
        times = _times(uow, sizes, leaves_at, waits=composed.state is NoticeState.QUEUED)
    needed_by, why = _needed_by(composed)
    late = [
        lot for lot, at in zip(lots, times, strict=True) if needed_by is not None and at > needed_by
    ]
    people = [_people(lot) for lot in lots]
    return Delivery(
        len(lots),
        sum(sizes),
        sum(people),
        leaves_at,
        max(times, default=leaves_at),
        composed.zone,
        needed_by,
        why,
        sum(_people(lot) for lot in late),
        len(late),
        size_words(enclosed_in(composed.extra), sum(people)),
    )


def _lots(recipients: Sequence[Recipient]) -> list[Sequence[Recipient]]:
    """As they are stored: people first, then lists, in messages of Exchange’s size."""
    addressed = [r for r in recipients if r.email]
    ordered = [*(r for r in addressed if not r.is_list), *(r for r in addressed if r.is_list)]
    return [ordered[first : first + many] for first, many in batches(len(ordered))]


def _people(lot: Sequence[Recipient]) -> int:
    return sum(max(r.size, 1) for r in lot)


def _times(uow: UnitOfWork, sizes: Sequence[int], at: datetime, *, waits: bool) -> list[datetime]:
    """When each message leaves, behind those that wait (this one among them, when it does)."""
    pace = pace_of(uow)
    ahead = Pace(list(pace.left))
    before = [] if waits else [n for count in waiting_counts(uow) for _, n in batches(count)]
    found = []
    for reach in (*before, *sizes):
        at = ahead.earliest(reach, at)
        ahead.note(at, reach)
        found.append(at)
    return found[len(before) :]


def _needed_by(composed: Composed) -> tuple[datetime | None, str]:
    """The first moment still to come after which it no longer serves, and what that moment is."""
    facts = composed.facts
    if facts is None:
        return None, ""
    moments: list[tuple[datetime, str]] = []
    if composed.kind in _TO_COME:
        moments.append((facts.window.start_utc, "when the window begins"))
        if composed.last_possible is not None:
            moments.append((composed.last_possible, "the last moment that keeps the lead time"))
        if composed.kind is NoticeKind.RESCHEDULED and facts.old_window is not None:
            moments.append((facts.old_window.start_utc, "when the old window would have begun"))
    elif composed.kind is NoticeKind.EXTENDED and facts.old_window is not None:
        moments.append((facts.old_window.end_utc, "the end that they were told"))
    ahead = [each for each in moments if each[0] >= composed.leaves_at]
    return min(ahead, default=(None, ""))
