"""A CSV file: its kind, its faults by line and column, its lines; taken whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox

from app.models.directory.lines import LineKind, Preview
from app.models.errors import ConsoleError
from app.models.outages.lifecycle import BEFORE_START
from app.services.directory.importing import ImportedLines, import_lines
from app.services.outages.reading import OutageRow
from app.services.uow import Undo
from app.services.working import Stopped
from app.views.directory.file_panel import FaultLine, FilePanel, Stage
from app.views.directory.importing_job import FileReading
from app.views.directory.preview_table import SHOWN, PreviewTable
from app.views.ops import Ops
from app.views.widgets.forms import Field
from app.views.widgets.sheet import Answers, Ask, Sheet
from app.views.widgets.tone import Tone
from app.views.widgets.working import WorkBar

KIND_WORDS = {
    LineKind.PEOPLE: "people",
    LineKind.SERVICES: "services",
    LineKind.CIS: "configuration items",
    LineKind.AUDIENCES: "audiences",
    LineKind.ABSENCES: "absences",
    LineKind.STEPS: "steps of an outage",
}


class LinesPanel(FilePanel):
    def __init__(
        self,
        path: Path,
        reading: FileReading,
        ops: Ops,
        push_undo: Callable[[Undo | None], object],
    ) -> None:
        super().__init__(path, "CSV")
        self._reading = reading
        self._ops = ops
        self._push_undo = push_undo
        self.preview: Preview | None = None
        self.kind = QComboBox()
        for kind, words in KIND_WORDS.items():
            self.kind.addItem(words[0].upper() + words[1:], kind)
        self.kind.setCurrentIndex(-1)
        self.kind.setPlaceholderText("Recognised by its columns")
        self.kind.activated.connect(lambda _index: self.look_again())
        self.outage = QComboBox()
        self.outage.setPlaceholderText("Choose the outage")
        self._outage_field = Field(
            "Steps of which outage", self.outage, "Steps are taken until the window starts."
        )
        self.outage.activated.connect(lambda _index: self._outage_field.accept())
        self._outage_field.hide()
        self.table = PreviewTable()
        self._kind_field = Field("What the lines are", self.kind)
        self.outage.setMinimumContentsLength(24)
        fields = self._line(self._kind_field, self._outage_field)
        for field in (self._kind_field, self._outage_field):
            fields.setAlignment(field, Qt.AlignmentFlag.AlignTop)
        for part in (self._summary, self._notes):
            self.body.addWidget(part)
        self.body.addLayout(fields)
        self.body.addWidget(self._faults, 1)
        self.body.addWidget(self.table, 2)
        self.body.addLayout(self._line(self.act, self.again))
        self.work = WorkBar(f"Importing {path.name}")
        self.body.addWidget(self.work)
        self.body.addStretch(0)
        self._look(None)

    def show_outages(self, rows: Sequence[OutageRow]) -> None:
        """Those that may still get steps; what was chosen stays chosen."""
        chosen = self.outage.currentData()
        self.outage.clear()
        for row in rows:
            if row.state in BEFORE_START:
                self.outage.addItem(f"{row.code} · {row.title} · {row.window}", row.id)
        self.outage.setCurrentIndex(self.outage.findData(chosen) if chosen else -1)

    def look_again(self) -> None:
        if self.again.isEnabled():
            chosen = self.kind.currentData()
            self._look(chosen if isinstance(chosen, LineKind) else None)

    def begin(self) -> None:
        self._import("")

    def _import(self, why: str) -> None:
        if self.preview is None or self.stage is not Stage.READY:
            return
        outage = self.outage.currentData()
        if self.preview.kind is LineKind.STEPS and not outage:
            self._outage_field.refuse("Which outage do these steps belong to?")
            return
        self._stand(Stage.IMPORTING, f"Importing {self._count(self.preview)}…")
        self._ops.run(
            import_lines,
            self.preview,
            str(outage) if self.preview.kind is LineKind.STEPS else None,
            self.work.begin(f"Importing {self.path.name}"),
            why,
            then=self._on_imported,
            failed=self._on_not_imported,
        )

    def _look(self, kind: LineKind | None) -> None:
        self._stand(Stage.READING, f"Reading {self.path.name}…")
        self._reading.preview(
            self,
            self.path,
            kind,
            self.work.begin(f"Reading {self.path.name}"),
            then=self._on_preview,
            failed=self._on_unreadable,
        )

    def _on_preview(self, preview: Preview) -> None:
        self.work.end()
        self.preview = preview
        self.kind.setCurrentIndex(self.kind.findData(preview.kind))
        self._outage_field.setVisible(preview.kind is LineKind.STEPS)
        self._holds = self._count(preview)
        self._show_lines(preview)
        count = len(preview.faults)
        self._faults.show_lines(
            [FaultLine(fault.line, fault.column, fault.sentence) for fault in preview.faults],
            f"{count:,} {'thing' if count == 1 else 'things'} to mend",
        )
        self.act.setText(f"Import {self._count(preview)}")
        self.act.setAccessibleName(self.act.text())
        if preview.importable:
            self._stand(Stage.READY, f"{self._count(preview)}, all in order.".capitalize())
        else:
            self._stand(
                Stage.FAULTY,
                "Nothing is taken while a line is bad. Mend the file, then look again.",
                Tone.BAD,
            )

    def _show_lines(self, preview: Preview) -> None:
        self.table.show_lines(preview.rows)
        self.table.setVisible(bool(preview.rows))
        more = len(preview.rows) - SHOWN
        cut = [f"The first {SHOWN} lines are shown; {more:,} more are like them."] * (more > 0)
        self._note([*preview.notes, *cut])

    def _on_unreadable(self, refusal: ConsoleError) -> None:
        self.work.end()
        self.preview = None
        stopped = isinstance(refusal, Stopped)
        self._holds = "not read" if stopped else "cannot be read"
        self.table.hide()
        self._faults.show_lines((), "")
        self._note(())
        self._stand(Stage.REFUSED, refusal.sentence, None if stopped else Tone.BAD)

    def _on_imported(self, done: ImportedLines) -> None:
        self.work.end()
        self._push_undo(done.undo)
        self._took(done.undo)
        self._stand(Stage.DONE, done.sentence, Tone.OK)
        self.imported.emit(f"{self.path.name}: {done.sentence}")

    def _on_not_imported(self, refusal: ConsoleError) -> None:
        self.work.end()
        stopped = isinstance(refusal, Stopped)
        self._stand(Stage.READY, refusal.sentence, None if stopped else Tone.BAD)
        if refusal.about.get("frozen"):
            self._ask_why(refusal.sentence)

    def _ask_why(self, words: str) -> None:
        """Of steps onto a flight whose runbook is frozen."""
        asks = (Ask("why", "Why", needed="After the freeze every change has its reason."),)
        sheet = Sheet(self, f"Import {self.path.name}", words, asks, "Import it")

        def answered(answers: Answers) -> None:
            sheet.accept()
            self._import(answers["why"])

        sheet.answered.connect(answered)
        sheet.open()

    def let_go(self) -> None:
        self.work.cancel.click()

    @staticmethod
    def _count(preview: Preview) -> str:
        count = len(preview.rows) if preview.importable else preview.total
        words = preview.kind.value if preview.kind is not LineKind.CIS else "CIs"
        if count == 1:
            words = {"people": "person", "CIs": "CI"}.get(words, words.removesuffix("s"))
        return f"{count:,} {words}"
