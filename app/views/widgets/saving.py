"""Where a file is to be saved: one dialogue, the folder kept in mind."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from app.views.widgets.folders import documents

_AWKWARD = re.compile(r"[^\w.-]+")


class SavePlace:
    """`folder` is offered first: the user's documents, then where the last file went."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or documents()

    def ask(
        self,
        over: QWidget,
        name: str,
        kinds: Sequence[tuple[str, str]],
        then: Callable[[Path], object],
    ) -> QFileDialog:
        """`name` comes without an ending; `kinds` are (words, ending), the first one chosen."""
        dialog = QFileDialog(over, "Save as")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        endings = {f"{words} (*{ending})": ending for words, ending in kinds}
        dialog.setNameFilters(list(endings))
        dialog.setDirectory(str(self.folder))
        plain = _AWKWARD.sub("-", name).strip("-.") or "file"
        dialog.setDefaultSuffix(kinds[0][1].lstrip("."))
        dialog.selectFile(plain + kinds[0][1])

        def filtered(chosen: str) -> None:
            dialog.setDefaultSuffix(endings[chosen].lstrip("."))
            dialog.selectFile(plain + endings[chosen])

        def selected(file: str) -> None:
            path = Path(file)
            self.folder = path.parent
            then(path)

        dialog.filterSelected.connect(filtered)
        dialog.fileSelected.connect(selected)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
        return dialog
