"""Windows against hours of the week: a service's hours of use, an item's maintenance hours."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.models.calendar.conflicts import Conflict, Surroundings, conflicts
from app.models.calendar.facts import Candidate, CiFact, Reason, ServiceFact, WeeklySpan
from app.models.calendar.hours import parse_hours
from app.models.ids import CiId, ServiceId
from app.models.outages.lifecycle import ImpactClass
from app.models.times import Window, parse_wall

ARRAY = CiId("array")
FILES = ServiceFact(ServiceId("files"), "File cluster")
# Fri 10 Jan 2025 19:00–22:00 in New York
CANDIDATE = Candidate(
    window=Window.of(
        parse_wall("2025-01-10T19:00"), parse_wall("2025-01-10T22:00"), "America/New_York"
    ),
    impact=ImpactClass.ORDINARY,
)


def _one(candidate: Candidate) -> Conflict:
    (found,) = conflicts(candidate, Surroundings())
    return found


def test_hours_of_use_are_judged_in_the_service_zone() -> None:
    berlin = replace(FILES, zone="Europe/Berlin", hours=(WeeklySpan(5, 3 * 60, 5 * 60),))
    found = _one(replace(CANDIDATE, services=(berlin,)))
    assert found.reason is Reason.HOURS_OF_USE
    assert found.sentence == (
        "The window falls into the hours when File cluster is used (Fri 10 Jan 21:00–23:00 EST)."
    )


def test_many_services_in_use_fold_into_one_sentence() -> None:
    span = WeeklySpan(4, 18 * 60, 20 * 60)
    used = tuple(ServiceFact(ServiceId(f"s{n}"), f"S{n}", hours=(span,)) for n in range(4))
    assert _one(replace(CANDIDATE, services=used)).sentence == (
        "The window falls into the hours when S0, S1 and 2 more services are used."
    )


def _leaves(hours: str, start: str, end: str, zone: str = "America/New_York") -> str:
    """What is said of a window in New York and an item's hours in `zone`; empty for nothing."""
    ci = CiFact(ARRAY, "Array 1", zone=zone, hours=parse_hours(hours), said=hours)
    window = Window.of(parse_wall(start), parse_wall(end), "America/New_York")
    found = conflicts(replace(CANDIDATE, window=window, cis=(ci,)), Surroundings())
    assert all(each.reason is Reason.CI_HOURS for each in found)
    return " ".join(each.sentence for each in found)


def test_maintenance_hours_of_a_ci_must_cover_the_window() -> None:
    assert _leaves("Fri 18:00-21:00", "2025-01-10 19:00", "2025-01-10 22:00") == (
        "From Fri 10 Jan 21:00 EST on the window is outside the maintenance hours of Array 1: "
        "Fri 18:00-21:00."
    )
    assert not _leaves("Fri 18:00-21:00; Fri 21:00-24:00", "2025-01-10 19:00", "2025-01-10 22:00")
    assert not _leaves("24x7", "2025-01-10 19:00", "2025-01-13 22:00")


@pytest.mark.parametrize(
    ("hours", "start", "end", "from_"),
    [
        ("Fri 22:00-06:00", "2025-01-10 23:00", "2025-01-11 06:00", ""),  # over midnight
        ("Fri 22:00-06:00", "2025-01-11 01:00", "2025-01-11 07:00", "Sat 11 Jan 06:00 EST"),
        ("Sat 22:00-06:00", "2025-01-11 01:00", "2025-01-11 05:00", "begins"),
        ("Fri 18:00-24:00; Sat-Sun 00:00-24:00", "2025-01-10 19:00", "2025-01-12 23:00", ""),
        ("Fri-Sun 18:00-06:00", "2025-01-10 19:00", "2025-01-12 23:00", "Sat 11 Jan 06:00 EST"),
        ("Sun 00:00-06:00", "2025-11-02 00:00", "2025-11-02 06:00", ""),  # seven hours
        ("Sat 22:00-06:00", "2025-03-08 22:00", "2025-03-09 06:00", ""),  # seven hours, too
        ("Sun 02:30-06:00", "2025-03-09 03:00", "2025-03-09 06:00", ""),  # there is no 02:30
        ("Sun 00:00-02:30", "2025-03-09 00:00", "2025-03-09 04:00", "Sun 9 Mar 03:00 EDT"),
    ],
)
def test_maintenance_hours_are_read_off_the_clock(
    hours: str, start: str, end: str, from_: str
) -> None:
    said = _leaves(hours, start, end)
    assert said.startswith((f"From {from_} on", f"The window {from_}")) if from_ else not said


def test_maintenance_hours_are_in_their_own_zone() -> None:
    """Between the two changes of clocks London is four hours ahead of New York, not five."""
    hours, zone = "Fri 22:00-24:00", "Europe/London"
    assert not _leaves(hours, "2025-03-14 18:00", "2025-03-14 20:00", zone)
    assert not _leaves(hours, "2025-03-07 17:00", "2025-03-07 19:00", zone)
    said = _leaves(hours, "2025-03-07 18:00", "2025-03-07 20:00", zone)
    assert said.startswith("From Fri 7 Mar 19:00 EST on ")
    assert said.endswith(": Fri 22:00-24:00 in Europe/London.")


def test_many_items_outside_the_same_hours_fold_into_one_sentence() -> None:
    hours = (WeeklySpan(5, 0, 60),)
    items = tuple(CiFact(CiId(f"c{n}"), f"C{n}", hours=hours, said="Sat") for n in range(5))
    found = _one(replace(CANDIDATE, cis=items))
    assert found.sentence == (
        "The window begins outside the maintenance hours of C0, C1 and 3 more items: Sat."
    )
    assert len(found.about) == 5
