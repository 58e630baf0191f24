"""What is shown of one file: how far it is, what is wrong with it, its act."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.services.uow import Undo
from app.views.theme import px
from app.views.widgets.labels import Words
from app.views.widgets.listing import ListRow, ListView
from app.views.widgets.panels import Card, button
from app.views.widgets.tone import Tone, set_tone


class Stage(Enum):
    READING = auto()
    READY = auto()
    FAULTY = auto()
    REFUSED = auto()
    IMPORTING = auto()
    DONE = auto()


_PILLS = {
    Stage.READING: ("reading", Tone.PLAIN),
    Stage.READY: ("ready", Tone.INFO),
    Stage.FAULTY: ("to mend", Tone.BAD),
    Stage.REFUSED: ("not taken", Tone.BAD),
    Stage.IMPORTING: ("importing", Tone.INFO),
    Stage.DONE: ("imported", Tone.OK),
}


@dataclass(frozen=True, slots=True)
class FaultLine:
    """`column` is the header's own word, "" for the whole line."""

    line: int
    column: str
    sentence: str


class FilePanel(QWidget):
    """`changed` when its row of the list differs; `imported(sentence)` after an import."""

    changed = Signal()
    imported = Signal(str)

    def __init__(self, path: Path, holds: str) -> None:
        super().__init__()
        self.path = path
        self.key = str(path)
        self.stage = Stage.READING
        self._holds = holds
        self._taken: frozenset[tuple[str, str]] = frozenset()
        self._card = Card(path.name, str(path.parent))
        self.body = self._card.body
        self.body.setSpacing(px(12))
        self._summary = Words("", wrap=True)
        self._notes = Words("", "sub", wrap=True)
        self._faults = Faults()
        self.act = button("Import", self.begin, tone="primary", tip="Ctrl+Enter")
        self.again = button("Look again", self.look_again, tip="F5: after the file was mended")
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._card)

    def begin(self) -> None:
        """Import, when it may."""
        raise NotImplementedError

    def look_again(self) -> None:
        """Read the file once more."""
        raise NotImplementedError

    def let_go(self) -> None:
        """The file leaves the list; stop what runs."""

    def on_taken_back(self, keys: frozenset[tuple[str, str]]) -> None:
        """An act on these rows was undone: when it was this import, the file is ready again."""
        if self._taken and keys == self._taken:
            self._taken = frozenset()
            self._stand(Stage.READY, "Taken back: everything is as it was before.")

    def _took(self, undo: Undo | None) -> None:
        self._taken = undo.keys if undo is not None else frozenset()

    def row(self) -> ListRow:
        words, tone = _PILLS[self.stage]
        return ListRow(
            key=self.key, title=self.path.name, sub=self._holds, pill=words, pill_tone=tone
        )

    @property
    def said(self) -> str:
        """The sentence over the file's content."""
        return self._summary.text()

    def faults(self) -> tuple[FaultLine, ...]:
        return self._faults.lines

    def _line(self, *parts: QWidget) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(px(10))
        for part in parts:
            line.addWidget(part)
        line.addStretch(1)
        return line

    def _stand(self, stage: Stage, sentence: str, tone: Tone | None = None) -> None:
        self.stage = stage
        self._summary.setText(sentence)
        set_tone(self._summary, tone or "")
        self.act.setVisible(stage in (Stage.READY, Stage.FAULTY, Stage.IMPORTING))
        self.act.setEnabled(stage is Stage.READY)
        self.again.setEnabled(stage not in (Stage.READING, Stage.IMPORTING))
        self.changed.emit()

    def _note(self, notes: Sequence[str]) -> None:
        self._notes.setText("\n".join(notes))
        self._notes.setVisible(bool(notes))


class Faults(QWidget):
    """Each thing wrong: line, sentence, column. Takes no room while there are none."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: tuple[FaultLine, ...] = ()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(px(4))
        self._head = Words("", "head")
        self.list = ListView("What is wrong, by line", lead_width=76, wraps=True)
        self.list.setMinimumHeight(px(110))
        box.addWidget(self._head)
        box.addWidget(self.list, 1)
        self.hide()

    def show_lines(self, lines: Sequence[FaultLine], head: str) -> None:
        self.lines = tuple(lines)
        self._head.setText(head)
        self.list.model_rows.apply([_fault_row(at, fault) for at, fault in enumerate(lines)])
        if lines:
            self.list.choose("0")
        self.setVisible(bool(lines))


def _fault_row(at: int, fault: FaultLine) -> ListRow:
    return ListRow(
        key=str(at),
        title=fault.sentence,
        sub=f"column “{fault.column}”" if fault.column else "",
        tone=Tone.BAD,
        lead=f"line {fault.line:,}",
        spoken=f"Line {fault.line}"
        + (f", column {fault.column}" if fault.column else "")
        + f": {fault.sentence}",
    )
