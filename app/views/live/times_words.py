"""The times of the crew in a few words, for the bar on Live and the sheet behind it."""

from __future__ import annotations

from app.models.live.crew_times import Say
from app.services.live.crew_rows import CrewTime, CrewTimes, span
from app.views.widgets.listing import ListRow
from app.views.widgets.tone import Tone

FEW = 3
"""So many are named on Live; the sheet has them all."""
_PILLS = {
    Say.TIMES: ("no times yet", Tone.WARN),
    Say.MOVED: ("moved", Tone.WARN),
    Say.FREE: ("free, not told", Tone.WARN),
    Say.LATER: ("moved, do not disturb", Tone.PLAIN),
    Say.NOTHING: ("knows", Tone.OK),
}


def title(rows: CrewTimes) -> str:
    """What the bar asks for: times that nobody has yet, or those that moved."""
    said = {one.say for one in rows.due}
    if said == {Say.TIMES}:
        return "The crew does not know its times yet"
    if said == {Say.FREE}:
        return "Free, and not told yet"
    return "Times of the crew moved"


def due_words(rows: CrewTimes) -> str:
    """`A. Lindqvist 20:05–21:20 · R. Ramos is free · and 2 more`; of one alone what it was, too."""
    alone = len(rows.due) == 1
    said = [_due(rows, one, alone=alone) for one in rows.due[:FEW]]
    more = len(rows.due) - len(said)
    return " · ".join([*said, f"and {more} more"] if more else said)


def _due(rows: CrewTimes, one: CrewTime, *, alone: bool) -> str:
    phone = "" if one.mailed else f" (by phone{' ' + one.phone if one.phone else ''})"
    if one.duty is None:
        return f"{one.name} is free{phone}"
    was = one.told.telling.duty if one.told is not None else None
    before = f" (was {span(was, rows.zone)})" if alone and one.say is Say.MOVED and was else ""
    return f"{one.name} {span(one.duty, rows.zone)}{before}{phone}"


def send_words(rows: CrewTimes) -> str:
    """Empty when all of them are to be called."""
    count = sum(one.mailed for one in rows.due)
    if not count:
        return ""
    return f"Send to {count}" if rows.sends else f"Tell {count}…"


def row_of(rows: CrewTimes, one: CrewTime) -> ListRow:
    pill, tone = _PILLS[one.say]
    if one.say is Say.NOTHING and (one.told is None or one.told.telling.duty is None):
        pill = "told: free" if one.told is not None else "nothing to do"
        tone = Tone.OK if one.told is not None else Tone.PLAIN
    now = f"ready {span(one.duty, rows.zone)}" if one.duty else "free"
    parts = [now, one.told_words(rows.zone)]
    if not one.mailed:
        parts.append(f"no mail address{', ' + one.phone if one.phone else ''}")
    return ListRow(
        key=one.person_id,
        title=one.name,
        sub=" · ".join(parts),
        pill=pill,
        pill_tone=tone,
        strong=one.name,
    )
