"""The numbers for a spreadsheet."""

from __future__ import annotations

import csv
import io
from datetime import date

from app.models.reports.kpi import Estimate, Kpi, Load, Numbers, Rate, Rest
from app.models.reports.kpi_csv import COLUMNS, kpi_csv

TOTAL = Numbers(3, Rate(2, 3), Rate(3, 3), Rate(3, 3), Rate(1, 2), 1, 0, Rest(90, 360))
KPI = Kpi(
    "Harbour Hospital",
    date(2026, 1, 1),
    date(2027, 1, 1),
    TOTAL,
    1,
    (("January 2026", TOTAL),),
    (Estimate("Storage firmware", 3, 12, 1.1, 0.25),),
    (Load("=cmd|' /C calc'!A0", 2, 90),),
    0,
    None,
)


def rows() -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(kpi_csv(KPI).decode("utf-8-sig"))))


def test_every_line_has_one_measure_and_what_it_is_a_part_of() -> None:
    found = rows()
    assert tuple(found[0]) == COLUMNS
    january = {row["measure"]: row for row in found if row["about"] == "month"}
    assert (january["on time"]["value"], january["on time"]["of"]) == ("2", "3")
    assert january["extensions"]["of"] == ""
    assert january["standby minutes saved"]["of"] == "360"


def test_the_period_names_its_last_day_that_counts() -> None:
    assert rows()[0]["name"] == "2026-01-01/2026-12-31"


def test_nobody_ever_woken_is_no_number() -> None:
    assert not [row for row in rows() if row["measure"].startswith("days since")]


def test_a_name_is_never_a_formula() -> None:
    person = next(row for row in rows() if row["about"] == "person")
    assert person["name"].startswith("'=")
