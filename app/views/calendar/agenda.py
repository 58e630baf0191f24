"""Days and entries as lines of a list: the agenda of a month, and what one day holds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from app.models.calendar.entries import Entry, Layer, kind_words
from app.models.calendar.month import Month
from app.models.times import speak_date
from app.services.calendar.month import CalendarRows
from app.views.calendar.looks import entry_tone
from app.views.calendar.rows import day_words
from app.views.widgets.listing import ListRow
from app.views.widgets.tone import Tone

_SPLIT = " · "


def agenda_rows(
    rows: CalendarRows, entries: Sequence[Entry], month: Month, *, compact: bool = False
) -> list[ListRow]:
    """The entries of the month in the order of their days, each once, on the first day it has in
    the month; today is there even when it holds nothing. `compact` says the kind under the title
    where there is no room for it at the end."""
    on: dict[date, list[Entry]] = {}
    for entry in entries:
        if entry.first <= month.last and entry.last >= month.first:
            on.setdefault(max(entry.first, month.first), []).append(entry)
    if month.first <= rows.today <= month.last:
        on.setdefault(rows.today, [])
    found: list[ListRow] = []
    for day in sorted(on):
        lead = "Today" if day == rows.today else speak_date(day)
        if not on[day]:
            found.append(
                ListRow(agenda_key(day, ""), "Nothing begins today", lead=lead, tone=Tone.PLAIN)
            )
        for number, entry in enumerate(on[day]):
            found.append(_row(rows.zone, day, entry, " " if number else lead, compact))
    return found


def agenda_key(day: date, entry_key: str) -> str:
    return f"{day.isoformat()}{_SPLIT}{entry_key}"


def parts_of(key: str) -> tuple[date, str]:
    """The day and the entry of a line; the entry may be empty."""
    day, _, entry_key = key.partition(_SPLIT)
    return date.fromisoformat(day), entry_key


def day_rows(rows: CalendarRows, entries: Sequence[Entry], day: date) -> list[ListRow]:
    """What one day holds, keyed by entry."""
    return [
        ListRow(
            entry.key,
            entry.title,
            _SPLIT.join(filter(None, (entry.times_on(day, rows.zone), _kind(entry), entry.asked))),
            entry_tone(entry),
            spoken=entry.spoken(rows.zone),
        )
        for entry in entries
        if entry.is_on(day)
    ]


def _row(zone: str, day: date, entry: Entry, lead: str, compact: bool) -> ListRow:
    others = entry.told_in(zone)[1:] if entry.start is not None else ()
    until = f"until {speak_date(entry.last)}" if entry.days > 1 else ""
    kind = _kind(entry)
    sub = (kind if compact else "", entry.source, until, *others)
    return ListRow(
        agenda_key(day, entry.key),
        entry.title,
        _SPLIT.join(part for part in sub if part),
        entry_tone(entry),
        lead=lead,
        pill="" if compact else kind,
        pill_tone=entry_tone(entry),
        trailing=entry.times_on(day, zone),
        spoken=f"{day_words(day)}, {entry.spoken(zone)}",
    )


def _kind(entry: Entry) -> str:
    words = kind_words(entry)
    return words if entry.layer is Layer.OUTAGES else words[:1].upper() + words[1:]
