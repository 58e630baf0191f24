"""Change records as files for other programs."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.models.errors import BadInput
from app.services.changes import ChangeRow
from app.services.changes_export import COLUMNS, change_values, export_changes

ROW = ChangeRow(
    id="x", version=1, outage_code="OUT-2025-004", number=1, ci_id="y", ci="CTL-A",
    step="8 Flash controller A", setting="firmware", what="Flash controller A",
    before="4.2.1", after="4.3.0",
    people_notice="Shares open faster",
    evidence=f"fwctl status\nfile: shot.png (sha256 {'a' * 32})",
    by="K. Ito", at=datetime(2025, 1, 11, 1, 10, 5, 7, tzinfo=UTC), external_number="CHG-1042",
    reviewed=True,
)  # fmt: skip
ZONE = "America/New_York"


def cells(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


def test_a_csv_has_a_line_a_record_with_the_number_of_the_database(tmp_path: Path) -> None:
    export_changes(tmp_path / "changes.csv", [ROW, replace(ROW, number=2, reviewed=False)], ZONE)
    first, second = cells(tmp_path / "changes.csv")
    assert (first["ci"], first["external_number"], first["reviewed"]) == (
        "CTL-A", "CHG-1042", "yes",
    )  # fmt: skip
    assert first["at"] == "2025-01-10T20:10:05-05:00"
    assert (first["evidence"], first["setting"]) == (ROW.evidence, "firmware")
    assert (second["number"], second["reviewed"]) == ("2", "no")


def test_a_json_names_the_files_of_the_evidence(tmp_path: Path) -> None:
    export_changes(tmp_path / "changes.JSON", [ROW], ZONE)
    (told,) = json.loads((tmp_path / "changes.JSON").read_text(encoding="utf-8"))
    assert told["files"] == [{"name": "shot.png", "sha256": "a" * 32}]
    assert (told["before"], told["after"], told["external_number"]) == (
        "4.2.1", "4.3.0", "CHG-1042",
    )  # fmt: skip


def test_no_spreadsheet_takes_words_for_a_formula(tmp_path: Path) -> None:
    export_changes(tmp_path / "changes.csv", [replace(ROW, after="=1+1", before="-12 dB")], ZONE)
    assert [cells(tmp_path / "changes.csv")[0][name] for name in ("after", "before")] == [
        "'=1+1", "'-12 dB",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "typed", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1+1", "\n=1", "＝1+1", "＠x"]
)
def test_whatever_could_be_a_formula_is_marked_as_words(tmp_path: Path, typed: str) -> None:
    export_changes(tmp_path / "changes.csv", [replace(ROW, external_number=typed)], ZONE)
    assert cells(tmp_path / "changes.csv")[0]["external_number"] == f"'{typed}"


def test_a_csv_names_the_files_and_the_columns_of_nothing(tmp_path: Path) -> None:
    export_changes(tmp_path / "changes.csv", [ROW], ZONE)
    assert cells(tmp_path / "changes.csv")[0]["files"] == "shot.png"
    export_changes(tmp_path / "none.csv", [], ZONE)
    head = (tmp_path / "none.csv").read_text(encoding="utf-8-sig").strip().split(",")
    assert head == list(COLUMNS) == list(change_values(ROW, ZONE))


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no folder"):
        export_changes(tmp_path / "nowhere" / "changes.csv", [ROW], ZONE)
