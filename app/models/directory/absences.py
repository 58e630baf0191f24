"""An absence as somebody types it: whole days, or from and until a time of them.

Days and times are read off the clocks of the person's own zone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from app.models.calendar.facts import FROM_OUTLOOK
from app.models.errors import BadInput
from app.models.rota.turns import DAY, say_days
from app.models.times import YEARS, abbreviation, first_moment, speak_date, to_wall

USUAL = "leave"
LONGEST = timedelta(days=3 * 366)
_KIND = 40


@dataclass(frozen=True, slots=True)
class Absence:
    """Both days are included; without `begins` from the first day's start, without `ends` to the
    last day's end. `kind` is what people call it; it stands in conflicts."""

    first: date
    last: date
    begins: time | None = None
    ends: time | None = None
    kind: str = USUAL


def span_of(absence: Absence, zone: str) -> tuple[datetime, datetime]:
    """In UTC, its end exclusive. Raises BadInput."""
    if any(day.year not in YEARS for day in (absence.first, absence.last)):
        raise BadInput("Is the year right? Nothing was saved.")
    start = datetime.combine(absence.first, absence.begins or time.min)
    after = absence.last if absence.ends else absence.last + DAY
    end = datetime.combine(after, absence.ends or time.min)
    if end <= start:
        raise BadInput("It ends before it begins; nothing was saved.")
    if end - start > LONGEST:
        raise BadInput("That is longer than three years; is the year right? Nothing was saved.")
    moments = first_moment(start, zone), first_moment(end, zone)
    if moments[0] >= moments[1]:
        raise BadInput("Clocks are set on then, so it takes no time at all; nothing was saved.")
    return moments


def absence_of(start: datetime, end: datetime, kind: str, zone: str) -> Absence:
    """A stored span as it would be typed."""
    begins, ends = to_wall(start, zone), to_wall(end, zone)
    last, until = ends.date(), ends.time().replace(fold=0)
    if until == time.min:
        last -= DAY
    return Absence(
        begins.date(),
        last,
        begins.time().replace(fold=0) if begins.time() != time.min else None,
        until if until != time.min else None,
        kind,
    )


def say_absence(absence: Absence, zone: str) -> str:
    """`Mon 4 Jan–Fri 8 Jan 2027`, `Mon 4 Jan 2027 13:00–17:00 EST`, `Mon 4 Jan 13:00 EST–Fri 8 Jan
    2027`; the year always stands, a day without a time is meant as a whole."""
    first, last, begins, ends = absence.first, absence.last, absence.begins, absence.ends
    if begins is None and ends is None:
        return say_days(first, last)
    clocks = abbreviation(span_of(absence, zone)[0 if ends is None else 1], zone)
    day = f"{speak_date(last)} {last.year}"
    if first == last:
        if begins is None or ends is None:
            word = f"until {_clock(ends)}" if begins is None else f"from {_clock(begins)}"
            return f"{day} {word} {clocks}"
        return f"{day} {_clock(begins)}–{_clock(ends)} {clocks}"
    if ends is None:
        return f"{speak_date(first)} {_clock(begins)} {clocks}–{day}"
    at = f" {_clock(begins)}" if begins is not None else ""
    return f"{speak_date(first)}{at}–{day} {_clock(ends)} {clocks}"


def _clock(at: time | None) -> str:
    return f"{at:%H:%M}" if at is not None else ""


def named(kind: str) -> str:
    """The kind as it is kept. Raises BadInput for one too long, or one that says it came from
    Outlook, as what comes from there is replaced by what it says next."""
    kept = " ".join(kind.split()) or USUAL
    if len(kept) > _KIND:
        raise BadInput(f"Say in a few words (up to {_KIND} letters) what it is, such as “leave”.")
    if kept.casefold() in {each.casefold() for each in FROM_OUTLOOK}:
        raise BadInput(
            f"“{kept}” is how an absence is called that came from Outlook. Name it otherwise, "
            "such as “leave”; nothing was saved."
        )
    return kept


def day_and_time(text: str) -> tuple[date, time | None]:
    """From `2027-01-15`, `2027-01-15T13:00` or `2027-01-15 13:00`. Raises BadInput."""
    said = text.strip()
    try:
        if len(said) <= len("2027-01-15"):
            return date.fromisoformat(said), None
        wall = datetime.fromisoformat(said)
    except ValueError:
        wall = None
    if wall is None or wall.tzinfo is not None:
        raise BadInput(
            f"“{said[:40]}” is no day; write it like 2027-01-15, with a time 2027-01-15T13:00."
        )
    return wall.date(), wall.time().replace(second=0, microsecond=0)


def absence_from(first: str, last: str, kind: str) -> Absence:
    """From days as `day_and_time` reads them; without a last one it is the first. Raises
    BadInput."""
    begins = day_and_time(first)
    ends = day_and_time(last) if last.strip() else (begins[0], None)
    return Absence(begins[0], ends[0], begins[1], ends[1], kind)


def clock_time(text: str) -> time | None:
    """From `13:00`, `9` or `0930`; None for nothing typed. Raises BadInput."""
    said = text.strip().replace(".", ":")
    if not said:
        return None
    try:
        hours, _, minutes = said.partition(":")
        if not minutes and len(hours) > 2:
            hours, minutes = hours[:-2], hours[-2:]
        return time(int(hours), int(minutes or 0))
    except ValueError:
        raise BadInput(f"“{text.strip()[:40]}” is no time; write it like 13:00.") from None
