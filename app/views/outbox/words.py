"""Rows of the Outbox as lines of a list, and the facts of one of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from app.models.outbox import ItemState, PartState
from app.models.outbox_pace import A_DAY, A_MINUTE, Arrival
from app.models.times import speak_moment, speak_span
from app.services.outbox.reading import OutboxRow, PartRow, Standing
from app.views.widgets.listing import ListRow
from app.views.widgets.tone import Tone

MINUTE = timedelta(minutes=1)
TONES = {
    Standing.ATTENTION: Tone.BAD,
    Standing.LEAVING: Tone.INFO,
    Standing.TO_LEAVE: Tone.COMMS,
    Standing.LEFT: Tone.OK,
}


def line(row: OutboxRow, now: datetime) -> ListRow:
    return ListRow(
        key=row.id,
        title=row.subject or f"{row.words}: {row.title}",
        sub=_sub(row),
        tone=_tone(row),
        lead=row.code,
        pill=_pill(row, now),
        pill_tone=_tone(row),
    )


def _tone(row: OutboxRow) -> Tone:
    taken_back = row.standing is Standing.LEFT and row.left_at is None
    if row.undelivered and row.standing is Standing.LEFT:
        return Tone.WARN
    return Tone.PLAIN if taken_back else TONES[row.standing]


def _sub(row: OutboxRow) -> str:
    if row.standing is Standing.LEFT:
        parts = [_undelivered(row), row.words, to_whom(row), row.last_answer]
    elif row.standing is Standing.ATTENTION:
        parts = [row.last_answer, row.words, to_whom(row)]
    else:
        parts = [row.words, to_whom(row), row.sender, row.last_answer]
    return " · ".join(part for part in parts if part)


def _pill(row: OutboxRow, now: datetime) -> str:
    if row.standing is Standing.LEAVING and row.messages > 1:
        return f"{row.left} of {row.messages} left"
    if row.standing is Standing.LEFT:
        if row.is_asked:
            return "done" if row.state is ItemState.SENT else "not done"
        if row.taken_back and 0 < row.left < row.messages:
            return f"{row.left} of {row.messages} left"
        return "left" if row.left_at is not None else "did not leave"
    waits = row.standing is Standing.TO_LEAVE and row.state is not ItemState.HELD
    if waits and row.not_before is not None and row.not_before > now:
        left = row.not_before - now
        return f"in {speak_span(left)}" if left >= MINUTE else "about to leave"
    return row.state.words


def to_whom(row: OutboxRow) -> str:
    if not row.reach:
        return ""
    return "to 1 address" if row.reach == 1 else f"to {row.reach:,} addresses"


def _undelivered(row: OutboxRow) -> str:
    return f"{row.undelivered:,} of {row.reach:,} not delivered" if row.undelivered else ""


def facts(row: OutboxRow) -> list[tuple[str, str]]:
    """(label, words) of everything worth knowing, as it stands."""
    found = [
        ("Outage", f"{row.code} {row.title}".strip()),
        ("To", to_whom(row).removeprefix("to ")),
        ("Sent by" if row.standing is Standing.LEFT else "Who sends it", _sender(row)),
        ("Lies with", row.lies_with),
        ("Not before", speak_moment(row.not_before, row.zone) if row.not_before else ""),
        ("Messages", f"{row.left} of {row.messages} left" if row.messages > 1 else ""),
        (
            "Bounced",
            f"{_undelivered(row)}; Replies on its outage names them" if row.undelivered else "",
        ),
        ("Tries", str(row.attempts) if row.attempts else ""),
        ("Last answer", row.last_answer),
        (
            "Done" if row.is_asked else "Left",
            speak_moment(row.left_at, row.zone) if row.left_at else "",
        ),
    ]
    return [(label, words) for label, words in found if words]


def rest(found: Arrival, zone: str) -> str:
    """What of a notice to many is held up by the pace, and until when."""
    one = found.messages == 1
    last = speak_moment(found.last_at, zone)
    return (
        f"{found.messages} {'message' if one else 'messages'} to {found.people:,} addresses "
        f"{'waits' if one else 'wait'}, the last until {last}: a mailbox sends {A_MINUTE} messages "
        f"a minute and to {A_DAY:,} addresses a day."
    )


def _sender(row: OutboxRow) -> str:
    """Nobody sent what was taken back, and a calendar entry is not sent."""
    gone = row.standing is Standing.LEFT
    return "" if gone and (row.left_at is None or row.is_asked) else row.sender


_PARTS = {
    PartState.PENDING: "to leave",
    PartState.DRAFTING: "being written",
    PartState.DRAFTED: "a draft in Outlook",
    PartState.SENDING: "being sent",
    PartState.ACCEPTED: "taken by Outlook",
    PartState.HELD_BY_OUTLOOK: "held by Outlook",
    PartState.SENT: "sent",
    PartState.UNCLEAR: "not known whether it left",
    PartState.REFUSED: "refused",
    PartState.DELETING: "being taken back",
    PartState.VOID: "did not leave",
}


def part_lines(rows: Sequence[PartRow], zone: str) -> list[ListRow]:
    return [
        ListRow(
            key=row.id,
            title=f"to {row.reach:,} · {_PARTS.get(row.state, row.state.value)}",
            sub=" · ".join(
                part
                for part in (
                    row.answer,
                    f"held until {speak_moment(row.held_until, zone)}" if row.held_until else "",
                    f"tried {speak_moment(row.tried_at, zone)}" if row.tried_at else "",
                )
                if part
            ),
            lead=str(row.number),
            tone=Tone.BAD if row.state in (PartState.UNCLEAR, PartState.REFUSED) else Tone.PLAIN,
        )
        for row in rows
    ]
