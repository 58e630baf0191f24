"""Change records for other programs: the same values as CSV, as JSON, and headless."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from app.models import times
from app.models.changes_evidence import files_in
from app.models.reports.cells import cell
from app.services.changes import ChangeRow
from app.services.reports.files import leave_file

COLUMNS = (
    "outage", "number", "ci", "step", "setting", "before", "after", "evidence", "files", "by", "at",
    "external_number", "people_notice", "reviewed",
)  # fmt: skip
FORMS = (("CSV, for a spreadsheet", ".csv"), ("JSON", ".json"))


def change_values(row: ChangeRow, zone: str) -> dict[str, Any]:
    """One record under plain names; `at` is ISO 8601 with the offset of `zone`, to the second."""
    return {
        "outage": row.outage_code,
        "number": row.number,
        "ci": row.ci,
        "step": row.step,
        "setting": row.setting,
        "before": row.before,
        "after": row.after,
        "evidence": row.evidence,
        "files": [{"name": kept.name, "sha256": kept.digest} for kept in files_in(row.evidence)],
        "by": row.by,
        "at": row.at.astimezone(times.zone(zone)).replace(microsecond=0).isoformat(),
        "external_number": row.external_number,
        "people_notice": row.people_notice,
        "reviewed": row.reviewed,
    }


def export_changes(path: Path, rows: Sequence[ChangeRow], zone: str) -> None:
    """By the ending of `path`: JSON, else CSV. Raises BadInput, StoreTrouble."""
    values = [change_values(row, zone) for row in rows]
    as_json = path.suffix.casefold() == ".json"
    leave_file(path, _json(values) if as_json else _csv(values))


def _json(values: Sequence[dict[str, Any]]) -> bytes:
    return f"{json.dumps(values, ensure_ascii=False, indent=2)}\n".encode("utf-8", "replace")


def _csv(values: Sequence[dict[str, Any]]) -> bytes:
    """In UTF-8 with the mark that spreadsheets look for; the columns are named, also of nothing."""
    made = io.StringIO()
    sheet = csv.writer(made)
    sheet.writerow(COLUMNS)
    for each in values:
        sheet.writerow([_cell(each[name]) for name in COLUMNS])
    return made.getvalue().encode("utf-8-sig", "replace")


def _cell(value: object) -> str:
    """Of files their names: what they hold is told by the evidence."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return cell("; ".join(kept["name"] for kept in value))
    return cell(str(value))
