"""`lint` over a notice that would leave, and over a text written elsewhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from email import message_from_bytes
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
    assert "Give the GO on Live first." in terminal.types("lint", code, "started")
    with pytest.raises(BadInput, match="--text FILE --outage OUTAGE"):
        terminal.types("lint", code)


def test_a_notice_takes_what_only_a_person_knows_and_files(
    flight: tuple[Terminal, str], tmp_path: Path
) -> None:
    terminal, code = flight
    stands = "progress=The vendor agreed to the date."
    said = terminal.types("notice", code, "executive_digest", "--value", stands)
    assert "The vendor agreed to the date." in said
    (tmp_path / "map.txt").write_text("door B", encoding="utf-8")
    mail = tmp_path / "crew.eml"
    files = ("--attach", str(tmp_path / "map.txt"), "--reply-to", "desk@hospital.example")
    terminal.types("notice", code, "crew_brief", "--eml", str(mail), *files)
    written = message_from_bytes(mail.read_bytes())
    assert written["Reply-To"] == "desk@hospital.example"
    assert "map.txt" in [part.get_filename() for part in written.walk()]
    with pytest.raises(BadInput, match="one of: reason, progress"):
        terminal.types("notice", code, "crew_brief", "--value", "reson=x")
    briefed = ("sent", code, "crew_brief", "--at", "2025-01-06T09:00-05:00", "--attach")
    with pytest.raises(BadInput, match="cannot be read"):
        terminal.types(*briefed, str(tmp_path / "none.txt"))
