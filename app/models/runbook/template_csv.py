"""A runbook template as CSV: a few lines about the runbook, then a line a step."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from app.models.runbook.template_reading import Read, read_template
from app.models.runbook.template_saving import mapping_of
from app.models.runbook.templates import RunbookTemplate

HEAD = {
    "runbook": "name",
    "revision": "revision",
    "service kind": "service_kind",
    "summary": "summary",
}
COLUMNS = {
    "code": "code",
    "title": "title",
    "phase": "phase",
    "kind": "kind",
    "role": "role",
    "minutes": "minutes",
    "after": "after",
    "undone by": "undone_by",
    "cannot be undone": "no_return",
    "do not disturb": "do_not_disturb",
    "ci": "ci",
    "setting": "setting",
    "notice": "notice",
    "bridge": "bridge",
    "not before": "not_before",
    "not after": "not_after",
    "what people will notice": "people_notice",
    "how": "how",
}
NUMBERS = ("revision", "minutes", "not_before", "not_after")
FLAGS = ("no_return", "do_not_disturb")
CODES = ("after", "undone_by")
_FORMULA = ("=", "+", "-", "@", "\t", "'")
_YES, _NO = ("yes", "y", "true", "1", "x"), ("no", "n", "false", "0", "-")


def write_csv(template: RunbookTemplate) -> str:
    data = mapping_of(template)
    steps = data["steps"]
    assert isinstance(steps, list)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for title, name in HEAD.items():
        if data[name] != "":
            writer.writerow([title, _cell(data[name])])
    writer.writerow(COLUMNS)
    for step in steps:
        writer.writerow([_cell(step.get(name, "")) for name in COLUMNS.values()])
    return out.getvalue()


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, list):
        return " ".join(str(code) for code in value)
    if isinstance(value, int):
        return str(value)
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text  # a spreadsheet would reckon it


def read_csv(text: str) -> Read:
    """With commas, semicolons or tabs, as spreadsheets save them; every bad line is named."""
    text = text.removeprefix("\ufeff")
    data: dict[str, object] = {"revision": 1}
    faults: list[str] = []
    steps: list[object] = []
    where: list[str] = []
    columns: list[str | None] = []
    try:
        for line, row in _rows(text):
            if not any(cell.strip() for cell in row):
                continue
            first = row[0].strip().casefold()
            if columns:
                if len(row) > len(columns) and any(cell.strip() for cell in row[len(columns) :]):
                    faults.append(f"Line {line}: it has more cells than the table has columns.")
                steps.append(_fields(dict(zip(columns, row, strict=False))))
                where.append(f"Line {line}")
            elif first == "code":
                columns = [COLUMNS.get(title.strip().casefold()) for title in row]
                faults += _header_faults(line, row, columns)
            elif first in HEAD:
                data |= _fields({HEAD[first]: row[1] if len(row) > 1 else ""})
            else:
                faults.append(
                    f"Line {line}: neither about the runbook ({', '.join(HEAD)}) nor the head of "
                    "the table, which begins with “code”."
                )
                return Read(None, tuple(faults))
    except csv.Error as error:
        faults.append(f"This is not CSV we can read: {error}.")
        return Read(None, tuple(faults))
    read = read_template({**data, "steps": steps}, where=where, top="The runbook")
    faults += read.faults
    return Read(None, tuple(faults)) if faults else read


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each row with the number of the line it begins on."""
    head = next((line for line in text.split("\n") if line.casefold().startswith("code")), "")
    mark = max((",", ";", "\t"), key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    line = 1
    for row in reader:
        yield line, row
        line = reader.line_num + 1


def _header_faults(line: int, row: list[str], columns: list[str | None]) -> list[str]:
    unknown = [title for title, name in zip(row, columns, strict=True) if name is None]
    twice = [title for at, title in enumerate(row) if columns[at] in columns[:at]]
    faults = [
        f"Line {line}: “{title.strip()[:40]}” is no column we know; check its spelling."
        for title in unknown
        if title.strip()
    ]
    return faults + [
        f"Line {line}: the column “{title.strip()[:40]}” is there twice."
        for title in twice
        if title.strip()
    ]


def _fields(cells: dict[str | None, str]) -> dict[str, object]:
    """The cells as a template's fields; what cannot be one stays text, to be refused with its
    place."""
    fields: dict[str, object] = {}
    for name, cell in cells.items():
        value = cell.replace("\r\n", "\n").strip()
        if name is None or not value:
            continue
        if name in NUMBERS:
            fields[name] = as_number(value)
        elif name in FLAGS:
            fields[name] = as_flag(value)
        elif name in CODES:
            fields[name] = value.replace(",", " ").replace(";", " ").split()
        else:
            marked = value.startswith("'") and value[1:].startswith(_FORMULA)
            fields[name] = value[1:] if marked else value
    return fields


def as_number(value: str) -> object:
    try:
        return int(value.removeprefix("'"))
    except ValueError:
        return value


def as_flag(value: str) -> object:
    word = value.casefold()
    return True if word in _YES else False if word in _NO else value
