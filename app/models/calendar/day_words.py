"""A day as people write it."""

from __future__ import annotations

import re
from datetime import date, timedelta

from app.models.errors import BadInput
from app.models.times import MONTHS, WEEKDAYS, YEARS

_STEP = re.compile(r"([+-]\d{1,4}) ?(d|day|days|w|week|weeks)")
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})?")
_NUMBERS = {name.casefold(): number for number, name in enumerate(MONTHS, 1)}


def day_of(words: str, near: date) -> date:
    """`2027-02-14`, `14.2.2027`, `14 Feb 2027`, `Feb 14`, `14`, `Feb 2027`, `2027`, `+6 weeks`.
    What is left out is that of the day next to `near`, or the first. Raises BadInput."""
    text = " ".join(words.replace(",", " ").casefold().split())
    try:
        found = _read(text, near)
    except (ValueError, OverflowError):
        found = None
    if found is None:
        raise BadInput(
            "That is no day we can read; write it like 14 Feb 2027, 2027-02-14 or +6 weeks."
        )
    if found.year not in YEARS:
        raise BadInput(f"The year {found.year} is not in the calendar; check it.")
    return found


def _read(text: str, near: date) -> date | None:
    if step := _STEP.fullmatch(text):
        return near + timedelta(days=int(step[1]) * (7 if step[2].startswith("w") else 1))
    if dotted := _DOTTED.fullmatch(text):
        return _day(int(dotted[1]), int(dotted[2]), int(dotted[3] or 0), near)
    if re.fullmatch(r"\d{4}-\d{1,2}-\d{1,2}", text):
        return date(*map(int, text.split("-")))
    day = month = year = 0
    for part in text.split():
        if part.isdecimal() and len(part) == 4 and not year:
            year = int(part)
        elif part.isdecimal() and len(part) < 3 and not day:
            day = int(part)
        elif part.isalpha() and len(part) > 2 and part[:3] in _NUMBERS and not month:
            month = _NUMBERS[part[:3]]
        elif not any(part.startswith(name.casefold()) for name in WEEKDAYS):
            return None
    if year and day and not month:
        return None
    if month or year:
        return _day(day or 1, month or 1, year, near)
    return _day(day, near.month, near.year, near) if day else None


def _day(day: int, month: int, year: int, near: date) -> date:
    """Without a year the one that is next to `near`. Raises ValueError when there is none."""
    if year:
        return date(year, month, day)
    found = []
    for each in (near.year - 1, near.year, near.year + 1):
        try:
            found.append(date(each, month, day))
        except ValueError:  # 29 February
            continue
    return min(found, key=lambda one: abs(one - near))
