"""What happens when, and who coordinates, as JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.cli.commands import handler
from app.cli.parser import parse
from app.models.errors import ConsoleError
from app.wiring import open_console
from tests.makers import NOW, TestClock

CALENDAR = """BEGIN:VCALENDAR
BEGIN:VEVENT
UID:pay
SUMMARY:Payroll
DTSTART;VALUE=DATE:20250115
RRULE:FREQ=MONTHLY;COUNT=3
END:VEVENT
END:VCALENDAR
"""


def test_occurrences_and_rota_are_listed_for_programs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    console = open_console(tmp_path / "data", TestClock(NOW))

    def types(*words: str) -> str:
        capsys.readouterr()
        asked = parse(list(words))
        assert handler(asked.command)(console, asked) == 0
        return capsys.readouterr().out

    types("organisation", "County Hospital", "--zone", "America/New_York")
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
    assert json.loads(types("rota", "--json"))[0] == {"month": "2025-01", "coordinator": None}
    console.close()
