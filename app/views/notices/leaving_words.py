"""How a notice that waits, leaves or left stands, in few words: for its line and for the plan."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from app.models.outbox import ItemState, Route
from app.models.times import speak_moment
from app.services.notices.reading import Communication
from app.services.outbox.reading import OutboxRow, Standing
from app.views.widgets.tone import Tone

SOON = timedelta(minutes=1)
"""Below this the seconds are counted."""
ROUTES = {
    Route.CONSOLE: "by this console",
    Route.OUTLOOK_HOLDS: "by Outlook at its time",
    Route.OUTLOOK_DRAFT: "by me, from Outlook",
}
"""Who sends it, as short as a button."""
WHAT_ROUTES_MEAN = {
    Route.CONSOLE: "This console sends it, only while it runs",
    Route.OUTLOOK_HOLDS: "Outlook holds it until its time, also while this laptop is off",
    Route.OUTLOOK_DRAFT: "It becomes a draft in Outlook; I send it there",
}
_TONES = {
    Standing.ATTENTION: Tone.BAD,
    Standing.LEAVING: Tone.INFO,
    Standing.TO_LEAVE: Tone.COMMS,
    Standing.LEFT: Tone.OK,
}


def by_notice(found: Communication) -> Mapping[str, OutboxRow]:
    """What leaves, by the id of its notice; nothing while everything leaves by hand."""
    return {row.notice_id: row for row in found.leaving if row.notice_id} if found.sends else {}


def tone_of(row: OutboxRow) -> Tone:
    gone = row.standing is Standing.LEFT and row.left_at is None
    return Tone.PLAIN if gone else _TONES[row.standing]


def counts_down(row: OutboxRow, now: datetime) -> bool:
    return (
        row.state is ItemState.WAITING
        and row.not_before is not None
        and timedelta() < row.not_before - now <= SOON
    )


def brief(row: OutboxRow, now: datetime, waits_for: str = "") -> str:
    """A few words: `leaves in 8 s`, `leaving, 3 of 50 left`, `needs you`. `waits_for` is what
    keeps all from leaving, such as `the network`."""
    if row.standing is Standing.ATTENTION:
        return "needs you: see the Outbox"
    if row.standing is Standing.LEFT:
        return f"left {_when(row.left_at, row)}" if row.left_at else "did not leave"
    if row.taken_back:
        return "being taken back"
    if row.standing is Standing.LEAVING:
        return f"leaving, {row.left} of {row.messages} left" if row.messages > 1 else "leaving"
    if row.state is ItemState.DEFERRED:
        return f"held by Outlook until {_when(row.not_before, row)}"
    if row.state is not ItemState.WAITING:
        return row.state.words
    if waits_for and (row.not_before is None or row.not_before - now <= SOON):
        return f"waits for {waits_for}"
    if row.route is Route.OUTLOOK_DRAFT:
        return "becoming a draft in Outlook"
    if row.not_before is None or row.not_before <= now:
        return "waits to leave"
    if counts_down(row, now):
        return f"leaves in {int((row.not_before - now).total_seconds()) + 1} s"
    return f"leaves {_when(row.not_before, row)}"


def in_the_plan(row: OutboxRow, now: datetime) -> str:
    """The same, without seconds that would have to be counted."""
    return "about to leave" if counts_down(row, now) else brief(row, now)


def whole(row: OutboxRow, now: datetime, waits_for: str = "") -> str:
    """A sentence: how it stands, who sends it, what the last answer was."""
    said = brief(row, now, waits_for)
    if row.standing is Standing.ATTENTION:
        return f"Needs you: {row.last_answer or row.state.words}"
    parts = [said[0].upper() + said[1:]]
    if row.reach:
        parts.append("to 1 address" if row.reach == 1 else f"to {row.reach:,} addresses")
    if row.state is ItemState.DEFERRED:
        return " · ".join(parts)
    if row.standing is not Standing.LEFT and row.sender and row.sender not in said:
        parts.append(row.sender)
    if row.last_answer and row.last_answer not in said:
        parts.append(row.last_answer)
    return " · ".join(parts)


def _when(moment: datetime | None, row: OutboxRow) -> str:
    return speak_moment(moment, row.zone) if moment else ""
