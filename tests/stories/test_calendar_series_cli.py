"""A series from a terminal: added, listed, one date skipped, the rest split off, ended."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.cli.commands import handler
from app.cli.parser import parse
from app.models.errors import BadInput, ConsoleError
from app.wiring import open_console
from tests.makers import NOW, TestClock


def test_a_series_is_planned_and_changed_by_commands(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    console = open_console(tmp_path / "data", TestClock(NOW))

    def types(line: str) -> str:
        capsys.readouterr()
        asked = parse([word.replace("~", " ") for word in line.split()])
        assert handler(asked.command)(console, asked) == 0
        return capsys.readouterr().out

    types("organisation County~Hospital --zone America/New_York")
    services = tmp_path / "services.csv"
    services.write_text("name,plain name\nFile cluster,shared folders\n", encoding="utf-8")
    types(f"import {services}")
    made = types(
        "series add --title Patches --service File~cluster --zone America/New_York "
        "--start 2025-01-19T02:00 --end 2025-01-19T06:00 --every FREQ=MONTHLY;BYDAY=3SU;COUNT=4"
    )
    assert made.startswith("SER-001, third Sunday of the month, 4 times: 4 left as drafts")
    types("series skip SER-001 2025-02-16T02:00 --why the~vendor~is~away")
    times = "--start 2025-03-16T03:00 --end 2025-03-16T05:00"
    with pytest.raises(BadInput, match=r"Sat 15 Mar .* the first would be Sun 16 Mar"):
        types(f"series split SER-001 2025-03-16T02:00 {times.replace('-16T', '-15T')}")
    assert types(f"series split SER-001 2025-03-16T02:00 {times}").startswith("SER-002")
    types("series end SER-002 2025-04-20T03:00 --why no~more")
    assert types("series fill") == "Every date that is to come within a year has its flight.\n"
    listed = json.loads(types("series list --json"))
    dates = [(date["due"], date["said"]) for row in listed for date in row["dates"]]
    assert dates == [
        ("2025-01-19T02:00", "draft"),
        ("2025-02-16T02:00", "skipped: the vendor is away"),
        ("2025-03-16T03:00", "draft"),
    ]
    with pytest.raises(ConsoleError, match="has no date"):
        types("series skip SER-001 2025-01-20T02:00 --why away")
    console.close()
