"""Turns as Flight coordinator: made from a rule and an order of people, and what is wrong with
them. Days are whole days where the organisation is; the last day of a turn is its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from dateutil.rrule import rrule, rrulestr

from app.models.calendar.series import normal_rule
from app.models.errors import BadInput
from app.models.times import MONTHS, YEARS, speak_date

DAY = timedelta(days=1)
MONTHLY = "FREQ=MONTHLY;BYMONTHDAY=1"


@dataclass(frozen=True, slots=True)
class Turn:
    """`person` is an id."""

    person: str
    starts: date
    ends: date


class Trouble(StrEnum):
    """What is wrong with a stretch of days."""

    NOBODY = "nobody"
    AWAY = "away"
    TWO = "two"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days in a row with the same trouble; `people` are those who have a turn then."""

    trouble: Trouble
    first: date
    last: date
    people: tuple[str, ...] = ()


def rota_rule(typed: str) -> str:
    """The RRULE by which turns change, from words (`every month`, `every 2 weeks on Monday`) or an
    RRULE. Raises BadInput; a rota has no end, as nobody would notice that it is over."""
    said = typed.strip() or "every month"
    rule = MONTHLY if said.casefold() in ("every month", "month", "monthly") else normal_rule(said)
    if "COUNT=" in rule or "UNTIL=" in rule:
        raise BadInput(
            "A rota goes on until another is set; leave COUNT and UNTIL out. Nothing was changed."
        )
    return rule


def changes_of(rule: str, starts: date, until: date) -> Iterator[date]:
    """The days on which the next person begins: the first is `starts`, the last the first one
    after `until`, so that the turn before it is known to its end. Raises BadInput when the rule
    never happens again in that time."""
    found = rrulestr(rule, dtstart=datetime.combine(starts, datetime.min.time()))
    assert isinstance(found, rrule)
    yield starts
    for moment in found:
        if moment.year > YEARS[-1]:
            break
        if moment.date() > starts:
            yield moment.date()
        if moment.date() > until:
            return
    raise BadInput(f"“{rule}” does not happen after {speak_date(starts)} {starts.year}.")


def turns_from(rule: str, starts: date, people: Sequence[str], until: date) -> tuple[Turn, ...]:
    """The turns that begin on `starts` or later and not after `until`, in the order of people,
    one behind the other without a day between. Raises BadInput when nobody is in the rota."""
    if not people:
        raise BadInput("Nobody is in the rota; name at least one person. Nothing was changed.")
    made = pairwise(changes_of(rule, starts, until))
    return tuple(
        Turn(people[number % len(people)], first, following - DAY)
        for number, (first, following) in enumerate(made)
        if first <= until
    )


def troubles(
    turns: Iterable[Turn], away: Iterable[Turn], first: date, last: date
) -> tuple[Stretch, ...]:
    """Every day from `first` to `last` on which nobody has a turn, two have, or whoever has it is
    `away` (whole days). In order, days in a row as one."""
    turns, away = list(turns), list(away)
    edges = {first, last + DAY}
    for span in (*turns, *away):
        edges.update(day for day in (span.starts, span.ends + DAY) if first < day <= last)
    found: list[Stretch] = []
    for begin, following in pairwise(sorted(edges)):
        here = _of(turns, begin)
        gone = _of(away, begin)
        if not here:
            trouble = Trouble.NOBODY
        elif len(here) > 1:
            trouble = Trouble.TWO
        elif here[0] in gone:
            trouble = Trouble.AWAY
        else:
            continue
        made = Stretch(trouble, begin, following - DAY, here)
        before = found[-1] if found else None
        if (
            before is not None
            and before.last + DAY == begin
            and (before.trouble, before.people) == (trouble, here)
        ):
            made = Stretch(trouble, before.first, made.last, here)
            found.pop()
        found.append(made)
    return tuple(found)


def _of(spans: Iterable[Turn], day: date) -> tuple[str, ...]:
    return tuple(dict.fromkeys(span.person for span in spans if span.starts <= day <= span.ends))


def say_days(first: date, last: date) -> str:
    """`Jan 2027`, `Mon 4 Jan`, `Mon 4 Jan–Sun 17 Jan 2027`; the year always stands."""
    if first.day == 1 and last == _month_end(first):
        return f"{MONTHS[first.month - 1]} {first.year}"
    if first == last:
        return f"{speak_date(first)} {first.year}"
    year = "" if first.year == last.year else f" {first.year}"
    return f"{speak_date(first)}{year}–{speak_date(last)} {last.year}"


def _month_end(day: date) -> date:
    following = day.replace(day=28) + 4 * DAY
    return following - timedelta(days=following.day)
