"""Templates out to a file, edited, in again, compared and put back, by commands."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.models.errors import BadInput, NotFound
from app.models.outages.lifecycle import State
from tests.terminal import terminal_with_flight


def test_an_edited_template_holds_is_compared_and_put_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "started.txt"
    with terminal_with_flight(tmp_path / "data", capsys, State.PLANNED) as (terminal, _):
        source = terminal.types("template", "show", "started")
        assert source.startswith("Subject: Started: planned outage of {{ service }}")
        file.write_text(f"{source}\n\nYours, {{{{ coordinator }}}}.", "utf-8")
        said = terminal.types("template", "save", "started", str(file))
        assert said == "“Started” begins with revision 1 now."
        looked = terminal.types("template", "show", "started", "--outage", "OUT-2025-001")
        assert looked.endswith("Yours, M. Okafor.")
        html = terminal.types("template", "show", "started", "--outage", "OUT-2025-001", "--html")
        assert html.startswith("<!DOCTYPE html>")
        assert "revision 1" in terminal.types("template", "list")
        assert "+ Yours, {{ coordinator }}." in terminal.types("template", "diff", "started")
        terminal.types("template", "restore", "started", "0")
        assert "Yours" not in terminal.types("template", "show", "started")
        terminal.types("template", "restore", "started", "1")
        (newest, *_) = json.loads(terminal.types("template", "history", "started", "--json"))
        assert newest["revision"] == 3 and newest["body"].endswith("Yours, {{ coordinator }}.")
        file.write_text("Subject: a\n\nb\n\n{{ strat }}", "utf-8")
        with pytest.raises(BadInput, match=r"Line 3: .*Did you mean “start”"):
            terminal.types("template", "save", "started", str(file))
        with pytest.raises(NotFound, match="There is no service"):
            terminal.types("template", "show", "started", "--service", "nowhere")
