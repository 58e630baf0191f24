"""An .ics file: the layer it becomes, whether its events forbid outages, progress and cancel."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtWidgets import QCheckBox, QLineEdit, QProgressBar

from app.models.errors import ConsoleError
from app.models.ids import key_of
from app.services.calendar.importing import Imported
from app.services.calendar.layers import LayerRow
from app.services.uow import Undo
from app.services.working import Stopped
from app.views.directory.file_panel import FaultLine, FilePanel, Stage
from app.views.directory.importing_job import Cancel, FileReading
from app.views.theme import px
from app.views.widgets.forms import Field
from app.views.widgets.labels import Words
from app.views.widgets.panels import button
from app.views.widgets.tone import Tone

WIDTH = 420
NEARLY = 99
"""Per cent at which the rest is writing: events that cannot be read are never told as done."""
_READY = "Each event becomes part of a layer; importing a newer file later updates it."


class CalendarPanel(FilePanel):
    def __init__(
        self, path: Path, reading: FileReading, push_undo: Callable[[Undo | None], object]
    ) -> None:
        super().__init__(path, "calendar")
        self._push_undo = push_undo
        self._reading = reading
        self._layers: dict[str, LayerRow] = {}
        self._cancel: Cancel | None = None
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
        for part in (self._summary, self._layer_field, self.is_freeze, self._meaning, self.bar):
            self.body.addWidget(part)
        self.body.addLayout(self._line(self.act, self.cancel, self.again))
        self.body.addWidget(self._faults, 1)
        self.body.addStretch(0)
        self._spare = Words("")
        self.body.addWidget(self._spare, 1)
        self.again.setText("Import again")
        self.again.setToolTip("F5: the file may hold something newer")
        self._ready()

    def show_layers(self, rows: Sequence[LayerRow]) -> None:
        self._layers = {key_of(row.name): row for row in rows}
        self._on_layer_typed()

    def look_again(self) -> None:
        """Ready to import once more, into the same layer or another."""
        if self.again.isEnabled():
            self._ready()

    def begin(self) -> None:
        if self.stage is not Stage.READY:
            return
        name = " ".join(self.layer.text().split())
        if not name:
            self._layer_field.refuse("Give the layer a name, such as “Freezes 2026”.")
            return
        self._layer_field.accept()
        self._faults.show_lines((), "")
        self.bar.setRange(0, 0)
        self._stand(Stage.IMPORTING, f"Reading {self.path.name}…")
        self._cancel = self._reading.calendar(
            self,
            self.path,
            name,
            is_freeze=self.is_freeze.isChecked(),
            progress=self._on_progress,
            then=self._on_imported,
            failed=self._on_refused,
        )

    def let_go(self) -> None:
        if self._cancel is not None:
            self._cancel()
            self.cancel.setEnabled(False)

    def _ready(self) -> None:
        self._stand(Stage.READY, _READY)

    def _stand(self, stage: Stage, sentence: str, tone: Tone | None = None) -> None:
        working = stage is Stage.IMPORTING
        self.bar.setVisible(working)
        self.cancel.setVisible(working)
        self.cancel.setEnabled(working)
        self.layer.setEnabled(not working)
        self.is_freeze.setEnabled(not working)
        self.again.setVisible(stage is Stage.DONE)
        super()._stand(stage, sentence, tone)

    def _on_layer_typed(self) -> None:
        """A name that is there already keeps what it was, unless told otherwise."""
        self._layer_field.accept()
        known = self._layers.get(key_of(self.layer.text()))
        if known is not None and not self._freeze_chosen:
            self.is_freeze.setChecked(known.is_freeze)
        self._say_meaning()

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
        if known is not None:
            meaning += (
                f" “{known.name}” is there with {known.events:,} events: it is updated, not "
                "doubled."
            )
        self._meaning.setText(meaning)

    def _on_progress(self, done: int, total: int) -> None:
        if self.stage is not Stage.IMPORTING:
            return
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        percent = 100 * done // total if total else 0
        self._summary.setText(
            f"Reading {self.path.name}: {percent} %"
            if percent < NEARLY
            else f"{self.path.name} is read; writing it down…"
        )

    def _on_imported(self, done: Imported) -> None:
        self._cancel = None
        self._holds = f"{done.added + done.updated + done.unchanged:,} events in “{done.layer}”"
        self._show_faults(done)
        self._push_undo(done.undo)
        back = " Ctrl+Z puts the layer back as it was." if done.undo is not None else ""
        self._stand(Stage.DONE, f"{done.sentence}{back}", Tone.WARN if done.faults else Tone.OK)
        self.imported.emit(done.sentence)

    def _show_faults(self, done: Imported) -> None:
        self._faults.show_lines(
            [FaultLine(fault.line, "", fault.sentence) for fault in done.faults],
            f"{len(done.faults):,} could not be read; the rest was taken",
        )

    def _on_refused(self, refusal: ConsoleError) -> None:
        self._cancel = None
        stopped = isinstance(refusal, Stopped)
        self._stand(Stage.READY, refusal.sentence, None if stopped else Tone.BAD)
