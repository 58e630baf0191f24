"""Dates, times and lengths as people write them in a notice, each with where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from app.models.notices.wording import DAYS, MONTHS

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class DateSaid:
    """`day` is None when there is no such date (February 30th). A year left out is the one that
    brings the date nearest to the window; `year_said` tells whether it was written."""

    span: Span
    day: date | None
    weekday: int | None
    year_said: bool
    weekday_span: Span | None


@dataclass(frozen=True, slots=True)
class ClockSaid:
    span: Span
    hour: int
    minute: int


@dataclass(frozen=True, slots=True)
class LengthSaid:
    span: Span
    minutes: int


_DAY = r"(?P<weekday>(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs?)?|Fri|Sat(?:ur)?|Sun)(?:day)?)"
_MONTH = (
    r"(?P<month>Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_LEAD = rf"(?:\b{_DAY}\.?,?\s+(?:the\s+)?)?"
_NUMBER = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?:,?\s+(?P<year>(?:19|20)\d\d)\b)?"
_DATES = (
    # “January 10: …” is a day, “January 7:00 pm” none
    re.compile(rf"{_LEAD}\b{_MONTH}\s+{_NUMBER}\b(?:(?<=[a-z])|(?!:[0-5]\d)){_YEAR}"),
    re.compile(rf"{_LEAD}\b{_NUMBER}\s+(?:of\s+)?{_MONTH}(?!\w){_YEAR}"),
    re.compile(rf"{_LEAD}\b(?P<year>(?:19|20)\d\d)-(?P<month>\d\d)-(?P<day>\d\d)\b"),
)
_WEEKDAY = re.compile(rf"\b{_DAY}s?\b")
_NUMERIC = re.compile(
    r"(?<![\d/.-])(?:\d{1,2}/\d{1,2}(?:/\d{2,4})?|\d{1,2}([.-])\d{1,2}\1(?:\d\d|\d{4}))(?![\d/]|[.-]\d)"
)
_CLOCK = re.compile(
    r"(?<![\d:.])(?P<h12>\d{1,2})(?:[:.](?P<m12>\d\d))?\s*(?P<half>[ap])\.?m\b\.?"
    r"|(?<![\d:])(?P<h24>[01]?\d|2[0-3]):(?P<m24>[0-5]\d)(?![\d:])"
    r"|\b(?P<word>noon|midnight)\b",
    re.IGNORECASE,
)
_RANGE = re.compile(  # 6-11 pm: the first hour has no half of its own
    r"(?<![\d:.])(?P<hour>\d{1,2})(?:[:.](?P<minute>\d\d))?\s?(?:-|–|to|until)\s?"
    r"(?P<last>\d{1,2})(?:[:.]\d\d)?\s?(?P<half>[ap])\.?m\b",
    re.IGNORECASE,
)
_WORD_NUMBERS = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "twelve": 12,
    "an": 1,
    "a": 1,
}
_COUNT = rf"(?:\d+(?:\.\d+)?|{'|'.join(_WORD_NUMBERS)})"
_ABOUT = r"(?:about |around |approximately |up to |at most |some |roughly )?"
_SO_LONG = (
    rf"(?P<span>(?P<count>{_COUNT})(?:[ -]+(?P<half>and a half))?[ -]?"
    r"(?P<unit>hours?|hrs?|h|minutes?|mins?)\b"
    rf"(?:(?: and)? (?P<rest>{_COUNT})[ -]?(?:minutes?|mins?)\b)?)"
)
_AWAY = (
    r"\b(?:off-?line|unavailable|down|interrupted|out of service"
    r"|not (?:be )?(?:available|reachable|work(?:ing)?))\b"
)
_LENGTHS = (
    re.compile(
        rf"\b(?:lasts?|takes?|lasting|duration(?: of)?:?|outage of)\s+{_ABOUT}{_SO_LONG}",
        re.IGNORECASE,
    ),
    re.compile(
        rf"{_AWAY}(?:[^.!?\n]|\.(?=\w)|(?<=[ap]\.m)\.){{0,120}}?\bfor\s+{_ABOUT}{_SO_LONG}",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b{_SO_LONG}[ -](?:of )?(?:long )?(?:planned |scheduled )?"
        r"(?:outage|window|interruption|maintenance|downtime)\b",
        re.IGNORECASE,
    ),
)
_IN_ZONE = re.compile(
    r"[ \u00a0]*\(?(?P<name>(?:[ECMP][SD]?T|AK[SD]T|HST|GMT|UTC|BST|WES?T|CES?T|EES?T|IST|JST|SGT"
    r"|AE[SD]T))\b"
)


def dates_in(text: str, near: date) -> tuple[DateSaid, ...]:
    """Written-out dates in the order they stand; `near` decides a year left out."""
    found: list[DateSaid] = []
    taken = _Taken(text)
    for pattern in _DATES:
        for match in pattern.finditer(text):
            if not taken.take(match.span()):
                continue
            weekday = match["weekday"]
            found.append(
                DateSaid(
                    match.span(),
                    _date(match["year"], match["month"], int(match["day"]), near),
                    _weekday(weekday) if weekday else None,
                    match["year"] is not None,
                    match.span("weekday") if weekday else None,
                )
            )
    return tuple(sorted(found, key=lambda d: d.span))


def weekdays_in(text: str, besides: tuple[DateSaid, ...]) -> Iterator[tuple[Span, int]]:
    """Weekdays named without a date."""
    taken = _Taken(text)
    for said in besides:
        taken.take(said.span)
    for match in _WEEKDAY.finditer(text):
        if taken.take(match.span()):
            yield match.span(), _weekday(match["weekday"])


def numeric_dates_in(text: str) -> Iterator[Span]:
    """Dates such as 1/10, which are read as two different days."""
    for match in _NUMERIC.finditer(text):
        yield match.span()


def clocks_in(text: str) -> tuple[ClockSaid, ...]:
    found = [_clock(match) for match in _CLOCK.finditer(text)]
    found += [_first_clock(match) for match in _RANGE.finditer(text)]
    return tuple(sorted(found, key=lambda clock: clock.span))


def lengths_in(text: str) -> tuple[LengthSaid, ...]:
    """How long something is said to last, in minutes; other lengths (`every 30 minutes`) not."""
    found: list[LengthSaid] = []
    taken = _Taken(text)
    for match in (m for pattern in _LENGTHS for m in pattern.finditer(text)):
        count = _count(match["count"]) + (0.5 if match["half"] else 0)
        minutes = count * (60 if match["unit"].lower().startswith("h") else 1)
        minutes += _count(match["rest"]) if match["rest"] else 0
        span = match.span("span")
        if taken.take(span):
            found.append(LengthSaid(span, round(minutes)))
    return tuple(sorted(found, key=lambda said: said.span))


def zone_after(text: str, clock: ClockSaid) -> tuple[Span, str] | None:
    """The zone named right behind a time of day: `7:00 pm EST`, `19:00 (CET)`."""
    match = _IN_ZONE.match(text, clock.span[1])
    return (match.span("name"), match["name"]) if match else None


def _date(year: str | None, month: str, day: int, near: date) -> date | None:
    number = int(month) if month.isdigit() else _month(month)
    years = [int(year)] if year else [near.year - 1, near.year, near.year + 1]
    possible = []
    for candidate in years:
        try:
            possible.append(date(candidate, number, day))
        except ValueError:
            continue
    return min(possible, key=lambda d: abs(d - near), default=None)


def _month(name: str) -> int:
    return next(n for n, full in enumerate(MONTHS, 1) if full.startswith(name[:3]))


def _weekday(name: str) -> int:
    return next(n for n, full in enumerate(DAYS) if full.startswith(name[:3]))


def _clock(match: re.Match[str]) -> ClockSaid:
    if match["word"]:
        return ClockSaid(match.span(), 12 if match["word"].lower() == "noon" else 0, 0)
    if match["h24"]:
        return ClockSaid(match.span(), int(match["h24"]), int(match["m24"]))
    hour = int(match["h12"]) % 12 + (12 if match["half"].lower() == "p" else 0)
    return ClockSaid(match.span(), hour, int(match["m12"] or 0))


def _first_clock(match: re.Match[str]) -> ClockSaid:
    """`10 to 1 pm` begins in the morning."""
    hour, last = int(match["hour"]) % 12, int(match["last"]) % 12
    afternoon = (match["half"].lower() == "p") != (hour > last)
    span = (match.start(), match.end("minute") if match["minute"] else match.end("hour"))
    return ClockSaid(span, hour + 12 * afternoon, int(match["minute"] or 0))


def _count(word: str) -> float:
    return _WORD_NUMBERS.get(word.lower()) or float(word)


class _Taken:
    """Which characters of a text were read already."""

    def __init__(self, text: str) -> None:
        self._read = bytearray(len(text))

    def take(self, span: Span) -> bool:
        """False, and nothing changes, when some of it was."""
        start, end = span
        free = not any(self._read[start:end])
        if free:
            self._read[start:end] = b"\1" * (end - start)
        return free


def dates_of_span(start: date, end: date) -> frozenset[date]:
    """Every date from `start` to `end`, at most a month of them."""
    return frozenset(start + timedelta(days=n) for n in range(min((end - start).days, 31) + 1))
