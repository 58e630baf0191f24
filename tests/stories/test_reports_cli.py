"""Reports by commands: one flight's, and a year's numbers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.models.errors import BadInput
from app.models.outages.lifecycle import State
from app.services.database import organisation
from app.services.uow import UnitOfWork
from tests.terminal import terminal_with_flight

pytestmark = pytest.mark.usefixtures("qapp")


def test_a_report_is_left_in_every_form_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with terminal_with_flight(tmp_path / "data", capsys, State.COMPLETE) as (terminal, code):
        page, paper, text = (tmp_path / f"report.{end}" for end in ("html", "pdf", "md"))
        files = ("--html", str(page), "--pdf", str(paper), "--md", str(text))
        said = terminal.types("report", code, *files)
        assert len(said.splitlines()) == 3
        assert page.read_text("utf-8").startswith("<!doctype html>")
        assert paper.read_bytes().startswith(b"%PDF")
        assert "## Planned and actual" in text.read_text("utf-8")
        with pytest.raises(BadInput, match="Say where to"):
            terminal.types("report", code)


def test_the_numbers_of_a_year_are_printed_and_left_on_paper(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with terminal_with_flight(tmp_path / "data", capsys, State.COMPLETE) as (terminal, _):
        year = ("--from", "2025-01-01", "--to", "2025-12-31")
        paper = tmp_path / "kpi.pdf"
        told = json.loads(terminal.types("kpi", *year, "--json", "--pdf", str(paper)))
        assert (told["flown"], told["change_success"]["share"]) == (1, 1.0)
        assert paper.read_bytes().startswith(b"%PDF")
        assert "Changed as planned" in terminal.types("kpi", *year)
        sheet = tmp_path / "kpi.csv"
        assert terminal.types("kpi", *year, "--csv", str(sheet)) == str(sheet)
        assert "change success,1,1" in sheet.read_text("utf-8-sig")
        with pytest.raises(BadInput, match="is not a day"):
            terminal.types("kpi", "--from", "January", "--to", "2025-12-31")


def test_paper_is_that_of_the_country_unless_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with terminal_with_flight(tmp_path / "data", capsys, State.ANNOUNCED) as (terminal, code):

        def of(country: str, *asked: str) -> bytes:
            def moved(uow: UnitOfWork) -> None:
                row = organisation(uow)
                row.country = country
                uow.log("moved", row)

            terminal.store.run(moved)
            pdf = tmp_path / "packet.pdf"
            terminal.types("packet", code, "--pdf", str(pdf), *asked)
            return pdf.read_bytes()

        letter = b"/MediaBox [0 0 612.0"
        assert letter in of("US")
        assert letter not in of("US", "--paper", "a4")
        assert letter not in of("DE")
