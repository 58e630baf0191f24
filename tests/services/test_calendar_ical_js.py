"""Recurrence held to an independent implementation: what ical.js made of the same files."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app.services.calendar.expanding import expand
from app.services.calendar.reading import read_events

DATA = Path(__file__).parents[1] / "data" / "calendars"
THEIRS: dict[str, Any] = json.loads((DATA / "ical_js.json").read_text("utf-8"))["files"]
SINCE, UNTIL = datetime(2000, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)

Row = tuple[str, str, str]

DIFFERENCES: dict[str, tuple[str, set[Row], set[Row]]] = {
    "cal_lots_of_timezones.ics": (
        "A change of an occurrence the series does not have: shown as its own, never dropped.",
        {("2014-04-09T07:30", "2014-04-09T14:30", "An Updated Event")},
        set(),
    ),
    "multiple_rrules.ics": (
        "Sunday 29 July 11:00 in Los Angeles is before UNTIL, 29 July 23:59:59 there.",
        {("2012-07-29T18:00", "2012-07-29T18:30", "sahaja <> frashed")},
        set(),
    ),
    "recur_instances.ics": (
        "An RDATE that is a PERIOD has its own length; ical.js stops there, so it got the start.",
        {("2023-11-25T09:00", "2023-11-25T12:30", "Crazy Event Thingy!")},
        {("2023-11-25T09:00", "2023-11-25T09:30", "Crazy Event Thingy!")},
    ),
}
"""File: why, what only we have, what only they have."""


@pytest.mark.parametrize("name", sorted(THEIRS))
def test_occurrences_are_those_of_ical_js_but_for_what_is_tabled(name: str) -> None:
    events, faults = read_events((DATA / name).read_bytes(), zone="UTC")
    ours = [
        (_minute(one.start), _minute(one.end), one.title)
        for event in events
        for one in expand(event, SINCE, UNTIL, zone="UTC")
        if one.start >= SINCE
    ]
    first = [(start, end, title) for start, end, title in THEIRS[name]["first"]]
    _, only_ours, only_theirs = DIFFERENCES.get(name, ("", set(), set()))
    expected = sorted([*(row for row in first if row not in only_theirs), *only_ours])
    assert not faults
    assert len(ours) == THEIRS[name]["count"] + len(only_ours) - len(only_theirs)
    assert sorted(ours)[: len(expected)] == expected


def _minute(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M")
