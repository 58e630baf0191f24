"""A runbook's file looked at before it is taken over: what is wrong, line by line, or what it
would change."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.models.errors import ConsoleError
from app.models.runbook.template_reading import Read
from app.services.runbook.files import (
    RunbookPreview,
    import_runbook,
    preview_runbook,
    read_runbook,
)
from app.services.uow import Undo
from app.views.ops import Ops
from app.views.runbook.template_rows import change_row, step_row
from app.views.theme import px
from app.views.widgets.labels import Words
from app.views.widgets.listing import ListRow, ListView
from app.views.widgets.panels import button
from app.views.widgets.room import size_within
from app.views.widgets.tone import Tone

MOST = 500
"""So many lines are shown; who mends them sees the others then."""


class ImportSheet(QDialog):
    """`imported(name)` once it is on disk. `beside` reads the file, `ops` the store."""

    imported = Signal(str)

    def __init__(
        self,
        host: QWidget,
        ops: Ops,
        beside: Ops,
        path: Path,
        on_undo: Callable[[Undo], object],
    ) -> None:
        super().__init__(host)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self.setWindowTitle("Import a runbook")
        self._ops, self._beside, self._path, self._on_undo = ops, beside, path, on_undo
        self._preview: RunbookPreview | None = None
        self.said = Words("Reading…", "", wrap=True)
        self.list = ListView("What the file holds", lead_width=56, wraps=True)
        self.cis = Words("", tone=Tone.WARN, wrap=True)
        self.cis.hide()
        self._refusal = Words("", "error", wrap=True)
        self._refusal.hide()
        self.again = button("Look again  F5", self.look, tip="After the file was mended")
        self.yes = button("Import  Ctrl+⏎", self._import, tone="primary", spoken="Import")
        self._build()
        size_within(self, host, 720, 540)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self).activated.connect(self._import)
        QShortcut(QKeySequence("F5"), self).activated.connect(self.look)
        self.look()

    def look(self) -> None:
        """Read the file, once more."""
        self.yes.setEnabled(False)
        self._preview = None
        self._beside.run(
            read_runbook, self._path, then=self._on_read, failed=self._on_refused, owner=self
        )

    def _build(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(px(22), px(18), px(22), px(18))
        box.setSpacing(px(12))
        box.addWidget(Words(f"Import {self._path.name}", "title", wrap=True))
        box.addWidget(self.said)
        box.addWidget(self._refusal)
        box.addWidget(self.list, 1)
        box.addWidget(self.cis)
        box.addStretch(0)
        line = QHBoxLayout()
        line.addWidget(self.again)
        line.addStretch(1)
        line.addWidget(button("Not now", self.reject))
        line.addWidget(self.yes)
        box.addLayout(line)

    def _on_read(self, read: Read) -> None:
        self._ops.read(preview_runbook, read, then=self._show, failed=self._on_refused, owner=self)

    def _show(self, preview: RunbookPreview) -> None:
        self._preview = preview
        self._refusal.hide()
        self.said.show()
        self.list.show()
        self.cis.setText(preview.cis_words)
        self.cis.setVisible(bool(preview.cis_words))
        template = preview.template
        if template is None:
            count = len(preview.faults)
            things = "One thing is" if count == 1 else f"{count} things are"
            self.said.setText(f"{things} wrong in the file: mend it there, then look again.")
            rows = [_fault_row(n, fault) for n, fault in enumerate(preview.faults[:MOST])]
        elif not preview.latest:
            self.said.setText(f"“{template.name}” is new: {len(template.steps)} steps.")
            rows = [step_row(step) for step in template.steps]
        elif not preview.changes:
            self.said.setText(
                f"“{template.name}” is the same as revision {preview.latest}: nothing to import."
            )
            rows = [step_row(step) for step in template.steps]
        else:
            count = len(preview.changes)
            self.said.setText(
                f"“{template.name}” becomes revision {preview.latest + 1}, with "
                f"{'one change' if count == 1 else f'{count} changes'} from the latest. Flights "
                "that use it keep their steps."
            )
            rows = [change_row(n, change) for n, change in enumerate(preview.changes)]
        self.list.model_rows.apply([])
        self.list.model_rows.apply(rows)
        self.yes.setEnabled(template is not None and not (preview.latest and not preview.changes))
        (self.yes if self.yes.isEnabled() else self.list).setFocus()

    def _import(self) -> None:
        preview = self._preview
        if preview is None or preview.template is None or not self.yes.isEnabled():
            return
        self.yes.setEnabled(False)
        self._ops.run(
            import_runbook,
            preview.template,
            then=self._on_imported,
            failed=self._on_refused,
            owner=self,
        )

    def _on_imported(self, undo: Undo | None) -> None:
        assert self._preview is not None and self._preview.template is not None
        name = self._preview.template.name
        self.accept()
        if undo is not None:
            self._on_undo(undo)
        self.imported.emit(name)

    def _on_refused(self, error: ConsoleError) -> None:
        """Of a file that is none there is no line to show: it is mended, or another chosen."""
        self.said.hide()
        self._refusal.setText(error.sentence)
        self._refusal.show()
        self.list.setVisible(self._preview is not None)
        self.again.setFocus()


def _fault_row(number: int, fault: str) -> ListRow:
    """`Line 6, step 1: …` with its place in front."""
    place, colon, sentence = fault.partition(": ")
    line, _, step = place.partition(", ")
    if not colon or not line.startswith("Line "):
        return ListRow(key=str(number), title=fault, tone=Tone.BAD)
    return ListRow(
        key=str(number),
        title=sentence,
        sub=step[:1].upper() + step[1:],
        tone=Tone.BAD,
        lead=line.lower(),
        spoken=fault,
    )
