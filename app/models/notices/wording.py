"""Times, lists and names in the words of a notice: `7:00 pm Friday, January 10th`.

The style is that of product.md's reference text; nothing depends on the machine's language.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_ARTICLES = ("the ", "our ", "your ", "all ")


def say_time(wall: datetime) -> str:
    """`7:00 pm`; midnight is `12:00 am` and noon `12:00 pm`."""
    return f"{wall.hour % 12 or 12}:{wall.minute:02d} {'am' if wall.hour < 12 else 'pm'}"


def say_date(day: date) -> str:
    """`Friday, January 10th`."""
    return f"{DAYS[day.weekday()]}, {MONTHS[day.month - 1]} {ordinal(day.day)}"


def say_moment(wall: datetime, zone: str = "") -> str:
    """`7:00 pm Friday, January 10th`, or `7:00 pm EST Friday, January 10th`."""
    return f"{say_time(wall)}{' ' + zone if zone else ''} {say_date(wall.date())}"


def say_end(end: datetime, start: datetime, zone: str = "") -> str:
    """`10:00 pm`; names the day too when it is not the day of `start`. Both are walls."""
    if end.date() != start.date():
        return say_moment(end, zone)
    return f"{say_time(end)}{' ' + zone if zone else ''}"


def ordinal(number: int) -> str:
    """`1st`, `2nd`, `3rd`, `4th`, `11th`, `21st`."""
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"


def say_minutes(minutes: int) -> str:
    """`3 hours`, `1 hour 30 minutes`, `45 minutes`."""
    hours, rest = divmod(max(minutes, 0), 60)
    parts = []
    if hours:
        parts.append(f"{hours} hour{'' if hours == 1 else 's'}")
    if rest or not hours:
        parts.append(f"{rest} minute{'' if rest == 1 else 's'}")
    return " ".join(parts)


def say_list(names: Iterable[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    found = [name for name in names if name]
    if len(found) < 2:
        return "".join(found)
    return f"{', '.join(found[:-1])} and {found[-1]}"


def in_sentence(name: str) -> str:
    """`File cluster users` becomes `file cluster users` within a sentence. A single word, and a
    name whose other words are not all plain lower case, may be a proper name and stays."""
    first, _, rest = name.strip().partition(" ")
    plain = first[:1].isupper() and first[1:].islower() and rest != "" and rest == rest.lower()
    return name.strip()[:1].lower() + name.strip()[1:] if plain else name.strip()


def with_the(name: str) -> str:
    """`the file cluster`; a name that brings its own article keeps it."""
    said = in_sentence(name)
    return said if not said or said.casefold().startswith(_ARTICLES) else f"the {said}"


def capital(sentence: str) -> str:
    """The first letter in upper case, the rest untouched."""
    return sentence[:1].upper() + sentence[1:]


def is_or_are(names: tuple[str, ...]) -> str:
    """`are` for several, and for one whose last word looks like a plural (`shared drives`)."""
    if len(names) > 1:
        return "are"
    last = names[0].split()[-1] if names and names[0].split() else ""
    plural = last.endswith("s") and not last.endswith(("ss", "us", "is", "ews"))
    return "are" if plural else "is"


def place_of(zone_name: str) -> str:
    """`New York` of `America/New_York`, for a line of local times."""
    return zone_name.rpartition("/")[2].replace("_", " ")


def as_sentence(text: str) -> str:
    """On one line, with a capital at its head and a stop at its end; nothing stays nothing."""
    said = " ".join(text.split())
    return capital(said) + ("" if not said or said[-1] in ".!?…" else ".")


def clean_line(text: str) -> str:
    """One line: no CR, LF, NUL or other control character, runs of blanks as one. For subjects,
    names and everything else that could end up in a header."""
    shown = text if text.isprintable() else "".join(c if c.isprintable() else " " for c in text)
    return " ".join(shown.split())


def clean_text(text: str) -> str:
    """Several lines: newlines kept (as LF), every other control character dropped."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(
        "".join(" " if c.isspace() else c for c in line if c.isprintable() or c.isspace())
        for line in lines
    )
