"""The days shown and what is on them, as an item model: a row for each day and, behind it, one
for each of its entries. Screen readers walk these rows."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from app.models.calendar.entries import Entry, Layer
from app.models.times import MONTHS, WEEKDAYS
from app.services.calendar.month import CalendarRows
from app.views.widgets.keyed import KeyedRows


@dataclass(frozen=True, slots=True)
class CalendarRow:
    """`entry` None: the day itself, with the number of its entries."""

    day: date
    entry: Entry | None = None
    today: bool = False
    count: int = 0
    duty: str = ""
    zone: str = field(default="UTC", repr=False)
    holds: tuple[Entry, ...] = field(default=(), repr=False)
    """Of a day whose entries are no items of their own."""


_DAY = timedelta(days=1)


class CalendarModel(KeyedRows[CalendarRow]):
    def key(self, row: CalendarRow) -> Hashable:
        return row_key(row.day, row.entry.key if row.entry else "")

    def spoken(self, row: CalendarRow) -> str:
        if row.entry is not None:
            return row.entry.spoken(row.zone)
        parts = [day_words(row.day)]
        parts += ["today"] if row.today else []
        parts.append("1 entry" if row.count == 1 else f"{row.count or 'no'} entries")
        parts += [f"{row.duty} on duty"] if row.duty else []
        return ", ".join(parts)

    def words(self, row: CalendarRow) -> str:
        return row.entry.title if row.entry else day_words(row.day)


def row_key(day: date, entry_key: str = "") -> tuple[date, str]:
    return day, entry_key


def day_words(day: date) -> str:
    """`Fri 10 Jan 2025`."""
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}"


def short_day(day: date) -> str:
    """`Fri 10`, on the first of a month `Sat 1 Feb`."""
    month = f" {MONTHS[day.month - 1]}" if day.day == 1 else ""
    return f"{WEEKDAYS[day.weekday()]} {day.day}{month}"


def day_heads(day: date) -> tuple[str, ...]:
    """The head of a day in a week, the widest words first; its number is in all of them."""
    name = WEEKDAYS[day.weekday()]
    heads = (short_day(day), f"{name} {day.day}", f"{name[:2]} {day.day}", f"{day.day}")
    return tuple(dict.fromkeys(heads))


def shown_of(rows: CalendarRows, hidden: Collection[Layer]) -> tuple[Entry, ...]:
    return tuple(entry for entry in rows.entries if entry.layer not in hidden)


def rows_of(
    rows: CalendarRows,
    entries: Sequence[Entry],
    first: date,
    last: date,
    *,
    apart: bool = True,
) -> list[CalendarRow]:
    """Every day from `first` to `last` with its entries; unless they stand `apart` the days hold
    them. Whoever is on duty is said with the day and is no entry of it."""
    on, duty = on_days(entries, first, last)
    found: list[CalendarRow] = []
    day = first
    while day <= last:
        here = on.get(day, [])
        today, name = day == rows.today, duty.get(day, "")
        holds = () if apart else tuple(here)
        found.append(CalendarRow(day, None, today, len(here), name, rows.zone, holds))
        if apart:
            found += [CalendarRow(day, entry, today, zone=rows.zone) for entry in here]
        day += _DAY
    return found


def on_days(
    entries: Sequence[Entry], first: date, last: date
) -> tuple[dict[date, list[Entry]], dict[date, str]]:
    """What lies on each day from `first` to `last`, and who is on duty."""
    on: dict[date, list[Entry]] = {}
    duty: dict[date, str] = {}
    for entry in entries:
        day, until = entry.first, entry.last
        if day == until and first <= day <= last and entry.layer is not Layer.ROTA:
            on.setdefault(day, []).append(entry)  # nearly all are of one day
            continue
        day, until = max(day, first), min(until, last)
        while day <= until:
            if entry.layer is Layer.ROTA:
                duty.setdefault(day, entry.title)
            else:
                on.setdefault(day, []).append(entry)
            day += _DAY
    return on, duty


def turns_of(rows: Sequence[CalendarRow]) -> dict[date, str]:
    """Who is on duty, on the first day shown, on Mondays, and where it changes."""
    found: dict[date, str] = {}
    before = ""
    for row in rows:
        if row.entry is None:
            if row.duty and (row.duty != before or row.day.weekday() == 0):
                found[row.day] = row.duty
            before = row.duty
    return found
