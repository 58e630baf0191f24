"""Empty CSV files with the columns that the import knows, to be filled in a spreadsheet."""

from __future__ import annotations

from pathlib import Path

from app.models.directory.lines import LineKind
from app.services.directory.csv_columns import COLUMNS
from app.services.reports.files import leave_file


def csv_template(kind: LineKind) -> str:
    """The header line, in words that the import recognises."""
    return ",".join(field.replace("_", " ") for field in COLUMNS[kind]) + "\r\n"


def save_csv_template(kind: LineKind, path: Path) -> Path:
    """Raises BadInput or StoreTrouble when the file cannot be written."""
    leave_file(path, csv_template(kind).encode("ascii"))
    return path


def save_csv_templates(folder: Path) -> tuple[Path, ...]:
    """One empty file a list of the directory (`people.csv` …) in `folder`; one that is there
    already is left as it is. Raises BadInput or StoreTrouble when they cannot be written."""
    lists = [kind for kind in LineKind if kind is not LineKind.STEPS]  # those are an outage's
    wanted = {kind: folder / f"{kind.value}.csv" for kind in lists}
    for kind, path in wanted.items():
        if not path.exists():
            save_csv_template(kind, path)
    return tuple(wanted.values())
