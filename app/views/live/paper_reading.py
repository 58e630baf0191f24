"""How a line of paper stands against the board, in the words of a list."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from app.models.times import speak_time, to_wall
from app.services.live.paper import PaperRow, PaperRows
from app.views.widgets.listing import ListRow
from app.views.widgets.tone import Tone


def readings(rows: PaperRows, take: Collection[str]) -> list[ListRow]:
    """In the order of the lines, each by its number."""
    found = {row.line: _reading(row, rows.zone, row.code.casefold() in take) for row in rows.rows}
    for bad in rows.unreadable:
        found[bad.line] = ListRow(
            key=str(bad.line),
            title=f"Line {bad.line} cannot be read",
            sub=bad.sentence[:1].upper() + bad.sentence[1:],
            tone=Tone.BAD,
            lead="?",
            pill="left out",
            pill_tone=Tone.BAD,
        )
    return [found[line] for line in sorted(found)]


def summary(rows: PaperRows, take: Collection[str]) -> str:
    """`38 lines to enter · 1 contradicts the board · 1 cannot be read · not on it yet: 9, 12`."""
    to_enter = len(rows.entering(take))
    so = sum(row.done for row in rows.rows)
    waiting = [row for row in rows.rows if row.against and row.code.casefold() not in take]
    contrary = sum(row.can_take for row in waiting)
    parts = [_count(to_enter, "line", "lines") + " to enter"]
    if so:
        parts.append(f"{so} already so")
    if contrary:
        parts.append(f"{contrary} {'contradicts' if contrary == 1 else 'contradict'} the board")
    if len(waiting) > contrary:
        parts.append(f"{len(waiting) - contrary} cannot be entered")
    if rows.unreadable:
        parts.append(f"{len(rows.unreadable)} cannot be read")
    if rows.still_open:
        few = ", ".join(rows.still_open[:8]) + (" …" if len(rows.still_open) > 8 else "")
        parts.append(f"not on it: {few}")
    return " · ".join(parts)


def _reading(row: PaperRow, zone: str, taken: bool) -> ListRow:
    pill, tone = _standing(row, taken)
    against = [why.partition(". Nothing was changed")[0] for why in row.against]
    said = [row.who or "no initials", *against, *row.notes]
    return ListRow(
        key=str(row.line),
        title=row.title or "Unknown step",
        sub="; ".join(said),
        tone=tone,
        lead=row.code,
        pill=pill,
        pill_tone=tone,
        trailing=f"{_clock(row.start, zone)}–{_clock(row.end, zone)}",
    )


def _standing(row: PaperRow, taken: bool) -> tuple[str, Tone]:
    if row.done:
        return "already so", Tone.PLAIN
    if not row.against:
        return ("look" if row.notes else "fits"), (Tone.WARN if row.notes else Tone.OK)
    if not row.can_take:
        return "left out", Tone.BAD
    return ("paper is right", Tone.WARN) if taken else ("waits", Tone.BAD)


def _clock(moment: datetime | None, zone: str) -> str:
    return speak_time(to_wall(moment, zone)) if moment else "…"


def _count(count: int, one: str, many: str) -> str:
    return f"{count or 'No'} {one if count == 1 else many}"
