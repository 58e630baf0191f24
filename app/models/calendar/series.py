"""Recurring maintenance: a rule in wall-clock time, and the windows it gives.

02:00 stays 02:00 when the clocks change. Where they jump over it the window begins as the jump
ends; where it happens twice the first is taken (RFC 5545 §3.3.5); either way the date says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice

from dateutil.rrule import rrule, rrulestr

from app.models.errors import BadInput
from app.models.times import (
    YEARS,
    Window,
    in_gap,
    is_ambiguous,
    parse_wall,
    speak_date,
    speak_time,
    to_utc,
    to_wall,
    zone,
)

LONGEST = timedelta(days=14)
MOST_DATES = 2_000
"""Of one series within one look: daily for more than five years."""
_PARTS = (
    "FREQ",
    "INTERVAL",
    "BYDAY",
    "BYMONTHDAY",
    "BYMONTH",
    "BYSETPOS",
    "COUNT",
    "UNTIL",
    "WKST",
)
_RULE = re.compile(r"[A-Z]+=[A-Z0-9,+-]+(;[A-Z]+=[A-Z0-9,+-]+)*")
_FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_DAYS = {name.casefold(): code for name, code in zip(
    ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
    ("MO", "TU", "WE", "TH", "FR", "SA", "SU"), strict=True)}  # fmt: skip
_CODES = tuple(_DAYS.values())
_FULL = {code: name.capitalize() for name, code in _DAYS.items()}
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "last": -1}
_NUMBERS = {number: word for word, number in _ORDINALS.items()}


@dataclass(frozen=True, slots=True)
class SeriesRule:
    """`start` and `end` are the walls of the first window (naive), `rule` an RRULE without the
    prefix, such as `FREQ=MONTHLY;BYDAY=3SU`. Build with `series_rule`."""

    rule: str
    start: datetime
    end: datetime
    zone: str


@dataclass(frozen=True, slots=True)
class SeriesDate:
    """One time of a series. `due` is the wall the rule gives, which names it even after a move;
    `note` says how a change of the clocks was resolved, else ""."""

    due: datetime
    window: Window
    note: str = ""


def series_rule(rule: str, start: datetime, end: datetime, zone_name: str) -> SeriesRule:
    """Raises BadInput: a rule that cannot be followed or never happens, a window that ends before
    it starts or lasts more than a fortnight."""
    zone(zone_name)
    if start.year not in YEARS:
        raise BadInput(f"The series begins in the year {start.year}; check the year.")
    if not timedelta() < end - start <= LONGEST:
        raise BadInput("A window of a series ends after it starts, and lasts a fortnight at most.")
    made = SeriesRule(normal_rule(rule), start, end, zone_name)
    if next(iter(_walls(made)), None) is None:
        raise BadInput(f"“{rule}” never happens from {speak_date(start.date())} {start.year} on.")
    return made


def normal_rule(typed: str) -> str:
    """An RRULE from an RRULE or from words such as `third Sunday`, `every 2 weeks on Tue and
    Thu`, `last Friday`, `day 15`, `every day`. Raises BadInput."""
    said = " ".join(typed.split())
    rule = said.upper().removeprefix("RRULE:").rstrip(";")
    if "=" not in rule:
        rule = _from_words(said)
    parts = dict(_named(part) for part in rule.split(";")) if _RULE.fullmatch(rule) else {}
    strange = [name for name in parts if name not in _PARTS]
    if not parts or parts.get("FREQ") not in _FREQUENCIES or strange:
        more = f" ({', '.join(strange)} cannot be used)" if strange else ""
        raise BadInput(
            f"“{typed}” is no rule for a series{more}; write it like “third Sunday”, “every "
            "2 weeks on Tuesday” or FREQ=MONTHLY;BYDAY=3SU."
        )
    for name in ("INTERVAL", "COUNT"):
        if name in parts and not (parts[name].isdecimal() and 0 < int(parts[name]) <= 10_000):
            raise BadInput(f"{name} is a whole number from 1 to 10,000.")
    if "UNTIL" in parts:
        parts["UNTIL"] = _until(parts["UNTIL"])
    return ";".join(f"{name}={parts[name]}" for name in _PARTS if name in parts)


def dates_of(series: SeriesRule, since: datetime, until: datetime) -> tuple[SeriesDate, ...]:
    """Those whose windows begin in [since, until) (UTC), in order. Raises BadInput when there are
    more than `MOST_DATES`."""
    found: list[SeriesDate] = []
    latest = to_wall(until, series.zone) + timedelta(days=1)
    for wall in _walls(series, to_wall(since, series.zone) - timedelta(days=1)):
        if wall > latest:
            break
        made = place(series, wall)
        if since <= made.window.start_utc < until:
            found.append(made)
        if len(found) > MOST_DATES:
            raise BadInput(f"The series happens more than {MOST_DATES:,} times in that span.")
    return tuple(found)


def place(series: SeriesRule, due: datetime) -> SeriesDate:
    """The window of the date that is due at that wall, a change of the clocks resolved."""
    end = due + (series.end - series.start)
    notes: list[str] = []
    start, end = (
        _resolved(wall, series.zone, what, notes) for wall, what in ((due, "start"), (end, "end"))
    )
    if to_utc(end, series.zone) <= to_utc(start, series.zone):
        # start and end lie in the same jump: what was meant to take so long takes so long
        end = to_wall(to_utc(start, series.zone) + (series.end - series.start), series.zone)
        notes.append(f"so that it lasts as long as always it ends at {speak_time(end)}")
    return SeriesDate(due, Window(start, end, series.zone, 0, end.fold), "; ".join(notes))


def _resolved(wall: datetime, zone_name: str, what: str, notes: list[str]) -> datetime:
    if in_gap(wall, zone_name):
        # read with the offset before the jump, the moment lies as far behind the jump
        moved = to_wall(wall.replace(tzinfo=zone(zone_name), fold=0).astimezone(UTC), zone_name)
        notes.append(
            f"the clocks jump over {speak_time(wall)} on {speak_date(wall.date())}; "
            f"its {what} is {speak_time(moved)}"
        )
        return moved.replace(fold=0)
    if is_ambiguous(wall, zone_name):
        notes.append(
            f"{speak_time(wall)} on {speak_date(wall.date())} happens twice; its {what} is the "
            "first of the two"
        )
    return wall


def say_rule(rule: str) -> str:
    """The rule in words: `third Sunday of the month`, `every 2 weeks on Tuesday`; a rule that has
    no short words is given as it is."""
    parts = dict(_named(part) for part in rule.split(";"))
    every = int(parts.get("INTERVAL", "1"))
    days = parts.get("BYDAY", "").split(",") if parts.get("BYDAY") else []
    ends = _say_end(parts)
    beyond = set(parts) - {"FREQ", "INTERVAL", "BYDAY", "COUNT", "UNTIL", "WKST", "BYMONTHDAY"}
    frequency = parts["FREQ"]
    if not beyond and frequency == "DAILY" and not days and "BYMONTHDAY" not in parts:
        return ("every day" if every == 1 else f"every {every} days") + ends
    if not beyond and frequency == "WEEKLY" and all(day in _FULL for day in days):
        weeks = "every week" if every == 1 else f"every {every} weeks"
        return weeks + (f" on {_and([_FULL[day] for day in days])}" if days else "") + ends
    if not beyond and frequency == "MONTHLY":
        months = "of the month" if every == 1 else f"of every {every} months"
        if days and "BYMONTHDAY" not in parts and all(_ordinal(day) for day in days):
            return f"{_and([_ordinal(day) for day in days])} {months}{ends}"
        if "BYMONTHDAY" in parts and not days:
            return f"day {parts['BYMONTHDAY'].replace(',', ', ')} {months}{ends}"
        if not days and "BYMONTHDAY" not in parts:
            return f"the same day {months}{ends}"
    if not beyond and frequency == "YEARLY" and not days and "BYMONTHDAY" not in parts:
        return ("every year" if every == 1 else f"every {every} years") + ends
    return rule


def ending_before(rule: str, due: datetime) -> str:
    """The rule without what is due on the day of `due` or later: no rule gives a day twice. COUNT
    gives way, as it counts from the start."""
    parts = dict(_named(part) for part in rule.split(";"))
    parts.pop("COUNT", None)
    parts["UNTIL"] = f"{due - timedelta(days=1):%Y%m%d}T235959"
    return ";".join(f"{name}={parts[name]}" for name in _PARTS if name in parts)


def _walls(series: SeriesRule, since: datetime | None = None) -> Iterator[datetime]:
    """The walls of the rule, from `since` on. dateutil follows a rule to the year 9999."""
    try:
        followed = rrulestr(series.rule, dtstart=series.start)
    except (ValueError, TypeError):
        raise BadInput(f"“{series.rule}” is no rule that can be followed.") from None
    if not isinstance(followed, rrule):
        raise BadInput(f"“{series.rule}” is no rule that can be followed.")
    for wall in islice(followed, 100_000):
        if wall.year > YEARS[-1]:
            return
        if since is None or wall >= since:
            yield wall


def _named(part: str) -> tuple[str, str]:
    name, _, value = part.partition("=")
    return name, value


def _until(text: str) -> str:
    """A date is that whole day; the rule runs on walls, so a Z is dropped."""
    plain = text.removesuffix("Z")
    try:
        if len(plain) == 8:
            day = date.fromisoformat(plain)
            return f"{day:%Y%m%d}T235959"
        return parse_wall(plain).strftime("%Y%m%dT%H%M%S")
    except (BadInput, ValueError):
        raise BadInput(f"UNTIL={text} is no date; write it like UNTIL=20271231.") from None


def _from_words(said: str) -> str:
    plain = re.sub(r"\bof (the|each|every) month\b", " ", said.casefold())
    words = re.findall(r"[a-z]+|\d+", plain)
    words = [word for word in words if word not in ("the", "each", "on", "and", "a")]
    every = 1
    if words[:1] == ["every"]:
        words = words[1:]
        if words[:1] == ["other"]:
            every, words = 2, words[1:]
        elif words[:1] and words[0].isdecimal():
            every, words = int(words[0]), words[1:]
    step = f";INTERVAL={every}" if every != 1 else ""
    unit = words[0].rstrip("s") if words else ""
    if unit == "day" and len(words) > 1 and all(word.isdecimal() for word in words[1:]):
        return f"FREQ=MONTHLY{step};BYMONTHDAY={','.join(words[1:])}"
    units = {"day": "DAILY", "week": "WEEKLY", "month": "MONTHLY", "year": "YEARLY"}
    if unit in units and len(words) == 1:
        return f"FREQ={units[unit]}{step}"
    if unit == "week":
        words = words[1:]
    elif words and words[0] in _ORDINALS:
        days = [f"{_ORDINALS[o]}{_day(d)}" for o, d in zip(words[::2], words[1::2], strict=False)
                if o in _ORDINALS and _day(d)]  # fmt: skip
        return f"FREQ=MONTHLY{step};BYDAY={','.join(days)}" if 2 * len(days) == len(words) else said
    codes = [_day(word) for word in words]
    return f"FREQ=WEEKLY{step};BYDAY={','.join(codes)}" if codes and all(codes) else said


def _day(word: str) -> str:
    found = [code for name, code in _DAYS.items() if len(word) > 1 and name.startswith(word)]
    return found[0] if len(found) == 1 else _DAYS.get(word.removesuffix("s"), "")


def _ordinal(day: str) -> str:
    number, code = day[:-2], day[-2:]
    if code not in _FULL or not number.lstrip("+-").isdecimal() or int(number) not in _NUMBERS:
        return ""
    return f"{_NUMBERS[int(number)]} {_FULL[code]}"


def _say_end(parts: dict[str, str]) -> str:
    if "COUNT" in parts:
        return f", {parts['COUNT']} times"
    if "UNTIL" in parts:
        last = date.fromisoformat(parts["UNTIL"][:8])
        return f", until {speak_date(last)} {last.year}"
    return ""


def _and(words: list[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
