"""CSV files into a preview: encoding, separator and header found out, every bad cell named.

Nothing is stored here. A file with faults is refused whole by who imports it
(`Preview.importable`).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from app.models.directory.lines import Fault, LineKind, Preview
from app.models.errors import BadInput
from app.services.directory.csv_columns import COLUMNS, REQUIRED, header_key
from app.services.directory.csv_lines import Cells, Reader
from app.services.working import UNWATCHED, Work

MAX_BYTES = 50 * 1024 * 1024
MAX_LINES = 50_000  # one transaction of a minute or two: no other act gets through meanwhile
MAX_FAULTS = 500
LOOK_EVERY = 250
"""Lines between two looks at whether to stop."""


def preview_file(path: Path, kind: LineKind | None = None, work: Work = UNWATCHED) -> Preview:
    """As `preview`, from a file. Raises BadInput when it cannot be read or has over 50 MB."""
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise _too_big(path.name)
        data = path.read_bytes()
    except OSError as trouble:
        raise BadInput(
            f"{path.name} cannot be read ({trouble.strerror}). Nothing was imported; check that "
            "the file is there and may be opened."
        ) from None
    return preview(data, path.name, kind, work)


def preview(
    data: bytes, name: str, kind: LineKind | None = None, work: Work = UNWATCHED
) -> Preview:
    """What the file holds, and each thing wrong with it. Without `kind` the header tells it.

    Raises BadInput when it is not a table at all: too big, binary, empty, unknown header; Stopped.
    """
    if len(data) > MAX_BYTES:
        raise _too_big(name)
    text, notes = _decoded(data, name)
    if not text.strip():
        raise BadInput(f"{name} is empty. Nothing was imported.")
    separator, skipped = _separator(text)
    rows = _rows(text, separator, skipped)
    try:
        header_line, header = next(rows, (1, []))
    except csv.Error:
        raise BadInput(f"{name} is not a CSV file. Nothing was imported.") from None
    kind = kind or _kind_of(header, name)
    columns, faults = _columns(header, header_line, kind, name)
    unused = [title for at, title in enumerate(header) if at not in columns.values() and title]
    if unused:
        notes.append(f"Not used: {', '.join(title[:30] for title in unused[:10])}.")
    reader = Reader(kind, {field: header[at] for field, at in columns.items()})
    total = 0
    line = header_line
    lines = text.count("\n") + 1
    try:
        for at, (line, cells) in enumerate(rows):
            if at % LOOK_EVERY == 0:
                work.at(min(line, lines), lines)
            if not any(cell.strip() for cell in cells):
                continue
            total += 1
            if total > MAX_LINES:
                raise BadInput(
                    f"{name} has more than {MAX_LINES:,} lines. Nothing was imported; split it."
                )
            if len(cells) > len(header):
                reader.fault(line, "", f"It has {len(cells)} cells, the header {len(header)}.")
                continue
            found = {f: cells[at].strip() for f, at in columns.items() if at < len(cells)}
            reader.read(Cells(line, found))
    except csv.Error as trouble:
        reader.fault(line + 1, "", f"The file cannot be read on from here ({trouble}).")
    reader.finish()
    if not total and not reader.faults:
        reader.fault(header_line, "", "There is nothing under the header.")
    every = [*faults, *sorted(reader.faults, key=lambda fault: fault.line)]
    if len(every) > MAX_FAULTS:
        notes.append(f"{len(every):,} faults in all; the first {MAX_FAULTS} are shown.")
    shown = tuple(every[:MAX_FAULTS])
    return Preview(kind, tuple(reader.rows), shown, total, tuple(notes), frozenset(columns))


def _too_big(name: str) -> BadInput:
    return BadInput(
        f"{name} holds more than 50 MB, which is the most that is read. Nothing was "
        "imported; split it."
    )


def _decoded(data: bytes, name: str) -> tuple[str, list[str]]:
    notes: list[str] = []
    try:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            text = data.decode("utf-16")
        else:
            text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = data.decode("cp1252")
        except UnicodeDecodeError:
            raise BadInput(
                f"{name} is neither UTF-8 nor Windows text. Nothing was imported; save it as "
                "“CSV UTF-8”."
            ) from None
        notes.append("The file is not UTF-8; it was read as Windows-1252. Check the accents.")
    if "\0" in text:
        raise BadInput(
            f"{name} holds NUL bytes, so it is not a CSV text. Nothing was imported; save it as "
            "“CSV UTF-8”."
        )
    return text, notes


def _separator(text: str) -> tuple[str, int]:
    """The separator under which most words of the first line are known columns, else the one that
    cuts it most often; and how many lines to skip (Excel's `sep=;`)."""
    lines = (line.strip("\r\n") for line in io.StringIO(text[:100_000]))
    first = next((line for line in lines if line.strip()), "")
    if first[:4].lower() == "sep=" and len(first) == 5:
        return first[4], 1
    known = {
        synonym for fields in COLUMNS.values() for names in fields.values() for synonym in names
    }

    def worth(separator: str) -> tuple[int, int]:
        try:
            titles = next(csv.reader([first], delimiter=separator), [])
        except csv.Error:
            titles = []
        return sum(header_key(title) in known for title in titles), len(titles)

    return max(",;\t", key=worth), 0


def _rows(text: str, separator: str, skip: int) -> Iterator[tuple[int, list[str]]]:
    """(first line of the row, its cells). Raises csv.Error, also for a cell over 128 KB."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    before = 0
    blank = True
    for cells in reader:
        start, before = before + 1, reader.line_num
        if skip or (blank and not any(cells)):
            skip = 0
            continue
        blank = False
        yield start, cells


def _kind_of(header: list[str], name: str) -> LineKind:
    """The kind whose required columns are all there and of whose columns most are."""
    keys = {header_key(title) for title in header}

    def hits(kind: LineKind) -> dict[str, bool]:
        return {field: bool(keys & names) for field, names in COLUMNS[kind].items()}

    fitting = [kind for kind in LineKind if all(hits(kind)[field] for field in REQUIRED[kind])]
    if not fitting:
        raise BadInput(
            f"The first line of {name} names no columns we know. Nothing was imported; for people "
            "it is “name, email, …”, for services, CIs and audiences “name, …”, for "
            "absences “person, first, …”, for steps “code, title, …”."
        )
    ranked = sorted(fitting, key=lambda kind: -sum(hits(kind).values()))
    if len(ranked) > 1 and sum(hits(ranked[0]).values()) == sum(hits(ranked[1]).values()):
        raise BadInput(
            f"{name} could be {ranked[0]} or {ranked[1]}. Nothing was imported; say which it is."
        )
    return ranked[0]


def _columns(
    header: list[str], line: int, kind: LineKind, name: str
) -> tuple[dict[str, int], list[Fault]]:
    """Field → position. The first column of a kind wins where two would fit."""
    found: dict[str, int] = {}
    faults: list[Fault] = []
    keys = [header_key(title) for title in header]
    for field, synonyms in COLUMNS[kind].items():
        at = [i for i, key in enumerate(keys) if key in synonyms and i not in found.values()]
        if at:
            found[field] = at[0]
        if len(at) > 1:
            titles = " and ".join(f"“{header[i].strip()}”" for i in at)
            faults.append(Fault(line, header[at[1]], f"The columns {titles} mean the same."))
    missing = [field for field in REQUIRED[kind] if field not in found]
    if missing:
        raise BadInput(
            f"{name} lacks the column {' and '.join(f'“{field}”' for field in missing)}, which "
            f"{kind} need. Nothing was imported."
        )
    return found, faults
