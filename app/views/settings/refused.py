"""Before any window: the data folder cannot be used, or another window has it. Where else?"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox

from app.views.settings.trouble_page import for_a_window


def another_folder(sentence: str, refused: Path) -> Path | None:
    """Tell why `refused` is not opened; the folder chosen instead, None to leave it at that."""
    box = QMessageBox(QMessageBox.Icon.Warning, "Flight Console", "This data folder is not opened")
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setInformativeText(for_a_window(sentence))
    other = box.addButton("Open another folder…", QMessageBox.ButtonRole.AcceptRole)
    close = box.addButton("Close", QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(other)
    box.setEscapeButton(close)
    box.exec()
    if box.clickedButton() is not other:
        return None
    chosen = QFileDialog.getExistingDirectory(None, "Open another data folder", _near(refused))
    return Path(chosen) if chosen else None


def _near(refused: Path) -> str:
    """The nearest folder above that is there."""
    return next((str(each) for each in refused.parents if each.is_dir()), "")
