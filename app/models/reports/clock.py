"""How reports write moments: short where the window's day is plain, whole where it is not."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.models import times


def clock(moment: datetime, window: times.Window) -> str:
    """`19:10`, or `Sat 00:40` on another day than the window's first, in its zone; with the
    date when that is six days or more away."""
    wall = times.to_wall(moment, window.zone)
    days = abs((wall.date() - window.start.date()).days)
    if days == 0:
        return times.speak_time(wall)
    if days < 6:
        return f"{times.WEEKDAYS[wall.weekday()]} {times.speak_time(wall)}"
    return f"{times.speak_date(wall.date())} {times.speak_time(wall)}"


def dated(moment: datetime, zone: str) -> str:
    """`Fri 10 Jan 2025 15:04 EST`, with the year: reports are found again years later."""
    wall = times.to_wall(moment, zone)
    day = f"{times.speak_date(wall.date())} {wall.year}"
    return f"{day} {times.speak_time(wall)} {times.abbreviation(moment, zone)}"


def window_of_year(window: times.Window) -> str:
    """`Fri 10 Jan 2025 19:00–22:00 EST`, as reports are found again years later."""
    first = times.speak_date(window.start.date())
    return times.speak_window(window).replace(first, f"{first} {window.start.year}", 1)


def deviation(span: timedelta) -> str:
    """`+12 min`, `−1 h 5 min`, `as planned` below a minute either way."""
    if abs(span) < timedelta(minutes=1):
        return "as planned"
    return f"{'+' if span > timedelta() else '−'}{times.speak_span(span)}"
