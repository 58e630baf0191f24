"""Before, after and the proof of one change."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit

from app.services.changes import ChangeRow
from app.views.changes.evidence_field import EvidenceEdit, EvidenceFiles
from app.views.theme import px
from app.views.widgets.forms import Field
from app.views.widgets.labels import Words
from app.views.widgets.panels import Card, button
from app.views.widgets.tone import set_tone

_LABELS = {
    "before": ("Before", "what it was, such as the old version"),
    "after": ("After", "what it is now"),
    "evidence": ("Evidence", "how that was seen: output pasted, a picture, a file dropped here"),
    "people_notice": ("What people will notice", "goes into the summary to them"),
    "external_number": (
        "Number in the configuration database",
        "such as CHG-1042; filing needs it, unless the console is the system of record",
    ),
}


class ReviewForm(Card):
    """`reviewed(ChangeRow, {field: text})` on Ctrl+Enter. What was typed stays until it is saved
    or another record is chosen."""

    reviewed = Signal(object, object)

    def __init__(self) -> None:
        super().__init__("Review")
        self._row: ChangeRow | None = None
        self.editors: dict[str, QLineEdit | QPlainTextEdit] = {}
        self.fields: dict[str, Field] = {}
        self.evidence = EvidenceEdit()
        self.files = EvidenceFiles(self.evidence)
        self.body.setSpacing(px(10))
        self._what = Words("", wrap=True)
        self.body.addWidget(self._what)
        for name, (label, hint) in _LABELS.items():
            editor = self.evidence if name == "evidence" else _editor(name)
            self.editors[name] = editor
            self.fields[name] = Field(label, editor, hint)
            self.body.addWidget(self.fields[name])
            if name == "evidence":
                self.body.addWidget(self.files)
        self._refusal = Words("", "error", wrap=True)
        self._refusal.hide()
        self.body.addWidget(self._refusal)
        line = QHBoxLayout()
        line.addStretch(1)
        self.save = button("Reviewed", self._on_save, tone="primary", tip="Ctrl+Enter")
        line.addWidget(self.save)
        self.body.addLayout(line)
        self.body.addStretch(1)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(self._on_save)

    def show_change(self, row: ChangeRow) -> None:
        """The same record again keeps what is being typed."""
        if self._row is not None and row.id == self._row.id and self._typed():
            self._row = row
            return
        self._row = row
        self.show_as(f"Change {row.number}", "reviewed" if row.reviewed else "to review")
        set_tone(self.save, "" if row.reviewed else "primary")
        self._what.setText(
            " · ".join(part for part in (row.ci, row.setting, row.step or row.what, row.by) if part)
        )
        for name, editor in self.editors.items():
            _set(editor, getattr(row, name))
            self.fields[name].accept()
        self._refusal.hide()

    @property
    def about(self) -> str:
        """The id of the record that is shown."""
        return self._row.id if self._row is not None else ""

    @property
    def leads(self) -> bool:
        """It asks for what is to be done next."""
        return self._row is not None and not self._row.reviewed

    def begin(self) -> None:
        """Into the first field that is empty; of what is reviewed already, into its number."""
        if self._row is not None and self._row.reviewed:
            self.editors["external_number"].setFocus()
            return
        empty = [editor for editor in self.editors.values() if not _get(editor)]
        (empty or list(self.editors.values()))[0].setFocus()

    def saved(self) -> None:
        """It is on disk: what stands here is no longer only typed."""
        self._row = None
        self._refusal.hide()

    def refuse(self, sentence: str) -> None:
        self._refusal.setText(sentence)
        self._refusal.show()

    def _typed(self) -> bool:
        row = self._row
        return row is not None and any(
            _get(editor) != getattr(row, name).strip() for name, editor in self.editors.items()
        )

    def _on_save(self) -> None:
        if self._row is None:
            return
        said = {name: _get(editor) for name, editor in self.editors.items()}
        if not said["after"]:
            self.fields["after"].refuse("Say what it is now.")
            return
        self.fields["after"].accept()
        self.reviewed.emit(self._row, said)


def _editor(name: str) -> QLineEdit | QPlainTextEdit:
    if name in ("external_number", "before", "after"):
        return QLineEdit()
    editor = QPlainTextEdit()
    editor.setTabChangesFocus(True)
    editor.setFixedHeight(px(60))
    return editor


def _get(editor: QLineEdit | QPlainTextEdit) -> str:
    text = editor.text() if isinstance(editor, QLineEdit) else editor.toPlainText()
    return text.strip()


def _set(editor: QLineEdit | QPlainTextEdit, text: str) -> None:
    if isinstance(editor, QLineEdit):
        editor.setText(text)
    else:
        editor.setPlainText(text)
