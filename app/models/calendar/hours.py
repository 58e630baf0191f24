"""Weekly hours as people write them: `Mon-Fri 07:00-18:00; Sat 09:00-12:00`."""

from __future__ import annotations

import re

from app.models.calendar.facts import WeeklySpan
from app.models.errors import BadInput

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_PART = re.compile(
    r"(?P<days>[a-z][a-z ,–-]*?)\s*"
    r"(?P<sh>\d{1,2}):(?P<sm>\d\d)\s*[–-]\s*(?P<eh>\d{1,2}):(?P<em>\d\d)"
)


def parse_hours(text: str) -> tuple[WeeklySpan, ...]:
    """Empty for empty text (no rule); `24x7` and `always` are the whole week; an end not after
    its start lies in the next day. Raises BadInput."""
    plain = " ".join(text.split()).casefold()
    if not plain:
        return ()
    if plain in ("24x7", "24/7", "always"):
        return tuple(WeeklySpan(day, 0, 1440) for day in range(7))
    spans: list[WeeklySpan] = []
    for part in re.split(r"[;|]", plain):
        if not part.strip():
            continue
        found = _PART.fullmatch(part.strip())
        if found is None:
            raise _unclear(text)
        start = _minute(found["sh"], found["sm"], text)
        end = _minute(found["eh"], found["em"], text)
        if end <= start:
            end += 1440
        spans += [WeeklySpan(day, start, end) for day in _days(found["days"], text)]
    return tuple(sorted(spans, key=lambda span: (span.weekday, span.start_minute)))


def _days(words: str, text: str) -> list[int]:
    if words.strip() in ("daily", "every day"):
        return list(range(7))
    days: list[int] = []
    for piece in words.split(","):
        ends = [end.strip()[:3] for end in re.split(r"[–-]", piece)]
        if len(ends) > 2 or any(end not in _DAYS for end in ends):
            raise _unclear(text)
        first, last = _DAYS.index(ends[0]), _DAYS.index(ends[-1])
        days += [day % 7 for day in range(first, last + 1 if last >= first else last + 8)]
    return sorted(set(days))


def _minute(hours: str, minutes: str, text: str) -> int:
    total = int(hours) * 60 + int(minutes)
    if int(minutes) > 59 or total > 1440:
        raise _unclear(text)
    return total


def _unclear(text: str) -> BadInput:
    return BadInput(f"“{text[:60]}” are no hours we know; write them like Mon-Fri 07:00-18:00.")
