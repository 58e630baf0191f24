"""The times of the crew from a terminal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.models.errors import NotAllowed
from app.models.outages.lifecycle import State
from app.services.account.settings import turn_to_practice
from tests.terminal import terminal_with_flight


def test_times_are_looked_at_sent_and_said_by_phone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with terminal_with_flight(tmp_path, capsys, State.GO_NO_GO) as (terminal, code):
        before = {
            p["name"]: p for p in json.loads(terminal.types("times", code, "--json"))["people"]
        }
        assert before["K. Ito"]["say"] == "times" and before["K. Ito"]["told_at"] is None
        terminal.types("times", code, "--told", "ito")
        with pytest.raises(NotAllowed, match="No account"):
            terminal.types("times", code, "--send")
        terminal.store.run(turn_to_practice)
        said = terminal.types("times", code, "--send")
        lines = {line[:24].strip(): line for line in said.splitlines()}
        assert " by " in lines["K. Ito"]
        assert ", mail waits" in lines["A. Lindqvist"]
