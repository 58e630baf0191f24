"""The runbooks: their steps, what changed from revision to revision, to files and back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from app.models.errors import ConsoleError
from app.services.events import ChangedElsewhere, RunbooksChanged
from app.services.reports.files import leave_file
from app.services.runbook.files import runbook_text
from app.services.runbook.shelf import (
    Revision,
    RevisionLook,
    ShelfRow,
    look_at_revision,
    runbook_shelf,
)
from app.services.uow import Undo
from app.views.notify import Telling
from app.views.ops import Ops
from app.views.page import HeaderAction, HeaderPart, Page
from app.views.runbook.import_sheet import ImportSheet
from app.views.runbook.template_rows import FORMS, change_row, step_row
from app.views.theme import px
from app.views.widgets.flow import Flowing
from app.views.widgets.labels import Words
from app.views.widgets.listing import ListRow, ListView
from app.views.widgets.panels import Card
from app.views.widgets.saving import SavePlace
from app.views.widgets.wheels import calm

_FILES = "Runbooks (*.yaml *.yml *.csv *.md *.markdown)"


class RunbooksPage(Page):
    """Reads again whenever it comes to the front. `beside` runs what waits on a file."""

    def __init__(
        self,
        ops: Ops,
        beside: Ops,
        notify: Telling,
        on_undo: Callable[[Undo], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._ops, self._beside, self._notify, self._on_undo = ops, beside, notify, on_undo
        self._rows: dict[str, ShelfRow] = {}
        self._look: RevisionLook | None = None
        self._wanted = ""
        self._place = SavePlace()
        self.list = ListView("Runbooks")
        self.revision, self.older = QComboBox(), QComboBox()
        for combo in (self.revision, self.older):  # a further revision may have the longer name
            combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.changes = ListView("What changed", wraps=True)
        self.steps = ListView("Steps", lead_width=34, wraps=True)
        self._build()
        self.list.chosen.connect(self._on_chosen)
        self.revision.activated.connect(lambda _at: self._on_revision())
        self.older.activated.connect(lambda _at: self._read())
        QShortcut(QKeySequence("Ctrl+O"), self).activated.connect(self.ask_import)

    @property
    def title(self) -> str:
        return "Runbooks"

    @property
    def context(self) -> str:
        return "what a flight's steps are laid out from"

    @property
    def help_topic(self) -> str:
        return "runbooks"

    def keys(self) -> Sequence[tuple[str, str]]:
        return (("Ctrl+O", "import a file"), ("Arrows", "choose a runbook"))

    def header_parts(self) -> Sequence[HeaderPart]:
        parts: list[HeaderPart] = [HeaderAction("Import…", self.ask_import, tip="Ctrl+O")]
        if self._look is not None:
            parts.append(HeaderAction("Export…", self.export, tip="As YAML, CSV or Markdown"))
        return parts

    def activate(self, *args: object) -> None:
        """`args` may name the runbook to show."""
        self._wanted = str(args[0]) if args else ""
        self._ops.read(runbook_shelf, then=self._show)
        self.list.setFocus()

    def on_event(self, event: object) -> None:
        """Connect to the bridge: an import taken back shows at once."""
        if self.isVisible() and isinstance(event, RunbooksChanged | ChangedElsewhere):
            self._ops.read(runbook_shelf, then=self._show)

    def ask_import(self) -> QFileDialog:
        """Which file; nothing is taken over before it was looked at."""
        dialog = QFileDialog(self, "Import a runbook", str(self._place.folder), _FILES)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda file: self.look_at(Path(file)))
        dialog.open()
        return dialog

    def look_at(self, path: Path) -> ImportSheet:
        """What importing it would do, over the page."""
        self._place.folder = path.parent
        sheet = ImportSheet(self, self._ops, self._beside, path, self._on_undo)
        sheet.imported.connect(self._on_imported)
        sheet.open()
        return sheet

    def export(self) -> QFileDialog | None:
        """The revision that is shown; asks where to and in which form."""
        look = self._look
        if look is None:
            return None
        template = look.template

        def write(path: Path) -> None:
            try:
                leave_file(path, runbook_text(template, path).encode("utf-8"))
            except ConsoleError as trouble:
                self._notify.error(trouble.sentence)
            else:
                self._notify.info(f"“{template.name}” is saved as {path.name} in {path.parent}.")

        return self._place.ask(self, f"{template.name} r{template.revision}", FORMS, write)

    # --- building --------------------------------------------------------------------------

    def _build(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(px(22), px(16), px(22), px(16))
        shelf = Card("Runbooks", bleed=True)
        shelf.body.addWidget(self.list)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(16))
        self._changes_card = Card("What changed", bleed=True)
        for combo, name in ((self.revision, "Revision"), (self.older, "Compared with")):
            combo.setAccessibleName(name)
            combo.setMinimumWidth(px(150))
            calm(combo)
        self._against = Words("compared with", "sub")
        line = Flowing()
        for part in (Words("Revision", "sub"), self.revision, self._against, self.older):
            line.flow.addWidget(part)
        column.addWidget(line)
        self._changes_card.body.addWidget(self.changes)
        self._steps_card = Card("Steps", bleed=True)
        self._steps_card.body.addWidget(self.steps)
        column.addWidget(self._changes_card, 2)
        column.addWidget(self._steps_card, 3)
        split = QSplitter()
        split.setHandleWidth(px(16))
        shelf.setMinimumWidth(px(190))  # a name can be read, however large everything is
        split.addWidget(shelf)
        split.addWidget(right)
        split.setStretchFactor(0, 2)
        split.setStretchFactor(1, 5)
        split.setChildrenCollapsible(False)
        box.addWidget(split)

    # --- showing ---------------------------------------------------------------------------

    def _show(self, rows: tuple[ShelfRow, ...]) -> None:
        chosen = self._wanted or self._chosen() or (rows[0].name if rows else "")
        self._wanted = ""
        self._rows = {row.name: row for row in rows}
        self.list.model_rows.apply([_shelf_row(row) for row in rows])
        self._look = None
        self.list.choose(chosen)
        self._on_chosen(chosen)

    def _chosen(self) -> str:
        row = self.list.current()
        return row.key if row is not None else ""

    def _on_chosen(self, name: str) -> None:
        row = self._rows.get(name)
        if row is None or (self._look is not None and self._look.template.name == name):
            return
        _fill(self.revision, row.revisions)
        self._on_revision()

    def _on_revision(self) -> None:
        """The revisions before it can be compared with, the last of them first."""
        row = self._rows.get(self._chosen())
        number = self.revision.currentData()
        if row is not None and isinstance(number, int):
            _fill(self.older, [each for each in row.revisions if each.number < number])
        self._read()

    def _read(self) -> None:
        name, number, older = self._chosen(), self.revision.currentData(), self.older.currentData()
        self._ops.read(look_at_revision, name, number, older, then=self._show_look)

    def _show_look(self, look: RevisionLook) -> None:
        template = look.template
        if template.name != self._chosen():
            return
        self._look = look
        compared = look.older is not None
        for part in (self._against, self.older, self._changes_card):
            part.setVisible(compared)
        count = len(look.changes)
        said = f"from revision {look.older}" if count else f"nothing since revision {look.older}"
        self._changes_card.show_as("What changed", said if compared else "")
        self.changes.model_rows.apply([])
        self.changes.model_rows.apply([change_row(n, c) for n, c in enumerate(look.changes)])
        self._steps_card.show_as("Steps", f"{len(template.steps)} in revision {template.revision}")
        self.steps.model_rows.apply([])
        self.steps.model_rows.apply([step_row(step) for step in template.steps])
        self.headerChanged.emit()

    def _on_imported(self, name: str) -> None:
        self._notify.info(f"“{name}” is imported. Ctrl+Z takes that back.")
        self.activate(name)


def _fill(combo: QComboBox, revisions: Sequence[Revision]) -> None:
    combo.clear()
    for each in revisions:
        combo.addItem(_revision_words(each), each.number)
    combo.setCurrentIndex(0 if revisions else -1)


def _revision_words(revision: Revision) -> str:
    if revision.saved_on is None:
        return f"{revision.number} · built in"
    day = f"{revision.saved_on.day} {revision.saved_on:%b %Y}"
    return " · ".join(part for part in (str(revision.number), day, revision.saved_by) if part)


def _shelf_row(row: ShelfRow) -> ListRow:
    count = len(row.revisions)
    return ListRow(
        key=row.name,
        title=row.name,
        sub=f"{row.latest.steps} steps · "
        + (f"revision {row.latest.number}" if count == 1 else f"{count} revisions"),
        pill="ours" if row.own else "",
    )
