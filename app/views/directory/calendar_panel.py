"""An .ics file: its events to look at, the layer it becomes, whether its events forbid outages,
progress and cancel."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QCheckBox, QLineEdit, QProgressBar

from app.models.errors import ConsoleError
from app.models.ids import key_of
from app.services.calendar.importing import Imported
from app.services.calendar.layers import LayerRow
from app.services.calendar.previewing import CalendarLook
from app.services.uow import Undo
from app.services.working import Stopped
from app.views.directory.file_panel import FaultLine, FilePanel, Stage
from app.views.directory.importing_job import Cancel, FileReading
from app.views.directory.preview_table import PreviewTable
from app.views.theme import px
from app.views.widgets.forms import Field
from app.views.widgets.labels import Words
from app.views.widgets.panels import button
from app.views.widgets.tone import Tone

WIDTH = 420
COMPARE_MS = 300
"""After the name of the layer was typed."""


class CalendarPanel(FilePanel):
    def __init__(
        self, path: Path, reading: FileReading, push_undo: Callable[[Undo | None], object]
    ) -> None:
        super().__init__(path, "calendar")
        self._push_undo = push_undo
        self._reading = reading
        self._layers: dict[str, LayerRow] = {}
        self._cancel: Cancel | None = None
        self._look: CalendarLook | None = None
        self._would = ""
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(COMPARE_MS)
        self._soon.timeout.connect(self._compare)
        self._freeze_chosen = False
        self.layer = QLineEdit(path.stem)
        self._layer_field = Field("Name of the layer", self.layer)
        self._layer_field.setMaximumWidth(px(WIDTH))
        self.layer.textChanged.connect(lambda _text: self._on_layer_typed())
        self.is_freeze = QCheckBox("These events forbid outages (a freeze)")
        self.is_freeze.setAccessibleName(self.is_freeze.text())
        self.is_freeze.clicked.connect(self._on_freeze_chosen)
        self._meaning = Words("", "sub", wrap=True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Progress of the import")
        self.bar.setMaximumWidth(px(WIDTH))
        self.cancel = button("Cancel", self.let_go, tip="Esc")
        self.table = PreviewTable()
        for part in (self._summary, self._layer_field, self.is_freeze, self._meaning, self.bar):
            self.body.addWidget(part)
        self.body.addLayout(self._line(self.act, self.cancel, self.again))
        self.body.addWidget(self._notes)
        self.body.addWidget(self._faults, 1)
        self.body.addWidget(self.table, 2)
        self.body.addStretch(0)
        self.again.setToolTip("F5: the file may hold something newer")
        self._read()

    @property
    def meaning(self) -> str:
        """What is said of the layer that is named."""
        return self._meaning.text()

    def show_layers(self, rows: Sequence[LayerRow]) -> None:
        self._layers = {key_of(row.name): row for row in rows}
        self._on_layer_typed()

    def look_again(self) -> None:
        """Read the file once more."""
        if self.again.isEnabled():
            self._read()

    def begin(self) -> None:
        if self.stage is not Stage.READY or self._look is None:
            return
        name = " ".join(self.layer.text().split())
        if not name:
            self._layer_field.refuse("Give the layer a name, such as “Freezes 2026”.")
            return
        self._layer_field.accept()
        self._wait(Stage.IMPORTING, f"Writing down {self.path.name}…")
        self._cancel = self._reading.calendar(
            self,
            self._look,
            name,
            is_freeze=self.is_freeze.isChecked(),
            progress=self._on_progress,
            then=self._on_imported,
            failed=self._on_not_imported,
        )

    def let_go(self) -> None:
        if self._cancel is not None:
            self._cancel()
            self.cancel.setEnabled(False)

    def _read(self) -> None:
        self._look, self._would = None, ""
        self._show_look()
        self._wait(Stage.READING, f"Reading {self.path.name}…")
        self._cancel = self._begin_look()

    def _begin_look(self) -> Cancel:
        return self._reading.look(
            self,
            self.path,
            progress=self._on_progress,
            then=self._on_looked,
            failed=self._on_unreadable,
        )

    def _wait(self, stage: Stage, sentence: str) -> None:
        self.bar.setRange(0, 0)
        self._stand(stage, sentence)

    def _stand(self, stage: Stage, sentence: str, tone: Tone | None = None) -> None:
        working = stage in (Stage.READING, Stage.IMPORTING)
        is_read = self._look is not None
        self.bar.setVisible(working)
        self.cancel.setVisible(working)
        self.cancel.setEnabled(working)
        for part in (self._layer_field, self.is_freeze, self._meaning):
            part.setVisible(is_read)
        self.layer.setEnabled(not working)
        self.is_freeze.setEnabled(not working)
        self.again.setVisible(not working)
        super()._stand(stage, sentence, tone)

    def _on_looked(self, look: CalendarLook) -> None:
        self._cancel = None
        self._look = look
        self._holds = events_words(len(look.read.events))
        self._stand(Stage.READY, look.words)
        QTimer.singleShot(0, self, self._show_look)  # its lines in the frame after
        self._soon.start()  # and what it would change once they are painted

    def _show_look(self) -> None:
        look = self._look
        lines = look.lines if look is not None else ()
        faults = look.read.faults if look is not None else ()
        self.table.show_lines(lines)
        self.table.setVisible(bool(lines))
        more = len(look.read.events) - len(lines) if look is not None else 0
        self._note([f"The first {len(lines):,} are shown; {more:,} more follow."] * (more > 0))
        self._faults.show_lines(
            [FaultLine(fault.line, "", fault.sentence) for fault in faults],
            f"{len(faults):,} cannot be read; the rest can be taken",
        )

    def _on_unreadable(self, refusal: ConsoleError) -> None:
        self._cancel = None
        self._holds = "not read" if isinstance(refusal, Stopped) else "cannot be read"
        tone = None if isinstance(refusal, Stopped) else Tone.BAD
        self._stand(Stage.REFUSED, refusal.sentence, tone)

    def _compare(self) -> None:
        """What it would change in the layer of that name."""
        look, name = self._look, self.layer.text()
        if look is None or key_of(name) not in self._layers:
            self._on_compared(name, "")
            return
        if self.stage is not Stage.READY:
            return  # its own layer, just imported, would be read whole to find nothing
        self._reading.compare(
            self,
            look,
            name,
            then=lambda found: self._on_compared(name, found.words),
            failed=lambda _refusal: self._on_compared(name, ""),
        )

    def _on_compared(self, name: str, words: str) -> None:
        if name == self.layer.text():
            self._would = words
            self._say_meaning()

    def _on_layer_typed(self) -> None:
        """A name that is there already keeps what it was, unless told otherwise."""
        self._layer_field.accept()
        known = self._layers.get(key_of(self.layer.text()))
        if known is not None and not self._freeze_chosen:
            self.is_freeze.setChecked(known.is_freeze)
        self._would = ""
        self._say_meaning()
        self._soon.start()

    def _on_freeze_chosen(self) -> None:
        self._freeze_chosen = True
        self._say_meaning()

    def _say_meaning(self) -> None:
        known = self._layers.get(key_of(self.layer.text()))
        meaning = (
            "A window that touches one of these events is blocked."
            if self.is_freeze.isChecked()
            else "A window that touches one of these events is warned of it."
        )
        if known is not None and known.is_kept_elsewhere:
            meaning = f"“{known.name}” is kept from elsewhere; give this layer another name."
        elif known is not None:
            meaning += (
                f" “{known.name}” is there with {events_words(known.events)}: it is updated, not "
                "doubled."
            )
            meaning += f" Importing makes it: {self._would}." if self._would else ""
        self._meaning.setText(meaning)

    def _on_progress(self, done: int, total: int) -> None:
        if self.stage not in (Stage.READING, Stage.IMPORTING):
            return
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        what = "Reading" if self.stage is Stage.READING else "Writing down"
        self._summary.setText(f"{what} {self.path.name}: {100 * done // total} %")

    def _on_imported(self, done: Imported) -> None:
        self._cancel = None
        self._holds = (
            f"{events_words(done.added + done.updated + done.unchanged)} in “{done.layer}”"
        )
        self._push_undo(done.undo)
        self._took(done.undo)
        back = " Ctrl+Z puts the layer back as it was." if done.undo is not None else ""
        self._stand(Stage.DONE, f"{done.sentence}{back}", Tone.WARN if done.faults else Tone.OK)
        self.imported.emit(done.sentence)

    def on_taken_back(self, keys: frozenset[tuple[str, str]]) -> None:
        was = self.stage
        super().on_taken_back(keys)
        if self.stage is not was and self._look is not None:
            self._holds = events_words(len(self._look.read.events))
            self._stand(Stage.READY, f"Taken back. {self._look.words}")
            self._compare()

    def _on_not_imported(self, refusal: ConsoleError) -> None:
        self._cancel = None
        stopped = isinstance(refusal, Stopped)
        self._stand(Stage.READY, refusal.sentence, None if stopped else Tone.BAD)
        self._compare()


def events_words(count: int) -> str:
    return "1 event" if count == 1 else f"{count:,} events"
