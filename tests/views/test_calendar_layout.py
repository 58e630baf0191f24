"""Where the bars of a month stand, from entries alone."""

from __future__ import annotations

from datetime import date, timedelta

from app.models.calendar.entries import Entry, Layer
from app.models.calendar.month import Month
from app.views.calendar.month_layout import MonthLayout

MONDAY = date(2025, 1, 13)
LINE = 15


def entry(name: str, day: int, days: int = 1) -> Entry:
    first = MONDAY + timedelta(days=day)
    return Entry(name, Layer.EVENTS, name, first, first + timedelta(days=days - 1))


def lines(*entries: Entry) -> dict[str, int]:
    """Of each bar shown; every headline is too long for one."""
    made = MonthLayout.of(Month(2025, 1), entries, (1_000, 630), LINE, lambda _bar: 10_000)
    tops = {placed.bar.entry.key: placed.box for placed in made.bars}
    assert len(tops) == len(made.bars)
    for one in made.bars:
        assert not [
            two
            for two in made.bars
            if two is not one and two.box.adjusted(1, 0, -1, 0).intersects(one.box)
        ]
        day = MONDAY + timedelta(days=one.bar.first)
        assert one.box.bottom() <= made.cells[day].bottom()
    return {placed.bar.entry.key: placed.lines for placed in made.bars}


def test_a_full_day_leaves_the_days_beside_it_their_two_lines() -> None:
    full = [entry(f"full {n}", 6) for n in range(4)]
    assert lines(entry("alone", 1), *full)["alone"] == 2


def test_a_full_day_holds_all_it_can_in_one_line_each() -> None:
    full = [entry(f"full {n}", 6) for n in range(4)]
    assert set(lines(*full).values()) == {1}


def test_a_bar_through_a_full_day_stays_one_line() -> None:
    full = [entry(f"full {n}", 2) for n in range(3)]
    assert lines(entry("long", 0, 5), *full)["long"] == 1
