"""What happens when, and the year for others."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from app.cli.commands import handler
from app.cli.parser import parse
from app.models.errors import ConsoleError
from app.models.outages.lifecycle import State
from app.models.tables.outages import Outage
from app.services.uow import UnitOfWork
from app.wiring import open_console
from tests.makers import NOW, TestClock

ZONE = "America/New_York"
CALENDAR = """BEGIN:VCALENDAR
BEGIN:VEVENT
UID:pay
SUMMARY:Payroll
DTSTART;VALUE=DATE:20250115
RRULE:FREQ=MONTHLY;COUNT=3
END:VEVENT
END:VCALENDAR
"""


def _all_planned(uow: UnitOfWork) -> None:
    for row in uow.all(Outage):
        row.state = State.PLANNED
        uow.log(f"{row.code} is planned", row)


def test_occurrences_and_year_are_listed_for_programs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    console = open_console(tmp_path / "data", TestClock(NOW))

    def types(*words: str) -> str:
        capsys.readouterr()
        asked = parse(list(words))
        assert handler(asked.command)(console, asked) == 0
        return capsys.readouterr().out

    types("organisation", "County Hospital", "--zone", ZONE)
    file = tmp_path / "pay.ics"
    file.write_text(CALENDAR, encoding="utf-8")
    types("import", str(file), "--layer", "Payroll run")
    span = ("--from", "2025-02-01T00:00-05:00", "--to", "2025-03-01T00:00-05:00")
    assert json.loads(types("occurrences", *span, "--json")) == [
        {
            "uid": "pay",
            "title": "Payroll",
            "layer": "Payroll run",
            "start": "2025-02-15T00:00:00-05:00",
            "end": "2025-02-16T00:00:00-05:00",
            "all_day": True,
        }
    ]
    assert types("occurrences", *span) == "Sat 15 Feb all day  Payroll  (Payroll run)\n"
    with pytest.raises(ConsoleError, match="There are: Payroll run"):
        types("occurrences", *span, "--layer", "Freezes")
    services = tmp_path / "services.csv"
    services.write_text("name,plain name\nFile <b>,folders\n", encoding="utf-8")
    types("import", str(services))
    window = (
        "--start",
        "2025-03-02T02:00",
        "--end",
        "2025-03-02T04:00",
        "--zone",
        "America/New_York",
    )
    types("series", "add", "--title", "Patches", "--service", "File <b>", *window,
          "--every", "FREQ=MONTHLY;COUNT=2")  # fmt: skip
    assert handler("calendar")(console, parse(["calendar", "--year", "2025"])) == 0
    said = capsys.readouterr()
    assert said.out == "No outage is planned in 2025.\n"
    assert said.err == "2 drafts are left out: nobody's word yet.\n"
    console.store.run(_all_planned)
    files = ("--ics", str(tmp_path / "year.ics"), "--html", str(tmp_path / "year.html"))
    planner = tmp_path / "year.pdf"
    types("calendar", "--year", "2025", *files, "--pdf", str(planner), "--paper", "A3")
    assert planner.read_bytes().count(b"/MediaBox") == 1
    events: Any = Calendar.from_ical((tmp_path / "year.ics").read_bytes()).walk("VEVENT")
    assert [(str(e["SUMMARY"]), e["DTSTART"].dt.isoformat()) for e in events] == [
        ("Patches", "2025-03-02T02:00:00-05:00"),
        ("Patches", "2025-04-02T02:00:00-04:00"),
    ]
    page = (tmp_path / "year.html").read_text(encoding="utf-8")
    assert "Sun 2 Mar 02:00–04:00 EST" in page
    assert "File &lt;b&gt;" in page
    part = ("--service", "File <b>", "--state", "cancelled", "--layer", "outages")
    types("calendar", "--year", "2025", *part, "--layer", "events", *files)
    events = Calendar.from_ical((tmp_path / "year.ics").read_bytes()).walk("VEVENT")
    assert [(str(e["SUMMARY"]), e["DTSTART"].dt.isoformat()) for e in events] == [
        ("Payroll", "2025-01-15"),
        ("Payroll", "2025-02-15"),
        ("Payroll", "2025-03-15"),
    ]
    page = (tmp_path / "year.html").read_text(encoding="utf-8")
    assert "only File &lt;b&gt;, cancelled" in page
    assert "Sat 15 Feb" in page
    types("event", "add", "Audit", "--from", "2025-02-20", "--to", "2025-02-22")
    types("event", "add", "Night", "--from", "2025-02-21T22:00", "--to", "2025-02-22T02:00")
    assert types("occurrences", *span, "--layer", "Business events").splitlines() == [
        "Thu 20 Feb–Sat 22 Feb all day  Audit  (Business events)",
        "Fri 21 Feb 22:00–Sat 22 Feb 02:00  Night  (Business events)",
    ]
    console.close()
