"""Freezes, events, holidays and the rota beside the outages of a published year."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from html import escape

from icalendar import Event

from app.models.calendar.entries import Entry, kind_words
from app.models.notices.wording import clean_line


def event_of(entry: Entry, now: datetime) -> Event:
    """Nobody's time is taken by it."""
    event = Event()
    event.add("uid", f"{entry.key.replace(' ', '-')}@flight-console")
    event.add("dtstamp", now)
    event.add("summary", clean_line(entry.title))
    if entry.start is None or entry.end is None:
        event.add("dtstart", entry.first)
        event.add("dtend", entry.last + timedelta(days=1))
    else:
        event.add("dtstart", entry.start)
        event.add("dtend", entry.end)
    event.add("transp", "TRANSPARENT")
    event.add("categories", [_kind(entry)])
    return event


def article_of(entry: Entry, zone: str) -> Iterator[str]:
    """For the page; times in `zone`."""
    yield f"<article>\n<h3>{escape(entry.title)}</h3>"
    yield f'<p class="state">{escape(_kind(entry))}</p>'
    yield f'<p class="window">{escape(entry.told_in(zone)[0])}</p>'
    if entry.source:
        yield f'<p class="quiet">{escape(entry.source)}</p>'
    yield "</article>"


def _kind(entry: Entry) -> str:
    words = kind_words(entry)
    return words[:1].upper() + words[1:]
