"""What the numbers of a period count."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from app.models.outages.lifecycle import State
from app.models.reports.document import markdown
from app.models.reports.kpi import (
    Estimate,
    FlightFact,
    Kpi,
    Load,
    Rate,
    Rest,
    StepFact,
    Work,
    estimates_of,
    kpi_document,
    months_of,
    numbers_of,
    off_hours_of,
)
from tests.flights import END, START
from tests.makers import ZONE

MIN = timedelta(minutes=1)
CLEAN = FlightFact(
    "OUT-1", "Storage firmware", State.COMPLETE, START, END, END, END - 10 * MIN, True, 0
)
LATE = replace(CLEAN, code="OUT-2", ended=END + 5 * MIN, promised_end=END + 30 * MIN, extensions=1)
TURNED = replace(CLEAN, code="OUT-3", ending=State.BACKED_OUT, in_time=False)


def test_an_extended_flight_kept_its_promise_and_was_not_on_time() -> None:
    told = numbers_of([CLEAN, LATE])
    assert (told.on_time, told.promise_kept, told.extensions) == (Rate(1, 2), Rate(2, 2), 1)


def test_a_flight_turned_back_is_no_success() -> None:
    told = numbers_of([CLEAN, TURNED])
    assert (told.success, told.backed_out, told.notices_in_time) == (Rate(1, 2), 1, Rate(1, 2))


def test_a_cancelled_outage_was_not_flown_and_an_urgent_one_owes_no_lead() -> None:
    told = numbers_of([replace(CLEAN, ending=State.CANCELLED), replace(CLEAN, in_time=None)])
    assert (told.flown, told.notices_in_time) == (1, Rate(0, 0))


def test_the_standing_by_saved_is_that_of_all_flights_flown() -> None:
    spared = replace(CLEAN, saved=90 * MIN, whole=180 * MIN)
    never = replace(spared, ending=State.CANCELLED)
    assert numbers_of([spared, spared, never]).rest == Rest(180, 360)
    assert Rest(180, 360).words == "3 h of 6 h (50 %)"


def test_a_share_of_nothing_is_none() -> None:
    assert (Rate(0, 0).share, Rate(0, 0).words, Rate(0, 0).bar) == (None, "–", "")


def test_months_are_those_of_the_organisations_clock() -> None:
    new_year = replace(CLEAN, start=START.replace(year=2025, month=1, day=1, hour=2))
    assert [month for month, _ in months_of([new_year, CLEAN], ZONE)] == ["Dec 2024", "Jan 2025"]


def test_estimates_name_the_least_reliable_runbook_first() -> None:
    steps = (StepFact(10, 20), StepFact(20, 20), StepFact(5, 0))
    sure = replace(CLEAN, runbook="Network switch", steps=(StepFact(10, 10),))
    assert estimates_of([sure, replace(CLEAN, steps=steps)]) == (
        Estimate("Storage firmware", 1, 2, 40 / 30, 0.5),
        Estimate("Network switch", 1, 1, 1.0, 0.0),
    )


def test_off_hours_are_counted_as_the_rota_does() -> None:
    """START is Friday 19:00 there; the hours at work count nothing, and none is had twice."""
    holiday = START - timedelta(hours=5 + 24)
    work = [
        Work("K. Ito", "OUT-1", START, START + 45 * MIN),
        Work("K. Ito", "OUT-2", START + 30 * MIN, START + 60 * MIN),
        Work("M. Okafor", "OUT-1", START - timedelta(hours=2), START + 60 * MIN),  # from 17:00
        Work("A. Day", "OUT-3", START - timedelta(hours=5), START - timedelta(hours=3)),
        Work("A. Day", "OUT-4", holiday, holiday + 20 * MIN),
    ]
    assert off_hours_of(work, ZONE, {date(2025, 1, 9)}.__contains__) == (
        Load("M. Okafor", 1, 120),
        Load("K. Ito", 2, 60),
        Load("A. Day", 1, 20),
    )


def test_the_document_says_that_nobody_was_woken_and_for_how_long() -> None:
    flights = [CLEAN, LATE]
    numbers = numbers_of(flights)
    months = months_of(flights, ZONE)
    kpi = Kpi("Harbour Hospital", date(2025, 1, 1), date(2025, 2, 1), numbers, 0, months, (), (),
              0, 41)  # fmt: skip
    text = markdown(kpi_document(kpi))
    assert "- **Since somebody was last called up:** 41 days" in text
    assert "Wed 1 Jan 2025 – Fri 31 Jan 2025" in text
    assert "nobody was ever called up" in markdown(kpi_document(replace(kpi, since_woken=None)))


def test_a_period_without_flights_says_so_in_every_chapter() -> None:
    nothing = Kpi("Harbour Hospital", date(2025, 1, 1), date(2025, 2, 1), numbers_of([]), 0, (), (),
                  (), 0, None)  # fmt: skip
    for chapter in kpi_document(nothing).chapters:
        assert chapter.table is None
        assert chapter.paragraphs[-1].endswith("in this period.")
