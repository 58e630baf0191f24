"""The days that somebody's words name, where there is nothing to guess."""

from __future__ import annotations

import re
from datetime import date

from app.models.times import MONTHS, WEEKDAYS

_LONG = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_MAY_BE_WORDS = ("March", "Mar", "May")
"""They count with a capital only: “you may 3 times march in”."""
_NAMES = [name for name in (*_LONG, *MONTHS, "Sept") if name not in _MAY_BE_WORDS]
_MONTH = rf"(?:(?i:{'|'.join(_NAMES)})|{'|'.join(_MAY_BE_WORDS)})\b\.?"
_DAY = r"\b\d{1,2}(?:st|nd|rd|th)?\b"
_WEEKDAY = rf"(?:\b(?i:{'|'.join(WEEKDAYS)})[a-z]*\.?,?\s+(?:the\s+)?)?"
_TO = r"\s*(?:-|–|—|\b(?:to|until|till|through)\b)\s*(?:the\s+)?"
_DAYS_MONTH = re.compile(rf"({_DAY})({_TO}{_WEEKDAY}{_DAY}\s+(?:of\s+)?({_MONTH}))")
_MONTH_DAYS = re.compile(rf"({_MONTH})(\s+{_DAY}{_TO})({_DAY})(?!\s*[:\d]|\s*[ap]m|\s+{_MONTH})")
_DATE = re.compile(
    rf"(?P<weekday>{_WEEKDAY})(?:(?P<day>{_DAY})\s+(?:of\s+)?(?P<month>{_MONTH})"
    rf"|(?P<month2>{_MONTH})\s+(?P<day2>{_DAY})(?!:)|(?P<iso>\b\d{{4}}-\d{{2}}-\d{{2}}\b))"
    r"(?:,?\s+(?P<year>\d{4})\b(?!:))?"
)
_SPAN = re.compile(_TO)
_OPEN_BEFORE = re.compile(
    r"(?:\d(?:st|nd|rd|th)?\s*(?:,|&|/|\+|\b(?:and|or)\b)|\b(?:before|after|until|till|to|by|since|"
    r"except|not|around|about|circa|early|mid|late|end of|week of|every|each|like|than|and|or)|"
    r"[-–—/])\s*(?:on\s+)?(?:the\s+)?$",
    re.IGNORECASE,
)
_NEAR = 40
_FROM = re.compile(r"\b(?:from|starting|beginning)\s*(?:on\s+)?(?:the\s+)?$", re.IGNORECASE)
_OPEN_AFTER = re.compile(
    r"^\s*(?:(?:,|&|/|\+|,?\s*\b(?:and|or)\b)\s*\d{1,2}\b(?!\s*[:.]\d|\s*[ap]m)|[-–—]\s*\d|"
    r"(?:to|until|till|through)\b(?!\s*\d{1,2}(?::\d|\s*[ap]m))|"
    r"onwards?\b|or\b|at the (?:latest|earliest)|week\b|(?:and|or) (?:after|before|later|on)\b)",
    re.IGNORECASE,
)


def days_said(words: str, first: date, last: date) -> tuple[date, date] | None:
    """The first and last day that `words` name, when they name one day or one span of days within
    `first` to `last`; a day without a year is one of these. None where anything would have to be
    guessed: no date or several, an open end, 3/4, a weekday that does not fit."""
    text = " ".join(words.split())  # long gaps would take long to look through
    text = _DAYS_MONTH.sub(r"\1 \3\2", text)  # 3–5 March: each with its month
    text = _MONTH_DAYS.sub(r"\1\2\1 \3", text)
    found = list(_DATE.finditer(text))
    if len(found) not in (1, 2):
        return None
    if len(found) == 2 and not _SPAN.fullmatch(text[found[0].end() : found[1].start()]):
        return None
    before, after = text[: found[0].start()][-_NEAR:], text[found[-1].end() :]
    if _OPEN_BEFORE.search(before) or _OPEN_AFTER.match(after):
        return None
    if len(found) == 1 and _FROM.search(before):
        return None
    days = [_day(each, first, last) for each in found]
    start, end = days[0], days[-1]
    return (start, end) if start is not None and end is not None and start <= end else None


def _day(found: re.Match[str], first: date, last: date) -> date | None:
    """The only day of that span it can be."""
    if found["iso"]:
        possible = [_date(*map(int, found["iso"].split("-")))]
    else:
        name = (found["month"] or found["month2"]).rstrip(".")[:3].title()
        number = int(re.sub(r"\D", "", found["day"] or found["day2"]))
        years = [int(found["year"])] if found["year"] else range(first.year, last.year + 1)
        possible = [_date(year, MONTHS.index(name) + 1, number) for year in years]
    inside = [day for day in possible if day is not None and first <= day <= last]
    weekday = found["weekday"].strip()[:3].title()
    if len(inside) != 1 or (weekday and WEEKDAYS[inside[0].weekday()] != weekday):
        return None
    return inside[0]


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
