"""A runbook out to a file, edited, and in again, by commands."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.cli.parser import build
from app.models.errors import NotAllowed
from app.models.outages.lifecycle import State
from tests.terminal import Terminal, terminal_with_flight


@pytest.fixture
def terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Terminal]:
    with terminal_with_flight(tmp_path / "data", capsys, State.PLANNED) as (made, _):
        yield made


def test_an_edited_file_becomes_the_next_revision(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "storage.md"
    terminal.types("runbook", "export", "storage firmware", str(file))
    file.write_text(file.read_text("utf-8").replace("- Minutes: 15", "- Minutes: 20", 1), "utf-8")
    looked = terminal.types("runbook", "import", str(file), "--preview")
    assert looked.splitlines() == [
        "3 Snapshot all volumes: minutes 15 → 20.",
        "“Storage firmware” would become revision 2.",
    ]
    assert "is revision 2 now" in terminal.types("runbook", "import", str(file))
    assert terminal.types("runbook", "diff", "Storage firmware").splitlines() == [
        "“Storage firmware”, revision 1 → 2",
        "3 Snapshot all volumes: minutes 15 → 20.",
    ]
    assert "nothing to import" in terminal.types("runbook", "import", str(file))


def test_a_file_with_faults_changes_nothing(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "storage.csv"
    file.write_text("runbook,Storage firmware\ncode,title,minutes,after\n1,A,5,2\n2,B,5,1\n")
    said = terminal.types("runbook", "import", str(file))
    assert "1 after 2 after 1" in said
    assert said.endswith("Nothing was imported.")


def test_the_steps_of_an_outage_are_a_runbook_too(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "flown.yaml"
    terminal.types("runbook", "export", "OUT-2025-001", str(file), "--outage")
    assert "Snapshot all volumes" in file.read_text("utf-8")


def test_a_file_of_nonsense_is_told_in_a_hundred_lines(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "nonsense.md"
    file.write_text("# Runbook: A\n" + "what is this\n" * 500)
    said = terminal.types("runbook", "import", str(file)).splitlines()
    assert len(said) == 101
    assert said[-1] == "And 401 more. Nothing was imported."


def test_what_is_over_has_no_forecast(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    over = terminal_with_flight(tmp_path / "data", capsys, State.COMPLETE)
    with over as (made, code), pytest.raises(NotAllowed, match="is over since"):
        made.types("forecast", code)


def test_the_data_folder_may_be_named_at_the_end_as_of_any_command() -> None:
    asked = build().parse_args(["runbook", "import", "storage.md", "--data", "elsewhere"])
    assert asked.data == Path("elsewhere")
