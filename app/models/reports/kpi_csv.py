"""The numbers of a period for a spreadsheet: one measure a line, so that it filters and pivots."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from app.models.reports.cells import cell
from app.models.reports.kpi import Kpi, Numbers, Rate

COLUMNS = ("about", "name", "measure", "value", "of")
"""`about` is period, month, runbook or person; `of` is what a counted value is a part of."""

_Row = tuple[str, str, str, str, str]


def kpi_csv(kpi: Kpi) -> bytes:
    """In UTF-8 with the mark that spreadsheets look for."""
    made = io.StringIO()
    sheet = csv.writer(made)
    sheet.writerow(COLUMNS)
    for about, name, *rest in _rows(kpi):
        sheet.writerow([about, cell(name), *rest])
    return made.getvalue().encode("utf-8-sig", "replace")


def _rows(kpi: Kpi) -> Iterator[_Row]:
    span = f"{kpi.since.isoformat()}/{kpi.last.isoformat()}"
    yield from _numbers("period", span, kpi.total)
    yield "period", span, "cancelled", str(kpi.cancelled), ""
    yield "period", span, "called up", str(kpi.woken), ""
    if kpi.since_woken is not None:
        yield "period", span, "days since somebody was called up", str(kpi.since_woken), ""
    for month, numbers in kpi.months:
        yield from _numbers("month", month, numbers)
    for runbook in kpi.estimates:
        yield "runbook", runbook.runbook, "flights", str(runbook.flights), ""
        yield "runbook", runbook.runbook, "steps", str(runbook.steps), ""
        yield "runbook", runbook.runbook, "taken / planned", f"{runbook.factor:.3f}", ""
        yield "runbook", runbook.runbook, "mean error of a step", f"{runbook.off:.3f}", ""
    for load in kpi.off_hours:
        yield "person", load.who, "off-hours flights", str(load.flights), ""
        yield "person", load.who, "off-hours minutes", str(load.minutes), ""


def _numbers(about: str, name: str, n: Numbers) -> Iterator[_Row]:
    yield about, name, "flown", str(n.flown), ""
    rates: tuple[tuple[str, Rate], ...] = (
        ("on time", n.on_time),
        ("promise kept", n.promise_kept),
        ("change success", n.success),
        ("notice in time", n.notices_in_time),
    )
    for measure, rate in rates:
        yield about, name, measure, str(rate.good), str(rate.of)
    yield about, name, "extensions", str(n.extensions), ""
    yield about, name, "backed out", str(n.backed_out), ""
    yield about, name, "standby minutes saved", str(n.rest.minutes), str(n.rest.of)
