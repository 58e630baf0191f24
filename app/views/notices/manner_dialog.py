"""How a notice is sent: as whom, where answers go, how to object, and the files with it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.services.notices.composing import Composed
from app.services.notices.manner import ME, Enclosed, enclosed_in, size_words
from app.views.theme import px
from app.views.widgets.forms import Field
from app.views.widgets.labels import Words
from app.views.widgets.listing import ListRow, ListView
from app.views.widgets.panels import button


class MannerDialog(QDialog):
    """`saved` on its act; `fileWanted` when a file is to be chosen, which `take` then shows. It
    stays open until `accept` or `refuse` says how it went."""

    saved = Signal()
    fileWanted = Signal()

    def __init__(self, parent: QWidget, composed: Composed, route: str) -> None:
        """`route` is the organisation’s own way to object."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self.setWindowTitle(f"How “{composed.kind.words}” is sent")
        self._reach = composed.reach
        self._files: list[Enclosed] = list(enclosed_in(composed.extra))
        extra = composed.extra
        box = QVBoxLayout(self)
        box.addStrut(px(460))
        box.setContentsMargins(px(22), px(18), px(22), px(18))
        box.setSpacing(px(12))
        self.send_as = _line(extra.send_as, "whoever sends it, or the mailbox of the account")
        self.reply_to = _line(extra.reply_to, "the sender")
        self.objections = _line(extra.objection_route, route or "nothing is said yet")
        self._fields = {
            "send_as": Field("Send as", self.send_as, f"An address, or “{ME}” for your own"),
            "reply_to": Field("Answers go to", self.reply_to),
            "objection_route": Field("How to notify operations", self.objections),
        }
        for field in self._fields.values():
            box.addWidget(field)
        head = QHBoxLayout()
        head.addWidget(Words("Files", "sub"))
        head.addStretch(1)
        self.remove = button("Remove", self._on_remove, tone="link", spoken="Remove the file")
        head.addWidget(self.remove)
        head.addWidget(button("Add a file…", self.fileWanted.emit, tone="link"))
        box.addLayout(head)
        self.files = ListView("Files that go with it")
        self.files.setMinimumHeight(px(76))
        box.addWidget(self.files, 1)
        self.sizes = Words("", "small", wrap=True)
        box.addWidget(self.sizes)
        self.trouble = Words("", "error", wrap=True)
        self.trouble.hide()
        box.addWidget(self.trouble)
        line = QHBoxLayout()
        line.addStretch(1)
        line.addWidget(button("Not now", self.reject))
        line.addWidget(button("Save  Ctrl+⏎", self.saved.emit, tone="primary", spoken="Save"))
        box.addLayout(line)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self).activated.connect(self.saved)
        self._show_files()

    @property
    def enclosed(self) -> Sequence[Enclosed]:
        return tuple(self._files)

    def take(self, file: Enclosed) -> None:
        self._files = [*(f for f in self._files if f.token != file.token), file]
        self._show_files()

    def refuse(self, sentence: str, field: str = "") -> None:
        if field in self._fields:
            self._fields[field].refuse(sentence)
        else:
            self.trouble.setText(sentence)
            self.trouble.show()

    def begin(self) -> None:
        """What was refused before is tried again."""
        self.trouble.hide()
        for field in self._fields.values():
            field.accept()

    def _show_files(self) -> None:
        rows = [ListRow(each.token, each.words) for each in self._files]
        self.files.model_rows.apply(rows)
        self.remove.setVisible(bool(rows))
        self.files.setVisible(bool(rows))
        said = size_words(self._files, self._reach)
        self.sizes.setText(" ".join(said) if rows else "None.")

    def _on_remove(self) -> None:
        row = self.files.current()
        key = row.key if row is not None else self._files[-1].token
        self._files = [each for each in self._files if each.token != key]
        self._show_files()


def _line(text: str, known: str) -> QLineEdit:
    made = QLineEdit(text)
    made.setPlaceholderText(known)
    return made
