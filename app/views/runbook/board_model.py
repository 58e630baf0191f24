"""The board's cards as an item model."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from enum import StrEnum

from app.models.ids import StepId
from app.models.runbook.steps import Column
from app.views.widgets.keyed import KeyedRows
from app.views.widgets.tone import Tone


class CardTone(StrEnum):
    """What the bar at the card's left says; the column's name says it in words."""

    PLAIN = "plain"
    RUN = "run"
    BLOCKED = "blk"
    GATE = "gate"
    VERIFY = "verify"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class CardRow:
    """One step as the board shows it. `marks` are what the crew asks or reports, each in its tone,
    above `meta`, lines of small print; both are wrapped when long."""

    step_id: StepId
    version: int
    code: str
    title: str
    column: Column
    meta: tuple[str, ...] = ()
    initials: str = ""
    tone: CardTone = CardTone.PLAIN
    spoken: str = ""
    marks: tuple[tuple[str, Tone], ...] = ()


class BoardModel(KeyedRows[CardRow]):
    """Rows in the order of the plan; the view deals them into columns."""

    def key(self, row: CardRow) -> Hashable:
        return row.step_id

    def spoken(self, row: CardRow) -> str:
        if row.spoken:
            return row.spoken
        marks = (words for words, _ in row.marks)
        parts = (f"Step {row.code} {row.title}", row.column.words, *marks, *row.meta, row.initials)
        return ", ".join(part for part in parts if part)

    def words(self, row: CardRow) -> str:
        return f"{row.code} {row.title}"
