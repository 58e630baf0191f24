"""How a reminder shows where the note ends and the forwarded notice begins."""

from __future__ import annotations

from datetime import datetime

from app.models.notices.wording import say_moment
from app.models.times import abbreviation, to_wall

FORWARD_LINE = "-----Original Message-----"  # the line Outlook writes, which other programs fold
NOTE_WORDS = 25


def note_of(text: str) -> str:
    """The note on top of a forwarded notice; the whole text when nothing is forwarded."""
    return text.partition(FORWARD_LINE)[0].strip()


def sent_words(sent_at: datetime, zone: str) -> str:
    """`9:00 am EST Tuesday, December 31st`."""
    return say_moment(to_wall(sent_at, zone), abbreviation(sent_at, zone))
