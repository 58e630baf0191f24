"""`lint` over a notice that would leave, and over a text written elsewhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.models.errors import BadInput
from app.models.outages.lifecycle import State
from tests.terminal import Terminal, terminal_with_flight

DRAFT = """\
Subject: Planned outage: File cluster firmware service\r
\r
All File cluster firmware users,\r
\r
Save your work before 7:00 pm Thursday, January 10th. The File cluster firmware service will be \
off-line from 7:00 pm Friday, January 10th until 10:00 pm. Call 555-0100 to object.\r
"""


@pytest.fixture
def flight(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[tuple[Terminal, str]]:
    with terminal_with_flight(tmp_path, capsys, State.PLANNED) as made:
        yield made


def test_a_text_is_checked_at_its_own_places(flight: tuple[Terminal, str], tmp_path: Path) -> None:
    terminal, code = flight
    file = tmp_path / "draft.txt"
    file.write_bytes(DRAFT.encode())
    found = json.loads(terminal.types("lint", "--text", str(file), "--outage", code, "--json"))
    wrong = next(each for each in found if each["rule"] == "weekday_date")
    assert wrong["severity"] == "block"
    assert DRAFT[wrong["from"] : wrong["to"]] == "Thursday"
    assert wrong["fix"] == "Friday"
    assert {each["kind"] for each in found} == {"planned"}
    file.write_text(f"All clear: {DRAFT.partition(chr(10))[2].strip()}", encoding="utf-8")
    found = json.loads(terminal.types("lint", "--text", str(file), "--outage", code, "--json"))
    assert {each["kind"] for each in found} == {"all_clear"}
    assert "data_loss" in {each["rule"] for each in found}


def test_a_notice_that_would_leave_is_checked(flight: tuple[Terminal, str]) -> None:
    terminal, code = flight
    found = json.loads(terminal.types("lint", code, "planned", "--json"))
    (objection,) = (each for each in found if each["rule"] == "objection")
    assert set(objection) >= {"rule", "severity", "text", "from", "to", "fix"}
    assert objection["from"] is None
    with pytest.raises(BadInput, match="--text FILE --outage OUTAGE"):
        terminal.types("lint", code)
