"""Runs of a notice in a text document: words as text, each chip as one object within it."""

from __future__ import annotations

import json
from collections.abc import Iterable

from PySide6.QtGui import QTextCharFormat, QTextCursor, QTextDocument, QTextFormat

from app.models.notices.chips import Chip, Kept, Run, Words, joined

OBJECT = "\ufffc"
CHIP_TYPE = QTextFormat.ObjectTypes.UserObject + 1
CHIP = QTextFormat.Property.UserProperty + 1


def insert_runs(cursor: QTextCursor, runs: Iterable[Run]) -> None:
    for run in runs:
        if isinstance(run, Words):
            cursor.insertText(run.text, QTextCharFormat())
            continue
        shape = QTextCharFormat()
        shape.setObjectType(CHIP_TYPE)
        shape.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignBaseline)
        shape.setProperty(CHIP, json.dumps(to_plain(run)))
        cursor.insertText(OBJECT, shape)
        if isinstance(run, Kept) and run.block:  # it ends its own line
            cursor.insertText("\n", QTextCharFormat())


def runs_in(doc: QTextDocument, text: str, start: int) -> tuple[Run, ...]:
    """`text` as it stands in the document from `start` on (counted as Qt counts, in UTF-16)."""
    made: list[Run] = []
    cursor = QTextCursor(doc)
    at = start
    eat = False
    for number, part in enumerate(text.split(OBJECT)):
        if number:
            at += 1
            cursor.setPosition(at)
            chip = chip_of(cursor.charFormat())
            if chip is not None:
                made.append(chip)
            eat = isinstance(chip, Kept) and chip.block
        made.append(Words(part.removeprefix("\n") if eat else part))
        at += len(part.encode("utf-16-le")) // 2
    return joined(made)


def chip_of(shape: QTextCharFormat) -> Chip | Kept | None:
    kept = shape.property(CHIP)
    if shape.objectType() != CHIP_TYPE or not isinstance(kept, str):
        return None
    run = from_plain(json.loads(kept))
    return None if isinstance(run, Words) else run


def to_plain(run: Run) -> list[object]:
    if isinstance(run, Words):
        return ["words", run.text]
    if isinstance(run, Chip):
        return ["chip", run.field, run.filters]
    return ["kept", run.field, run.source, run.block]


def from_plain(packed: list[object]) -> Run:
    what, *rest = packed
    if what == "words":
        return Words(str(rest[0]))
    if what == "chip":
        return Chip(str(rest[0]), str(rest[1]))
    return Kept(str(rest[0]), str(rest[1]), bool(rest[2]))
