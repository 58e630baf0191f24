"""From Outlook's recurrence to the days it falls on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from json import dumps, loads
from typing import Any, Literal

from dateutil import rrule

from app.services.practice.errors import bad
from app.services.practice.state import Json

MOST = 1_500
_DAYS = {
    "monday": rrule.MO,
    "tuesday": rrule.TU,
    "wednesday": rrule.WE,
    "thursday": rrule.TH,
    "friday": rrule.FR,
    "saturday": rrule.SA,
    "sunday": rrule.SU,
}
_INDEX = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1}
_NEEDS = {
    "daily": (),
    "weekly": ("daysOfWeek",),
    "absoluteMonthly": ("dayOfMonth",),
    "relativeMonthly": ("daysOfWeek",),
    "absoluteYearly": ("dayOfMonth", "month"),
    "relativeYearly": ("daysOfWeek", "month"),
}
_OFTEN: dict[str, Literal[0, 1, 2, 3, 4, 5, 6]] = {
    "daily": 3,
    "weekly": 2,
    "absoluteMonthly": 1,
    "relativeMonthly": 1,
    "absoluteYearly": 0,
    "relativeYearly": 0,
}
"""dateutil's DAILY, WEEKLY, MONTHLY and YEARLY."""
_RANGE_NEEDS = {"endDate": ("endDate",), "numbered": ("numberOfOccurrences",), "noEnd": ()}
NO_DATE = "0001-01-01"


def normal(recurrence: Json, start: datetime, zone_name: str) -> Json:
    """The recurrence as Outlook gives it back, unused parts filled. Raises Refusal 400."""
    pattern, range_ = recurrence.get("pattern") or {}, recurrence.get("range") or {}
    kind, until = str(pattern.get("type") or ""), str(range_.get("type") or "")
    missing = [name for name in _NEEDS.get(kind, ()) if not pattern.get(name)]
    missing += [name for name in _RANGE_NEEDS.get(until, ()) if not range_.get(name)]
    if not kind or not until or missing or not pattern.get("interval"):
        raise _invalid(f"The recurrence lacks {', '.join(missing) or 'its type or interval'}.")
    if range_.get("startDate") != start.date().isoformat():
        raise _invalid("The start of the recurrence range is not the date of the event's start.")
    return {
        "pattern": {
            "type": kind,
            "interval": pattern["interval"],
            "month": pattern.get("month") or 0,
            "dayOfMonth": pattern.get("dayOfMonth") or 0,
            **({"daysOfWeek": pattern["daysOfWeek"]} if pattern.get("daysOfWeek") else {}),
            "firstDayOfWeek": pattern.get("firstDayOfWeek") or "sunday",
            "index": pattern.get("index") or "first",
        },
        "range": {
            "type": until,
            "startDate": range_["startDate"],
            "endDate": range_.get("endDate") or NO_DATE if until == "endDate" else NO_DATE,
            "recurrenceTimeZone": range_.get("recurrenceTimeZone") or zone_name,
            "numberOfOccurrences": range_.get("numberOfOccurrences") or 0,
        },
    }


def days(recurrence: Json, start: datetime, first: date, last: date) -> Iterator[date]:
    """The dates from `first` to `last`, both included, on which an occurrence begins."""
    rule = _rule(dumps(recurrence, sort_keys=True), start.replace(tzinfo=None))
    begin, end = datetime.combine(first, time.min), datetime.combine(last, time.max)
    for count, found in enumerate(rule.xafter(begin, inc=True)):
        if found > end or count >= MOST:
            return
        yield found.date()


def spans(
    recurrence: Json, start: datetime, length: timedelta, begin: datetime, end: datetime
) -> Iterator[tuple[date, datetime, datetime]]:
    """The occurrences that touch [`begin`, `end`): the date each belongs to, and its moments.
    Wall times stay: 9:00 is 9:00 on both sides of a change of clocks."""
    zone = start.tzinfo
    first = (begin - length - timedelta(days=1)).astimezone(zone).date()
    last = (end + timedelta(days=1)).astimezone(zone).date()
    for day in days(recurrence, start, first, last):
        begins = datetime.combine(day, start.time(), zone)
        ends = (begins.replace(tzinfo=None) + length).replace(tzinfo=zone)
        if begins < end and ends > begin:
            yield day, begins.astimezone(UTC), ends.astimezone(UTC)


def first_day(recurrence: Json, start: datetime) -> date:
    """Where the series truly begins: its first day that fits the pattern. Raises Refusal 400."""
    far = start.date() + timedelta(days=366 * 5)
    found = next(days(recurrence, start, start.date(), far), None)
    if found is None:
        raise _invalid("The recurrence has no occurrence.")
    return found


@lru_cache(maxsize=2_000)
def _rule(recurrence: str, start: datetime) -> rrule.rrule:
    whole = loads(recurrence)
    pattern, range_ = whole["pattern"], whole["range"]
    options: dict[str, Any] = {"interval": pattern["interval"], "dtstart": start}
    week = [_DAYS[each] for each in pattern.get("daysOfWeek") or ()]
    kind = pattern["type"]
    if kind == "weekly":
        options |= {"byweekday": week, "wkst": _DAYS[pattern["firstDayOfWeek"]]}
    elif kind.startswith("relative"):
        options |= {"byweekday": week, "bysetpos": _INDEX[pattern["index"]]}
    elif kind.startswith("absolute"):
        day = pattern["dayOfMonth"]
        if day > 28:  # in a shorter month the last day stands in
            options |= {"bymonthday": range(28, day + 1), "bysetpos": -1}
        else:
            options["bymonthday"] = day
    if kind.endswith("Yearly"):
        options["bymonth"] = pattern["month"]
    if range_["type"] == "endDate":
        last = date.fromisoformat(range_["endDate"])
        options["until"] = datetime.combine(last, time.max)
    elif range_["type"] == "numbered":
        options["count"] = range_["numberOfOccurrences"]
    return rrule.rrule(_OFTEN[kind], cache=True, **options)


def _invalid(sentence: str) -> Exception:
    return bad("ErrorInvalidRecurrence", sentence)
