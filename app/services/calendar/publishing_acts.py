"""A year of outages, or those of one service, written to a file for others."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from app.services.calendar.publishing import year_html, year_ics, year_of
from app.services.reports.files import leave_file
from app.services.uow import UnitOfWork


def leave_year(uow: UnitOfWork, year: int, services: Sequence[str], path: Path) -> int:
    """The file's ending says in which form: `.ics`, else a page. Returns how many outages it holds.
    Raises BadInput for a year without any as `.ics`, NotFound, and as `leave_file`."""
    found = year_of(uow, year, services)
    write = year_ics if path.suffix.casefold() == ".ics" else year_html
    leave_file(path, write(found))
    return len(found.rows)
