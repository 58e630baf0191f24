"""A year of the calendar, or a part of it, written to a file for others."""

from __future__ import annotations

from pathlib import Path

from app.services.calendar.publishing import Narrowed, year_html, year_ics, year_of
from app.services.reports.files import leave_file
from app.services.uow import UnitOfWork


def leave_year(uow: UnitOfWork, year: int, part: Narrowed, path: Path) -> int:
    """The file's ending says in which form: `.ics`, else a page. Returns how many entries it holds.
    Raises BadInput for a year with nothing as `.ics`, NotFound, and as `leave_file`."""
    found = year_of(uow, year, part)
    write = year_ics if path.suffix.casefold() == ".ics" else year_html
    leave_file(path, write(found))
    return len(found.rows) + len(found.others)
