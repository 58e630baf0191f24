"""Evidence as it comes: typed, pasted output, a picture from the clipboard, files dropped on it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog, QPlainTextEdit, QVBoxLayout, QWidget

from app.models.changes_evidence import Kept, files_in, with_file
from app.views.theme import px
from app.views.widgets.flow import FlowLayout
from app.views.widgets.folders import documents
from app.views.widgets.panels import button

MOST_LETTERS = 20_000
PICTURE = "picture.png"


class EvidenceEdit(QPlainTextEdit):
    """`pictured(QImage)` and `filed(paths)` instead of text, when that is what is pasted."""

    pictured = Signal(QImage)
    filed = Signal(list)

    def __init__(self) -> None:
        super().__init__()
        self.setTabChangesFocus(True)
        self.setFixedHeight(px(84))

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return source.hasImage() or source.hasUrls() or super().canInsertFromMimeData(source)

    def insertFromMimeData(self, source: QMimeData) -> None:
        paths = [Path(url.toLocalFile()) for url in source.urls() if url.isLocalFile()]
        if paths:
            self.filed.emit(paths)
        elif source.hasImage():
            image = source.imageData()
            if isinstance(image, QImage):
                self.pictured.emit(image)
        else:
            super().insertFromMimeData(source)


class EvidenceFiles(QWidget):
    """Under the text: a button for each file it names, and one to add another.

    `wanted(Kept)` when one is to be opened."""

    wanted = Signal(object)

    def __init__(self, editor: EvidenceEdit) -> None:
        super().__init__()
        self._editor = editor
        self._files: tuple[Kept, ...] = ()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        self._line = QWidget()
        self._flow = FlowLayout(self._line, gap=8)
        box.addWidget(self._line)
        self.add = button(
            "Add a file…", self.ask, tone="link", tip="Or drop it, or paste a picture"
        )
        self._flow.addWidget(self.add)
        editor.textChanged.connect(self._follow)

    def ask(self) -> QFileDialog:
        dialog = QFileDialog(self, "Evidence", str(documents()))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(
            lambda names: self._editor.filed.emit([Path(name) for name in names])
        )
        dialog.open()
        return dialog

    def take(self, kept: Kept) -> None:
        """It is kept: the text names it."""
        self._editor.setPlainText(with_file(self._editor.toPlainText(), kept))

    def _follow(self) -> None:
        files = files_in(self._editor.toPlainText())
        if files == self._files:
            return
        self._files = files
        while self._flow.count() > 1:
            item = self._flow.takeAt(1)
            gone = item.widget() if item is not None else None
            if gone is not None:
                gone.hide()
                gone.deleteLater()
        for kept in files:
            made = button(
                kept.name,
                lambda kept=kept: self.wanted.emit(kept),  # type: ignore[misc]
                icon_name="file",
                spoken=f"Open {kept.name}",
            )
            self._flow.addWidget(made)
            made.show()
        self.updateGeometry()
